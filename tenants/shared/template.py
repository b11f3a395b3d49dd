"""The schema that new halls are copied from: no hall's, without a row, kept by migrations like every other.

Migrating an empty schema step by step costs seconds of Django's state and one quarter second of the database; copying
what the steps led to costs the quarter second.
"""

from collections.abc import Iterable
from functools import lru_cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from django.apps import apps
from django.db import connections
from psycopg2 import sql

from tenants.shared import roles, structure

# no hall's key has an underscore
SCHEMA = "hall_template"
RECORD = "django_migrations"


class Behind(Exception):
    """The template lacks a migration, or has one that the code does not know."""


def is_current() -> bool:
    """Say whether the template stands exactly where the code's migrations lead."""
    return recorded(SCHEMA) == set(on_disk())


def recorded(schema: str) -> set[tuple[str, str]]:
    """Return app and name of every migration that a schema has had, by its own record; none where it has no record."""
    if not roles.rows("SELECT 1 WHERE to_regclass(%s) IS NOT NULL", [f'"{schema}".{RECORD}']):
        return set()
    statement = sql.SQL("SELECT app, name FROM {}").format(sql.Identifier(schema, RECORD))
    return {(app, name) for app, name in roles.composed(statement)}


def on_disk() -> Iterable[tuple[str, str]]:
    """Yield the app and the name of every migration that the code has."""
    for config in apps.get_app_configs():
        if config.models_module is None:
            continue
        try:
            package = import_module(f"{config.name}.migrations")
        except ModuleNotFoundError:
            continue
        for module in iter_modules(package.__path__):
            if module.name[0] not in "_~":
                yield config.label, module.name


@lru_cache(maxsize=1)
def _statements(done: frozenset[tuple[str, str]]) -> tuple[str, ...]:
    """Return what makes the template's tables after these migrations; kept, for reading it walks over the catalogs of all halls."""
    return tuple(part.statement for part in structure.tables(SCHEMA))


def copy(schema: str) -> None:
    """Make the template's tables in an empty schema, with the record of its migrations, in one string. Raises Behind."""
    done = recorded(SCHEMA)
    if done != set(on_disk()):
        raise Behind(f"schema {SCHEMA} is not where the code's migrations lead: run migrate_halls")
    record = sql.SQL("INSERT INTO {0}.{2} SELECT * FROM {1}.{2}").format(
        *map(sql.Identifier, (schema, SCHEMA, RECORD))
    )
    statements = [sql.SQL(statement) for statement in _statements(frozenset(done))]
    connection: Any = connections[roles.OWNER]
    with structure.alone_on_the_path(schema), connection.cursor() as cursor:
        cursor.execute(sql.SQL(";\n").join([*statements, record]).as_string(connection.connection))
    roles.run(
        "SELECT setval(pg_get_serial_sequence({table}, 'id'), (SELECT max(id) FROM {}.{}))",
        schema,
        RECORD,
        table=f"{schema}.{RECORD}",
    )
