"""What one person has asked of their own data, and who read their ID number. Every read starts from the person."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet

from accounts.queries import digest
from cases.shared.models import FILE_DAYS, DataReceipt, DataRequest, Reading, RequestKind, RequestState


def of_person(person: UUID | None) -> QuerySet[DataRequest]:
    """Return what this person asked for, the newest first; nothing for nobody."""
    found = DataRequest.objects.filter(person=person) if person else DataRequest.objects.none()
    return found.order_by("-asked_at", "id")


def by_receipt(key: str) -> DataRequest | None:
    """Return the closing whose receipt this key opens."""
    return (
        DataRequest.objects.filter(receipt_digest=digest(key), kind=RequestKind.CLOSE).first()
        if key
        else None
    )


def file_until(request: DataRequest) -> datetime | None:
    """Return until when the file of an export may be fetched; None when there is none."""
    if request.state != RequestState.READY or request.finished_at is None:
        return None
    return request.finished_at + timedelta(days=FILE_DAYS)


def receipts(request: DataRequest) -> QuerySet[DataReceipt]:
    """Return what each hall removed."""
    return (
        DataReceipt.objects.filter(request=request.pk).select_related("hall").order_by("hall__position", "id")
    )


def readings(person: UUID | None) -> QuerySet[Reading]:
    """Return who read this person's whole ID number, the latest first."""
    found = Reading.objects.filter(person=person) if person else Reading.objects.none()
    return found.select_related("hall").order_by("-at", "id")
