"""What the API of bookings takes and gives."""

from typing import Any

from rest_framework import serializers

from cases.hall.booking_enums import BookingState, Lane
from cases.hall.booking_rules import MOST_ITEMS

_CODE = r"^\d{14}$"


class TimeAnswer(serializers.Serializer[Any]):
    """A time at which a visit may begin; `left` visits of this length still fit."""

    starts = serializers.TimeField(format="%H:%M")
    ends = serializers.TimeField(format="%H:%M")
    left = serializers.IntegerField()


class DayAnswer(serializers.Serializer[Any]):
    """A working day that may be booked. A closed one has no times; a full one may be queued for."""

    date = serializers.DateField(source="day")
    is_closed = serializers.BooleanField()
    is_full = serializers.BooleanField()
    times = TimeAnswer(many=True)


class SlotsAnswer(serializers.Serializer[Any]):
    """The days of the window that does these items."""

    items = serializers.ListField(child=serializers.CharField())
    window = serializers.CharField()
    days = DayAnswer(many=True)


class BookingRequest(serializers.Serializer[Any]):
    """A visit, or without `time` a place in the line for a full day."""

    items = serializers.ListField(
        child=serializers.RegexField(_CODE), min_length=1, max_length=MOST_ITEMS, help_text="codes of items"
    )
    date = serializers.DateField()
    time = serializers.TimeField(required=False, allow_null=True, default=None)
    reason = serializers.CharField(required=False, default="", allow_blank=True, max_length=200)
    lane = serializers.ChoiceField(
        choices=["", Lane.DISABLED.value, Lane.PREGNANT.value],
        required=False,
        default="",
        help_text="declared by whoever comes; 60 years are read from the ID number",
    )
    case = serializers.CharField(
        required=False, default="", allow_blank=True, max_length=18, help_text="number of a case of one's own"
    )
    principal = serializers.UUIDField(
        required=False, allow_null=True, default=None, help_text="whom a proxy books for, under a mandate"
    )


class ChangeRequest(serializers.Serializer[Any]):
    """Another time."""

    date = serializers.DateField()
    time = serializers.TimeField()


class BookedItem(serializers.Serializer[Any]):
    """An item that a visit is for."""

    code = serializers.CharField()
    name = serializers.CharField()


class BookingAnswer(serializers.Serializer[Any]):
    """A booking of one's own. `check_code` is typed on arrival."""

    code = serializers.CharField(source="number", help_text="Y and 18 digits")
    state = serializers.ChoiceField(choices=BookingState.choices)
    items = serializers.SerializerMethodField()
    window = serializers.CharField(source="window.name")
    date = serializers.DateField(source="day")
    time = serializers.TimeField(source="starts", format="%H:%M", allow_null=True)
    check_code = serializers.CharField()
    name = serializers.CharField(source="name_masked")
    is_green = serializers.BooleanField()
    case = serializers.CharField(source="case.number", default="")
    changes = serializers.IntegerField(help_text="times that it was changed, of two")
    confirm_by = serializers.DateTimeField(allow_null=True, help_text="of an offer: until when it stands")
    reason = serializers.CharField(help_text="why the hall cancelled it")

    def get_items(self, booking: Any) -> list[dict[str, str]]:
        """The items, in the order that they were asked for."""
        return [
            {"code": item.code, "name": item.name}
            for item in sorted(booking.items.all(), key=lambda each: each.pk)
        ]


class BookingPage(serializers.Serializer[Any]):
    """A page of one's bookings, the latest day first."""

    count = serializers.IntegerField()
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = BookingAnswer(many=True)
