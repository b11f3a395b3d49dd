"""The audit log by API: how it is narrowed, a line of it, and the city's own."""

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotAuthenticated, PermissionDenied
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.actor import Actor
from accounts.api.pagination import Pages
from accounts.capabilities import Can, may
from audit import queries
from audit import services as audit
from audit.models import Record
from cases.shared import logged

FILTERS = [
    OpenApiParameter("kind", str, enum=list(logged.KINDS)),
    OpenApiParameter("actor", str, description="a person's UUID"),
    OpenApiParameter("first", str, description="the first day, 2026-03-02"),
    OpenApiParameter("last", str, description="the last day"),
]


class Narrowing(serializers.Serializer[Any]):
    """What a log is narrowed by; what is no day or no person is refused."""

    kind = serializers.CharField(default="")
    actor = serializers.UUIDField(default=None)
    number = serializers.CharField(default="", max_length=60)
    first = serializers.DateField(default=None)
    last = serializers.DateField(default=None)

    def records(self) -> QuerySet[Record]:
        """Return the rows that were asked for."""
        given = dict(self.validated_data)
        return queries.records(object=given.pop("number"), **given)


class LogLine(serializers.Serializer[Any]):
    """One row of an audit log."""

    record = serializers.UUIDField(source="row.pk")
    at = serializers.DateTimeField(source="row.at")
    action = serializers.CharField(source="row.action")
    what = serializers.CharField()
    actor = serializers.UUIDField(source="row.actor", allow_null=True)
    who = serializers.CharField(source="row.actor_name", allow_blank=True)
    object = serializers.CharField(source="row.object", allow_blank=True)
    detail = serializers.JSONField(source="row.detail")
    seal = serializers.IntegerField(source="seal.number", default=None, allow_null=True)
    digest = serializers.CharField(source="seal.digest", default=None, allow_null=True)


def lines(rows: Iterable[Record], words: Callable[[str], str]) -> list[dict[str, Any]]:
    """Return rows with their words and seals. One query."""
    kept = list(rows)
    seals = queries.seals_of(row.pk for row in kept)
    return [{"row": row, "what": words(row.action), "seal": seals.get(str(row.pk))} for row in kept]


class CityLogView(GenericAPIView[Any]):
    """GET lists the city's own audit log to whoever watches it."""

    serializer_class = LogLine
    pagination_class = Pages

    @extend_schema(operation_id="city_audit_list", parameters=FILTERS, responses={200: LogLine(many=True)})
    def get(self, request: Request) -> Response:
        """List a page of the log, the newest first."""
        actor = request.user if isinstance(request.user, Actor) else None
        if actor is None:
            raise NotAuthenticated
        if not may(actor.city_role, Can.READ_AUDIT):
            raise PermissionDenied(_("这一页要用审计管理员、监察员或市级管理员的账号看"))
        given = Narrowing(data=request.query_params)
        given.is_valid(raise_exception=True)
        page = self.paginate_queryset(given.records()) or []
        answer = LogLine(lines(page, logged.words), many=True).data
        audit.record("read_audit", now=timezone.now(), actor=actor.person_id, actor_name=actor.display_name)
        return self.get_paginated_response(answer)
