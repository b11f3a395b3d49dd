"""The documentation of the policy is what the declaration makes."""

from pathlib import Path

from django.core.management import call_command

from catalog.shared import labels
from catalog.shared.policy import POLICY, Freedom
from catalog.shared.policy_page import table

PAGE = Path(__file__).parents[3] / "docs" / "policy.md"


def test_the_page_is_what_the_declaration_makes(capsys):
    call_command("policy_page")

    assert capsys.readouterr().out == PAGE.read_text(encoding="utf-8"), (
        "write it anew: manage.py policy_page > docs/policy.md"
    )


def test_every_field_and_every_key_of_a_row_has_its_words():
    rows = {row.field: row for row in table()}

    assert list(rows) == list(POLICY)
    assert {row.name for row in rows.values()} == {str(name) for name in labels.FIELDS.values()}
    for field, rule in POLICY.items():
        assert rows[field].freedom is rule.freedom
        assert rows[field].why
        assert bool(rows[field].rows) == (rule.rows is not None)
    assert rows["promised_days"].freedom is Freedom.TIGHTEN
    assert rows["materials"].rows.startswith("本厅不要这一条（只能选是）；不用交（只能选是）；")
