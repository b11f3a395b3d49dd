"""What must be true of a city's bundles 一件事; each fault says what to write."""

import pytest

from portal.city import checks
from portal.city.source import Source

GOOD = """- key: open-shop
  name: 开店一件事
  summary: 开店要办的
  audience: business
  conditions: [有店面]
  own_questions: [note]
  steps:
    - {code: "1"}
    - {code: "2", when: 卖熟食的}
"""


def faults(folder, text):
    (folder / "bundles.yaml").write_text(text, encoding="utf-8")
    source = Source(folder)
    checks.bundles(source, source.entries("bundles.yaml"), {"1", "2"})
    return [str(problem).rsplit(": ", 1)[0] for problem in source.problems]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("key: open-shop", "key: Open Shop", ["bundles.yaml:1: key"]),
        ("audience: business", "audience: everybody", ["bundles.yaml:1: audience"]),
        ("  summary: 开店要办的\n", "", ["bundles.yaml:1: summary"]),
        ("conditions:", "condition:", ["bundles.yaml:1: condition"]),
        ('"2", when: 卖熟食的', '"3"', ["bundles.yaml:9: code"]),
        ('"2", when: 卖熟食的', '"1"', ["bundles.yaml:9: code"]),
        ('    - {code: "2", when: 卖熟食的}\n', "", ["bundles.yaml:1: steps"]),
        ("when:", "wenn:", ["bundles.yaml:9: wenn", "bundles.yaml:1: steps"]),
        (GOOD, GOOD + GOOD, ["bundles.yaml:10: key"]),
        (GOOD, "[]", []),
        (GOOD, GOOD, []),
    ],
)
def test_each_fault_is_told(tmp_path, old, new, expected):
    assert faults(tmp_path, GOOD.replace(old, new)) == expected
