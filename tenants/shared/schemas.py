"""The owner's work on schemas: migrate one, install the database objects that apps declare, compare them.

An app declares views and functions on its AppConfig: `public_objects()` and `hall_objects()` return
`DatabaseObject`s. They are made again only when their text changed, which a digest in their comment tells.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.core.management import call_command
from django.core.management.commands.migrate import Command as Migrate
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

from tenants.shared.roles import OWNER, rows, run

PUBLIC = "public"


@dataclass(frozen=True)
class DatabaseObject:
    """A view, or a set of functions: its name and the statements that make it, each run by itself."""

    name: str
    statements: tuple[str, ...]
    is_view: bool = False

    @property
    def digest(self) -> str:
        """Return the digest by which an installed object is compared."""
        return hashlib.sha256("\n".join(self.statements).encode()).hexdigest()[:16]


def objects(kind: str) -> Iterator[DatabaseObject]:
    """Yield what the apps declare: kind is ``public_objects`` or ``hall_objects``."""
    for config in apps.get_app_configs():
        yield from getattr(config, kind, lambda: ())()


def migrate(schema: str) -> None:
    """Bring a schema's tables to the newest migration (its own django_migrations says where it stands)."""
    connection: Any = connections[OWNER]
    try:
        if not is_behind(schema):
            return
        connection.set_schema(schema, include_public=False)
        MigrationRecorder(connection).ensure_schema()
        connection.set_schema(schema)
        call_command(Migrate(), database=OWNER, interactive=False, verbosity=0, skip_checks=True)
    finally:
        connection.set_schema_to_public()


def is_behind(schema: str) -> bool:
    """Say whether this schema lacks a migration."""
    connection: Any = connections[OWNER]
    connection.set_schema(schema, include_public=False)
    try:
        executor = MigrationExecutor(connection)
        return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    finally:
        connection.set_schema_to_public()


def install(schema: str) -> None:
    """Make the declared objects of this schema that are missing or of another text."""
    kind = "public_objects" if schema == PUBLIC else "hall_objects"
    connection: Any = connections[OWNER]
    connection.set_schema(schema)
    try:
        for item in objects(kind):
            if installed_digest(schema, item) == item.digest:
                continue
            if item.is_view:
                # with the functions that return its rows, which are made again with it
                run("DROP VIEW IF EXISTS {}.{} CASCADE", schema, item.name)
            with connection.cursor() as cursor:
                for statement in item.statements:
                    cursor.execute(statement)
            if item.is_view:
                run("COMMENT ON VIEW {}.{} IS {digest}", schema, item.name, digest=item.digest)
            else:
                run("COMMENT ON SCHEMA {} IS {digest}", schema, digest=f"{item.name} {item.digest}")
    finally:
        connection.set_schema_to_public()


def installed_digest(schema: str, item: DatabaseObject) -> str | None:
    """Return the digest of what is installed under this object's name, or None."""
    if item.is_view:
        found = rows(
            "SELECT obj_description(c.oid) FROM pg_class c WHERE relname = %s AND relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = %s)",
            [item.name, schema],
        )
        return found[0][0] if found else None
    found = rows("SELECT obj_description(oid, 'pg_namespace') FROM pg_namespace WHERE nspname = %s", [schema])
    comment = (found[0][0] if found else "") or ""
    return comment.removeprefix(item.name + " ") if comment.startswith(item.name + " ") else None
