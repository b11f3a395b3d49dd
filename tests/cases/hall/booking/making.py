"""Bookings for tests: made by the services, in the scope that is open."""

import uuid
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from tests.cases.hall.making import BIRTH, GUIDE, LICENCE  # noqa: F401 -- tests name the items by them
from tests.conftest import actor
from tests.template import NOW, PERSON_ID

ZONE = ZoneInfo("Asia/Shanghai")
# NOW is Monday 2 March 2026, ten in the morning
TODAY, TOMORROW = date(2026, 3, 2), date(2026, 3, 3)
NINE, HALF_PAST, TEN = time(9), time(9, 30), time(10)


def at(day, hour, minute=0):
    """A moment in the city."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZONE)


def person(username="lin", *, born=None):
    """An actor; with `born` their ID number says so."""
    from accounts.models import Person

    if born is not None:
        from stdnum.cn import ric

        body = f"110105{born:%Y%m%d}002"
        Person.objects.filter(pk=PERSON_ID[username]).update(id_number=body + ric.calc_check_digit(body))
    return actor(username)


def young(*usernames):
    """Make these people thirty: the cast's own number says 1949."""
    for username in usernames:
        person(username, born=date(1996, 5, 1))


def wish(items=(BIRTH,), day=TOMORROW, starts=NINE, **more):
    """A wish; `starts=None` queues."""
    from cases.hall.services.bookings.booking import Wish

    return Wish(items=tuple(items), day=day, starts=starts, **more)


def book(username="lin", items=(BIRTH,), day=TOMORROW, starts=NINE, now=NOW, key=None, **more):
    """Book as one of the cast."""
    from cases.hall.services.bookings import booking

    return booking.book(
        wish(items, day, starts, **more), by=actor(username), idempotency_key=key or uuid.uuid4().hex, now=now
    )


def crowd(number):
    """So many invented people, young, each an actor."""
    from accounts.actor import Actor
    from accounts.models import Person

    made = [
        Person(
            id=uuid.uuid4(), username=f"crowd{n}", name=f"路人{n}", id_number="110105199605010026",
            phone=f"1380000{n:04d}", phone_index=uuid.uuid4().hex, password="!", is_demo=True, created_at=NOW,
        )
        for n in range(number)
    ]  # fmt: skip
    Person.objects.bulk_create(made)
    return [Actor.of(each, may_hold_posts=False) for each in made]


def book_as(by, **given):
    """Book as an actor."""
    from cases.hall.services.bookings import booking

    now = given.pop("now", NOW)
    return booking.book(wish(**given), by=by, idempotency_key=uuid.uuid4().hex, now=now)


def reload(booking):
    """The booking as it stands in the table."""
    from cases.hall.models.booking import Booking

    return Booking.objects.select_related("window").get(pk=booking.pk)


def messages():
    """The texts in the outbox, in order."""
    from cases.hall.models import Outbox

    return [row.text for row in Outbox.objects.order_by("created_at", "id")]


def slot(day=TOMORROW, starts=NINE, letter="A"):
    """(taken, places) of a slot."""
    from cases.hall.models.booking import Slot

    return Slot.objects.values_list("taken", "places").get(day=day, starts=starts, window__letter=letter)


def findings():
    """What check_halls finds wrong with the bookings in scope."""
    from cases.hall import booking_checks
    from cases.hall.queries import place

    hall = place.here()
    return [
        *booking_checks.slots_hold_what_is_booked(hall),
        *booking_checks.bookings_agree_with_their_rows(hall),
    ]


def later(now=NOW, **given):
    """A later moment."""
    return now + timedelta(**given)
