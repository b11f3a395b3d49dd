"""Bookings 预约, the places they hold, and the numbers that people wait with: tables of the hall's schema."""

import uuid

from django.db import models
from django.db.models import F, Q

from accounts.fields import EncryptedJSONField, EncryptedTextField
from cases.hall.booking_enums import BookingState, TicketState

OPEN = ("waiting", "offered", "booked", "checked_in")


class Booker(models.Model):
    """A person who books: the row's lock puts one person's bookings in line, so that the most a day holds."""

    person = models.UUIDField(primary_key=True)

    def __str__(self) -> str:
        return str(self.person)


class Slot(models.Model):
    """Half an hour of a window on a day: how many places may be booked and how many are taken.

    A day's rows are made with its first booking. The constraint is the last word: no slot is overbooked.
    """

    window = models.ForeignKey("tenants_hall.Window", on_delete=models.PROTECT, related_name="slots")
    day = models.DateField()
    starts = models.TimeField()
    places = models.PositiveSmallIntegerField()
    taken = models.PositiveSmallIntegerField(default=0)
    is_closed = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["day", "window", "starts"], name="slot_once"),
            models.CheckConstraint(condition=Q(taken__lte=F("places")), name="slot_not_overbooked"),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.starts} {self.taken}/{self.places}"


class BookingQuerySet(models.QuerySet["Booking"]):
    """Reads of bookings; each starts from who is asking."""

    def of_person(self, person: uuid.UUID | None) -> "BookingQuerySet":
        """Return the bookings of this person: nobody's for nobody."""
        return self.filter(person=person) if person else self.none()

    def open(self) -> "BookingQuerySet":
        """Return what has not ended."""
        return self.filter(state__in=OPEN)

    def lock(self, pk: uuid.UUID) -> "Booking":
        """Return this booking, locked until the transaction ends. Raises Booking.DoesNotExist."""
        return self.select_for_update(of=("self",)).select_related("window").get(pk=pk)


class Booking(models.Model):
    """One visit that was booked, or a place in the queue for one (then without a time).

    `person` comes; `booked_by` is the same or a proxy. `visitor` holds name, phone, lane and reason. `check_code` is what
    is typed on arrival; it is found by its blind index.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(max_length=19, unique=True)
    state = models.CharField(max_length=10, choices=BookingState)
    revision = models.PositiveIntegerField(default=0)
    person = models.UUIDField(db_index=True)
    booked_by = models.UUIDField()
    visitor = EncryptedJSONField(default=dict)
    name_masked = models.CharField(max_length=60)
    is_green = models.BooleanField(default=False)
    case = models.ForeignKey(
        "cases_hall.Case", on_delete=models.PROTECT, null=True, blank=True, related_name="bookings"
    )
    window = models.ForeignKey("tenants_hall.Window", on_delete=models.PROTECT, related_name="bookings")
    day = models.DateField()
    starts = models.TimeField(null=True, blank=True)
    changes = models.PositiveSmallIntegerField(default=0)
    check_code = EncryptedTextField()
    check_index = models.CharField(max_length=64, db_index=True)
    # of an offer: until when it stands
    confirm_by = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    # a no-show that does not count: a green lane's, or one excused on appeal
    is_excused = models.BooleanField(default=False)
    # what the hall said when it cancelled
    reason = models.CharField(max_length=120, blank=True)
    idempotency_key = models.CharField(max_length=80)
    body_digest = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    objects = BookingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["booked_by", "idempotency_key"], name="booking_once_a_key"),
            models.CheckConstraint(condition=Q(state__in=BookingState.values), name="booking_state_known"),
            models.CheckConstraint(
                condition=Q(starts__isnull=False) | ~Q(state__in=["offered", "booked", "checked_in", "done"]),
                name="booking_has_a_time",
            ),
        ]
        indexes = [
            models.Index(
                fields=["day", "window", "created_at"],
                name="booking_open_by_day",
                condition=Q(state__in=OPEN),
            ),
            # still named: what the sweep of the retention register asks for
            models.Index(fields=["day"], name="booking_to_blank", condition=~Q(check_index="")),
        ]

    def __str__(self) -> str:
        return self.number


class BookingItem(models.Model):
    """An item that a visit is for. One open booking a person and item: the constraint decides."""

    booking = models.ForeignKey(Booking, on_delete=models.PROTECT, related_name="items")
    person = models.UUIDField()
    code = models.CharField(max_length=14)
    name = models.CharField(max_length=200)
    is_open = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "code"], name="booking_open_once", condition=Q(is_open=True)
            )
        ]

    def __str__(self) -> str:
        return self.name


class Place(models.Model):
    """Places of a slot that a booking holds, or an offer."""

    slot = models.ForeignKey(Slot, on_delete=models.PROTECT, related_name="held")
    booking = models.ForeignKey(Booking, on_delete=models.PROTECT, related_name="held")
    count = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["slot", "booking"], name="place_once")]

    def __str__(self) -> str:
        return f"{self.slot_id} {self.count}"


class BookingEvent(models.Model):
    """One step of a booking: who, when, from where to where. Appended, never changed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    booking = models.ForeignKey(Booking, on_delete=models.PROTECT, related_name="events")
    sequence = models.PositiveIntegerField()
    action = models.CharField(max_length=10)
    from_state = models.CharField(max_length=10, blank=True)
    to_state = models.CharField(max_length=10, choices=BookingState)
    at = models.DateTimeField()
    actor = models.UUIDField(null=True)
    actor_name = models.CharField(max_length=60, blank=True)
    day = models.DateField()
    starts = models.TimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["booking", "sequence"], name="booking_event_in_order")]

    def __str__(self) -> str:
        return f"{self.booking_id} {self.sequence} {self.action}"


class Appeal(models.Model):
    """申诉: why a no-show should not count, and what the hall's admin decided."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    booking = models.OneToOneField(Booking, on_delete=models.PROTECT, related_name="appeal")
    text = EncryptedTextField()
    asked_at = models.DateTimeField(db_index=True)
    is_granted = models.BooleanField(null=True, blank=True)
    answer = models.CharField(max_length=400, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.UUIDField(null=True, blank=True)
    decided_name = models.CharField(max_length=60, blank=True)

    def __str__(self) -> str:
        return f"{self.booking_id} {self.is_granted}"


class Ticket(models.Model):
    """A number 号 that somebody waits with: given at check-in, or by a clerk to who came without a booking.

    Green lanes are called first, then whose turn came earliest: the booked time, or the moment of arrival.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    window = models.ForeignKey("tenants_hall.Window", on_delete=models.PROTECT, related_name="tickets")
    day = models.DateField()
    number = models.CharField(max_length=5)
    booking = models.OneToOneField(
        Booking, on_delete=models.PROTECT, null=True, blank=True, related_name="ticket"
    )
    name_masked = models.CharField(max_length=60, blank=True)
    is_green = models.BooleanField(default=False)
    state = models.CharField(max_length=8, choices=TicketState, default=TicketState.WAITING)
    counter = models.PositiveSmallIntegerField(null=True, blank=True)
    turn_at = models.DateTimeField()
    created_at = models.DateTimeField()
    called_at = models.DateTimeField(null=True, blank=True)
    calls = models.PositiveSmallIntegerField(default=0)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["day", "number"], name="ticket_once_a_day"),
            # a counter calls one number at a time
            models.UniqueConstraint(
                fields=["day", "window", "counter"], name="ticket_called_once", condition=Q(state="called")
            ),
        ]
        indexes = [models.Index(fields=["day", "window", "state"], name="ticket_of_window")]

    def __str__(self) -> str:
        return f"{self.number} {self.state}"
