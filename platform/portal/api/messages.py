"""我的消息 by API: what one person was told in every hall. Reading the list marks nothing; that is an act of its own."""

from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotAuthenticated
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.actor import Actor
from accounts.api.pagination import Pages
from accounts.places import origin
from portal import queries
from portal.services import inbox
from tenants.shared import queries as halls

MOST = 100


class MessageLine(serializers.Serializer[Any]):
    """One message."""

    id = serializers.UUIDField(source="told.pk")
    kind = serializers.CharField(source="told.kind")
    text = serializers.CharField(source="told.text")
    hall = serializers.CharField(help_text="the hall's key")
    url = serializers.CharField(allow_blank=True, help_text="the page where the reader goes on")
    is_yours = serializers.BooleanField(source="told.is_yours", help_text="it was the reader's turn")
    due = serializers.DateField(source="told.due_on", allow_null=True)
    at = serializers.DateTimeField(source="told.at")
    read_at = serializers.DateTimeField(source="told.read_at", allow_null=True)


class SeenForm(serializers.Serializer[Any]):
    """Which messages were seen: those of these keys, or all."""

    ids = serializers.ListField(child=serializers.UUIDField(), max_length=MOST, required=False)


class SeenAnswer(serializers.Serializer[Any]):
    """How many were new."""

    marked = serializers.IntegerField()


EXAMPLE = {
    "count": 1,
    "next": None,
    "previous": None,
    "results": [
        {
            "id": "0b3c2a4e-0d5e-5d7b-9c53-0f6e4f1e8a11",
            "kind": "correction",
            "text": "轮到您：小餐馆许可要补1处材料，最晚3月23日。登录“我的办件”补。",
            "hall": "east",
            "url": "https://east.example.gov.cn/cases/349901260302000010/",
            "is_yours": True,
            "due": "2026-03-23",
            "at": "2026-03-02T10:00:00+08:00",
            "read_at": None,
        }
    ],
}


def _person(request: Request) -> UUID | None:
    """Return who asks. Raises NotAuthenticated (401) for nobody."""
    if not isinstance(request.user, Actor) or not request.user.is_authenticated:
        raise NotAuthenticated
    return request.user.person_id


class Messages(GenericAPIView[Any]):
    """What the caller was told, over all halls, the latest first."""

    serializer_class = MessageLine
    pagination_class = Pages

    @extend_schema(
        operation_id="messages_list",
        responses={200: MessageLine(many=True)},
        examples=[OpenApiExample("a page", EXAMPLE, response_only=True)],
    )
    def get(self, request: Request) -> Response:
        """Return a page of messages; it marks none as seen."""
        page = self.paginate_queryset(queries.inbox(_person(request))) or []
        names = {hall.role: hall for hall in halls.halls()}
        rows = []
        for told in page:
            hall = names.get(told.hall_id)
            url = f"{origin(request._request, hall.host)}{told.path}" if hall and told.path else ""
            rows.append({"told": told, "hall": hall.key if hall else "", "url": url})
        return self.get_paginated_response(MessageLine(rows, many=True).data)


class MessagesSeen(APIView):
    """POST says that messages were seen."""

    @extend_schema(
        operation_id="messages_seen",
        request=SeenForm,
        responses={200: SeenAnswer},
        examples=[
            OpenApiExample("all", {}, request_only=True),
            OpenApiExample("answer", {"marked": 3}, response_only=True),
        ],
    )
    def post(self, request: Request) -> Response:
        """Mark the caller's messages of these keys as seen, or all; others' are passed over."""
        person = _person(request)
        form = SeenForm(data=request.data)
        form.is_valid(raise_exception=True)
        marked = inbox.read(person, form.validated_data.get("ids"), now=timezone.now())
        return Response({"marked": marked})
