"""The calendar before it holds: what a year's notice changes, and how many dates of running cases would move."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count

from cases.shared.models import CalendarDay, CalendarDraft, CalendarYear, Pointer

SATURDAY = 5
# 全国年节及纪念日放假办法 (2024): those of a fixed date; a notice that lets one be worked is misread
STATUTORY = ((1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3))


@dataclass(frozen=True)
class Change:
    """A day that a notice makes another than it was or was expected to be."""

    day: date
    was_workday: bool
    is_workday: bool
    name: str


@dataclass(frozen=True)
class Preview:
    """What approving a draft would do: `moving` counts by hall's role the running cases whose last day would move."""

    draft: CalendarDraft
    is_correction: bool
    workdays: int
    changes: list[Change]
    named: list[dict[str, object]]
    moving: dict[str, int]


def is_published(year: int) -> bool:
    """Whether a notice says what this year's days are. One query."""
    return CalendarYear.objects.filter(year=year, is_published=True).exists()


def expected_holidays(year: int) -> dict[date, str]:
    """Return the holidays that are expected of a year without a notice, as the city entered them. Two queries.

    Those of the lunar calendar among them; of a published year nothing, its days are no expectation.
    """
    if is_published(year):
        return {}
    found = CalendarDay.objects.filter(day__year=year, is_workday=False).exclude(name="")
    return dict(found.values_list("day", "name"))


def preview(draft: CalendarDraft, today: date) -> Preview:
    """Return what a draft would change. Four queries."""
    is_correction = is_published(draft.year)
    rows = {
        day: (is_workday, name)
        for day, is_workday, name in CalendarDay.objects.filter(day__year=draft.year).values_list(
            "day", "is_workday", "name"
        )
    }
    changes = []
    for row in draft.rows:
        day = date.fromisoformat(row["day"])
        was = rows[day][0] if is_correction and day in rows else _is_expected_workday(day, rows)
        if was != row["is_workday"]:
            changes.append(Change(day, was, row["is_workday"], row["name"]))
    return Preview(
        draft,
        is_correction,
        sum(row["is_workday"] for row in draft.rows),
        changes,
        [{**row, "day": date.fromisoformat(row["day"])} for row in draft.rows if row["is_official"]],
        _moving({change.day: change.is_workday - change.was_workday for change in changes}, today),
    )


def _is_expected_workday(day: date, rows: Mapping[date, tuple[bool, str]]) -> bool:
    is_holiday = day in rows and not rows[day][0] and bool(rows[day][1])
    return day.weekday() < SATURDAY and (day.month, day.day) not in STATUTORY and not is_holiday


def _moving(difference: Mapping[date, int], today: date) -> dict[str, int]:
    """Return by hall's role about how many running cases are promised a last day that would move. One query.

    The city knows last days and no ledgers: a last day moves when it would not be worked any more, or when the working
    days between today and it would be more or fewer. A clock that started after a changed day is counted as well.
    """
    ahead = {day: sign for day, sign in difference.items() if day > today}
    if not ahead:
        return {}
    counted = (
        Pointer.objects.open()
        .filter(due_on__gte=min(ahead))
        .order_by("hall", "due_on")
        .values_list("hall", "due_on")
        .annotate(cases=Count("pk"))
    )
    moving: dict[str, int] = {}
    for hall, due_on, cases in counted:
        shift = sum(sign for day, sign in ahead.items() if day <= due_on)
        if shift or ahead.get(due_on):
            moving[hall] = moving.get(hall, 0) + cases
    return moving


def years(today: date) -> list[dict[str, object]]:
    """Return the years that are published, proposed, or come next, the latest first, each with its notice and draft. Two queries."""
    published = {row.year: row for row in CalendarYear.objects.all()}
    drafts = {row.year: row for row in CalendarDraft.objects.defer("rows")}
    known = sorted({*published, *drafts, today.year, (today + timedelta(days=366)).year}, reverse=True)
    return [{"year": year, "row": published.get(year), "draft": drafts.get(year)} for year in known]
