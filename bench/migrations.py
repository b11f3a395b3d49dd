"""Migrating many halls: `python -m bench.migrations HALLS`, with all logins, in a database that is thrown away after.

Makes that many halls from the template, then times `migrate_halls` with nothing to do and with one more column in every
hall, by a real migration in a module of its own, and django-tenants' own `migrate_schemas` of the same over a few of them.
Prints JSON: seconds of each, how many halls were made, how long that took, and the largest backend's memory in MB.
"""

import importlib
import json
import shutil
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import django
import psutil

MAKERS = 2
# of django-tenants, which takes about a second for each; what all would take is reckoned from them
ITS_HALLS = 6
_MIGRATION = """
from django.db import migrations, models

class Migration(migrations.Migration):
    dependencies = [("tenants_hall", "{last}")]
    operations = [migrations.AddField("department", "bench_{number}", models.CharField(max_length=40, default=""))]
"""


def make(number: int) -> float:
    """Open halls until there are so many, by the template's text read once, some on each connection; return the seconds."""
    from tenants.shared import services  # noqa: PLC0415 -- after setup

    began, there = time.monotonic(), len(services.all_halls())
    missing = list(range(there, number))
    shares = [missing[start : start + 20] for start in range(0, len(missing), 20)]
    with ThreadPoolExecutor(MAKERS) as pool:
        list(pool.map(_make_some, shares))
    return time.monotonic() - began


def _make_some(numbers: list[int]) -> None:
    from django.db import connections  # noqa: PLC0415 -- after setup

    from tenants.shared import roles, services  # noqa: PLC0415

    try:
        for number in numbers:
            key, prefix = f"many{number}", f"b{number}"
            facts = services.HallFacts(
                key=key, host=f"{key}.localhost", name=key, short_name=key, level="county", division_code="999999",
                case_prefix=prefix, document_prefix=key, department_prefix=key,
            )  # fmt: skip
            services.open_hall(facts)
    finally:
        connections[roles.OWNER].close()


@contextmanager
def more_columns(folder: Path, number: int) -> Iterator[None]:
    """Give the hall's own app this many migrations more, each a file beside the others of a copy, for the length of a block."""
    import tenants.hall  # noqa: PLC0415 -- after setup

    copied = folder / f"of{number}" / "migrations"
    shutil.copytree(
        Path(tenants.hall.__path__[0]) / "migrations", copied, ignore=shutil.ignore_patterns("__pycache__")
    )
    last = max(file.stem for file in copied.glob("[0-9]*.py"))
    for each in range(number):
        name = f"9{each:03}_bench"
        (copied / f"{name}.py").write_text(_MIGRATION.format(last=last, number=each), encoding="utf-8")
        last = name
    tenants.hall.__path__.insert(0, str(copied.parent))
    _forget()
    try:
        yield
    finally:
        tenants.hall.__path__.remove(str(copied.parent))
        _forget()


def _forget() -> None:
    for name in [name for name in sys.modules if name.startswith("tenants.hall.migrations")]:
        del sys.modules[name]
    importlib.invalidate_caches()


@contextmanager
def watched() -> Iterator[list[float]]:
    """Note the memory, in MB, of the largest backend of the server's, besides what all share."""
    largest, is_over = [0.0], threading.Event()

    def look() -> None:
        while not is_over.wait(0.2):
            for process in psutil.process_iter(["name", "cmdline"]):
                title = " ".join(process.info["cmdline"] or [])
                # a server with a name says it between
                if title.startswith("postgres: ") and " owner " in title:
                    try:
                        largest[0] = max(largest[0], process.memory_full_info().uss / 2**20)
                    except psutil.Error:
                        continue

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        yield largest
    finally:
        is_over.set()
        watcher.join()


def of_tenants(keys: list[str]) -> float:
    """Migrate these schemas as django-tenants' migrate_schemas does, one after the other; return the seconds of one."""
    from django.core.management import call_command  # noqa: PLC0415 -- after setup

    began = time.monotonic()
    for key in keys:
        call_command("migrate_schemas", tenant=True, schema_name=key, interactive=False, verbosity=0)
    return (time.monotonic() - began) / len(keys)


def measure(number: int) -> dict[str, Any]:
    """Make the halls and time what is done to all."""
    from django.db import connections  # noqa: PLC0415 -- after setup

    from tenants.shared import migrating, roles, services  # noqa: PLC0415 -- after setup

    migrating.run()
    found: dict[str, Any] = {"made": number - len(services.all_halls()), "making": make(number)}
    roles.run("ANALYZE")
    # its backend has touched every table, and would be the largest of all
    connections[roles.OWNER].close()
    with watched() as largest:
        began = time.monotonic()
        _all_well(migrating.run(), 0)
        found["nothing"] = time.monotonic() - began
        halls = services.all_halls()
        with TemporaryDirectory() as folder, more_columns(Path(folder), 1):
            began = time.monotonic()
            _all_well(migrating.run(), len(halls))
            found["column"] = time.monotonic() - began
    found |= {"halls": len(halls), "memory": largest[0]}
    keys = [hall.schema_name for hall in halls[-ITS_HALLS:]]
    with TemporaryDirectory() as folder:
        with more_columns(Path(folder), 1):
            found["its nothing"] = of_tenants(keys)
        with more_columns(Path(folder), 2):
            found["its column"] = of_tenants(keys)
    return found


def _all_well(done: list[Any], number: int) -> None:
    if wrong := [f"{line.hall.key}: {line.error}" for line in done if line.error]:
        sys.exit(wrong[0])
    if len(done) != number:
        sys.exit(f"{len(done)} halls were migrated, not {number}")


if __name__ == "__main__":
    django.setup()
    print(json.dumps(measure(int(sys.argv[1]))))
