"""A case that another hall is competent for: offered, agreed to by the applicant, carried there by the worker.

Nothing spans two halls: the public row says what was agreed, the receiving hall makes the case under that row's key
(once, however often it is tried), and then the sending hall ends its own. The date of receipt stays.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.files.storage import storages
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from cases.hall import clock, files, numbers
from cases.hall.enums import Clock, Turn
from cases.hall.models import Case, CaseFile, Event
from cases.hall.queries import items, ledger, place
from cases.hall.services import marks, owed, serials
from cases.hall.transitions import Fact
from cases.shared.models import Transfer, TransferState
from tenants.shared import queries as city_queries

_OPEN = (TransferState.OFFERED, TransferState.AGREED)


def offer(case: Case, event: Event, now: datetime) -> None:
    """Write down which hall the applicant is asked about."""
    Transfer.objects.create(
        hall_id=place.here().role,
        to_role=_role_of(event.data["to_hall"]),
        case=case.pk,
        person=case.person,
        item_code=case.item_code,
        received_at=case.received_at or now,
        offered_at=now,
    )
    marks.put(case, Fact.TRANSFER_OFFERED)


def _role_of(key: str) -> str:
    return next(str(hall.role) for hall in city_queries.halls() if hall.key == key)


def offered_hall(case: Case) -> str:
    """Return the name of the hall that the applicant is asked about, empty when none is. One query."""
    row = Transfer.objects.filter(case=case.pk, state__in=_OPEN).first()
    return next((hall.name for hall in city_queries.halls() if row and hall.role == row.to_role), "")


def agree(case: Case, event: Event, now: datetime) -> None:
    """Pack what the other hall needs; the worker carries it."""
    Transfer.objects.filter(case=case.pk, state=TransferState.OFFERED).update(
        state=TransferState.AGREED, payload=_payload(case)
    )
    marks.put(case, Fact.TRANSFER_OFFERED, is_true=False)
    marks.put(case, Fact.TRANSFER_AGREED)


def _payload(case: Case) -> dict[str, Any]:
    names = ("applicant", "applicant_masked", "company_uscc", "company_name", "answers", "delivery")
    handed_in = owed.current_files(case).order_by("uploaded_at", "id")
    kept = ("material_key", "name", "content_type", "size", "sha256", "path", "uploaded_at")
    return {
        **{name: getattr(case, name) for name in names},
        "number": case.number,
        "received_on": received_on(case).isoformat(),
        "files": [{name: getattr(row, name) for name in kept} for row in handed_in],
    }


def received_on(case: Case) -> date:
    """Return the day from which the hall's time to answer counts: of receipt, or of what was handed in last."""
    runs = clock.runs(ledger.entries(case), Clock.ACCEPTANCE)
    return runs[-1].start.day if runs else timezone.localdate(case.received_at)


def answer_no(case: Case, event: Event, now: datetime) -> None:
    """The applicant wants to stay."""
    decline(case)


def decline(case: Case) -> None:
    """End an offer that nobody answers any more."""
    Transfer.objects.filter(case=case.pk, state=TransferState.OFFERED).update(state=TransferState.DECLINED)
    marks.put(case, Fact.TRANSFER_OFFERED, is_true=False)


def settle(case: Case, event: Event, now: datetime) -> None:
    """It has arrived: what was packed is emptied."""
    _close(case, TransferState.TAKEN)


def give_back(case: Case, event: Event, now: datetime) -> None:
    """The other hall cannot take it: it stays, and the clock has run on."""
    _close(case, TransferState.RETURNED)


def _close(case: Case, state: TransferState) -> None:
    Transfer.objects.filter(case=case.pk, state=TransferState.AGREED).update(state=state, payload={})
    marks.put(case, Fact.TRANSFER_AGREED, is_true=False)


def unpack(transfer: Transfer, now: datetime) -> Case | None:
    """Return the case that arrives in the hall in scope, not filed yet; None when the item is not offered here.

    One that arrived before is returned as it is.
    """
    key = f"transfer-{transfer.pk}"
    there = Case.objects.of_person(transfer.person).filter(idempotency_key=key).first()
    if there is not None:
        return there
    item = items.applicable(transfer.item_code)
    if item is None or not place.is_taking():
        return None
    packed = transfer.payload
    case = Case(
        person=transfer.person,
        item_code=item.code,
        item=items.frozen(item),
        item_name=item.name,
        item_version=item.version,
        department=item.department,
        idempotency_key=key,
        received_at=transfer.received_at,
        created_at=now,
        updated_at=now,
        turn=Turn.APPLICANT,
        query_code=numbers.query_code(),
    )
    for name in ("applicant", "applicant_masked", "company_uscc", "company_name", "answers", "delivery"):
        setattr(case, name, packed[name])
    case.save(force_insert=True)
    for row in packed["files"]:
        _copy(case, row, transfer.person, now)
    case.number = serials.case_number(timezone.localdate(transfer.received_at))
    return case


def _copy(case: Case, row: dict[str, Any], person: UUID, now: datetime) -> None:
    """Copy one file into this hall's own folder: no hall opens another's."""
    with storages["cases"].open(row["path"]) as stream:
        path = files.store(stream, f"{place.here().role}/{timezone.localdate(now):%Y}")
    CaseFile.objects.create(
        case=case,
        person=person,
        material_key=row["material_key"],
        name=row["name"],
        content_type=row["content_type"],
        size=row["size"],
        sha256=row["sha256"],
        path=path,
        uploaded_at=parse_datetime(str(row["uploaded_at"])) or now,
    )
