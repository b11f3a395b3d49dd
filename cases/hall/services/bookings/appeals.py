"""申诉: somebody who did not come says why; the hall's admin decides whether it counts."""

from datetime import datetime

from django.db import transaction

from accounts.actor import Actor
from cases.hall.booking_enums import BookingState
from cases.hall.models.booking import Appeal, Booking
from cases.hall.services.bookings import steps
from cases.hall.services.bookings.refusals import NothingSaid, NotOpen

MAX_TEXT = 400


@transaction.atomic
def appeal(booking: Booking, text: str, *, by: Actor, now: datetime) -> Appeal:
    """Ask that a no-show does not count, once a booking; asked again it stays as it is. Raises NotOpen, NothingSaid."""
    booking = Booking.objects.lock(booking.pk)
    if known := Appeal.objects.filter(booking=booking).first():
        return known
    if booking.state != BookingState.NO_SHOW or booking.is_excused:
        raise NotOpen(str(BookingState(booking.state).label))
    if not text.strip():
        raise NothingSaid
    steps.take(booking, "appeal", by=by, now=now)
    return Appeal.objects.create(booking=booking, text=text.strip()[:MAX_TEXT], asked_at=now)


@transaction.atomic
def decide(appeal: Appeal, *, grants: bool, answer: str, by: Actor, now: datetime) -> Appeal:
    """Decide an appeal once, with an answer; a no-show that is excused counts no more. Raises NothingSaid, NotOpen."""
    if not answer.strip():
        raise NothingSaid
    booking = Booking.objects.lock(appeal.booking_id)
    appeal = Appeal.objects.get(pk=appeal.pk)
    if appeal.decided_at is not None:
        raise NotOpen(str(BookingState(booking.state).label))
    booking.is_excused = grants
    name = "excuse" if grants else "uphold"
    steps.take(booking, name, by=by, now=now, message="appealed", changed=("is_excused",))
    appeal.is_granted, appeal.answer = grants, answer.strip()[:MAX_TEXT]
    appeal.decided_at, appeal.decided_by, appeal.decided_name = now, by.person_id, by.display_name
    appeal.save()
    return appeal
