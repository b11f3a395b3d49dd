"""Filling a schema beside the halls from an archive: tables, rows, then keys, checks, indexes and references; and its files."""

import hashlib
from collections.abc import Callable
from io import BytesIO
from typing import Any

from django.conf import settings
from django.db import connections
from psycopg2 import sql

from accounts import disk
from tenants.shared import roles, structure, template
from tenants.shared.archive import blobs, losses, masking, tables
from tenants.shared.archive.checking import Archive
from tenants.shared.archive.records import Content
from tenants.shared.archive.sealed import BadArchive
from tenants.shared.models import HallRestore, RestoreWay


class _Digest:
    """Takes what COPY writes and keeps its digest alone."""

    def __init__(self) -> None:
        self._digest = hashlib.sha256()

    def write(self, data: bytes) -> int:
        self._digest.update(data)
        return len(data)

    def hexdigest(self) -> str:
        return self._digest.hexdigest()


class Loader:
    """One filling. `make`, then `take` each entry, then `complete`, all in the owner's transaction of the caller.

    The tables are the template's; of an older archive its own, which `ready` brings up to date. `findings` are of a drill.
    """

    def __init__(
        self, row: HallRestore, archive: Archive, mask: masking.Mask | None, told: Callable[[str], None]
    ) -> None:
        self._row, self._archive, self._mask, self._told = row, archive, mask, told
        self._parts = (
            [structure.Part(*part) for part in archive.structure]
            if archive.is_older
            else structure.tables(template.SCHEMA)
        )
        self._is_copy = row.way != RestoreWay.IN_PLACE
        self._made = dict[str, tables.Table]()
        self._public = dict[str, tables.Table]()
        self.findings: list[str] = []

    def make(self) -> None:
        """Make both schemas and the bare tables."""
        for schema in (self._row.incoming, self._row.facts):
            roles.run("DROP SCHEMA IF EXISTS {} CASCADE", schema)
            roles.run("CREATE SCHEMA {}", schema)
        self._execute(part for part in self._parts if part.kind == "table")
        with self._cursor() as cursor:
            cursor.execute(tables.SAME_TEXT)
            self._made = {table.name: table for table in tables.tables(cursor, self._row.incoming)}
            public = tables.tables(cursor, tables.PUBLIC)
            self._public = {table.name: table for table in public if table.name in settings.ARCHIVE_FACTS}
        self._told("schema")

    def take(self, entry: Content) -> None:
        """Put one entry where it belongs. Raises BadArchive for a table that is none of these."""
        kind, name = entry.told["kind"], str(entry.told["name"])
        if kind == "file":
            self._file(entry, name)
            return
        columns = [str(column) for column in entry.told["columns"]]
        there = self._made if kind == "rows" else self._public
        if name not in there or not set(columns) <= set(there[name].columns):
            raise BadArchive(
                f"the archive has rows of {name[:80]} that this program has no place for: it is too new or too old"
            )
        if kind == "rows":
            self._rows(entry, there[name], columns)
        else:
            self._facts(entry, name, columns)
        self._told(f"{kind} {name}")

    def complete(self) -> None:
        """Give the tables what makes them whole, let sequences stand where they stood, and name files as the hall does."""
        row, archive = self._row, self._archive
        with self._cursor() as cursor:
            for table, column in settings.ARCHIVE_FILES:
                if archive.role != row.role and table in self._made:
                    cursor.execute(
                        sql.SQL(
                            "UPDATE {0}.{1} SET {2} = %s || substr({2}, %s) WHERE starts_with({2}, %s)"
                        ).format(*map(sql.Identifier, (row.incoming, table, column))),
                        [row.role, len(archive.role) + 1, f"{archive.role}/"],
                    )
        self._execute(
            part for part in self._parts if part.kind == "constraint" and "FOREIGN KEY" not in part.statement
        )
        self._execute(part for part in self._parts if part.kind == "index")
        self._execute(
            part for part in self._parts if part.kind == "constraint" and "FOREIGN KEY" in part.statement
        )
        with self._cursor() as cursor:
            for column, (name, _last, _called) in tables.sequences(cursor, row.incoming).items():
                if column in archive.manifest["sequences"]:
                    last, is_called = archive.manifest["sequences"][column]
                    losses.set_sequence(cursor, row.incoming, name, last, is_called)
        self._told("keys")

    def _execute(self, parts: Any) -> None:
        statements = ";\n".join(part.statement for part in parts)
        if statements:
            with structure.alone_on_the_path(self._row.incoming), self._cursor() as cursor:
                cursor.execute(statements)

    def _cursor(self) -> Any:
        return connections[roles.OWNER].cursor()

    def _rows(self, entry: Content, table: tables.Table, columns: list[str]) -> None:
        source: Any = entry
        if self._mask is not None:
            if self._mask.is_left_out(table.name):
                entry.skip()
                return
            source = self._mask.of(entry, table, columns)
        with self._cursor() as cursor:
            cursor.copy_expert(tables.copy_in(table.schema, table.name, columns), source)
            entry.skip()
            if self._row.way == RestoreWay.DRILL:
                found = _Digest()
                cursor.copy_expert(table.copy_out(), found)
                if found.hexdigest() != entry.trailer["sha256"]:
                    self.findings.append(f"{table.name}: its rows are not what was exported")

    def _facts(self, entry: Content, name: str, columns: list[str]) -> None:
        if self._is_copy and name not in settings.ARCHIVE_COPIED_FACTS:
            entry.skip()
            return
        source: Any = self._mask.of(entry, self._public[name], columns) if self._mask else entry
        with self._cursor() as cursor:
            cursor.execute(
                sql.SQL("CREATE TABLE {}.{} AS SELECT {} FROM public.{} WITH NO DATA").format(
                    sql.Identifier(self._row.facts),
                    sql.Identifier(name),
                    sql.SQL(", ").join(map(sql.Identifier, columns)),
                    sql.Identifier(name),
                )
            )
            cursor.copy_expert(tables.copy_in(self._row.facts, name, columns), source)

    def _file(self, entry: Content, name: str) -> None:
        own = self._row.role + name.removeprefix(self._archive.role)
        if self._mask is not None and self._mask.hides(own):
            entry.skip()
            disk.keep_as(BytesIO(masking.PLACEHOLDER), own)
        else:
            blobs.put(entry, own)
        self._told(f"file {own}")
