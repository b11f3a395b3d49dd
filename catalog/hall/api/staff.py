"""What staff do with items by API: override, reset, draft and publish."""

from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from catalog.hall.api.asking import answered, editor
from catalog.hall.api.serializers import LocalItemAnswer, LocalItemRequest, OverrideAnswer, OverrideRequest
from catalog.hall.services import local, overrides

SHORTER = OpenApiExample("a shorter promise", {"value": 3, "reason": "窗口多了一个人"}, request_only=True)
DROPPED = OpenApiExample("a material dropped", {"value": {"hidden": True}, "reason": "系统里能查到"}, request_only=True)


class OverrideView(APIView):
    """This hall's own value of one field of a shared item."""

    @extend_schema(
        operation_id="override_set", request=OverrideRequest, responses={200: OverrideAnswer}, examples=[SHORTER, DROPPED]
    )
    def put(self, request: Request, code: str, field: str) -> Response:
        """Set the value, at once: it must keep the policy against the city's present value and differ from it."""
        actor = editor(request)
        asked = OverrideRequest(data=request.data)
        asked.is_valid(raise_exception=True)
        given = asked.validated_data
        with answered():
            row = overrides.set_value(code, field, given["value"], by=actor, reason=given["reason"], now=timezone.now())
        return Response(OverrideAnswer(row).data)

    @extend_schema(operation_id="override_reset", responses={204: None})
    def delete(self, request: Request, code: str, field: str) -> Response:
        """Give the field back to the city; the same answer when it was the city's already."""
        actor = editor(request)
        with answered():
            overrides.reset(code, field, by=actor, now=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)


class LocalItems(APIView):
    """The hall's own items."""

    @extend_schema(operation_id="local_item_draft", request=LocalItemRequest, responses={201: LocalItemAnswer})
    def post(self, request: Request) -> Response:
        """Make a draft under the next code of origin 99; the public sees it when a second person publishes it."""
        actor = editor(request)
        asked = LocalItemRequest(data=request.data)
        asked.is_valid(raise_exception=True)
        with answered():
            item = local.draft(asked.validated_data, by=actor, now=timezone.now())
        return Response(LocalItemAnswer(item).data, status=status.HTTP_201_CREATED)


class Publication(APIView):
    """Putting a draft before the public."""

    @extend_schema(operation_id="local_item_publish", request=None, responses={200: LocalItemAnswer})
    def post(self, request: Request, code: str) -> Response:
        """Publish a draft that somebody else made."""
        actor = editor(request)
        with answered():
            item = local.publish(code, by=actor, now=timezone.now())
        return Response(LocalItemAnswer(item).data)
