"""What the portal's API says."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from cases.shared.models import PaperState, Verification
from tenants.shared.enums import HallState


class HallAnswer(serializers.Serializer[Any]):
    """A hall that the public is led to."""

    key = serializers.CharField()
    name = serializers.CharField()
    short_name = serializers.CharField()
    level = serializers.CharField()
    state = serializers.CharField()
    url = serializers.CharField()


class Offered(serializers.Serializer[Any]):
    """That a hall has an item, and what it takes there."""

    key = serializers.CharField()
    name = serializers.CharField()
    url = serializers.CharField()
    promised_days = serializers.IntegerField()
    promised_unit = serializers.CharField()
    visits = serializers.IntegerField()
    can_apply = serializers.BooleanField()
    can_book = serializers.BooleanField()
    version = serializers.CharField()


class FoundItem(serializers.Serializer[Any]):
    """An item once, with the halls that have it."""

    code = serializers.CharField()
    name = serializers.CharField()
    department = serializers.CharField()
    kind = serializers.CharField()
    is_local = serializers.BooleanField()
    halls = Offered(many=True)


class VerificationAnswer(serializers.ModelSerializer[Verification]):
    """What anybody with a paper's code may know of it: no more than its bearer shows.

    `state` is what it is worth today; `hall_state` says whether the hall that issued it still stands.
    """

    hall = serializers.CharField(source="hall.name")
    hall_state = serializers.ChoiceField(source="hall.state", choices=HallState.choices)
    holder = serializers.CharField(source="holder_masked")
    state = serializers.SerializerMethodField()

    class Meta:
        model = Verification
        fields = [
            "code", "state", "document_no", "item_name", "holder", "issued_on", "hall", "valid_until", "replaced_by", "hall_state",
        ]  # fmt: skip

    @extend_schema_field({"type": "string", "enum": PaperState.values})
    def get_state(self, row: Verification) -> str:
        """Return what it is worth today."""
        return row.state_on(timezone.localdate())


class BundleAnswer(serializers.Serializer[Any]):
    """A bundle 一件事, with how many of its items some hall offers."""

    key = serializers.CharField()
    name = serializers.CharField()
    summary = serializers.CharField()
    audience = serializers.CharField()
    items = serializers.IntegerField()


class BundleStep(serializers.Serializer[Any]):
    """One item of a bundle, and who needs it; nothing in `when` is everybody."""

    code = serializers.CharField()
    name = serializers.CharField()
    when = serializers.CharField()


class BundlePlace(serializers.Serializer[Any]):
    """A hall that has some of a bundle, with how many items."""

    key = serializers.CharField()
    name = serializers.CharField()
    url = serializers.CharField()
    items = serializers.IntegerField()


class WholeBundle(serializers.Serializer[Any]):
    """A bundle with its items and its halls; what it asks for is each hall's to say."""

    key = serializers.CharField()
    name = serializers.CharField()
    summary = serializers.CharField()
    audience = serializers.CharField()
    steps = BundleStep(many=True)
    halls = BundlePlace(many=True)
