"""What a hall told people and did not reach them with, by API: how it stands, never the words or the number."""

from typing import Any
from uuid import UUID

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.actor import Actor
from accounts.api.errors import Refused
from accounts.api.pagination import Pages
from cases.hall.api.asking import asker
from cases.hall.enums import Passage
from cases.hall.models import Outbox
from cases.hall.queries import messages
from cases.hall.services.notices import again

STATES = (messages.FAILED, messages.WAITING)
EXAMPLE = {
    "id": "6f1d2c1e-7a55-4f0e-9d0e-3f0b6b1f7d10",
    "case": "349901260302000010",
    "kind": "correction",
    "created_at": "2026-03-02T10:00:00+08:00",
    "due": "2026-03-23",
    "sms": "failed",
    "mail": "off",
    "problem": "HTTP 422",
    "tries": 0,
    "next_try_at": "2026-03-02T10:00:00+08:00",
}


class StaffMessage(serializers.Serializer[Any]):
    """One message as staff see it."""

    id = serializers.UUIDField()
    case = serializers.CharField(source="event.case.number", default="", help_text="empty: of no case")
    kind = serializers.CharField()
    created_at = serializers.DateTimeField()
    due = serializers.DateField(source="due_on", allow_null=True)
    sms = serializers.ChoiceField(choices=Passage.values)
    mail = serializers.ChoiceField(choices=Passage.values)
    problem = serializers.CharField()
    tries = serializers.IntegerField()
    next_try_at = serializers.DateTimeField()


class AgainForm(serializers.Serializer[Any]):
    """Where it is to go: where it went, or to the phone in the case file."""

    to = serializers.ChoiceField(choices=["same", "case"], default="same")


def _staff(request: Request) -> Actor:
    actor = asker(request)
    if not actor.is_staff_here:
        raise PermissionDenied(_("这一页要用本厅工作人员的账号看。"))
    return actor


class StaffMessages(GenericAPIView[Any]):
    """The messages of the hall that failed, or that wait."""

    serializer_class = StaffMessage
    pagination_class = Pages

    @extend_schema(
        operation_id="staff_messages_list",
        parameters=[OpenApiParameter("state", str, enum=list(STATES))],
        responses={200: StaffMessage(many=True)},
        examples=[OpenApiExample("a message", EXAMPLE, response_only=True)],
    )
    def get(self, request: Request) -> Response:
        """Return a page of them: failed ones, the latest first, or waiting ones, the next to leave first."""
        _staff(request)
        state = request.query_params.get("state", messages.FAILED)
        if state not in STATES:
            fields = {"state": _("没有这一类，可以是：%(names)s") % {"names": "、".join(STATES)}}
            raise Refused(fields["state"], code="invalid", status_code=400, fields=fields)
        page = self.paginate_queryset(messages.listed(state)) or []
        return self.get_paginated_response(StaffMessage(page, many=True).data)


class StaffMessageAgain(APIView):
    """POST has a failed message sent again."""

    @extend_schema(
        operation_id="staff_message_again",
        request=AgainForm,
        responses={200: StaffMessage},
        examples=[OpenApiExample("to the phone in the case file", {"to": "case"}, request_only=True)],
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """Put it into the worker's way; 409 where it has not failed, or the case file has no phone."""
        actor = _staff(request)
        form = AgainForm(data=request.data)
        form.is_valid(raise_exception=True)
        is_case = form.validated_data["to"] == "case"
        try:
            sent = again.send(pk, to_case_phone=is_case, by=actor, now=timezone.now())
        except Outbox.DoesNotExist:
            raise Http404 from None
        except (again.NotFailed, again.NoPhone) as refusal:
            raise Refused(str(refusal), code="not_open", status_code=409) from None
        return Response(StaffMessage(sent).data)
