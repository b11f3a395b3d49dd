"""The parts of a hall's page in the city's console: apps declare `hall_page(hall, now)`, which yields them as the city.

A part that two apps yield under one name is one part: what the second says comes after. So the page knows no app, and an app
adds a line, a link or a button to a hall's life, its backups or its people without touching the page.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

# in this order, others after them by their title
ORDER = ("life", "figures", "people", "domains", "theme", "migrations", "backups", "jobs", "log")


@dataclass(frozen=True)
class Line:
    """One line: what it says, of what; `mark` names a tag's colour (ok, warn, danger, neutral), for a word, not instead of one."""

    label: Any
    value: Any
    mark: str = ""
    url: str = ""


@dataclass(frozen=True)
class Link:
    """A way on; an `act` is a button that posts to its address."""

    label: Any
    url: str
    is_act: bool = False


@dataclass(frozen=True)
class Section:
    """A part of a hall's page: lines, and a table of rows below columns; `note` says why there is nothing, or what to know.

    Cells are texts or `Line`s without a label. Who does not administer the city sees no acts.
    """

    name: str
    title: Any
    lines: Sequence[Line] = ()
    columns: Sequence[Any] = ()
    rows: Sequence[Sequence[Any]] = ()
    note: Any = ""
    links: Sequence[Link] = ()

    @property
    def cells(self) -> list[list[Line]]:
        """The rows with each cell as a line that has its column's name."""
        return [
            [
                replace(cell, label=column) if isinstance(cell, Line) else Line(column, cell)
                for column, cell in zip(self.columns, row, strict=True)
            ]
            for row in self.rows
        ]


def together(sections: Iterable[Section]) -> list[Section]:
    """Return the parts in the page's order, those of one name in one."""
    found: dict[str, Section] = {}
    for section in sections:
        there = found.get(section.name)
        if there is None:
            found[section.name] = section
            continue
        found[section.name] = replace(
            there,
            lines=[*there.lines, *section.lines],
            columns=there.columns or section.columns,
            rows=[*there.rows, *section.rows],
            note=there.note or section.note,
            links=[*there.links, *section.links],
        )
    return sorted(found.values(), key=lambda section: (_place(section.name), str(section.title)))


def _place(name: str) -> int:
    return ORDER.index(name) if name in ORDER else len(ORDER)
