"""Booking a visit, or a place in the line for one. Pressing three times is booking once."""

from dataclasses import asdict, dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.actor import Actor
from accounts.encryption import blind_index
from accounts.masking import mask_name
from accounts.queries import Applicant
from accounts.validators import birth_date
from cases.hall import booking_rules as rules
from cases.hall import numbers
from cases.hall.booking_enums import Lane
from cases.hall.models import Case
from cases.hall.models.booking import Booker, Booking, BookingItem
from cases.hall.queries import access, bookings, place, slots
from cases.hall.services import serials
from cases.hall.services.bookings import ending, places, principals, steps
from cases.hall.services.bookings.refusals import (
    Barred,
    HallNotTaking,
    ItemsApart,
    NotBookable,
    NotFull,
    NotYourCase,
    OpenAlready,
    OtherBody,
    TimeNotOffered,
    TooManyADay,
    TooManyItems,
)
from cases.hall.services.submit import body_digest
from catalog.hall.models import EffectiveItem
from tenants.hall.models import Window

MAX_KEY = 80


@dataclass(frozen=True)
class Wish:
    """What somebody asks for: items, the day, and the time; without a time a place in the line for that day."""

    items: tuple[str, ...]
    day: date
    starts: time | None
    reason: str = ""
    lane: str = Lane.NONE
    case: str = ""
    principal: UUID | None = None

    @property
    def digest(self) -> str:
        """What tells two wishes under one key apart."""
        return body_digest({name: str(value) for name, value in asdict(self).items()})


@transaction.atomic
def book(wish: Wish, *, by: Actor, idempotency_key: str, now: datetime) -> Booking:
    """Book a visit, or join the line of a full day; tell whoever comes. The same key gives the same booking.

    Raises a BookingRefused: HallNotTaking, NotBookable, TooManyItems, ItemsApart, NotYourCase, NoMandate, Barred,
    TooManyADay, OpenAlready, TimeNotOffered, TimeTaken, NotFull, OtherBody.
    """
    visitor = principals.visitor_of(by, wish.principal, wish.items, now)
    lock_people(visitor.person_id, by)
    if known := _known(wish, by, idempotency_key):
        return known
    items, window = _served(wish)
    case = _case(wish, visitor)
    ending.settle_own(visitor.person_id, now)
    check_not_barred(visitor.person_id, now)
    check_day_most(visitor.person_id, wish.day)
    _check_open(visitor.person_id, wish)
    places.check_day(wish.day, now)
    rows = places.lock([(wish.day, window.pk)])[wish.day, window.pk]
    shape = slots.shape(len(items), window)
    if wish.starts is not None:
        places.check_time(rows, wish.starts, shape, now, wish.day)
    elif _is_free(rows, shape, wish.day, now):
        raise NotFull
    booking = _new(wish, visitor, window, case, by=by, key=idempotency_key, now=now)
    is_waiting = wish.starts is None
    name, message = ("wait", "waiting") if is_waiting else ("book", "booked")
    steps.take(booking, name, by=by, now=now, message=message)
    BookingItem.objects.bulk_create(
        [
            BookingItem(booking=booking, person=booking.person, code=item.code, name=item.name)
            for item in items
        ]
    )
    if wish.starts is not None:
        places.take(booking, rows, wish.starts, shape)
    steps.publish(booking, item_name="、".join(item.name for item in items)[:200], now=now)
    return booking


def check_not_barred(person: UUID, now: datetime) -> None:
    """Raise Barred after three no-shows."""
    until = bookings.barred_until(person, now, timezone.localdate(now))
    if until is not None:
        raise Barred(until)


def check_day_most(person: UUID, day: date, *, besides: UUID | None = None) -> None:
    """Raise TooManyADay for a third booking of one day; `besides` is not counted. The person's lock makes it sure."""
    counted = Booking.objects.of_person(person).filter(day=day, state__in=rules.COUNTED)
    others = counted.exclude(pk=besides) if besides else counted
    if others.count() >= rules.MOST_A_DAY:
        raise TooManyADay(rules.MOST_A_DAY)


def lock_people(person: UUID, by: Actor) -> None:
    """Put the bookings of whoever comes in line, and those that whoever books makes for others; until the transaction ends."""
    people = sorted({person, by.person_id or person})
    Booker.objects.bulk_create([Booker(person=each) for each in people], ignore_conflicts=True)
    list(Booker.objects.select_for_update().filter(person__in=people).order_by("person"))


def _known(wish: Wish, by: Actor, key: str) -> Booking | None:
    own = Booking.objects.filter(booked_by=access.person_of(by), idempotency_key=key)
    known = own.select_related("window").first()
    if known is not None and known.body_digest != wish.digest:
        raise OtherBody
    return known


def _served(wish: Wish) -> tuple[list[EffectiveItem], Window]:
    if not place.is_taking():
        raise HallNotTaking
    codes = list(dict.fromkeys(wish.items))
    if not 1 <= len(codes) <= rules.MOST_ITEMS:
        raise TooManyItems(rules.MOST_ITEMS)
    items = slots.bookable(codes)
    if len(items) < len(codes):
        raise NotBookable
    window = slots.serving(items)
    if window is None:
        raise ItemsApart if len(items) > 1 else NotBookable
    return items, window


def _case(wish: Wish, visitor: Applicant) -> Case | None:
    if not wish.case:
        return None
    own = Case.objects.of_person(visitor.person_id).filed()
    case = own.filter(number=wish.case).first() if numbers.check(wish.case) else None
    if case is None:
        raise NotYourCase
    return case


def _check_open(person: UUID, wish: Wish) -> None:
    open_ones = BookingItem.objects.filter(person=person, is_open=True, code__in=wish.items)
    if found := open_ones.select_related("booking").first():
        raise OpenAlready(found.booking.number)


def _is_free(rows: dict[time, Any], shape: tuple[int, ...], day: date, now: datetime) -> bool:
    """Whether some time of a day is free. Raises TimeNotOffered when it takes no bookings at all: nothing to wait for."""
    begins = [
        starts for starts, slot in rows.items() if not slot.is_closed and rules.is_bookable(day, starts, now)
    ]
    if not begins:
        raise TimeNotOffered
    return any(places.fits(rows, starts, shape) for starts in begins)


def _new(
    wish: Wish,
    visitor: Applicant,
    window: Window,
    case: Case | None,
    *,
    by: Actor,
    key: str,
    now: datetime,
) -> Booking:
    lane = Lane.SENIOR if is_senior(visitor, wish.day) else wish.lane
    code = numbers.query_code()
    return Booking(
        number=f"{bookings.PREFIX}{serials.booking_number(timezone.localdate(now))}",
        person=visitor.person_id,
        booked_by=access.person_of(by),
        visitor={"name": visitor.name, "phone": visitor.phone, "lane": lane, "reason": wish.reason},
        name_masked=mask_name(visitor.name),
        is_green=bool(lane),
        case=case,
        window=window,
        day=wish.day,
        starts=wish.starts,
        check_code=code,
        check_index=blind_index(code),
        idempotency_key=key[:MAX_KEY],
        body_digest=wish.digest,
        created_at=now,
        updated_at=now,
    )


def is_senior(visitor: Applicant, day: date) -> bool:
    """Whether the ID number says 60 years on that day; nobody declares their age."""
    try:
        return rules.is_senior(birth_date(visitor.id_number), day)
    except ValueError:
        return False
