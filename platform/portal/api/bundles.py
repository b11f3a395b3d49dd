"""一件事 by the portal's API: what there is, and which hall has how much of it."""

from typing import Any

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from catalog.shared.models import Bundle
from catalog.shared.queries import bundle as bundle_of
from portal import queries
from portal.api.serializers import BundleAnswer, WholeBundle
from portal.views.bundles import steps
from portal.views.home import address


class Bundles(GenericAPIView[Any]):
    """The bundles that some hall has an item of."""

    serializer_class = BundleAnswer

    @extend_schema(operation_id="bundles_list", responses={200: BundleAnswer(many=True)})
    def get(self, request: Request) -> Response:
        """Return a page of the bundles, in the city's order."""
        rows = [{**_named(bundle), "items": number} for bundle, number in queries.bundles_shown()]
        return self.get_paginated_response(self.paginate_queryset(rows))


class BundleView(APIView):
    """One bundle."""

    @extend_schema(operation_id="bundles_retrieve", responses={200: WholeBundle})
    def get(self, request: Request, key: str) -> Response:
        """Return a bundle's items in order, and the halls that have some of them."""
        found = bundle_of(key)
        if found is None:
            raise Http404
        offered = queries.halls_of(found)
        halls = [
            {
                "key": hall.key,
                "name": hall.name,
                "url": address(request._request, hall, f"/bundles/{found.key}/"),
                "items": len(offered[hall.role]),
            }
            for hall in queries.shown_halls()
            if hall.role in offered
        ]
        return Response({**_named(found), "steps": steps(found, offered), "halls": halls})


def _named(bundle: Bundle) -> dict[str, Any]:
    return {name: getattr(bundle, name) for name in ("key", "name", "summary", "audience")}
