"""The only place that switches schema and role. Outside a scope nothing of any hall can be read.

A scope is one transaction on `default`: path, role and the schema's identity row are set and read in one
round trip with BEGIN, and given back in one round trip with COMMIT. Both are SET LOCAL, so any pooler is safe.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections, transaction
from psycopg2 import errors, sql

from tenants.shared.models import Hall

LEAVE = "SET LOCAL ROLE NONE; SET LOCAL search_path = '';"


class WrongHall(Exception):
    """The schema's identity row does not say what the caller believes: renamed, restored, moved or lost."""


class ScopeTaken(Exception):
    """A scope is already open here: a transaction runs as one role from start to end."""


@dataclass(frozen=True)
class Scope:
    """What is in force now: whose role, in which schema, and (for a hall) its state by the identity row.

    `staff_may_finish`: whether the staff of a frozen hall goes on with what runs.
    """

    role: str
    schema: str
    state: str = ""
    staff_may_finish: bool = True


_current: ContextVar[Scope | None] = ContextVar("scope", default=None)


def current() -> Scope | None:
    """Return the scope in force, or None outside one."""
    return _current.get()


@contextmanager
def hall(hall: Hall, *, using: str = DEFAULT_DB_ALIAS) -> Iterator[Scope]:
    """Do the work of one request or job as this hall's role, in its schema, in one transaction.

    Raises WrongHall when the schema is not (any more) this hall at this generation, ScopeTaken inside another scope.
    """
    statement = sql.SQL(
        "SET LOCAL search_path = {schema}, public, {extensions}; SET LOCAL ROLE {role};"
        "SELECT key, generation, state, staff_may_finish FROM {schema}.tenants_hall_identity"
    ).format(
        schema=sql.Identifier(hall.schema_name),
        extensions=sql.Identifier(settings.EXTENSIONS_SCHEMA),
        role=sql.Identifier(hall.role),
    )

    def admit(row: tuple[Any, ...] | None) -> Scope:
        if row is None or row[:2] != (hall.schema_name, hall.generation):
            raise WrongHall(
                f"{hall.schema_name} generation {hall.generation} is not what its schema says: {row}"
            )
        return Scope(hall.role, hall.schema_name, row[2], row[3])

    with _entered(statement, admit, using) as entered:
        yield entered


@contextmanager
def portal(*, using: str = DEFAULT_DB_ALIAS) -> Iterator[Scope]:
    """Work as the portal: public facts, no hall's schema."""
    with _public("portal", using) as entered:
        yield entered


@contextmanager
def city(*, using: str = DEFAULT_DB_ALIAS) -> Iterator[Scope]:
    """Work as the city: its catalogue, calendar and public facts, no hall's schema."""
    with _public("city", using) as entered:
        yield entered


@contextmanager
def _public(name: str, using: str) -> Iterator[Scope]:
    from tenants.shared.queries import role_prefix  # noqa: PLC0415 -- queries open a scope-less read of their own

    role = f"{role_prefix()}_{name}"
    statement = sql.SQL(
        "SET LOCAL search_path = public, {extensions}; SET LOCAL ROLE {role}; SELECT role_prefix FROM tenants_shared_city"
    ).format(extensions=sql.Identifier(settings.EXTENSIONS_SCHEMA), role=sql.Identifier(role))
    with _entered(statement, lambda row: Scope(role, "public"), using) as entered:
        yield entered


@contextmanager
def _entered(statement: sql.Composed, admit: Any, using: str) -> Iterator[Scope]:
    if (taken := _current.get()) is not None:
        raise ScopeTaken(f"a scope of {taken.schema} is open: leave it first")
    connection: Any = connections[using]
    is_outermost = not connection.in_atomic_block
    with transaction.atomic(using=using):
        try:
            connection.ensure_connection()
            begin = connection.take_begin()
            with connection.cursor() as cursor:
                cursor.execute(begin + statement.as_string(connection.connection))
                entered = admit(cursor.fetchone())
        except Exception as failure:
            cause = failure.__cause__
            if isinstance(cause, errors.UndefinedTable | errors.InvalidSchemaName):
                raise WrongHall(str(cause).splitlines()[0]) from failure
            raise
        token = _current.set(entered)
        try:
            yield entered
        finally:
            _current.reset(token)
        # an exception or a marked rollback takes the role and path back with the savepoint
        if is_outermost:
            connection.before_commit(LEAVE)
        elif not connection.needs_rollback:
            with connection.cursor() as cursor:
                cursor.execute(LEAVE)
