"""The portal's API: the halls, the items of all halls, and whether a result is good."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.pagination import Pages
from accounts.places import origin
from cases.shared.models import Verification
from catalog.shared.parameters import NARROWING, WORDS
from portal import queries
from portal.api.serializers import FoundItem, HallAnswer, VerificationAnswer

FILTERS = [WORDS, OpenApiParameter("hall", str, description="a hall's key"), *NARROWING]


class Halls(GenericAPIView[Any]):
    """The halls that the public is led to."""

    serializer_class = HallAnswer

    @extend_schema(operation_id="halls_list", responses={200: HallAnswer(many=True)})
    def get(self, request: Request) -> Response:
        """Return a page of the halls in the city's order, with their addresses."""
        rows = [
            {
                "key": hall.key,
                "name": hall.name,
                "short_name": hall.short_name,
                "level": hall.level,
                "state": hall.state,
                "url": origin(request._request, hall.host) + "/",
            }
            for hall in queries.shown_halls()
        ]
        return self.get_paginated_response(self.paginate_queryset(rows))


class Items(GenericAPIView[Any]):
    """The items of all halls, each once."""

    serializer_class = FoundItem
    pagination_class = Pages

    @extend_schema(operation_id="items_list", parameters=FILTERS, responses={200: FoundItem(many=True)})
    def get(self, request: Request) -> Response:
        """Return a page of items, best match first: one result for each, with the halls that have it."""
        found = queries.found_items(queries.Search.read(request.query_params))
        page = self.paginate_queryset(found)
        return self.get_paginated_response(_results(request, page or []))


class Verify(APIView):
    """Whether a result is good."""

    @extend_schema(operation_id="verify", responses={200: VerificationAnswer})
    def get(self, request: Request, code: str) -> Response:
        """Return what a result says of itself by the code that stands on it; 404 for any other code."""
        found = (
            Verification.objects.select_related("hall").filter(code=code).first()
            if "\x00" not in code
            else None
        )
        if found is None:
            raise Http404
        return Response(VerificationAnswer(found).data)


def _results(request: Request, rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    by_role = {hall.role: hall for hall in queries.shown_halls()}
    found = []
    for row in rows:
        offers = sorted(row["offers"], key=lambda offer: (by_role[offer["role"]].position, offer["role"]))
        halls = [
            {
                "key": by_role[offer["role"]].key,
                "name": by_role[offer["role"]].name,
                "url": origin(request._request, by_role[offer["role"]].host) + f"/items/{row['code']}/",
                "promised_days": offer["days"],
                "promised_unit": offer["unit"],
                "visits": offer["visits"],
                "can_apply": offer["apply"],
                "can_book": offer["book"],
                "version": offer["version"],
            }
            for offer in offers
        ]
        kept = {name: row[name] for name in ("code", "name", "department", "kind", "is_local")}
        found.append({**kept, "halls": halls})
    return found
