"""A hall's items by API: the effective item, and what an application for it wants."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from catalog.hall import queries
from catalog.hall.api.asking import asker
from catalog.hall.api.serializers import ItemForm, ListedItem, WholeItem, item_form
from catalog.hall.models import EffectiveItem
from catalog.shared.models import Offer
from catalog.shared.parameters import NARROWING, WORDS
from tenants.shared.models import Hall


class Items(ListAPIView[Offer]):
    """The items that this hall offers to the public."""

    serializer_class = ListedItem
    queryset = Offer.objects.none()

    @extend_schema(operation_id="items_list", parameters=[WORDS, *NARROWING])
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Return a page of the items, filtered by the address."""
        return self.list(request, *args, **kwargs)

    def get_queryset(self) -> QuerySet[Offer]:
        """Return the items that the address asks for."""
        hall: Hall = self.request.hall  # type: ignore[attr-defined]
        return queries.items(hall, queries.Filters.read(self.request.query_params))


_FIELD = {"required": True, "choices": [], "hint": "", "section": "孩子", "when": None}
_FORM = OpenApiExample(
    "a condition and a group",
    {
        "version": "3",
        "eligibility": [{"question": "您住在本县吗？", "otherwise": "请到住的那个县办。"}],
        "fields": [
            {
                **_FIELD,
                "name": "has_children",
                "label": "有没有孩子",
                "type": "yes_no",
                "repeat": None,
                "fields": [],
            },
            {
                **_FIELD,
                "name": "children",
                "label": "已有子女",
                "type": "group",
                "when": {"question": "has_children", "values": ["yes"]},
                "repeat": {"min": 1, "max": 8, "label": "孩子"},
                "fields": [{**_FIELD, "name": "child_name", "label": "孩子姓名", "type": "text"}],
            },
        ],
        "materials": [{"key": "m1", "name": "身份证", "required": True}],
        "delivery": [{"value": "window", "label": "到窗口取"}],
    },
    response_only=True,
)


class Item(APIView):
    """One effective item."""

    @extend_schema(operation_id="items_retrieve", responses={200: WholeItem})
    def get(self, request: Request, code: str) -> Response:
        """Return the effective fields of an item, with whose value each is; a hidden one to staff alone."""
        return Response(WholeItem(offered(request, code), context={"request": request}).data)


class Form(APIView):
    """What an application for an item wants."""

    @extend_schema(operation_id="items_form", responses={200: ItemForm}, examples=[_FORM])
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
