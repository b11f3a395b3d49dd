"""What the API of items says and takes."""

from collections.abc import Mapping
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from catalog.hall import queries
from catalog.hall.models import EffectiveItem, ItemAlias, LocalItem, Override
from catalog.shared import codes, labels, questions, sql
from catalog.shared.models import Offer
from catalog.shared.services.editions import EDITED
from tenants.hall.queries import department_usccs
from tenants.shared.divisions import towns

LISTED = (
    "code", "name", "summary", "type", "department", "audience", "themes", "kind", "statutory_days", "statutory_unit",
    "promised_days", "promised_unit", "visits", "fees", "online_depth", "can_apply", "can_book", "is_local", "version",
)  # fmt: skip


class ListedItem(serializers.ModelSerializer[Offer]):
    """An item as a list shows it."""

    class Meta:
        model = Offer
        fields = LISTED


class WholeItem(serializers.ModelSerializer[EffectiveItem]):
    """The whole effective item, with whose value each field is."""

    sources = serializers.SerializerMethodField()
    implementing_code = serializers.SerializerMethodField()

    class Meta:
        model = EffectiveItem
        fields = [*sql.columns(), "is_local", "version", "sources", "implementing_code"]

    def get_implementing_code(self, item: EffectiveItem) -> str:
        """Return the 31 or 33 digits of the item as its department here implements it; empty while nobody has a valid USCC."""
        hall = self.context["request"].hall
        return codes.implementing_code_of(hall, item.code, department_usccs(hall).get(item.department, ""))

    @extend_schema_field(
        {"type": "object", "additionalProperties": {"type": "string", "enum": ["shared", "hall"]}}
    )
    def get_sources(self, item: EffectiveItem) -> dict[str, str]:
        """Return field → shared or hall, and the same of each row of a list that the hall changed."""
        return queries.sources(item)


class Choice(serializers.Serializer[Any]):
    """One value that may be answered, and how people read it."""

    value = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]


class Condition(serializers.Serializer[Any]):
    """An earlier question and the answers to it."""

    question = serializers.CharField()
    values = serializers.ListField(child=serializers.CharField())


class FormField(serializers.Serializer[Any]):
    """One question of an item's form."""

    name = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    type = serializers.CharField(
        help_text="text, number, date, choice, division, id_number, phone, yes_no or group"
    )
    required = serializers.BooleanField()  # type: ignore[assignment]
    choices = Choice(many=True)
    about = serializers.CharField(
        help_text="whose an ID number is: applicant (taken from the account; sent, it must be the same), child, other, or empty"
    )
    hint = serializers.CharField()
    section = serializers.CharField()
    when = Condition(
        allow_null=True, help_text="asked only then; an answer that is given otherwise is dropped"
    )


class Repeat(serializers.Serializer[Any]):
    """How often a group is filled in, and what one entry is called."""

    min = serializers.IntegerField()
    max = serializers.IntegerField()
    label = serializers.CharField()  # type: ignore[assignment]


class FormPart(FormField):
    """One question of an item's form, or a group: its answer is then a list of {name: value}, one for each entry."""

    repeat = Repeat(allow_null=True)
    fields = FormField(many=True)  # type: ignore[assignment]


class Eligible(serializers.Serializer[Any]):
    """A question that is asked before anything is filled in: who says no is told what else there is to do."""

    question = serializers.CharField()
    otherwise = serializers.CharField()


class FormMaterial(serializers.Serializer[Any]):
    """One material that may be handed in."""

    key = serializers.CharField()
    name = serializers.CharField()
    required = serializers.BooleanField()  # type: ignore[assignment]


class ItemForm(serializers.Serializer[Any]):
    """What an application for an item must say and bring."""

    version = serializers.CharField(help_text="sent along with POST cases/, it refuses what was not seen")
    eligibility = Eligible(many=True)
    fields = FormPart(many=True)  # type: ignore[assignment]
    materials = FormMaterial(many=True)
    delivery = Choice(many=True)
    identity_level = serializers.IntegerField(
        help_text="how well whoever applies must be known: 1 phone, 2 name and ID number checked, 3 verified"
    )


def item_form(item: EffectiveItem) -> dict[str, Any]:
    """Return what POST cases/ wants for this item; a division is answered with one of the city's towns."""
    places = [{"value": town.code, "label": town.full_name} for town in towns()]
    fields = [_part(row, places) for row in questions.nested(item.form)]
    eligibility = [
        {"question": row["label"], "otherwise": row.get("hint") or ""}
        for row in questions.eligibility(item.form)
    ]
    materials = [
        {
            "key": row["key"],
            "name": row["name"],
            "required": row.get("necessity", "required") == "required" and not row.get("exempt"),
        }
        for row in item.materials
    ]
    ways = [way for way in item.delivery if way in labels.DELIVERY] or ["window"]
    delivery = [{"value": way, "label": str(labels.DELIVERY[way])} for way in ways]
    return {
        "version": item.version,
        "eligibility": eligibility,
        "fields": fields,
        "materials": materials,
        "delivery": delivery,
        "identity_level": item.identity_level,
    }


def _part(row: Mapping[str, Any], places: list[dict[str, str]]) -> dict[str, Any]:
    is_group = row["type"] == questions.GROUP
    return _field(row, places) | {
        "repeat": {
            "min": questions.fewest(row),
            "max": questions.most(row),
            "label": questions.entry_name(row),
        }
        if is_group
        else None,
        "fields": [_field(member, places) for member in row["fields"]] if is_group else [],
    }


def _field(row: Mapping[str, Any], places: list[dict[str, str]]) -> dict[str, Any]:
    is_place = row["type"] == "division"
    is_needed = questions.fewest(row) > 0 if row["type"] == questions.GROUP else bool(row.get("required"))
    return {
        "name": row["name"],
        "label": row["label"],
        "type": row["type"],
        "required": is_needed,
        "choices": places if is_place else [_choice(choice) for choice in row.get("choices") or []],
        "hint": row.get("hint") or "",
        "section": row.get("section") or "",
        "when": row.get("when") or None,
        "about": row.get("about") or "",
    }


def _choice(row: Any) -> dict[str, str]:
    return {"value": str(row["value"]), "label": str(row["label"])}


class OverrideRequest(serializers.Serializer[Any]):
    """A hall's own value, and why."""

    value = serializers.JSONField(
        help_text="a limit is {days, unit} or a number in the city's unit; a row of a list an object"
    )
    reason = serializers.CharField(max_length=300, allow_blank=True, default="")
    seen = serializers.CharField(
        max_length=16,
        required=False,
        default=None,
        allow_null=True,
        help_text="the mark of what was seen; without it, whatever is there is overwritten",
    )


class OverrideAnswer(serializers.ModelSerializer[Override]):
    """An override as it is stored."""

    city_value = serializers.JSONField(source="base")
    by = serializers.CharField(source="person_name")

    class Meta:
        model = Override
        fields = ["code", "field", "value", "city_value", "reason", "by", "made_at"]


class LocalItemRequest(serializers.ModelSerializer[LocalItem]):
    """A draft of a local item; rows of lists without a key get one."""

    promised_days = serializers.IntegerField(min_value=0, max_value=9999, default=0)

    class Meta:
        model = LocalItem
        fields = EDITED
        extra_kwargs = {"statutory_days": {"max_value": 9999}, "visits": {"max_value": 9999}}


class NotFoundAnswer(serializers.Serializer[Any]):
    """What was looked for and found nothing: how often in the last 90 days, and on which day last."""

    text = serializers.CharField()
    asked = serializers.IntegerField()
    last = serializers.DateField()


class AliasRequest(serializers.Serializer[Any]):
    """What people here call an item."""

    alias = serializers.CharField(max_length=30)


class AliasAnswer(serializers.ModelSerializer[ItemAlias]):
    """An alias as it is stored."""

    by = serializers.CharField(source="person_name")

    class Meta:
        model = ItemAlias
        fields = ["code", "alias", "by", "made_at"]
