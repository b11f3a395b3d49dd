"""What one hall removes for a person: at once what nobody must keep, and for a closed account what binds it to the living.

Each function is one hall's step inside its scope and its one transaction; done again it finds nothing more to do.
"""

from datetime import datetime
from uuid import UUID

from django.core.files.storage import storages
from django.db.models import Q
from django.utils import timezone

from accounts.actor import Actor
from audit import services as audit
from cases.hall import booking_rules
from cases.hall.booking_enums import BookingState
from cases.hall.enums import State
from cases.hall.models import Case, CaseFile, Mandate, Outbox
from cases.hall.models.booking import Booking
from cases.hall.queries import mandates as standing
from cases.hall.services import attachments, drafts, mandates, running_out, telling
from cases.hall.services.bookings import changing, ending
from cases.shared.models import InboxMessage
from catalog.hall.models import Feedback
from tenants.hall.queries import posts_of

STORAGE = "cases"


def erase(person: UUID, *, now: datetime) -> dict[str, int]:
    """Remove what this hall need not keep of a person; return how many of each. Filed cases and their proofs stay.

    The content of files goes before the transaction ends: a worker that is killed in between leaves rows without content,
    and whoever goes on deletes the rows; the other way round content would stay that nothing names any more.
    """
    by = Actor(person_id=person)
    own_drafts = Case.objects.of_person(person).filter(state=State.DRAFT)
    list(own_drafts.select_for_update(of=("self",)).order_by("id").values_list("pk"))
    loose = CaseFile.objects.filter(person=person, case=None, correction=None)
    for path in CaseFile.objects.filter(Q(pk__in=loose) | Q(case__in=own_drafts)).values_list(
        "path", flat=True
    ):
        storages[STORAGE].delete(path)
    lines = {
        "drafts": drafts.erase_of(person, by=by, now=now),
        "files": attachments.delete(loose),
        "messages": _messages(person),
        "feedback": Feedback.objects.filter(person=person).update(person=None),
        "bookings": _past_visits(person, now),
    }
    audit.record("rights.erase", now=now, actor=person, object="", detail=lines)
    return lines


def _messages(person: UUID) -> int:
    """Take the words out of messages that have arrived, but of a case that is running."""
    arrived = Outbox.objects.filter(person=person, text__isnull=False, delivered_at__isnull=False)
    running = Q(event__case__is_open=True)
    InboxMessage.objects.filter(person=person, read_at__isnull=False).delete()
    return Outbox.objects.filter(pk__in=arrived.exclude(running).values("pk")).update(text=None)


def _past_visits(person: UUID, now: datetime) -> int:
    """Take the person out of visits that are over; a no-show that still counts stays until its days are over."""
    ending.settle_own(person, now)
    over = Booking.objects.filter(person=person).exclude(state__in=booking_rules.OPEN).exclude(check_index="")
    counts = Q(state=BookingState.NO_SHOW, is_excused=False)
    return running_out.blank(over.exclude(counts).select_for_update(of=("self",)).order_by("day", "id"))


def leave(person: UUID, *, now: datetime) -> dict[str, int]:
    """End what a closed account still had here: visits are cancelled, mandates end on both sides and both are told; then erase."""
    by = Actor(person_id=person)
    lines = {"cancelled": _cancel_visits(person, by, now), "mandates": _end_mandates(person, by, now)}
    running = Case.objects.of_person(person).filter(is_open=True).count()
    return {**lines, **erase(person, now=now), "running": running}


def _cancel_visits(person: UUID, by: Actor, now: datetime) -> int:
    ending.settle_own(person, now)
    done = 0
    ahead = Booking.objects.filter(
        person=person, state__in=[BookingState.BOOKED, BookingState.OFFERED, BookingState.WAITING]
    )
    for booking in ahead.order_by("day", "starts", "id"):
        # who closes the account does not come: the place is free however late it is
        changing.cancel(booking, by=by, now=now, is_late_allowed=True)
        done += 1
    return done


def _end_mandates(person: UUID, by: Actor, now: datetime) -> int:
    both = Q(principal__person=person) | Q(proxy=person)
    live = Mandate.objects.filter(both, ended_at=None, until__gte=timezone.localdate(now)).order_by("id")
    for mandate in live:
        ended = mandates.end(mandate.pk, actor=by, now=now)
        if ended.proxy != person:
            # mandates.end tells the principal; here it is the proxy who would not know
            telling.of_leaving(ended, now=now)
    return len(live)


def hindrance(person: UUID, *, now: datetime) -> bool:
    """Whether this person holds a post or a proxy's term here, which the hall must end before the account can be closed."""
    today = timezone.localdate(now)
    return bool(posts_of(person)) or standing.running_terms(person, today).exists()
