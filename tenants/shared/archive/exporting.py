"""Writing one hall into one file: all rows as they were at one moment, then the files that those rows name."""

import fcntl
import hashlib
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.db import connections
from django.forms.models import model_to_dict
from psycopg2 import errors, sql

from accounts.encryption import encrypt
from tenants.shared import roles, structure, template
from tenants.shared.archive import blobs, keeping, keys, records, tables
from tenants.shared.archive.sealed import Sealer
from tenants.shared.models import City, Domain, Hall

FORMAT = 1
SAMPLE = "hall archive"
# names of files that were gone, as many as a reader will look at
_SHOWN = 1000
_LOCK_SECONDS = "30s"

Told = Callable[[str], None]


class CannotExport(Exception):
    """The hall cannot be written as it is; the text says why and what to do."""


@dataclass
class Exported:
    """What was written: where, how large, how many rows and files, in how many seconds, by which digest it is known."""

    path: Path
    made_at: datetime
    bytes: int = 0
    rows: int = 0
    files: int = 0
    missing: int = 0
    seconds: float = 0.0
    digest: str = ""


@dataclass
class _Manifest:
    tables: list[dict[str, Any]] = field(default_factory=list)
    facts: list[dict[str, Any]] = field(default_factory=list)
    sequences: dict[str, list[Any]] = field(default_factory=dict)
    references: dict[str, list[str]] = field(default_factory=dict)
    files: dict[str, Any] = field(default_factory=dict)


def export(
    hall: Hall, path: Path, recipient: keys.Recipient, *, now: datetime, told: Told = lambda step: None
) -> Exported:
    """Write a hall's archive under this path, whole or not at all; `told` hears of each step as it is done.

    Memory does not grow with the hall. Raises CannotExport, keys.BadKey, OSError when the disk does not take it.
    """
    began = time.monotonic()
    signing = keys.signer()
    done = Exported(path, now)
    with _whole(path) as stream, tempfile.TemporaryFile() as names:
        sealer = Sealer(stream, recipient)
        manifest = _Manifest()
        with _snapshot(hall) as cursor:
            told("snapshot")
            opening = records.as_bytes(_opening(hall, cursor, now))
            records.write(sealer, records.OPENING, opening)
            _rows(hall, cursor, sealer, manifest, told)
            _names(hall, cursor, names)
        told("rows")
        _files(names, sealer, manifest, told)
        told("files")
        whole = records.as_bytes({"opening": hashlib.sha256(opening).hexdigest(), **vars(manifest)})
        records.write(sealer, records.MANIFEST, whole)
        signature = signing.sign(signed(sealer.header, hashlib.sha256(whole).digest()))
        by = keys.name_of(signing.public_key())
        records.write(sealer, records.SIGNATURE, records.as_bytes({"by": by, "signature": signature.hex()}))
        sealer.finish()
        told("signed")
        done.bytes = stream.tell()
    told("renamed")
    done.rows = sum(table["rows"] for table in (*manifest.tables, *manifest.facts))
    done.files, done.missing = manifest.files["count"], manifest.files["missing_count"]
    done.digest, done.seconds = hashlib.sha256(whole).hexdigest(), time.monotonic() - began
    return done


def signed(header: bytes, manifest_digest: bytes) -> bytes:
    """Return what the city's key signs: the manifest, which has every digest, and the beginning, which says for whom."""
    return b"hall archive\n" + hashlib.sha256(header).digest() + manifest_digest


@contextmanager
def _whole(path: Path) -> Iterator[IO[bytes]]:
    """Write beside the path; sync and rename when all went well, else leave nothing. Removes what killed exports left."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    for left in path.parent.glob(".*.partial"):
        keeping.remove_unless_held(left)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".partial", dir=path.parent)
    partial = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            fcntl.flock(stream, fcntl.LOCK_EX)
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
            partial.replace(path)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise


@contextmanager
def _snapshot(hall: Hall) -> Iterator[Any]:
    """Yield a cursor of a transaction that sees one moment, with every table of the hall kept as it is built.

    A connection of its own, since the caller's may be in a transaction. Raises CannotExport.
    """
    owner: Any = connections[roles.OWNER]
    connection = owner.Database.connect(**owner.get_connection_params())
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            found = tables.tables(cursor, hall.schema_name)
            if not found:
                raise CannotExport(
                    f"{hall.key} has no schema: there is nothing to export, restore it from an archive"
                )
            cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            cursor.execute(tables.SAME_TEXT)
            cursor.execute("SET LOCAL lock_timeout = %s", [_LOCK_SECONDS])
            # before the first question, so before the moment that the transaction sees
            names = sql.SQL(", ").join(sql.Identifier(hall.schema_name, table.name) for table in found)
            cursor.execute(sql.SQL("LOCK TABLE {} IN ACCESS SHARE MODE").format(names))
            _is_itself(hall, cursor)
            yield cursor
            cursor.execute("COMMIT")
    except (errors.LockNotAvailable, errors.UndefinedTable) as problem:
        raise CannotExport(
            f"{hall.key} is being changed ({str(problem).splitlines()[0]}): wait until that has ended, then export it again"
        ) from None
    finally:
        connection.close()


def _is_itself(hall: Hall, cursor: Any) -> None:
    cursor.execute(
        sql.SQL("SELECT key, generation FROM {}.tenants_hall_identity").format(
            sql.Identifier(hall.schema_name)
        )
    )
    found = cursor.fetchone()
    if found != (hall.schema_name, hall.generation):
        raise CannotExport(
            f"schema {hall.schema_name} says it is {found}, not generation {hall.generation} of this hall: run check_halls"
        )


def _opening(hall: Hall, cursor: Any, now: datetime) -> dict[str, Any]:
    city = City.objects.using(roles.OWNER).get()
    cursor.execute(
        sql.SQL("SELECT app, name FROM {}.{} ORDER BY app, name").format(
            sql.Identifier(hall.schema_name), sql.Identifier(template.RECORD)
        )
    )
    migrations = [list(row) for row in cursor.fetchall()]
    domains = Domain.objects.using(roles.OWNER).filter(tenant=hall).order_by("-is_primary", "domain")
    facts = {
        name: value
        for name, value in model_to_dict(hall).items()
        if name not in {"id", "migrated_to", "quarantined_at"}
    }
    facts["opened_on"] = hall.opened_on.isoformat() if hall.opened_on else None
    return {
        "format": FORMAT,
        "program": version("city-halls"),
        "made_at": now.astimezone(UTC).isoformat(),
        "city": {"code": city.code, "prefix": city.role_prefix},
        "hall": {
            **facts,
            "state": str(hall.state),
            "domains": list(domains.values_list("domain", flat=True)),
        },
        "migrations": migrations,
        "structure": [list(part) for part in structure.tables(hall.schema_name)],
        # opens with the keys that the hall's encrypted columns open with
        "sample": encrypt(SAMPLE, SAMPLE),
    }


def _rows(hall: Hall, cursor: Any, sealer: Sealer, manifest: _Manifest, told: Told) -> None:
    for table in tables.tables(cursor, hall.schema_name):
        none = sql.SQL("WHERE false") if table.is_empty_in_archives else None
        manifest.tables.append(_copied(table, cursor, sealer, "rows", list(table.columns), none))
        told(f"rows {table.name}")
    public = {table.name: table for table in tables.tables(cursor, tables.PUBLIC)}
    own = sql.SQL("WHERE hall_role = {}").format(sql.Literal(hall.role))
    for name in fact_tables():
        table = public[name]
        columns = [column for column in table.columns if column not in (*tables.OWNERS, *table.numbered)]
        kept = tables.Table(table.schema, name, tuple(columns), table.key, table.types)
        manifest.facts.append(_copied(kept, cursor, sealer, "facts", columns, own))
        told(f"facts {name}")
    manifest.sequences = {
        column: [last, is_called]
        for column, (_name, last, is_called) in tables.sequences(cursor, hall.schema_name).items()
    }
    manifest.references = tables.referred(cursor, hall.schema_name)


def fact_tables() -> list[str]:
    """Return the public tables whose rows of a hall an archive has."""
    kept = {settings.REPLACE, settings.KEEP}
    return [name for name, rule in settings.ARCHIVE_FACTS.items() if rule in kept]


def _copied(
    table: tables.Table,
    cursor: Any,
    sealer: Sealer,
    kind: str,
    columns: list[str],
    where: sql.Composable | None,
) -> dict[str, Any]:
    entry = records.begin(sealer, kind=kind, name=table.name, columns=columns)
    cursor.copy_expert(table.copy_out(where=where), entry)
    trailer = entry.end(rows=cursor.rowcount)
    return {"name": table.name, "columns": columns, **trailer}


def _names(hall: Hall, cursor: Any, names: IO[bytes]) -> None:
    """Write the names of all files, a line each, so that the moment need not be held while files are read."""
    cursor.copy_expert(
        sql.SQL("COPY ({}) TO STDOUT").format(tables.file_names(hall.schema_name, hall.role)), names
    )
    names.seek(0)


def _files(names: IO[bytes], sealer: Sealer, manifest: _Manifest, told: Told) -> None:
    digest, count, size = hashlib.sha256(), 0, 0
    missing: list[str] = []
    missing_count = 0
    for line in names:
        name = line.decode().rstrip("\n")
        try:
            file = blobs.open_plain(name)
        except FileNotFoundError:
            # what has run out may go between the moment and now
            missing_count += 1
            missing += [name] if len(missing) < _SHOWN else []
            continue
        except blobs.Strange as problem:
            raise CannotExport(f"{problem}: look at it, and put the file itself there") from None
        with file:
            trailer = _file(file, name, sealer)
        digest.update(file_line(name, trailer))
        count, size = count + 1, size + trailer["bytes"]
        told(f"file {name}")
    manifest.files = {
        "count": count,
        "bytes": size,
        "sha256": digest.hexdigest(),
        "missing": missing,
        "missing_count": missing_count,
    }


def file_line(name: str, trailer: dict[str, Any]) -> bytes:
    """Return the line of a file in the list whose digest the manifest has."""
    return f"{trailer['sha256']} {trailer['bytes']} {name}\n".encode()


def _file(file: IO[bytes], name: str, sealer: Sealer) -> dict[str, Any]:
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    entry = records.begin(sealer, kind="file", name=name, size=size)
    # no more than it said: a file that somebody adds to is not one of ours
    while entry.bytes < size and (part := file.read(min(records.PART, size - entry.bytes))):
        entry.write(part)
    return entry.end()
