"""A hall's items by API: the effective item, and what an application for it wants."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from catalog.hall import queries
from catalog.hall.api.asking import asker
from catalog.hall.api.serializers import ItemForm, ListedItem, WholeItem, item_form
from catalog.hall.models import EffectiveItem

FILTERS = [
    OpenApiParameter("q", str, description="words of the name or of an alias"),
    OpenApiParameter("theme", str, description="list:code"),
    OpenApiParameter("department", str),
    OpenApiParameter("audience", str, enum=["personal", "business", "both"]),
]


class Items(ListAPIView[EffectiveItem]):
    """The items that this hall offers to the public."""

    serializer_class = ListedItem
    queryset = EffectiveItem.objects.none()

    @extend_schema(operation_id="items_list", parameters=FILTERS)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Return a page of the items, filtered by the address."""
        return self.list(request, *args, **kwargs)

    def get_queryset(self) -> QuerySet[EffectiveItem]:
        """Return the items that the address asks for."""
        return queries.items(queries.Filters.read(self.request.query_params)).defer("materials", "form", "steps", "faq")


class Item(APIView):
    """One effective item."""

    @extend_schema(operation_id="items_retrieve", responses={200: WholeItem})
    def get(self, request: Request, code: str) -> Response:
        """Return the effective fields of an item, with whose value each is; a hidden one to staff alone."""
        return Response(WholeItem(offered(request, code), context={"request": request}).data)


class Form(APIView):
    """What an application for an item wants."""

    @extend_schema(operation_id="items_form", responses={200: ItemForm})
    def get(self, request: Request, code: str) -> Response:
        """Return the questions, the materials and the ways of delivery of an item."""
        shown: dict[str, Any] = item_form(offered(request, code))
        return Response(shown)


def offered(request: Request, code: str) -> EffectiveItem:
    """Return the effective item of this code. Raises Http404 where this hall does not show it to who asks."""
    found = queries.effective_item(code, with_hidden=asker(request).is_staff_here)
    if found is None:
        raise Http404
    return found
