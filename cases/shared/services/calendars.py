"""A year of the working calendar: entered by one person from the State Council's notice, approved by another.

A wrong date would move every date that people are promised, so a notice is checked before anybody may approve it, and
nothing of it holds until then. Halls count their dates again afterwards (cases.hall.services.recount).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.enums import CityRole
from audit import services as audit
from cases.shared.models import CalendarDay, CalendarDraft, CalendarYear
from cases.shared.queries import days
from cases.shared.queries.days import SATURDAY, STATUTORY

CITY_ADMIN = CityRole.CITY_ADMIN
# so many days from a row the holiday that it belongs to may lie
NEAR = 10
# 248 in 2025 and 2026: a year far from it was entered wrongly
FEWEST, MOST = 240, 256
MAX_NAME = 40


class WrongNotice(ValueError):
    """The notice cannot be right: `problems` says of each row why. Nothing was kept."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("；".join(problems))
        self.problems = list(problems)


class NotAllowed(Exception):
    """It wants the city's administrator, and for the approval another one."""


def propose(
    year: int, notice: str, rows: Iterable[Mapping[str, Any]], *, by: Actor, now: datetime
) -> CalendarDraft:
    """Keep a year's notice as a draft. `rows`: date, is_workday, name of each day that the notice names.

    The days that it does not name follow the week. Raises WrongNotice, NotAllowed. Nothing holds before approval.
    """
    person_id = _check_right(by)
    named, problems = _read(year, rows)
    if not notice.strip():
        problems.append(_("请写明是哪个通知"))
    problems += _against_the_law(year, named, days.expected_holidays(year)) if not problems else []
    if problems:
        raise WrongNotice(problems)
    draft, _created = CalendarDraft.objects.update_or_create(
        year=year,
        defaults={
            "notice": notice.strip()[:200],
            "rows": whole_year(year, named),
            "proposed_by": person_id,
            "proposed_name": by.display_name,
            "proposed_at": now,
        },
    )
    _record("calendar.propose", draft, by, now)
    return draft


@dataclass(frozen=True)
class Named:
    """A day that the notice names: is it worked, what it is called, and in which row it stands."""

    is_workday: bool
    name: str
    row: int


def _read(year: int, rows: Iterable[Mapping[str, Any]]) -> tuple[dict[date, Named], list[str]]:
    named: dict[date, Named] = {}
    problems = []
    for number, row in enumerate(rows, start=1):
        where = _("第 %(n)d 行：") % {"n": number}
        try:
            day = date.fromisoformat(str(row.get("date") or "").strip())
        except ValueError:
            problems.append(where + _("没有这一天，例如 2026-03-12"))
            continue
        text = str(row.get("is_workday") or "").strip().lower()
        name = str(row.get("name") or "").strip()[:MAX_NAME]
        if day.year != year:
            problems.append(where + _("%(day)s不在 %(year)d 年") % {"day": day, "year": year})
        elif day in named:
            problems.append(where + _("%(day)s写了两次") % {"day": day})
        elif text not in {"0", "1", "true", "false"}:
            problems.append(where + _("上不上班填 1 或 0"))
        elif text in {"1", "true"} and day.weekday() < SATURDAY:
            problems.append(where + _("%(day)s本来就上班，不是调休") % {"day": day})
        else:
            named[day] = Named(text in {"1", "true"}, name, number)
    return named, problems


def _against_the_law(year: int, named: Mapping[date, Named], expected: Mapping[date, str]) -> list[str]:
    """Return what the law or the count of working days speaks against; of a holiday that is too short, at its row."""
    problems = []
    for holiday in sorted({date(year, month, day) for month, day in STATUTORY} | set(expected)):
        found = named.get(holiday)
        if found.is_workday if found else holiday.weekday() < SATURDAY:
            near = min(named, key=lambda day: abs((day - holiday).days), default=None)
            is_near = near is not None and abs((near - holiday).days) <= NEAR
            where = _("第 %(n)d 行：") % {"n": named[near].row} if near is not None and is_near else ""
            name = expected.get(holiday, "")
            problems.append(
                where + _("%(day)s是法定节假日%(name)s，通知里没有放假") % {"day": holiday, "name": name}
            )
    worked = sum(row["is_workday"] for row in whole_year(year, named))
    if not FEWEST <= worked <= MOST:
        problems.append(
            _("一年有 %(n)d 个工作日，不在 %(low)d 到 %(high)d 之间，请核对")
            % {"n": worked, "low": FEWEST, "high": MOST}
        )
    return problems


def whole_year(year: int, named: Mapping[date, Named]) -> list[dict[str, Any]]:
    """Return every day of the year as rows: those that the notice names, the others by the week."""
    first, rows = date(year, 1, 1), []
    for offset in range((date(year + 1, 1, 1) - first).days):
        day = first + timedelta(days=offset)
        found = named.get(day) or Named(day.weekday() < SATURDAY, "", 0)
        row = {"day": day.isoformat(), "is_workday": found.is_workday, "name": found.name}
        rows.append({**row, "is_official": day in named})
    return rows


@transaction.atomic
def approve(year: int, *, by: Actor, now: datetime) -> CalendarYear:
    """Let a proposed year hold: its days replace what was expected of them. Raises NotAllowed, CalendarDraft.DoesNotExist."""
    _check_right(by)
    draft = CalendarDraft.objects.select_for_update().get(year=year)
    if draft.proposed_by == by.person_id:
        raise NotAllowed(_("这是您录入的，要由别人核对"))
    rows = [
        CalendarDay(
            day=date.fromisoformat(row["day"]),
            is_workday=row["is_workday"],
            name=row["name"],
            is_official=row["is_official"],
        )
        for row in draft.rows
    ]
    CalendarDay.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["day"],
        update_fields=["is_workday", "name", "is_official"],
    )
    _record("calendar.approve", draft, by, now)
    found, _created = CalendarYear.objects.update_or_create(
        year=year, defaults={"is_published": True, "notice": draft.notice, "imported_at": now}
    )
    draft.delete()
    return found


def discard(year: int, *, by: Actor, now: datetime) -> None:
    """Throw a proposed year away. Raises NotAllowed, CalendarDraft.DoesNotExist."""
    _check_right(by)
    draft = CalendarDraft.objects.get(year=year)
    _record("calendar.discard", draft, by, now)
    draft.delete()


def _check_right(by: Actor) -> UUID:
    if by.city_role != CITY_ADMIN or by.person_id is None:
        raise NotAllowed(_("放假安排由市级管理员录入和核对"))
    return by.person_id


def _record(action: str, draft: CalendarDraft, by: Actor, now: datetime) -> None:
    audit.record(
        action,
        now=now,
        actor=by.person_id,
        actor_name=by.display_name,
        object=str(draft.year),
        detail={
            "notice": draft.notice,
            "workdays": sum(row["is_workday"] for row in draft.rows),
            "is_correction": days.is_published(draft.year),
        },
    )
