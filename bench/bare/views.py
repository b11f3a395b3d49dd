"""One query, and then either a few bytes of JSON or the product's page from a context that was kept."""

import os
import pickle
from functools import cache
from pathlib import Path
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template import loader

from bench.bare.models import BareItem

# what the product's list reads of an item
LISTED = (
    "code", "name", "department", "audience", "kind", "promised_days", "promised_unit", "visits", "fees",
    "can_apply", "can_book", "hidden", "is_local", "version",
)  # fmt: skip
PAGE_SIZE = 20


@cache
def kept() -> dict[str, tuple[str, dict[str, Any]]]:
    """Return template and context of the product's pages by address: everything but the item and the request."""
    return pickle.loads(Path(os.environ["BENCH_CONTEXTS"]).read_bytes())  # type: ignore[no-any-return] # noqa: S301 -- written by bench.contexts a moment ago


def _item(code: str) -> BareItem:
    return BareItem.objects.get(pk=code)


def _rows(request: HttpRequest) -> list[BareItem]:
    # a page that says which of how many it is counts them, on either side
    found = BareItem.objects.filter(hidden=False).order_by("sort_key", "code").only(*LISTED)
    return list(Paginator(found, PAGE_SIZE).get_page(request.GET.get("page")).object_list)


def _page(request: HttpRequest, **fresh: Any) -> HttpResponse:
    template, context = kept()[request.get_full_path()]
    return HttpResponse(loader.get_template(template).render({**context, **fresh, "request": request}))


def item_json(request: HttpRequest, code: str) -> JsonResponse:
    """Answer with two fields of the item."""
    item = _item(code)
    return JsonResponse({"code": item.code, "name": item.name})


def items_json(request: HttpRequest) -> JsonResponse:
    """Answer with the names of a page of items."""
    return JsonResponse({"names": [item.name for item in _rows(request)]})


def item_page(request: HttpRequest, code: str) -> HttpResponse:
    """Show the guide: the item from the query, all else from the kept context."""
    return _page(request, item=_item(code))


def items_page(request: HttpRequest) -> HttpResponse:
    """Show the list: its rows are read, and the page is made from the kept context."""
    _rows(request)
    return _page(request)
