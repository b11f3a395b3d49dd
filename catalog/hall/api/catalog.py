"""The city's items that this hall has not taken, by API: looked through, taken, given back."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.errors import Refused
from accounts.api.pagination import Pages
from catalog.hall import queries
from catalog.hall.api.asking import editor, staff
from catalog.hall.services import adoption
from tenants.shared.models import Hall

CODES_LIMIT = 1000


@contextmanager
def _answered() -> Iterator[None]:
    """Turn what the service refuses into answers: 400, 404 or 409, each telling what to do."""
    try:
        yield
    except adoption.UnknownItem as refusal:
        raise Refused(
            str(refusal), code="unknown_item", status_code=400, fields={"codes": str(refusal)}
        ) from None
    except adoption.NotTaken as refusal:
        raise Refused(str(refusal), code="not_found", status_code=404) from None
    except adoption.HasOverrides as refusal:
        raise Refused(str(refusal), code="has_overrides", status_code=409) from None


class ClaimableAnswer(serializers.Serializer[Any]):
    """An item of the city's that this hall could take; `fits` says whether it is of the hall's level."""

    code = serializers.CharField()
    name = serializers.CharField()
    department = serializers.CharField()
    type = serializers.CharField()
    levels = serializers.ListField(child=serializers.CharField())
    fits = serializers.BooleanField()


class ClaimRequest(serializers.Serializer[Any]):
    """Which items are taken: codes, or all of a department (with `fitting`, only those of the hall's level)."""

    codes = serializers.ListField(
        child=serializers.RegexField(queries.CODE.pattern, max_length=14),
        required=False,
        default=list,
        max_length=CODES_LIMIT,
    )
    department = serializers.CharField(max_length=60, required=False, default="")
    fitting = serializers.BooleanField(default=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Let either codes or a department pass."""
        if bool(attrs["codes"]) == bool(attrs["department"]):
            raise serializers.ValidationError({"codes": _("写 codes 或 department，只写一个")})
        return attrs


class ClaimAnswer(serializers.Serializer[Any]):
    """How many were new to the hall."""

    taken = serializers.IntegerField()


class Catalogue(GenericAPIView[Any]):
    """What this hall could take."""

    serializer_class = ClaimableAnswer
    pagination_class = Pages

    @extend_schema(
        operation_id="catalog_list",
        parameters=[
            OpenApiParameter("q", str, description="part of a name or of a code"),
            OpenApiParameter("department", str),
        ],
        responses={200: ClaimableAnswer(many=True)},
    )
    def get(self, request: Request) -> Response:
        """Return a page of the city's items in use that this hall has not taken, those of its level first."""
        staff(request)
        asked = {name: request.query_params.get(name, "").replace("\x00", "") for name in ("q", "department")}
        page = self.paginate_queryset(queries.claimable(_hall(request), **asked))  # type: ignore[arg-type]
        return self.get_paginated_response(ClaimableAnswer(page, many=True).data)

    @extend_schema(operation_id="catalog_take", request=ClaimRequest, responses={200: ClaimAnswer})
    def post(self, request: Request) -> Response:
        """Take items: the public sees them at once; what the hall has already changes nothing."""
        actor = editor(request)
        asked = ClaimRequest(data=request.data)
        asked.is_valid(raise_exception=True)
        given, now = asked.validated_data, timezone.now()
        with _answered():
            if given["codes"]:
                taken = adoption.adopt(given["codes"], now=now, by=actor)
            else:
                level = _hall(request).level if given["fitting"] else ""
                taken = adoption.adopt_department(given["department"], level=level, now=now, by=actor)
        return Response(ClaimAnswer({"taken": taken}).data)


class Taken(APIView):
    """An item that this hall has taken."""

    @extend_schema(operation_id="catalog_release", responses={204: None})
    def delete(self, request: Request, code: str) -> Response:
        """Give it back to the city; 409 where the hall has values of its own there."""
        actor = editor(request)
        with _answered():
            adoption.release(code, now=timezone.now(), by=actor)
        return Response(status=status.HTTP_204_NO_CONTENT)


def _hall(request: Request) -> Hall:
    hall: Hall = request._request.hall  # type: ignore[attr-defined]
    return hall
