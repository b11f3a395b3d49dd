"""The city's catalogue by API: list, draft, impact, publication, versions."""

from typing import Any

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import NotAuthenticated, PermissionDenied
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.actor import Actor
from accounts.capabilities import Can, may, roles_of
from accounts.enums import CityRole
from catalog.shared import catalogue, impact
from catalog.shared.api.answers import (
    ComparisonAnswer,
    DifferenceAnswer,
    DraftRequest,
    EditionAnswer,
    PublishRequest,
    VersionAnswer,
    answered,
    asked,
    asked_life,
    comparison,
    edition_answer,
)
from catalog.shared.changes import classify
from catalog.shared.enums import Change, ItemType
from catalog.shared.models import Version
from catalog.shared.services import items
from catalog.shared.services.editions import EDITED, SHARED, Life, begun

FILTERS = [
    OpenApiParameter("q", str, description="words of the name or of an alias, or the beginning of a code"),
    OpenApiParameter("department", str),
    OpenApiParameter("type", str, enum=list(ItemType.values)),
    OpenApiParameter("status", str, enum=list(catalogue.STATES)),
]
EDITIONS = [
    OpenApiParameter("a", str, required=True, description="a version's number, live or draft"),
    OpenApiParameter("b", str, required=True, description="a version's number, live or draft"),
]


def reader(request: Request) -> Actor:
    """Return who asks, if they have a role in the city. Raises NotAuthenticated (401), PermissionDenied (403)."""
    return _asker(request, Can.WATCH)


def editor(request: Request) -> Actor:
    """Return who asks, if they may change the city's catalogue. Raises NotAuthenticated (401), PermissionDenied (403)."""
    return _asker(request, Can.RUN)


def _asker(request: Request, can: Can) -> Actor:
    actor = request.user
    if not isinstance(actor, Actor) or not actor.is_authenticated:
        raise NotAuthenticated
    if not may(actor.city_role, can):
        posts = "、".join(str(role.label) for role in CityRole if role in roles_of([can]))
        raise PermissionDenied(_("这一步要用%(posts)s的账号做") % {"posts": posts})
    return actor


class ListedAnswer(serializers.Serializer[Any]):
    """A shared item in a list; `status` draft is an item that is yet to be."""

    code = serializers.CharField()
    name = serializers.CharField()
    department = serializers.CharField()
    type = serializers.CharField()
    status = serializers.CharField()
    version = serializers.IntegerField()
    has_draft = serializers.BooleanField(source="waiting")
    is_approved = serializers.BooleanField(source="approved")


class OverriddenAnswer(serializers.Serializer[Any]):
    """A hall's own value of a field that the draft changes."""

    hall = serializers.CharField(source="hall.key")
    field = serializers.CharField()
    value = serializers.JSONField()
    breaks = serializers.BooleanField(help_text="keeps the policy now and would not any more")


class FieldImpactAnswer(serializers.Serializer[Any]):
    """One change, the halls that follow it, and those with a value of their own."""

    change = DifferenceAnswer(source="line")
    inheriting = serializers.SerializerMethodField()
    overriding = OverriddenAnswer(many=True)

    def get_inheriting(self, row: impact.FieldImpact) -> list[str]:
        """Return the keys of the halls that follow the city's value."""
        return [hall.key for hall in row.inheriting]


class HallImpactAnswer(serializers.Serializer[Any]):
    """One hall that has the item."""

    hall = serializers.CharField(source="hall.key")
    is_hidden = serializers.BooleanField()
    overriding = serializers.IntegerField()
    breaking = serializers.IntegerField()
    drafts = serializers.IntegerField(help_text="applications begun and not filed")
    cases = serializers.IntegerField(help_text="filed and not finished: they keep the item as it was")


class ImpactAnswer(serializers.Serializer[Any]):
    """What publishing a draft would do."""

    change = serializers.ChoiceField(choices=Change.choices)
    fields = FieldImpactAnswer(many=True)  # type: ignore[assignment]
    halls = HallImpactAnswer(many=True)
    breaking = OverriddenAnswer(many=True)
    drafts = serializers.IntegerField()
    cases = serializers.IntegerField()


class Items(GenericAPIView[Any]):
    """The items of the city's catalogue."""

    serializer_class = ListedAnswer

    @extend_schema(
        operation_id="city_items_list", parameters=FILTERS, responses={200: ListedAnswer(many=True)}
    )
    def get(self, request: Request) -> Response:
        """Return a page of the items, those with a draft first."""
        reader(request)
        page = self.paginate_queryset(catalogue.listed(catalogue.Filters.read(request.query_params)))
        rows = [catalogue.row(values) for values in page or []]
        return self.get_paginated_response(ListedAnswer(rows, many=True).data)


class DraftView(APIView):
    """The draft beside a live item."""

    @extend_schema(operation_id="city_draft_retrieve", responses={200: EditionAnswer})
    def get(self, request: Request, code: str) -> Response:
        """Return the draft; where there is none, what an edit begins from, with revision 0."""
        reader(request)
        return Response(edition_answer(_shown(code).draft or begun(SHARED, code)))

    @extend_schema(
        operation_id="city_draft_save", request=DraftRequest(partial=True), responses={200: EditionAnswer}
    )
    def put(self, request: Request, code: str) -> Response:
        """Lay fields over the draft, over the live item, or over an empty item of a code that nobody ever had."""
        actor = editor(request)
        given = asked(request.data)
        found = catalogue.find(SHARED, code)
        fields = {name: given[name] for name in given if name in EDITED}
        life = asked_life(given, found.life if found else Life())
        now = timezone.now()
        with answered(fields):
            if found is None:
                saved = items.create(code, fields, life=life, by=actor, now=now, note=given["note"])
            else:
                saved = items.save(
                    code, fields, life=life, seen=given["revision"], by=actor, now=now, note=given["note"]
                )
        return Response(edition_answer(saved))

    @extend_schema(operation_id="city_draft_discard", responses={204: None})
    def delete(self, request: Request, code: str) -> Response:
        """Throw the draft away; the live item stays."""
        actor = editor(request)
        with answered():
            items.discard(code, by=actor, now=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)


class ImpactView(APIView):
    """What publishing would do."""

    @extend_schema(operation_id="city_item_impact", responses={200: ImpactAnswer})
    def get(self, request: Request, code: str) -> Response:
        """Return the class of change, and hall by hall who follows, who overrides and how many cases run."""
        reader(request)
        found = _shown(code)
        if found.draft is None:
            raise Http404
        return Response(ImpactAnswer(impact.of(found.draft, found.live)).data)


class Publication(APIView):
    """Putting a draft in force."""

    @extend_schema(operation_id="city_item_publish", request=PublishRequest, responses={200: EditionAnswer})
    def post(self, request: Request, code: str) -> Response:
        """Publish a draft that somebody else edited, or let it wait for the day that it names."""
        actor = editor(request)
        given = PublishRequest(data=request.data)
        given.is_valid(raise_exception=True)
        now = timezone.now()
        with answered():
            done = items.approve(
                code,
                seen=given.validated_data.get("revision"),
                by=actor,
                now=now,
            )
        return Response(edition_answer(done))


class Versions(GenericAPIView[Version]):
    """The published versions of an item."""

    serializer_class = VersionAnswer

    @extend_schema(operation_id="city_item_versions", responses={200: VersionAnswer(many=True)})
    def get(self, request: Request, code: str) -> Response:
        """Return a page of versions, the newest first."""
        reader(request)
        _shown(code)
        page = self.paginate_queryset(catalogue.versions_of(SHARED, code))
        return self.get_paginated_response(VersionAnswer(page, many=True).data)


class Comparison(APIView):
    """Two editions of an item."""

    @extend_schema(operation_id="city_item_compare", parameters=EDITIONS, responses={200: ComparisonAnswer})
    def get(self, request: Request, code: str) -> Response:
        """Return what differs between two versions, or between what holds and the draft, field by field."""
        reader(request)
        a, b = request.query_params.get("a", ""), request.query_params.get("b", "")
        _shown(code)
        before, after = catalogue.edition(SHARED, code, a), catalogue.edition(SHARED, code, b)
        if before is None or after is None:
            raise Http404
        return Response(comparison(a, b, before, after, classify(before, after)))


def _shown(code: str) -> catalogue.Shown:
    found = catalogue.find(SHARED, code)
    if found is None:
        raise Http404
    return found
