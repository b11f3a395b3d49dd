"""Whose items a command, a page or a job works on: the city's or a hall's, each with its scope, planner and export."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from catalog.hall.sheets import exporting as hall_exporting
from catalog.hall.sheets.planning import HallPlanner
from catalog.shared.sheets import exporting, kinds, writing
from catalog.shared.sheets.kinds import Kind
from catalog.shared.sheets.marks import Origin
from catalog.shared.sheets.planning import CityPlanner, Planner
from catalog.shared.sheets.writing import Exported
from tenants.shared import scope
from tenants.shared.models import Hall


@dataclass(frozen=True)
class Place:
    """The city (no hall), or one hall."""

    hall: Hall | None

    @property
    def key(self) -> str:
        """The hall's key, or `city`."""
        return self.hall.key if self.hall else "city"

    def scope(self) -> AbstractContextManager[Any]:
        """Enter it."""
        return scope.hall(self.hall) if self.hall else scope.city()

    def origin(self, now: datetime) -> Origin:
        """Return where its sheets come from."""
        return hall_exporting.origin(self.hall, now) if self.hall else exporting.origin(now)

    def planner(self, now: datetime) -> Planner:
        """Return who plans an import here."""
        here = self.origin(now)
        return HallPlanner(here) if self.hall else CityPlanner(here)

    @property
    def book(self) -> tuple[Kind, ...]:
        """Its sheets."""
        return kinds.book(of_hall=self.hall is not None)

    def exported(self, here: Origin) -> Iterator[Exported]:
        """Yield what its sheets hold. In its scope."""
        return hall_exporting.hall_items(here) if self.hall else exporting.shared_items(here)

    def write(self, path: Path, now: datetime, *, kind: Kind | None = None) -> int:
        """Write its items as xlsx, or one kind of sheet as csv; return how many items or rows. In its scope."""
        here = self.origin(now)
        if kind is not None:
            return writing.write_csv(path, kind, self.exported(here), here)
        return writing.write_xlsx(path, self.book, self.exported(here), here)
