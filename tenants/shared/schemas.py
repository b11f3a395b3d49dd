"""The owner's work on schemas: migrate one, install the database objects that apps declare, compare them.

An app declares views and functions on its AppConfig: `public_objects()` and `hall_objects()` return
`DatabaseObject`s. They are made again only when their text changed, which a digest in their comment tells.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.apps import apps
from django.core.management import call_command
from django.core.management.commands.migrate import Command as Migrate
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

from tenants.shared.roles import OWNER, rows, run

PUBLIC = "public"
_KINDS = ("public_objects", "hall_objects")


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


@cache
def objects(kind: str) -> tuple[DatabaseObject, ...]:
    """Return what the apps declare: kind is ``public_objects`` or ``hall_objects``."""
    return tuple(item for config in apps.get_app_configs() for item in getattr(config, kind, lambda: ())())


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


def install(schema: str) -> bool:
    """Make the declared objects of this schema that are missing or of another text; say whether any were made."""
    made = outdated(schema)
    if not made:
        return False
    connection: Any = connections[OWNER]
    connection.set_schema(schema)
    try:
        for item in made:
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
    return True


def drop_outdated(schema: str) -> None:
    """Drop the views of another text than the code's: a migration could not change a column that they show."""
    for item in outdated(schema):
        if item.is_view:
            run("DROP VIEW IF EXISTS {}.{} CASCADE", schema, item.name)


def outdated(schema: str) -> list[DatabaseObject]:
    """Return the declared objects of this schema that are missing or of another text."""
    return outdated_of([schema])[schema]


def outdated_of(names: Sequence[str]) -> dict[str, list[DatabaseObject]]:
    """Return for each schema the declared objects that are missing or of another text; one query."""
    said = {
        (schema, name): text or ""
        for schema, name, text in rows(
            "SELECT n.nspname, c.relname, obj_description(c.oid, 'pg_class') FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            # by name: a list of a schema's relations costs a walk over those of all halls
            " WHERE c.relname = ANY(%(views)s) AND c.relkind = 'v' AND n.nspname = ANY(%(names)s)"
            " UNION ALL SELECT nspname, '', obj_description(oid, 'pg_namespace') FROM pg_namespace WHERE nspname = ANY(%(names)s)",
            {
                "names": list(names),
                "views": [item.name for kind in _KINDS for item in objects(kind) if item.is_view],
            },
        )
    }
    return {
        schema: [
            item
            for item in objects("public_objects" if schema == PUBLIC else "hall_objects")
            if said.get((schema, item.name if item.is_view else ""))
            != (item.digest if item.is_view else f"{item.name} {item.digest}")
        ]
        for schema in names
    }
