"""A case's legal time, read from its ledger: where its clocks stand, and why."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from cases.hall import clock, transitions
from cases.hall.enums import Clock
from cases.hall.models import Case, LedgerEntry
from cases.hall.workdays import Calendar


@dataclass(frozen=True)
class DueFacts:
    """What the case keeps of its clocks: a cache that the ledger alone writes, field by field of Case."""

    due_on: date | None = None
    due_clock: str = ""
    is_due_expected: bool = False
    promised_due_on: date | None = None
    statutory_due_on: date | None = None


def entries(case: Case) -> list[clock.Entry]:
    """Return the case's ledger as the clock reads it. One query."""
    return [
        entry_of(row)
        for row in case.ledger.select_related("event").order_by("event__sequence", "clock", "act")
    ]


def entry_of(row: LedgerEntry) -> clock.Entry:
    """Return one row as the clock reads it, labelled with what happened."""
    return clock.Entry(
        row.clock,
        row.act,
        row.day,
        row.days,
        row.unit,
        row.ground,
        str(transitions.TOLD.get(row.event.action, "")),
        row.event.sequence,
    )


def dues(rows: Iterable[clock.Entry], calendar: Calendar) -> dict[str, clock.Due]:
    """Return where each clock that ever started stands. Raises clock.BrokenLedger."""
    kept = list(rows)
    found = {name: clock.due(kept, name, calendar) for name in Clock.values}
    return {name: due for name, due in found.items() if due is not None}


def facts(rows: Iterable[clock.Entry], calendar: Calendar) -> DueFacts:
    """Recompute the cache from the ledger: of the running clocks the one that ends first is the case's due date."""
    standing = dues(rows, calendar)
    running = [due for due in standing.values() if due.stopped_on is None and due.date is not None]
    # of two that end on one day the promised comes before the statutory, as they stand in Clock
    first = min(running, key=lambda due: due.date or date.max, default=None)
    promised, statutory = standing.get(Clock.PROMISED), standing.get(Clock.STATUTORY)
    return DueFacts(
        due_on=first.date if first else None,
        due_clock=first.clock if first else "",
        is_due_expected=first.expected if first else False,
        promised_due_on=promised.date if promised else None,
        statutory_due_on=statutory.date if statutory else None,
    )


def cached(case: Case) -> DueFacts:
    """Return what the case keeps now: check_halls compares it with `facts`."""
    return DueFacts(
        case.due_on, case.due_clock, case.is_due_expected, case.promised_due_on, case.statutory_due_on
    )
