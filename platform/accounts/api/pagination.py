"""A list is a page of a query."""

from rest_framework.pagination import PageNumberPagination


class Pages(PageNumberPagination):
    """`page` and `page_size` (20, at most 200) → count, next, previous, results."""

    page_size_query_param = "page_size"
    max_page_size = 200
