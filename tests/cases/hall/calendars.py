"""The published days of two years as a Calendar, and the profile of property tests."""

import csv
from datetime import date
from pathlib import Path

from hypothesis import settings

from cases.hall.workdays import Calendar, CalendarDay

# few examples, always the same, no deadline: a loaded machine must not fail a test
PROPERTY = settings(max_examples=40, deadline=None, derandomize=True, database=None)

EXPECTED_2027 = [
    date(2027, month, day) for month, day in [(2, 5), (2, 6), (2, 7), (2, 8), (4, 5), (6, 9), (9, 15)]
]


def read() -> Calendar:
    """Return the calendar of tests/data/calendar.csv, with the lunar holidays expected in 2027."""
    path = Path(__file__).parents[2] / "data" / "calendar.csv"
    with path.open(encoding="utf-8", newline="") as stream:
        rows = [
            CalendarDay(date.fromisoformat(row["date"]), row["is_workday"] == "1", _name(row), _notice(row))
            for row in csv.DictReader(stream)
        ]
    return Calendar(rows, EXPECTED_2027)


def _name(row: dict[str, str]) -> str:
    return row["name"] if row["official"] == "yes" else ""


def _notice(row: dict[str, str]) -> str:
    return f"国务院办公厅 {row['date'][:4]} 年放假通知" if row["official"] == "yes" else ""


CALENDAR = read()
