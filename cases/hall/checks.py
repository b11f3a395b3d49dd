"""What must be true of a hall's cases: findings of check_halls, read in the hall's scope."""

from collections.abc import Iterator

from cases.hall.models import Case
from cases.hall.queries import calendar, ledger
from cases.shared.models import Pointer
from tenants.shared.models import Hall


def dues_follow_ledger(hall: Hall) -> Iterator[str]:
    """Yield the cases whose kept due dates are not what their ledger and the calendar give now."""
    days = calendar.current()
    for case in Case.objects.filed().prefetch_related("ledger__event").iterator(chunk_size=500):
        rows = [ledger.entry_of(row) for row in case.ledger.all()]
        if ledger.facts(rows, days) != ledger.cached(case):
            yield f"case {case.number}: its due dates are not those of its ledger"


def pointers_follow_cases(hall: Hall) -> Iterator[str]:
    """Yield the cases that the portal shows in another state, or does not know."""
    shown = {
        case: (state, due_on)
        for case, state, due_on in Pointer.objects.values_list("case", "state", "due_on")
    }
    for pk, number, state, due_on in Case.objects.values_list("pk", "number", "state", "due_on"):
        if shown.pop(pk, None) != (state, due_on):
            yield f"case {number or pk}: the portal shows another state or date"
    for pk in shown:
        yield f"pointer {pk} leads to no case"
