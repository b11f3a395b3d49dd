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
        ("when: 卖熟食的}", 'after: ["1"]}', []),
        ('{code: "1"}', '{code: "1", after: ["2"]}', ["bundles.yaml:8: after"]),
        (GOOD, "[]", []),
        (GOOD, GOOD, []),
    ],
)
def test_each_fault_is_told(tmp_path, old, new, expected):
    assert faults(tmp_path, GOOD.replace(old, new)) == expected


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("", "", []),
        ('parts: ["1", "2"]', 'parts: ["1", "3"]', ["together.yaml:1: parts"]),
        ("bundle: open-shop", "bundle: close-shop", ["together.yaml:1: parts"]),
        ("applicant: farmer", "applicant: nobody", ["together.yaml:1: applicant"]),
        ("by: clerk", "by: nobody", ["together.yaml:9: by"]),
        ("hall: north", "haus: north", ["together.yaml:1: haus", "together.yaml:1: hall"]),
    ],
)
def test_examples_of_several_items_name_what_there_is(tmp_path, old, new, expected):
    text = """- hall: north
  bundle: open-shop
  applicant: farmer
  parts: ["1", "2"]
  delivery: window
  time: "09:10"
  answers: {}
  steps:
    - {item: "1", action: accept, by: clerk, time: "10:10"}
"""
    (tmp_path / "bundles.yaml").write_text(GOOD, encoding="utf-8")
    (tmp_path / "together.yaml").write_text(text.replace(old, new), encoding="utf-8")
    source = Source(tmp_path)
    known = source.entries("bundles.yaml")
    checks.together(source, source.entries("together.yaml"), known, ["farmer", "clerk"])

    found = [str(problem).rsplit(": ", 1)[0] for problem in source.problems]
    assert sorted(found) == sorted(expected)
