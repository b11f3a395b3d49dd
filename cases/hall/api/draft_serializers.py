"""What the API of drafts takes and gives."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers


class DraftRequest(serializers.Serializer[Any]):
    """For which item a draft is begun, and for whom."""

    item = serializers.RegexField(r"^\d{14}$", error_messages={"invalid": _("事项编码是 14 位数字")})
    company = serializers.CharField(required=False, default="", allow_blank=True, max_length=18)
    mandate = serializers.UUIDField(required=False, allow_null=True, default=None)


class DraftPatch(serializers.Serializer[Any]):
    """What is put into a draft: some answers (null takes one away), how the result comes, the item's version that was seen."""

    answers = serializers.DictField(required=False, default=dict, help_text="{field name: value or null}")
    delivery = serializers.JSONField(required=False, default=None)
    seen = serializers.CharField(
        required=False,
        default="",
        allow_blank=True,
        max_length=40,
        help_text="`version_now` of a draft whose item changed: it goes on with that one",
    )


class DraftAnswer(serializers.Serializer[Any]):
    """A draft as its owner left it."""

    id = serializers.UUIDField()
    item = serializers.CharField()
    item_name = serializers.CharField()
    version = serializers.CharField(
        help_text="the item's version that the draft was begun on, or that was seen since"
    )
    version_now = serializers.CharField(help_text="empty when the item is not offered any more")
    changes = serializers.ListField(child=serializers.CharField(), help_text="what changed between the two")
    successor = serializers.CharField(help_text="code of the item that takes the place of one that is gone")
    answers = serializers.DictField()
    to_check = serializers.DictField(
        child=serializers.ChoiceField(choices=["account", "mandate", "last", "changed"]),
        help_text="answers that were filled in, or whose question changed, and that nobody has looked at",
    )
    missing = serializers.ListField(
        child=serializers.CharField(), help_text="fields that are still to be answered"
    )
    delivery = serializers.DictField()
    keep_until = serializers.DateField(help_text="the day on which it is deleted when nobody touches it")
