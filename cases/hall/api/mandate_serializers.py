"""What the API of mandates takes and gives."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from accounts.validators import (
    normalize_id,
    normalize_name,
    normalize_phone,
    validate_id_number,
    validate_name,
    validate_phone,
)
from cases.hall.enums import MandateKind, MandateStanding, Power, Proof


class AskRequest(serializers.Serializer[Any]):
    """Whom a proxy acts for, by the ID card; for one item, or whatever may be done by proxy."""

    name = serializers.CharField(max_length=60)
    id_number = serializers.CharField(max_length=40)
    phone = serializers.CharField(required=False, default="", allow_blank=True, max_length=20)
    item = serializers.RegexField(
        r"^(\d{14})?$",
        required=False,
        default="",
        allow_blank=True,
        error_messages={"invalid": _("事项编码是 14 位数字")},
    )
    powers = serializers.MultipleChoiceField(choices=Power.choices, default=set(Power.values))
    until = serializers.DateField(help_text="the last day; a year at most, and not beyond the proxy's term")

    def validate_name(self, value: str) -> str:
        """Return the name as it is kept."""
        return _checked(normalize_name(value), validate_name)

    def validate_id_number(self, value: str) -> str:
        """Return the number as it is kept."""
        return _checked(normalize_id(value), validate_id_number)

    def validate_phone(self, value: str) -> str:
        """Return the phone as it is kept, or nothing."""
        return _checked(normalize_phone(value), validate_phone) if value else ""


def _checked(value: str, check: Any) -> str:
    try:
        check(value)
    except ValidationError as problem:
        raise serializers.ValidationError(problem.messages) from None
    return value


class CodeRequest(serializers.Serializer[Any]):
    """The code that the principal read out."""

    code = serializers.CharField(max_length=12)


class PaperRequest(serializers.Serializer[Any]):
    """The photo of the signed paper."""

    file = serializers.FileField(
        error_messages={"required": _("请选一个文件"), "empty": _("这份是空的，请重新选")}
    )


class SentAnswer(serializers.Serializer[Any]):
    """Where the code went; the code itself in the demo alone."""

    phone = serializers.CharField()
    code = serializers.CharField(required=False)


class MandateAnswer(serializers.Serializer[Any]):
    """A mandate as its two sides see it."""

    id = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=MandateKind.choices)
    state = serializers.ChoiceField(choices=MandateStanding.choices)
    principal = serializers.CharField()
    principal_id_number = serializers.CharField(help_text="masked")
    proxy = serializers.CharField()
    item = serializers.CharField(help_text="empty: whatever may be done by proxy")
    powers = serializers.ListField(child=serializers.ChoiceField(choices=Power.choices))
    since = serializers.DateField()
    until = serializers.DateField()
    proof = serializers.ChoiceField(choices=Proof.choices, allow_blank=True)


class PrincipalAnswer(MandateAnswer):
    """Somebody whom the caller acts for, with what is open."""

    open_cases = serializers.IntegerField()
    drafts = serializers.IntegerField()
