"""What the worker does with transfers that applicants agreed to: to the other hall, and then back to end the old case."""

import logging
from datetime import datetime
from uuid import UUID

from cases.hall.enums import State
from cases.hall.models import Case
from cases.hall.queries import place
from cases.hall.services import routing, steps, transfers, transition
from cases.hall.transitions import SYSTEM, row
from cases.shared.models import Transfer, TransferState
from tenants.shared import queries, scope
from tenants.shared.models import Hall

BATCH = 100
log = logging.getLogger(__name__)
_CHANGED = ("number", "query_code", "received_at", "division", "group")


def carry(*, now: datetime) -> int:
    """Carry the agreed transfers of all halls; return how many arrived. Each may be tried again at any point."""
    with scope.city():
        agreed = list(
            Transfer.objects.filter(state=TransferState.AGREED).order_by("offered_at", "id")[:BATCH]
        )
    by_role = {str(hall.role): hall for hall in queries.halls()} if agreed else {}
    arrived = 0
    for transfer in agreed:
        source, target = by_role.get(str(transfer.hall_id)), by_role.get(transfer.to_role)
        if source is None:
            continue
        try:
            number = _into(target, transfer, now) if target else ""
            _out_of(source, transfer.case, number, target, now)
        except scope.WrongHall:
            log.warning("transfer %s waits: one of its halls is not what the cache says", transfer.pk)
            continue
        arrived += bool(number)
    return arrived


def _into(hall: Hall, transfer: Transfer, now: datetime) -> str:
    """Return the number that the case has in this hall; empty when the hall cannot take it."""
    with scope.hall(hall):
        case = transfers.unpack(transfer, now)
        if case is None:
            return ""
        if case.state == State.DRAFT:
            routing.place(case, case.answers)
            step = row("arrive")
            steps.take(
                case,
                [step],
                by=transition.JOB,
                post=SYSTEM,
                now=now,
                data={
                    "received_on": transfer.payload["received_on"],
                    "from_number": transfer.payload["number"],
                },
                message=step.message,
                changed=_CHANGED,
            )
        return case.number or ""


def _out_of(hall: Hall, pk: UUID, number: str, target: Hall | None, now: datetime) -> None:
    with scope.hall(hall):
        case = Case.objects.lock(pk)
        name = target.name if target else place.here().name
        if number:
            transition.apply_system(case, "transfer", now=now, data={"hall": name, "new_number": number})
        else:
            transition.apply_system(case, "return_transfer", now=now, data={"hall": name})
