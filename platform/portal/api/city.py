"""The city's API: what waits for the halls' decision."""

from typing import Any

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
from catalog.shared.reviews import due_on, overdue_before
from portal import queries
from tenants.shared.queries import all_halls


class OpenReviewAnswer(serializers.Serializer[Any]):
    """One field that the city changed under a hall's override, not yet decided on."""

    hall = serializers.CharField(help_text="the hall's key")
    code = serializers.CharField()
    name = serializers.CharField()
    field = serializers.CharField()
    before = serializers.JSONField(help_text="the city's value that the hall decided against")
    now = serializers.JSONField(help_text="the city's present value; null for a row that it removed")
    ours = serializers.JSONField(help_text="the hall's value")
    is_in_force = serializers.BooleanField()
    since = serializers.DateTimeField()
    due_on = serializers.DateField()
    is_overdue = serializers.BooleanField()


class Reviews(GenericAPIView[Any]):
    """The reviews that wait in any hall."""

    serializer_class = OpenReviewAnswer
    pagination_class = Pages

    @extend_schema(
        operation_id="city_reviews_list",
        parameters=[
            OpenApiParameter("hall", str, description="a hall's key"),
            OpenApiParameter("overdue", str, enum=["1"]),
        ],
        responses={200: OpenReviewAnswer(many=True)},
    )
    def get(self, request: Request) -> Response:
        """Return a page of what waits, the oldest first. For city admins and inspectors."""
        _of_the_city(request)
        now = timezone.now()
        asked = request.query_params
        hall = asked.get("hall", "").replace("\x00", "")
        found = queries.open_reviews(now, hall=hall, is_overdue=asked.get("overdue") == "1")
        keys = {known.role: known.key for known in all_halls()}
        rows = []
        for review in self.paginate_queryset(found) or []:
            since = review.since or review.made_at
            rows.append(
                {
                    "hall": keys[review.hall_id],
                    "code": review.code,
                    "name": review.name or "",
                    "field": review.field,
                    "before": review.base,
                    "now": review.current,
                    "ours": review.value,
                    "is_in_force": review.is_in_force,
                    "since": since,
                    "due_on": due_on(since),
                    "is_overdue": since < overdue_before(now),
                }
            )
        return self.get_paginated_response(OpenReviewAnswer(rows, many=True).data)


def _of_the_city(request: Request) -> None:
    actor = request.user if isinstance(request.user, Actor) else None
    if actor is None:
        raise NotAuthenticated
    if not may(actor.city_role, Can.WATCH):
        raise PermissionDenied(_("这一步要用市级工作人员的账号做"))
