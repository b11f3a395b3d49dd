"""What a restore would do, said before anything is done: rows then and now, what would be lost, what is missing here."""

import tempfile
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.db import connections, transaction
from psycopg2 import sql

from tenants.shared import roles, template
from tenants.shared.archive import checking, keys, losses, tables
from tenants.shared.archive.masking import lines
from tenants.shared.archive.records import Content
from tenants.shared.models import Hall


def preview(path: Path, opener: keys.Opener, key: str) -> dict[str, Any]:
    """Check an archive to its end and compare it with the hall of this key, if there is one. Changes nothing.

    Raises sealed.BadArchive, keys.BadKey, OSError.
    """
    with tempfile.TemporaryFile() as known:
        archive = checking.read(path, opener, lambda entry: _spool(entry, known))
        known.seek(0)
        hall = Hall.objects.using(roles.OWNER).filter(schema_name=key).first()
        with transaction.atomic(using=roles.OWNER), connections[roles.OWNER].cursor() as cursor:
            losses.watch(cursor)
            losses.copy_known(cursor, known)
            lost = losses.of(cursor, hall.schema_name, hall.role) if hall else losses.Losses([], [])
            lacking = tables.lacking(cursor, archive.manifest["references"])
            now = _counts(cursor, hall.schema_name) if hall else {}
    then = {table["name"]: table["rows"] for table in archive.manifest["tables"]}
    files = archive.manifest["files"]
    return {
        "key": archive.key,
        "into": key,
        "is_there": hall is not None,
        "has_schema": bool(now),
        "made_at": archive.made_at.isoformat(),
        "program": archive.opening["program"],
        "digest": archive.digest,
        "migrations_missing": sorted(
            f"{app} {name}" for app, name in set(template.on_disk()) - archive.migrations
        ),
        "rows": [[name, then.get(name), now.get(name)] for name in sorted(then.keys() | now.keys())],
        "files": {name: files[name] for name in ("count", "bytes", "missing_count")},
        "lost": lost.told(),
        "lacking": lacking,
    }


def _spool(entry: Content, known: IO[bytes]) -> None:
    name, columns = str(entry.told["name"]), entry.told.get("columns")
    if name in settings.ARCHIVE_NUMBERS or name == settings.ARCHIVE_PAPERS[0]:
        for line in lines(entry):
            known.write(losses.spool_line(name, list(columns or ()), line))


def _counts(cursor: Any, schema: str) -> dict[str, int]:
    found = {}
    for table in tables.tables(cursor, schema):
        cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(schema, table.name)))
        found[table.name] = cursor.fetchone()[0]
    return found


def in_words(told: dict[str, Any]) -> list[str]:
    """Return the lines that a terminal shows of a preview."""
    files, lost = told["files"], told["lost"]
    found = [
        f"archive of {told['key']}, made {told['made_at']} by version {told['program']}: whole, signed, of this city",
        f"{sum(then or 0 for _name, then, _now in told['rows'])} rows, {files['count']} files of {files['bytes']} bytes"
        + (f"; {files['missing_count']} files were gone when it was made" if files["missing_count"] else ""),
    ]
    if missing := told["migrations_missing"]:
        found.append(f"its tables are older: {len(missing)} migrations will be run, from {missing[0]}")
    if told["is_there"] and not told["has_schema"]:
        found.append(f"{told['into']} has no schema: everything in it comes from the archive")
    found += [
        f"  {name}: {_number(now)} rows now, {_number(then)} in the archive"
        for name, then, now in told["rows"]
        if told["has_schema"] and then != now
    ]
    for table, codes in told["lacking"].items():
        found.append(f"MISSING HERE: {len(codes)} rows of {table} that it refers to: {', '.join(codes[:20])}")
    if lost["numbers_count"]:
        found.append(
            f"WOULD BE LOST in place: {lost['numbers_count']} given since, whose numbers are not given again: "
            + ", ".join(number for _table, number in lost["numbers"][:50])
        )
    if lost["papers_count"]:
        found.append(
            f"{lost['papers_count']} papers issued since stay verifiable, though the hall would not know them: "
            + ", ".join(lost["papers"][:50])
        )
    return found


def _number(count: int | None) -> str:
    return "no" if count is None else str(count)
