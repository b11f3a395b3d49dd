"""What is true of a case besides its state: the facts that steps of the table ask for."""

from datetime import date, datetime

from cases.hall import clock, delivering, fees, handover
from cases.hall.enums import Clock, State
from cases.hall.models import Case
from cases.hall.queries import calendar, ledger
from cases.hall.states import STATES
from cases.hall.transitions import Fact

# the clocks whose end is a fact of its own, by the states in which they run
_LAPSING = frozenset({Clock.ACCEPTANCE, Clock.CORRECTION})


def of(case: Case, today: date | None = None) -> frozenset[str]:
    """Return the facts of this case, from its own row: no query. `today` tells whether a time to answer has passed."""
    item = case.item
    found = {str(item.get("kind", "")), *case.marks}
    if item.get("joint_bodies"):
        found.add(Fact.JOINT)
    if item.get("special_procedures"):
        found.add(Fact.LISTS_SPECIAL)
    if item.get("statutory_days"):
        found.add(Fact.HAS_LIMIT)
    if fees.of(item):
        found.add(Fact.PAYS_ONLINE)
    if case.proposed_refusal:
        found.add(Fact.REFUSAL_PROPOSED)
    if case.pending:
        found.add(f"{case.pending}_proposed")
    found |= delivering.facts_of(case.whereabouts)
    # a list does not read how each result comes
    if "delivery" not in case.get_deferred_fields() and case.delivery.get("method") == handover.EMS:
        found.add(Fact.POST_CHOSEN)
    if today is not None and is_lapsed(case, today):
        found.add(Fact.LAPSED)
    return frozenset(found)


def not_before(case: Case, now: datetime) -> datetime:
    """Return now, or the moment of the last step when a clock was set back: nothing happens before what happened. One query."""
    last = case.events.order_by("-sequence").values_list("at", flat=True).first() if case.revision else None
    return max(now, last) if last else now


def is_lapsed(case: Case, today: date) -> bool:
    """Whether the hall's time to answer, or the applicant's to correct, has run out. A day that is only expected lapses not."""
    return (
        case.due_on is not None
        and case.due_clock in _LAPSING
        and case.due_clock in STATES[State(case.state)].clocks
        and not case.is_due_expected
        and today > case.due_on
    )


def lapse(case: Case) -> clock.Due | None:
    """Return the clock that runs before acceptance, from the ledger: its date is the last day. One query."""
    rows = ledger.entries(case)
    for name in (Clock.CORRECTION, Clock.ACCEPTANCE):
        due = clock.due(rows, name, calendar.current())
        if due is not None and due.stopped_on is None:
            return due
    return None
