"""The fields of a shared item that a hall may change, with whose value each is: what the override page shows."""

from typing import Any

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from catalog.hall import queries, stamps
from catalog.hall.api.asking import staff
from catalog.hall.models import EffectiveItem
from catalog.shared import labels
from catalog.shared.policy import POLICY, Freedom
from catalog.shared.queries import city_values, value_of


class FieldAnswer(serializers.Serializer[Any]):
    """One field, or one row of a list. `value` is the hall's own or null; `seen` goes back with a change."""

    field = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    freedom = serializers.ChoiceField(choices=[Freedom.TIGHTEN.value, Freedom.FREE.value])
    source = serializers.ChoiceField(choices=["shared", "hall"])  # type: ignore[assignment]
    city_value = serializers.JSONField()
    value = serializers.JSONField()
    is_in_force = serializers.BooleanField()
    reason = serializers.CharField()
    by = serializers.CharField()
    made_at = serializers.DateTimeField(allow_null=True)
    needs_review = serializers.BooleanField()
    seen = serializers.CharField()


class FieldsAnswer(serializers.Serializer[Any]):
    """All fields of an item that may be changed."""

    code = serializers.CharField()
    fields = FieldAnswer(many=True)  # type: ignore[assignment]


class Fields(APIView):
    """A shared item field by field."""

    @extend_schema(operation_id="overrides_list", responses={200: FieldsAnswer})
    def get(self, request: Request, code: str) -> Response:
        """Return each field that this hall may change: its value, whose it is, since when, by whom and why."""
        staff(request)
        item = queries.effective_item(code, with_hidden=True)
        city = city_values(code) if item is not None and not item.is_local else None
        if item is None or city is None:
            raise Http404
        return Response(FieldsAnswer({"code": code, "fields": _rows(item, city)}).data)


def _rows(item: EffectiveItem, city: dict[str, Any]) -> list[dict[str, Any]]:
    own, waiting = queries.overrides_of(item.code), queries.reviews_of(item.code)
    # a row that the city removed is still the hall's to give back
    names = [field for name in POLICY for field in _names(name, city)]
    names += [field for field in own if field not in names]
    rows = []
    for field in names:
        row, base = own.get(field), value_of(city, field)
        rows.append(
            {
                "field": field,
                "label": labels.field(field),
                "freedom": POLICY[field.partition(".")[0]].freedom,
                "source": "hall" if field in item.sources else "shared",
                "city_value": base,
                "value": row.value if row else None,
                "is_in_force": row is not None and field in item.sources,
                "reason": row.reason if row else "",
                "by": row.person_name if row else "",
                "made_at": row.made_at if row else None,
                "needs_review": field in waiting,
                "seen": stamps.of_override(row, base),
            }
        )
    return rows


def _names(name: str, city: dict[str, Any]) -> list[str]:
    rule = POLICY[name]
    if rule.freedom is Freedom.LOCKED:
        return []
    return [name] if rule.rows is None else [f"{name}.{row['key']}" for row in city.get(name) or []]
