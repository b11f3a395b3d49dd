"""一件事 by API: what one event asks for in this hall."""

from typing import Any

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from catalog.hall import queries
from catalog.hall.models import EffectiveItem
from catalog.shared import bundles
from catalog.shared.models import Bundle
from catalog.shared.queries import bundle as bundle_of


class ListedBundle(serializers.Serializer[Any]):
    """A bundle as a list shows it; `items` counts what this hall offers of it."""

    key = serializers.CharField()
    name = serializers.CharField()
    summary = serializers.CharField()
    audience = serializers.CharField()
    items = serializers.IntegerField()


class Step(serializers.Serializer[Any]):
    """One item of a bundle, and who needs it; nothing in `when` is everybody."""

    code = serializers.CharField()
    name = serializers.CharField()
    when = serializers.CharField()


class SharedPaper(serializers.Serializer[Any]):
    """One paper, once, with the most that any item wants of it and the codes' names that want it."""

    key = serializers.CharField()
    name = serializers.CharField()
    originals = serializers.IntegerField()
    copies = serializers.IntegerField()
    necessity = serializers.CharField()
    exempt = serializers.BooleanField()
    items = serializers.ListField(child=serializers.CharField())


class SharedQuestion(serializers.Serializer[Any]):
    """One question, once, with the names of the items that ask it."""

    name = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    type = serializers.CharField()
    required = serializers.BooleanField()  # type: ignore[assignment]
    items = serializers.ListField(child=serializers.CharField())


class WholeBundle(serializers.Serializer[Any]):
    """What one event asks for in this hall; `missing` are the codes that it does not offer."""

    key = serializers.CharField()
    name = serializers.CharField()
    summary = serializers.CharField()
    audience = serializers.CharField()
    conditions = serializers.ListField(child=serializers.CharField())
    steps = Step(many=True)
    missing = serializers.ListField(child=serializers.CharField())
    limit = serializers.CharField(help_text="the longest promise of its items, in words")
    fees = serializers.CharField(help_text="all of its items together, in words")
    visits = serializers.IntegerField()
    materials = SharedPaper(many=True)
    form = SharedQuestion(many=True)


class Bundles(GenericAPIView[Any]):
    """The bundles that this hall has an item of."""

    serializer_class = ListedBundle

    @extend_schema(operation_id="bundles_list", responses={200: ListedBundle(many=True)})
    def get(self, request: Request) -> Response:
        """Return a page of the bundles, in the city's order."""
        rows = [
            {**_named(bundle), "items": number}
            for bundle, number in queries.bundles_here(request.hall)  # type: ignore[attr-defined]
        ]
        return self.get_paginated_response(self.paginate_queryset(rows))


class BundleView(APIView):
    """One bundle."""

    @extend_schema(operation_id="bundles_retrieve", responses={200: WholeBundle})
    def get(self, request: Request, key: str) -> Response:
        """Return what a bundle asks for here, from the items as they are in force now."""
        found = bundle_of(key)
        if found is None:
            raise Http404
        return Response(_whole(found, queries.items_of(found)))


def _named(bundle: Bundle) -> dict[str, Any]:
    return {name: getattr(bundle, name) for name in ("key", "name", "summary", "audience")}


def _whole(bundle: Bundle, items: list[EffectiveItem]) -> dict[str, Any]:
    values = queries.asked_of(items)
    when = {step["code"]: step.get("when", "") for step in bundle.steps}
    here = {item.code for item in items}
    return {
        **_named(bundle),
        "conditions": bundle.conditions,
        "steps": [{"code": item.code, "name": item.name, "when": when[item.code]} for item in items],
        "missing": [code for code in bundle.codes if code not in here],
        "limit": bundles.limit(values),
        "fees": bundles.fees(values),
        "visits": bundles.visits(values),
        "materials": [_paper(paper) for paper in bundles.papers(values)],
        "form": [
            {
                **{name: question.row[name] for name in ("name", "label", "type")},
                "required": bool(question.row.get("required")),
                "items": question.items,
            }
            for question in bundles.questions(values, bundle.own_questions)
        ],
    }


def _paper(paper: bundles.Paper) -> dict[str, Any]:
    row = paper.row
    return {
        "key": row["key"],
        "name": row["name"],
        "originals": row.get("originals") or 0,
        "copies": row.get("copies") or 0,
        "necessity": row.get("necessity") or "required",
        "exempt": bool(row.get("exempt")),
        "items": paper.items,
    }
