"""One step of a booking with all that belongs to it: event, state, public pointer, audit, message and the worker's bell."""

from collections.abc import Collection
from datetime import datetime

from accounts.actor import Actor
from audit import services as audit
from cases.hall import booking_messages, booking_rules
from cases.hall.booking_enums import BookingState
from cases.hall.models.booking import Booking, BookingEvent, BookingItem
from cases.hall.notice_rules import Said
from cases.hall.queries import place
from cases.hall.services import telling
from cases.hall.services.bookings.refusals import NotOpen, OpenAlready
from cases.shared.models import BookingPointer

# who does what time alone does
JOB = Actor()
_CHANGED = ("state", "revision", "updated_at")


def take(
    booking: Booking,
    name: str,
    *,
    by: Actor,
    now: datetime,
    message: str = "",
    changed: Collection[str] = (),
) -> Booking:
    """Take the step of this name on a locked booking and save it; `changed` names fields that the caller has set.

    Raises NotOpen where the table of acts does not lead from its state, OpenAlready when a step opens it again and
    another booking of an item is open.
    """
    act = booking_rules.ACTS[name]
    before = BookingState(booking.state) if booking.revision else None
    if (before is not None and before not in act.frm) or (before is None and act.frm):
        raise NotOpen(str(BookingState(booking.state).label))
    booking.state, booking.updated_at = act.to, now
    booking.revision += 1
    if before is None:
        booking.save(force_insert=True)
    else:
        booking.save(update_fields=[*{*_CHANGED, *changed}])
        _open_items(booking, was_open=before in booking_rules.OPEN)
        _keep_pointer(booking, now)
    BookingEvent(
        booking=booking,
        sequence=booking.revision,
        action=name,
        from_state=before or "",
        to_state=act.to,
        at=now,
        actor=by.person_id,
        actor_name=by.display_name,
        day=booking.day,
        starts=booking.starts,
    ).save(force_insert=True)
    audit.record(
        f"booking.{name}",
        now=now,
        actor=by.person_id,
        actor_name=by.display_name,
        object=booking.number,
        detail={"from": before or "", "to": act.to, "day": booking.day.isoformat()},
    )
    if message:
        tell(booking, message, now=now)
    return booking


def _open_items(booking: Booking, *, was_open: bool) -> None:
    is_open = booking.state in booking_rules.OPEN
    if is_open == was_open:
        return
    if is_open:
        codes = booking.items.values("code")
        taken = BookingItem.objects.filter(person=booking.person, is_open=True, code__in=codes)
        if other := taken.select_related("booking").first():
            raise OpenAlready(other.booking.number)
    booking.items.update(is_open=is_open)


def publish(booking: Booking, *, item_name: str, now: datetime) -> None:
    """Write the public fact that says which visit this person has booked here; every step keeps it."""
    BookingPointer(
        booking=booking.pk,
        hall_id=place.here().role,
        person=booking.person,
        number=booking.number,
        item_name=item_name,
        day=booking.day,
        starts=booking.starts,
        window_name=booking.window.name,
        state=booking.state,
        updated_at=now,
    ).save(force_insert=True)


def _keep_pointer(booking: Booking, now: datetime) -> None:
    BookingPointer.objects.filter(booking=booking.pk).update(
        day=booking.day,
        starts=booking.starts,
        window_name=booking.window.name,
        state=booking.state,
        updated_at=now,
    )


def tell(booking: Booking, kind: str, *, now: datetime) -> None:
    """Put the message of this kind into the outbox for whoever comes, and ring for the worker."""
    text = booking_messages.text(
        kind,
        day=booking.day,
        starts=booking.starts,
        window=booking.window.name,
        code=booking.check_code,
        until=booking.confirm_by,
    )
    said = Said(f"booking.{kind}", text, due_on=booking.day, is_yours=kind in booking_messages.YOURS)
    about = telling.Subject(booking.pk, f"/bookings/{booking.number}/")
    telling.tell(booking.person, said, about=about, event=None, now=now)
