"""What the portal's API says."""

from typing import Any

from rest_framework import serializers

from cases.shared.models import Verification


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
    """What anybody with a result's code may know of it: no more than its bearer shows."""

    hall = serializers.CharField(source="hall.name")
    holder = serializers.CharField(source="holder_masked")

    class Meta:
        model = Verification
        fields = ["code", "state", "document_no", "item_name", "holder", "issued_on", "hall"]


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
