"""What the API says of editions, the city's and a hall's alike, and the refusals of editing in the one shape."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from accounts.api.errors import Refused
from catalog.shared import said
from catalog.shared.catalogue import whole
from catalog.shared.enums import Change, Status
from catalog.shared.models import Draft, SharedItem, Version
from catalog.shared.services import editions
from catalog.shared.services.editions import EDITED, Life

LIFE = ("status", "successor", "effective_from", "effective_to")


class DraftRequest(serializers.ModelSerializer[SharedItem]):
    """Some or all fields of an item, with the revision that was read: 0 (or nothing) where no draft was there."""

    revision = serializers.IntegerField(min_value=0, default=0)
    status = serializers.ChoiceField(
        choices=[Status.ACTIVE, Status.SUSPENDED, Status.CANCELLED], required=False
    )
    successor = serializers.CharField(max_length=14, allow_blank=True, required=False)
    effective_from = serializers.DateField(allow_null=True, required=False)
    effective_to = serializers.DateField(allow_null=True, required=False)
    note = serializers.CharField(max_length=300, allow_blank=True, default="")

    class Meta:
        model = SharedItem
        fields = [*EDITED, *LIFE, "revision", "note"]
        extra_kwargs = {
            "statutory_days": {"max_value": 9999},
            "visits": {"max_value": 9999},
            "promised_days": {"max_value": 9999},
        }


class PublishRequest(serializers.Serializer[Any]):
    """The revision of the draft that was read, so that nothing unread is published."""

    revision = serializers.IntegerField(min_value=0, required=False)


class EditionAnswer(serializers.ModelSerializer[SharedItem]):
    """A draft or a published version: its fields, its life, and who stands behind it."""

    revision = serializers.IntegerField(help_text="of the draft; 0 for what is published")
    edited_by = serializers.CharField()
    approved_by = serializers.CharField()

    class Meta:
        model = SharedItem
        fields = ["code", "hidden", *EDITED, *LIFE, "version", "revision", "edited_by", "approved_by"]


class VersionAnswer(serializers.Serializer[Any]):
    """A published version in a list."""

    version = serializers.IntegerField()
    status = serializers.CharField()
    successor = serializers.CharField()
    effective_from = serializers.DateField()
    effective_to = serializers.DateField()
    changed = serializers.ListField(child=serializers.CharField())
    change = serializers.ChoiceField(choices=Change.choices)
    note = serializers.CharField()
    edited_by = serializers.CharField(source="edited_by_name")
    approved_by = serializers.CharField(source="approved_by_name")
    published_at = serializers.DateTimeField()


class DifferenceAnswer(serializers.Serializer[Any]):
    """One field, or one row of a list, that differs, in words."""

    field = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    before = serializers.CharField()
    after = serializers.CharField()
    change = serializers.ChoiceField(choices=Change.choices)


class ComparisonAnswer(serializers.Serializer[Any]):
    """Two editions, and what differs."""

    a = serializers.CharField()
    b = serializers.CharField()
    change = serializers.ChoiceField(choices=Change.choices)
    fields = DifferenceAnswer(many=True)  # type: ignore[assignment]


def edition_answer(edition: Draft | Version) -> dict[str, Any]:
    """Return what the API says of a draft or a version: its fields, where it stands, and who stands behind it."""
    is_draft = isinstance(edition, Draft)
    return {
        **edition.fields,
        "status": Status.DRAFT if is_draft and edition.status == Status.ACTIVE else edition.status,
        "version": edition.base_version + 1 if isinstance(edition, Draft) else edition.version,
        "revision": edition.revision if isinstance(edition, Draft) else 0,
        "successor": edition.successor,
        "effective_from": edition.effective_from,
        "effective_to": edition.effective_to,
        "edited_by": edition.edited_by_name,
        "approved_by": edition.approved_by_name,
    }


def asked_life(given: Mapping[str, Any], there: Life) -> Life | None:
    """Return the life that a request names, the rest as it is; None when it names nothing of it."""
    asked = {name: given[name] for name in LIFE if name in given}
    return Life(**{**vars(there), **asked}) if asked else None


def comparison(
    a: str, b: str, before: Mapping[str, Any], after: Mapping[str, Any], change: Change
) -> dict[str, Any]:
    """Return two editions and what differs."""
    return {"a": a, "b": b, "change": change, "fields": [vars(line) for line in said.lines(before, after)]}


def asked(data: Any) -> dict[str, Any]:
    """Return what a request lays over a draft: what it does not name stays. Raises ValidationError (400)."""
    given = DraftRequest(data=data, partial=True)
    given.is_valid(raise_exception=True)
    known: dict[str, Any] = {"revision": 0, "note": "", **given.validated_data}
    unknown = set(data) - set(given.fields) - {"code"} if isinstance(data, Mapping) else set()
    if unknown:
        raise serializers.ValidationError(
            {name: _("没有这一项，或不能填") for name in sorted(map(str, unknown))}
        )
    return known


def asked_revision(data: Any) -> int | None:
    """Return the revision that a request to publish names, None when it names none. Raises ValidationError (400)."""
    given = PublishRequest(data=data or {})
    given.is_valid(raise_exception=True)
    revision: int | None = given.validated_data.get("revision")
    return revision


@contextmanager
def answered(asked: Mapping[str, Any] | None = None) -> Iterator[None]:
    """Turn what editing refuses into answers: 400, 403, 404 or 409.

    Where somebody saved meanwhile, `fields` gives their values of what was `asked` otherwise.
    """
    try:
        yield
    except editions.Unknown as refusal:
        raise Refused(str(refusal), code="not_found", status_code=404) from None
    except (editions.BadFields, editions.NotPublishable) as refusal:
        raise Refused(str(refusal), code="invalid", status_code=400, fields=refusal.problems) from None
    except editions.SamePerson as refusal:
        raise Refused(str(refusal), code="same_person", status_code=403) from None
    except (editions.NotADraft, editions.NothingChanged) as refusal:
        raise Refused(str(refusal), code="not_a_draft", status_code=409) from None
    except editions.ChangedMeanwhile as refusal:
        there = whole(refusal.draft.fields)
        theirs = {
            name: there[name]
            for name, value in (asked or {}).items()
            if name in there and there[name] != value
        }
        fields = {**theirs, "revision": refusal.draft.revision}
        raise Refused(str(refusal), code="changed_meanwhile", status_code=409, fields=fields) from None
