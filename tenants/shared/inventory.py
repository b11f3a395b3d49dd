"""What a hall consists of, counted and digested: for the certificate of its deletion. Read as the owner, with flat memory."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.files.storage import storages
from django.db import connections
from django.db.models import ForeignKey
from psycopg2 import sql

from accounts import disk
from tenants.shared import naming, roles
from tenants.shared.models import Hall

_CHUNK = 256 * 1024


@dataclass(frozen=True)
class PublicRows:
    """The rows of a public table that are a hall's: those whose `column` is `value`."""

    table: str
    column: str
    value: Any


def public_rows(hall: Hall, *, kept: bool = False) -> list[PublicRows]:
    """Return the public tables with rows of a hall: those that go with it, or those that stay (settings.HALL_KEPT_TABLES)."""
    found = []
    for model in apps.get_models(include_auto_created=True):
        if not model._meta.managed or model is Hall:
            continue
        for field in model._meta.concrete_fields:
            if isinstance(field, ForeignKey) and field.related_model is Hall:
                value = getattr(hall, field.target_field.attname)
                found.append(PublicRows(model._meta.db_table, str(field.column), value))
    found = [rows for rows in found if (rows.table in settings.HALL_KEPT_TABLES) is kept]
    if not kept:
        found += [
            PublicRows(table, column, hall.schema_name) for table, column in settings.HALL_STAMPED.items()
        ]
    return sorted(found, key=lambda rows: (rows.table, rows.column))


def count_public(rows: PublicRows) -> int:
    """Return how many rows of a public table are the hall's."""
    statement = sql.SQL("SELECT count(*) FROM public.{} WHERE {} = %s").format(
        sql.Identifier(rows.table), sql.Identifier(rows.column)
    )
    with _cursor() as cursor:
        cursor.execute(statement, [rows.value])
        number: int = cursor.fetchone()[0]
    return number


def tables_of(schema: str) -> list[str]:
    """Return the tables of a schema, by name; none where the schema is gone."""
    if not naming.schema_exists(schema, using=roles.OWNER):
        return []
    return [
        name
        for (name,) in roles.rows(
            "SELECT relname FROM pg_class WHERE relnamespace = %s::regnamespace AND relkind IN ('r', 'p') ORDER BY 1",
            [f'"{schema}"'],
        )
    ]


def table_facts(schema: str, table: str) -> dict[str, Any]:
    """Return a table's name, its number of rows, and a digest of them that does not depend on where they lie."""
    taken = _Digest()
    statement = sql.SQL("COPY (SELECT t::text FROM {}.{} t ORDER BY 1) TO STDOUT").format(
        sql.Identifier(schema), sql.Identifier(table)
    )
    with _cursor() as cursor:
        cursor.copy_expert(statement, taken)
    return {"table": table, "rows": taken.lines, "sha256": taken.digest.hexdigest()}


class _Digest:
    """What COPY writes into: counts lines and takes a digest, keeps nothing."""

    def __init__(self) -> None:
        self.lines = 0
        self.digest = hashlib.sha256()

    def write(self, part: bytes | str) -> int:
        content = part.encode() if isinstance(part, str) else part
        self.lines += content.count(b"\n")
        self.digest.update(content)
        return len(part)


def files_of(hall: Hall) -> Iterator[str]:
    """Yield the names of a hall's files, in order."""
    yield from disk.names_in(hall.role)


def file_facts(hall: Hall, told: Callable[[int], None]) -> dict[str, Any]:
    """Return how many files a hall has, how many bytes, and a digest over names and contents; `told` hears of each."""
    number, size, whole = 0, 0, hashlib.sha256()
    for name in files_of(hall):
        digest = hashlib.sha256()
        with storages["cases"].open(name) as file:
            while chunk := file.read(_CHUNK):
                size += len(chunk)
                digest.update(chunk)
        whole.update(f"{digest.hexdigest()}  {name}\n".encode())
        number += 1
        told(number)
    return {"count": number, "bytes": size, "sha256": whole.hexdigest()}


def _cursor() -> Any:
    connection = connections[roles.OWNER]
    connection.ensure_connection()
    return connection.connection.cursor()
