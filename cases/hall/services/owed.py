"""容缺后补: papers that a case is accepted without, each with a last day; nothing is granted before they are there."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from cases.hall.models import Case, CaseFile, OwedPaper
from cases.hall.queries import calendar
from cases.hall.services import marks
from cases.hall.transitions import Fact

# 工作日, where the item does not say
GRACE_DAYS = 5


def lacking(case: Case) -> list[Mapping[str, Any]]:
    """Return the materials that may follow later and have not come. One query."""
    later = [
        row
        for row in case.item.get("materials") or []
        if row.get("necessity") == "later" and not row.get("exempt") and not row.get("hidden")
    ]
    given = set(current_files(case).values_list("material_key", flat=True)) if later else set()
    return [row for row in later if row["key"] not in given]


def current_files(case: Case) -> Any:
    """Return the files that the case has now: handed in, not taken back and not replaced."""
    return CaseFile.objects.filter(case=case, removed_at=None, replaced_in=None)


def write(case: Case, day: date) -> list[OwedPaper]:
    """Write down what an accepted case owes, counted from the day of acceptance."""
    days = calendar.current()
    rows = []
    for material in lacking(case):
        number = int(material.get("grace_days") or GRACE_DAYS)
        due = days.add_workdays(day, number)
        rows.append(
            OwedPaper(
                case=case,
                material_key=material["key"],
                name=material["name"],
                since=day,
                days=number,
                due_on=due.date,
                is_due_expected=due.expected,
            )
        )
    OwedPaper.objects.bulk_create(rows)
    marks.put(case, Fact.OWES_PAPERS, is_true=bool(rows))
    return rows


def receive(case: Case, material_key: str, now: datetime) -> bool:
    """Note that an owed paper has come; return whether it was owed. The caller saves the case's marks."""
    waiting = OwedPaper.objects.filter(case=case, received_at=None)
    came = waiting.filter(material_key=material_key).update(received_at=now)
    if came:
        marks.put(case, Fact.OWES_PAPERS, is_true=waiting.exists())
    return bool(came)
