"""咨询 and 投诉: every number and every step, declared once. Pure: events and calendar are passed in.

Source is DOMAIN section 6: an answer within 3 working days; a complaint is taken up within 1 and answered within 10, once
10 more with notice. The other numbers are proposals of the project.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from django.utils import timezone
from django.utils.translation import gettext as _

from cases.hall import clock
from cases.hall.clock import Entry
from cases.hall.enquiry_enums import EnquiryState as S
from cases.hall.enquiry_enums import Kind
from cases.hall.enums import Act as ClockAct
from cases.hall.workdays import Calendar, DueDate
from catalog.shared.enums import Unit

PREFIXES = {Kind.ASK: "Z", Kind.COMPLAIN: "T"}
# working days
ANSWER_DAYS = {Kind.ASK: 3, Kind.COMPLAIN: 10}
TAKE_UP_DAYS = 1
EXTENSION_DAYS = 10
# 自然日 after the answer in which one may say that it did not help, and ask once more
REOPEN_DAYS = 30
# characters
MOST_TEXT, MOST_ANSWER, MOST_NOTE, MOST_WHO = 2000, 4000, 1000, 200
MOST_ADDITIONS, MOST_FILES, MOST_OPEN = 10, 5, 10

TAKE_UP, ANSWER = "take_up", "answer"
RUNNING = frozenset({S.NEW, S.OPEN})
_DONE = frozenset({S.ANSWERED})


@dataclass(frozen=True)
class Step:
    """A named step: from which states, to which; `to` empty leaves it where it is. `is_shown` to whoever asked."""

    frm: frozenset[S]
    to: S | None = None
    is_shown: bool = False


STEPS = {
    "submit": Step(frozenset(), S.NEW, is_shown=True),
    "add": Step(RUNNING, is_shown=True),
    "add_file": Step(RUNNING, is_shown=True),
    "take": Step(RUNNING, S.OPEN, is_shown=True),
    "release": Step(frozenset({S.OPEN})),
    "assign": Step(RUNNING, S.OPEN),
    "route": Step(RUNNING, is_shown=True),
    "name_party": Step(RUNNING),
    "note": Step(frozenset(S)),
    "draft": Step(RUNNING),
    "extend": Step(RUNNING, is_shown=True),
    "answer": Step(RUNNING, S.ANSWERED, is_shown=True),
    "rate": Step(_DONE, is_shown=True),
    "reopen": Step(_DONE, S.NEW, is_shown=True),
    "publish": Step(_DONE),
    "withdraw": Step(_DONE),
    "late_take_up": Step(RUNNING),
    "late": Step(RUNNING, is_shown=True),
    "move_date": Step(RUNNING, is_shown=True),
}


class Happened(Protocol):
    """What of an event the clocks ask for."""

    action: str
    at: datetime
    sequence: int


def entries(kind: str, events: Iterable[Happened]) -> list[Entry]:
    """Return the ledger rows that the events of an enquiry are: from them its dates are counted and explained."""
    rows: list[Entry] = []
    is_waiting = False
    for event in sorted(events, key=lambda each: each.sequence):
        day, position = timezone.localdate(event.at), event.sequence

        def row(
            name: str,
            act: ClockAct,
            days: int | None = None,
            *,
            label: str,
            day: date = day,
            position: int = position,
        ) -> Entry:
            unit = Unit.WORKING if days is not None else ""
            return Entry(name, act, day, days, unit, "", label, position)

        if event.action in {"submit", "reopen"}:
            label = _("收到") if event.action == "submit" else _("您说没解决，再办一次")
            rows.append(row(ANSWER, ClockAct.START, ANSWER_DAYS[Kind(kind)], label=label))
            if kind == Kind.COMPLAIN:
                rows.append(row(TAKE_UP, ClockAct.START, TAKE_UP_DAYS, label=label))
                is_waiting = True
        elif event.action == "extend":
            rows.append(row(ANSWER, ClockAct.EXTEND, EXTENSION_DAYS, label=_("负责人批准延期")))
        elif event.action in {"take", "assign", "answer"}:
            if is_waiting:
                rows.append(row(TAKE_UP, ClockAct.STOP, label=_("有人办了")))
                is_waiting = False
            if event.action == "answer":
                rows.append(row(ANSWER, ClockAct.STOP, label=_("已答复")))
    return rows


def due(name: str, rows: Iterable[Entry], calendar: Calendar) -> DueDate | None:
    """Return the last day of a clock; None when it never started."""
    found = clock.due(rows, name, calendar)
    return DueDate(found.date, found.expected) if found is not None and found.date else None


def is_to_be_taken_up(rows: Iterable[Entry]) -> bool:
    """Whether a complaint's clock of being taken up runs."""
    mine = clock.ordered(rows, TAKE_UP)
    return bool(mine) and mine[-1].act == ClockAct.START


def is_number(number: str) -> str:
    """Return the 18 digits of a number of this kind, empty for anything else."""
    return number[1:] if number[:1] in PREFIXES.values() else ""
