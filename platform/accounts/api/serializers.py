"""What the API takes and gives where tokens are made."""

from typing import Any

from rest_framework import serializers

from accounts.services.sign_in import LONGEST_PASSWORD


class TokenRequest(serializers.Serializer[Any]):
    """Username or phone, password, and the code of the second factor where the post demands one."""

    username = serializers.CharField(max_length=60)
    password = serializers.CharField(max_length=LONGEST_PASSWORD, trim_whitespace=False)
    otp = serializers.CharField(max_length=12, required=False, allow_blank=True)


class RefusalAnswer(serializers.Serializer[Any]):
    """Every refusal has this shape: a sentence, a code, and what is wrong by field."""

    detail = serializers.CharField()
    code = serializers.CharField()
    fields = serializers.DictField(child=serializers.CharField())  # type: ignore[assignment]


class TokenAnswer(serializers.Serializer[Any]):
    """A token of this host, and when it runs out."""

    token = serializers.CharField()
    expires_at = serializers.DateTimeField()
