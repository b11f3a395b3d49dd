"""What a hall keeps for a while only and nothing else removes: each sweep of cases.hall.retention, in the hall's scope."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import uuid4

from django.db.models import Q
from django.utils import timezone

from cases.hall import booking_rules as rules
from cases.hall.models import CaseFile, Outbox
from cases.hall.models.booking import Appeal, Booking, BookingEvent, BookingItem, Ticket
from cases.hall.services import attachments
from cases.shared.models import BookingPointer, InboxMessage

FILES_DAYS = 30
# Cybersecurity Law: logs at least six months
MESSAGES_DAYS = 180
# no-shows count for 90 days and bar for 30: before that a visit must be known
BOOKINGS_DAYS = rules.NO_SHOW_DAYS + rules.BARRED_DAYS
BATCH = 500


def loose_files_go(*, now: datetime) -> int:
    """Delete files that nobody put into an application; return how many."""
    old = CaseFile.objects.filter(
        case=None, correction=None, uploaded_at__lt=now - timedelta(days=FILES_DAYS)
    )
    return attachments.delete(old.select_for_update(skip_locked=True)[:BATCH])


def messages_are_blanked(*, now: datetime) -> int:
    """Take the words out of messages that were delivered long ago; that they were stays. Return how many."""
    before = now - timedelta(days=MESSAGES_DAYS)
    old = Outbox.objects.filter(text__isnull=False).filter(
        Q(delivered_at__lt=before) | Q(failed_at__lt=before)
    )
    return Outbox.objects.filter(pk__in=old.order_by("created_at").values("pk")[:BATCH]).update(text=None)


def inbox_goes(*, now: datetime) -> int:
    """Delete what stood in people's inboxes for two years; the case keeps its own log. Return how many."""
    before = now - timedelta(days=InboxMessage.KEPT_DAYS)
    # row-level security keeps this to the hall's own rows
    return InboxMessage.objects.filter(at__lt=before).delete()[0]


def bookings_are_blanked(*, now: datetime) -> int:
    """Take the person out of visits long past: the figures stay, whose they were does not. Return how many."""
    before = timezone.localdate(now) - timedelta(days=BOOKINGS_DAYS)
    old = Booking.objects.filter(day__lt=before).exclude(check_index="").exclude(state__in=rules.OPEN)
    return blank(old.select_for_update(skip_locked=True).order_by("day", "id")[:BATCH])


def blank(bookings: Iterable[Booking]) -> int:
    """Take the person out of these visits, which are locked and over; return how many.

    The place in the day's load stays under a key that belongs to nobody; the steps, which name people, go.
    """
    found = list(bookings)
    for booking in found:
        booking.person = booking.booked_by = uuid4()
        booking.visitor, booking.name_masked, booking.check_code, booking.check_index = {}, "", "", ""
        booking.case = None
        booking.save(
            update_fields=[
                "person",
                "booked_by",
                "visitor",
                "name_masked",
                "check_code",
                "check_index",
                "case",
            ]
        )
        BookingItem.objects.filter(booking=booking).update(person=booking.person)
    keys = [booking.pk for booking in found]
    Appeal.objects.filter(booking__in=keys).update(text="", answer="")
    Ticket.objects.filter(booking__in=keys).update(name_masked="")
    BookingEvent.objects.filter(booking__in=keys).delete()
    BookingPointer.objects.filter(booking__in=keys).delete()
    return len(found)
