"""What searches did not find, and the hall's own aliases, by API."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.errors import Refused
from catalog.hall import queries
from catalog.hall.api.asking import answered, editor
from catalog.hall.api.serializers import AliasAnswer, AliasRequest, NotFoundAnswer
from catalog.hall.services import aliases
from catalog.shared.models import SearchLog
from tenants.shared.models import Hall


class NothingFound(ListAPIView[SearchLog]):
    """What was looked for in this hall and found nothing."""

    serializer_class = NotFoundAnswer
    queryset = SearchLog.objects.none()

    @extend_schema(operation_id="searches_without_result")
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Return a page of it, the most asked first."""
        editor(request)
        return self.list(request, *args, **kwargs)

    def get_queryset(self) -> "QuerySet[SearchLog, Any]":
        """Return the rows of this hall."""
        hall: Hall = self.request.hall  # type: ignore[attr-defined]
        return queries.nothing_found(hall)


class Aliases(APIView):
    """The hall's own aliases of an item."""

    @extend_schema(operation_id="alias_add", request=AliasRequest, responses={201: AliasAnswer})
    def post(self, request: Request, code: str) -> Response:
        """Let this hall's search find the item by an alias, at once."""
        actor = editor(request)
        asked = AliasRequest(data=request.data)
        asked.is_valid(raise_exception=True)
        alias = asked.validated_data["alias"]
        with answered():
            try:
                row = aliases.add(alias, code, by=actor, now=timezone.now())
            except aliases.BadAlias as refusal:
                told = str(refusal)
                raise Refused(told, code="invalid", status_code=400, fields={"alias": told}) from None
        return Response(AliasAnswer(row).data, status=status.HTTP_201_CREATED)
