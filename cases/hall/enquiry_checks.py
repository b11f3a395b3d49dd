"""What must be true of everything asked of a hall: findings of check_halls, each one sentence."""

from collections.abc import Iterator

from django.core.files.storage import storages
from django.db.models import F

from cases.hall.models.enquiry import Enquiry, EnquiryEvent, EnquiryFile, PublishedAnswer
from cases.hall.queries import enquiries
from cases.shared.models import EnquiryPointer
from tenants.shared.models import Hall

_FIELDS = ("person", "number", "kind", "item_name", "state", "due_on", "is_due_expected", "needs_city")


def enquiries_agree_with_their_rows(hall: Hall) -> Iterator[str]:
    """Compare every enquiry with its events, its dates and the public fact that the portal shows of it."""
    shown = {row[0]: row[1:] for row in EnquiryPointer.objects.values_list("enquiry", *_FIELDS)}
    for pk, *values in Enquiry.objects.order_by("id").values_list("pk", *_FIELDS):
        if shown.pop(pk, None) != tuple(values):
            yield f"enquiry {values[1]}: the portal does not show it as it is"
    for pk in shown:
        yield f"enquiry pointer {pk}: there is no such enquiry"
    for row in Enquiry.objects.running().order_by("number"):
        if (row.due_on, row.is_due_expected, row.take_up_by) != enquiries.dates(row):
            yield f"enquiry {row.number}: its dates are not what its events give"
    last = EnquiryEvent.objects.filter(sequence=F("enquiry__revision"))
    elsewhere = last.exclude(to_state=F("enquiry__state")).order_by("enquiry__number")
    for number in elsewhere.values_list("enquiry__number", flat=True):
        yield f"enquiry {number}: its last event leads elsewhere"
    unwanted = PublishedAnswer.objects.filter(withdrawn_at=None).exclude(
        enquiry__kind="ask", enquiry__may_publish=True, enquiry__state="answered"
    )
    for number in unwanted.order_by("enquiry__number").values_list("enquiry__number", flat=True):
        yield f"enquiry {number}: it is published and must not be"


def enquiry_files_are_there(hall: Hall) -> Iterator[str]:
    """Look for files that are gone."""
    storage = storages["cases"]
    for number, path in EnquiryFile.objects.order_by("id").values_list("enquiry__number", "path"):
        if not storage.exists(path):
            yield f"enquiry {number}: a file is not in the storage"
