"""``manage.py workdays DATE N``."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command


def workdays(*arguments):
    output = StringIO()
    call_command("workdays", *arguments, stdout=output)
    return output.getvalue()


@pytest.mark.parametrize(
    ("date", "days", "line"),
    [
        ("2026-02-13", "1", "2026-02-14\n"),
        ("2026-02-13", "2", "2026-02-24\n"),
        ("2025-09-26", "1", "2025-09-28\n"),
        ("2025-09-30", "3", "2025-10-11\n"),
        ("2026-12-31", "1", "2027-01-04 预计\n"),
        ("2026-03-02", "0", "2026-03-02\n"),
    ],
)
def test_it_prints_the_day(date, days, line):
    assert workdays(date, days) == line


@pytest.mark.parametrize(
    ("date", "days"),
    [
        ("13.2.2026", "1"),
        ("2026-02-30", "1"),
        ("2026-02-13", "x"),
        ("2026-02-13", "-1"),
        ("2026-02-13", "99999"),
        ("2026-02-13", "１"),
    ],
)
def test_what_is_no_date_or_number_gets_one_line(date, days):
    with pytest.raises(CommandError) as refusal:
        workdays(date, days)

    assert "\n" not in str(refusal.value)
    assert date in str(refusal.value) or days in str(refusal.value)
