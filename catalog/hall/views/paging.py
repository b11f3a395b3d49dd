"""A page of a query: bad numbers lead to the nearest page."""

from typing import Any, TypeVar

from django.core.paginator import Page, Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest

PAGE_SIZE = 20
Row = TypeVar("Row", bound=Model)


def page_of(request: HttpRequest, rows: "QuerySet[Row, Any]", *, size: int = PAGE_SIZE) -> "Page[Any]":
    """Return the page that the address asks for: one query and one count."""
    return Paginator(rows, size).get_page(request.GET.get("page"))
