"""How well the search finds what people ask for, and how long the database takes: `python -m bench.search` with a loaded city's logins.

The set of questions is the tests' (tests/data/search_queries.csv): question, kind, the codes of which one must be among the first
three; none: nothing may be found. The time is that of a search's statements together, over all halls, asked as the portal.
"""

import csv
import statistics
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

QUESTIONS = Path(__file__).resolve().parents[1] / "tests" / "data" / "search_queries.csv"
FIRST = 3


@dataclass
class Found:
    """What a run over the questions came to: right ones and all by kind, those that failed, and milliseconds each."""

    right: dict[str, int] = field(default_factory=dict)
    asked: dict[str, int] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)
    milliseconds: list[float] = field(default_factory=list)

    @property
    def share(self) -> float:
        """The part of the questions that were answered well."""
        return sum(self.right.values()) / sum(self.asked.values())

    def table(self) -> str:
        """Return the quality by kind, and the times, as lines."""
        lines = [f"{kind:12}{self.right[kind]:>5} of {number}" for kind, number in self.asked.items()]
        lines.append(f"{'together':12}{self.share:>9.1%}")
        times = sorted(self.milliseconds)
        p95 = times[int(0.95 * (len(times) - 1))]
        lines.append(
            f"database: median {statistics.median(times):.1f} ms, p95 {p95:.1f} ms, worst {times[-1]:.1f} ms"
        )
        return "\n".join(lines)


def questions() -> list[dict[str, str]]:
    """Return the questions: `query`, `kind`, `expected` (codes, set apart by ;)."""
    with QUESTIONS.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def ask(rows: Iterable[dict[str, str]]) -> Found:
    """Ask every question over all halls in the portal's scope, where the database's time is read besides."""
    from django.db import connection  # noqa: PLC0415 -- after django.setup

    from catalog.shared import search  # noqa: PLC0415 -- after django.setup
    from portal import queries  # noqa: PLC0415 -- after django.setup

    found = Found()
    rows = list(rows)
    # the plan is made and kept by the first few
    for row in rows[:10]:
        search.hits(row["query"])
    for row in rows:
        took: list[float] = []

        def timed(
            execute: Any, sql: str, params: Any, many: bool, context: Any, took: list[float] = took
        ) -> Any:
            began = time.perf_counter()
            try:
                return execute(sql, params, many, context)
            finally:
                if "catalog_search" in sql or "catalog_shared_sharedterm" in sql:
                    took.append((time.perf_counter() - began) * 1000)

        with connection.execute_wrapper(timed):
            first = [
                str(each["code"]) for each in queries.found_items(queries.Search(q=row["query"]))[:FIRST]
            ]
        expected = set(filter(None, row["expected"].split(";")))
        is_right = bool(expected & set(first)) if expected else not first
        kind = row["kind"]
        found.asked[kind] = found.asked.get(kind, 0) + 1
        found.right[kind] = found.right.get(kind, 0) + is_right
        found.milliseconds.append(sum(took))
        if not is_right:
            found.failed.append(f"{kind}: {row['query']}")
    return found


def more_items(number: int) -> None:
    """Fill the city's catalogue up with variants of its own items, marked by a number, to this many. As the city."""
    from catalog.shared.models import SharedItem  # noqa: PLC0415 -- after django.setup
    from catalog.shared.services import wordings  # noqa: PLC0415 -- after django.setup
    from tenants.shared import scope  # noqa: PLC0415 -- after django.setup

    with scope.city():
        rows = list(SharedItem.objects.order_by("code"))
        made: list[SharedItem] = []
        while len(rows) + len(made) < number:
            like = rows[len(made) % len(rows)]
            turn = len(made) // len(rows) + 1
            values = {
                column.attname: getattr(like, column.attname)
                for column in SharedItem._meta.fields
                if not column.primary_key
            }
            values |= {"code": f"35{len(made):012d}", "name": f"{like.name}（第{turn}类）", "aliases": []}
            made.append(SharedItem(**values))
        SharedItem.objects.bulk_create(made, batch_size=500)
        wordings.write_shared([item.code for item in made])


def main() -> None:
    """Measure the city of the logins in the environment; with a number, once more with so many shared items."""
    import django  # noqa: PLC0415 -- after the settings are chosen

    django.setup()
    from catalog.shared.services import wordings  # noqa: PLC0415 -- after django.setup
    from tenants.shared import roles, scope  # noqa: PLC0415 -- after django.setup

    sizes = [0, *map(int, sys.argv[1:])]
    results = {}
    for size in sizes:
        if size:
            more_items(size)
            roles.run("ANALYZE")
        with scope.city():
            wordings.write_missing()
        with scope.portal():
            found = ask(questions())
        results[size] = found
        print(f"\nSearch over all halls{f', {size:,} shared items' if size else ''}")
        print(found.table())
        print(*found.failed, sep="\n")


if __name__ == "__main__":
    main()
