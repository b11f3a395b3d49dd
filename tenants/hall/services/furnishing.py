"""Giving a hall its departments, windows, hours and office when it is opened. Again, each changes nothing.

What is there already stays as the hall made it: only what is missing is added.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import time
from string import ascii_uppercase
from typing import Any

from tenants.hall.models import Department, Office, Session, Window

OFFICE_FIELDS = ("address", "hours", "phone", "complaint_phone", "notice")
Row = Mapping[str, Any]


def departments(rows: Iterable[Row]) -> int:
    """Add the departments that the hall in scope lacks (`short_name`, `name`, perhaps `uscc`); return how many are new."""
    there = set(Department.objects.values_list("short_name", flat=True))
    new = [
        Department(short_name=row["short_name"], name=row["name"], uscc=row.get("uscc") or "")
        for row in rows
        if row["short_name"] not in there
    ]
    Department.objects.bulk_create(new)
    return len(new)


def windows(rows: Sequence[Row]) -> int:
    """Add the windows that the hall in scope lacks, each with the next free letter; return how many are new.

    Of each row `name`, `count`, `average_minutes`, perhaps `place`, `capacity`, `departments` and `items`. A hall has as many
    windows as there are letters: what is beyond is left out.
    """
    there = {row["name"]: row["letter"] for row in Window.objects.values("name", "letter")}
    letters = [letter for letter in ascii_uppercase if letter not in there.values()]
    lacking = [row for row in rows if row["name"] not in there]
    new = [
        Window(
            letter=letter,
            position=len(there) + number,
            name=row["name"],
            count=row["count"],
            average_minutes=row["average_minutes"],
            capacity=row.get("capacity"),
            place=row.get("place") or "",
            departments=list(row.get("departments") or []),
            items=[str(code) for code in row.get("items") or []],
        )
        for number, (letter, row) in enumerate(zip(letters, lacking, strict=False))
    ]
    Window.objects.bulk_create(new)
    return len(new)


def sessions(pairs: Iterable[Sequence[str]]) -> int:
    """Set the hours that may be booked, pairs of HH:MM, where the hall in scope has none; return how many were set."""
    if Session.objects.exists():
        return 0
    made = [
        Session(starts=time.fromisoformat(opens), ends=time.fromisoformat(closes)) for opens, closes in pairs
    ]
    Session.objects.bulk_create(made)
    return len(made)


def office(facts: Row) -> bool:
    """Describe the office of the hall in scope where nobody has; say whether it is new."""
    if Office.objects.exists():
        return False
    Office.objects.create(**{name: facts.get(name) or "" for name in OFFICE_FIELDS})
    return True
