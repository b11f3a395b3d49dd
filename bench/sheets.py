"""Sheets: items out, looked through and in again, with seconds and memory. ``python -m bench.sheets NUMBER``, prints JSON.

The items are copies of the loaded catalogue's under codes of their own, made and taken back in one transaction; each
number of items is measured in a process of its own, since the highest memory of a process never falls.
"""

import copy
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

KILO = 1024
ITEMS = 3191
NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)


def measure(number: int = ITEMS) -> dict[str, dict[str, float]]:
    """Return seconds, MB of memory above the start and MB of the file, for a quarter of so many items and for all."""
    found = {}
    for items in (number // 4, number):
        done = subprocess.run(
            [sys.executable, "-m", "bench.sheets", str(items), "--alone"],
            capture_output=True,
            text=True,
            check=True,
        )
        found[str(items)] = json.loads(done.stdout.splitlines()[-1])
    return found


def report(found: dict[str, dict[str, float]]) -> Iterator[str]:
    """Yield the lines to print."""
    for items, facts in found.items():
        yield (
            f"{items:>6} items, {facts['file_mb']:.1f} MB of xlsx: export {facts['export']:.1f} s; "
            f"preview {facts['preview']:.1f} s + import {facts['import']:.1f} s = {facts['preview'] + facts['import']:.1f} s "
            f"(of it this process {facts['preview_cpu'] + facts['import_cpu']:.1f} s of CPU); "
            f"unchanged again {facts['same']:.1f} s; memory over the start {facts['memory_mb']:.0f} MB"
        )


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KILO


class _TakenBack(Exception):
    pass


def _alone(number: int) -> dict[str, float]:
    import django  # noqa: PLC0415 -- after setup

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from accounts.actor import Actor  # noqa: PLC0415 -- after setup
    from catalog.shared.services.editions import NOBODY  # noqa: PLC0415
    from catalog.shared.sheets import exporting, importing, kinds, writing  # noqa: PLC0415
    from catalog.shared.sheets.planning import CityPlanner  # noqa: PLC0415
    from tenants.shared import scope  # noqa: PLC0415

    facts: dict[str, float] = {}
    by, here = Actor(person_id=NOBODY, display_name="bench"), exporting.origin(NOW)
    planner = CityPlanner(here)

    def timed(name, act):
        began, used = time.monotonic(), time.process_time()
        result = act()
        facts[name], facts[f"{name}_cpu"] = time.monotonic() - began, time.process_time() - used
        return result

    try:
        with tempfile.TemporaryDirectory() as folder, scope.city():
            _make(number)
            start = _peak()
            book, path, changed = (
                kinds.book(of_hall=False),
                Path(folder) / "out.xlsx",
                Path(folder) / "in.xlsx",
            )
            timed("export", lambda: writing.write_xlsx(path, book, _own(here), here))
            writing.write_xlsx(changed, book, _changed(_own(here)), here)
            facts["file_mb"] = changed.stat().st_size / KILO / KILO
            same = timed("same", lambda: importing.look(planner, path))
            kept = importing.Kept()
            seen = timed("preview", lambda: importing.look(planner, changed, kept=kept))
            done = timed(
                "import", lambda: importing.write(planner, changed, by=by, now=NOW, note="bench", kept=kept)
            )
            facts["memory_mb"] = _peak() - start
            got = (dict(same.counts), dict(seen.counts), dict(done.counts))
            if got != ({"same": number}, {"changed": number}, {"changed": number}):
                sys.exit(f"the sheets did not say what they hold: {got} {same.told[:3]} {seen.told[:3]}")
            raise _TakenBack
    except _TakenBack:
        return facts


def _make(number):
    from catalog.shared.models import SharedItem  # noqa: PLC0415

    real = list(SharedItem.objects.filter(status="active").order_by("code"))
    made = []
    for index in range(number):
        item = copy.copy(real[index % len(real)])
        item.pk, item.code = None, f"77{item.type}{index:08d}00"
        made.append(item)
        if len(made) == 200 or index == number - 1:
            SharedItem.objects.bulk_create(made)
            made = []


def _own(here):
    from catalog.shared.models import SharedItem  # noqa: PLC0415
    from catalog.shared.sheets import exporting, kinds  # noqa: PLC0415
    from catalog.shared.sheets.planning import values_of  # noqa: PLC0415
    from catalog.shared.sheets.writing import item_rows  # noqa: PLC0415

    book = kinds.book(of_hall=False)
    for item in exporting.pages(SharedItem.objects.filter(code__startswith="77")):
        yield item_rows(values_of(item), book, here)


def _changed(exported):
    for item in exported:
        row = dict(item["items"][0])
        row["summary"] = f"{row['summary']}（改）"[-300:]
        row["promised_days"] = max(
            row["promised_days"] - 1, sum(step.get("days") or 0 for step in row["steps"])
        )
        yield {**item, "items": [row]}


def main() -> None:
    """Measure and print."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else ITEMS
    if "--alone" in sys.argv:
        print(json.dumps(_alone(number)))
        return
    for line in report(measure(number)):
        print(line)


if __name__ == "__main__":
    main()
