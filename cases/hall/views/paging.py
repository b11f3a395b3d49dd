"""A page of the desk: how many there are is counted so far and no farther, however long the archive is."""

from functools import cached_property

from django.core.paginator import Paginator
from django.db.models import QuerySet

from cases.hall.models import Case

PAGE = 20
MOST = 10_000


class DeskPages(Paginator):  # type: ignore[type-arg]
    """Pages of the first ten thousand; `is_cut` says that there are more."""

    def __init__(self, found: QuerySet[Case]) -> None:
        super().__init__(found, PAGE)
        self.found = found

    @cached_property
    def _counted(self) -> int:
        return int(self.found.order_by().values("pk")[: MOST + 1].count())

    @cached_property
    def count(self) -> int:
        """How many rows the pages hold."""
        return min(self._counted, MOST)

    @property
    def is_cut(self) -> bool:
        """Whether the list goes on beyond its last page."""
        return self._counted > MOST
