"""What staff do with items by API: override, reset, draft and publish."""

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from catalog.hall.api.asking import answered, answered_meanwhile, editor
from catalog.hall.api.serializers import LocalItemRequest, OverrideAnswer, OverrideRequest
from catalog.hall.services import local, overrides
from catalog.shared import catalogue
from catalog.shared.api import answers
from catalog.shared.api.answers import (
    DraftRequest,
    EditionAnswer,
    PublishRequest,
    VersionAnswer,
    edition_answer,
)
from catalog.shared.models import Version
from catalog.shared.services.editions import EDITED

SHORTER = OpenApiExample("a shorter promise", {"value": 3, "reason": "窗口多了一个人"}, request_only=True)
DROPPED = OpenApiExample(
    "a material dropped", {"value": {"hidden": True}, "reason": "系统里能查到"}, request_only=True
)


class OverrideView(APIView):
    """This hall's own value of one field of a shared item."""

    @extend_schema(
        operation_id="override_set",
        request=OverrideRequest,
        responses={200: OverrideAnswer},
        examples=[SHORTER, DROPPED],
    )
    def put(self, request: Request, code: str, field: str) -> Response:
        """Set the value, at once: it must keep the policy against the city's present value and differ from it.

        With `seen` from the list of overrides, 409 when somebody changed the field since, with what is there now.
        """
        actor = editor(request)
        asked = OverrideRequest(data=request.data)
        asked.is_valid(raise_exception=True)
        given = asked.validated_data
        with answered_meanwhile():
            row = overrides.set_value(
                code,
                field,
                given["value"],
                by=actor,
                reason=given["reason"],
                now=timezone.now(),
                seen=given["seen"],
            )
        return Response(OverrideAnswer(row).data)

    @extend_schema(
        operation_id="override_reset",
        parameters=[OpenApiParameter("seen", str, description="the mark of what was seen")],
        responses={204: None},
    )
    def delete(self, request: Request, code: str, field: str) -> Response:
        """Give the field back to the city; the same answer when it was the city's already."""
        actor = editor(request)
        with answered_meanwhile():
            overrides.reset(
                code, field, by=actor, now=timezone.now(), seen=request.query_params.get("seen") or None
            )
        return Response(status=status.HTTP_204_NO_CONTENT)


class LocalItems(APIView):
    """The hall's own items."""

    @extend_schema(operation_id="local_item_draft", request=LocalItemRequest, responses={201: EditionAnswer})
    def post(self, request: Request) -> Response:
        """Make a draft under the next code of origin 99; the public sees it when a second person publishes it."""
        actor = editor(request)
        asked = LocalItemRequest(data=request.data)
        asked.is_valid(raise_exception=True)
        with answered():
            item = local.draft(asked.validated_data, by=actor, now=timezone.now())
        return Response(edition_answer(item), status=status.HTTP_201_CREATED)


class LocalDraftView(APIView):
    """The draft of a local item, beside what is published."""

    @extend_schema(
        operation_id="local_item_save", request=DraftRequest(partial=True), responses={200: EditionAnswer}
    )
    def put(self, request: Request, code: str) -> Response:
        """Lay fields over the draft or over the published item; `revision` is the one that was read, 0 for none."""
        actor = editor(request)
        given = answers.asked(request.data)
        found = _shown(code)
        fields = {name: given[name] for name in given if name in EDITED}
        with answers.answered(fields):
            saved = local.edit(
                code,
                fields,
                life=answers.asked_life(given, found.life),
                seen=given["revision"],
                by=actor,
                now=timezone.now(),
                note=given["note"],
            )
        return Response(edition_answer(saved))


class Publication(APIView):
    """Putting a draft before the public."""

    @extend_schema(operation_id="local_item_publish", request=PublishRequest, responses={200: EditionAnswer})
    def post(self, request: Request, code: str) -> Response:
        """Publish a draft that somebody else made, or let it wait for the day that it names."""
        actor = editor(request)
        seen = answers.asked_revision(request.data)
        with answers.answered():
            done = local.publish(code, seen=seen, by=actor, now=timezone.now())
        return Response(edition_answer(done))


class LocalVersions(GenericAPIView[Version]):
    """The published versions of a local item."""

    serializer_class = VersionAnswer

    @extend_schema(operation_id="local_item_versions", responses={200: VersionAnswer(many=True)})
    def get(self, request: Request, code: str) -> Response:
        """Return a page of versions, the newest first."""
        editor(request)
        _shown(code)
        page = self.paginate_queryset(catalogue.versions_of(local.SHELF, code))
        return self.get_paginated_response(VersionAnswer(page, many=True).data)


def _shown(code: str) -> catalogue.Shown:
    found = catalogue.find(local.SHELF, code)
    if found is None:
        raise Http404
    return found
