"""Logins and roles: made in one place, by the owner, and given the rights that settings name.

Roles stop our own mistakes; docs/security.md says what they do not stop.
"""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import InternalError, connections, transaction
from psycopg2 import sql

OWNER = "owner"
LOGINS = ("gate", "web", "sealer")
GROUPS = ("readers", "halls", "portal", "city")


@dataclass(frozen=True)
class Names:
    """The names of this database's roles, all with its prefix."""

    prefix: str

    def of(self, short: str) -> str:
        """Return the full name of a login or group."""
        return f"{self.prefix}_{short}"

    def hall(self, number: int) -> str:
        """Return the role of the hall with this number; a renaming does not change it."""
        return f"{self.prefix}_h{number}"


def run(statement: str, *names: str, **literals: Any) -> None:
    """Execute one statement as the owner: `{}` take identifiers, `{name}` literals; nothing is pasted in."""
    composed = sql.SQL(statement).format(
        *(sql.Identifier(name) for name in names),
        **{key: sql.Literal(value) for key, value in literals.items()},
    )
    connection = connections[OWNER]
    connection.ensure_connection()
    with connection.cursor() as cursor:
        cursor.execute(composed.as_string(connection.connection))


def rows(statement: str, params: Iterable[Any] | Mapping[str, Any] = ()) -> list[tuple[Any, ...]]:
    """Return the rows of one reading statement as the owner."""
    with connections[OWNER].cursor() as cursor:
        cursor.execute(statement, params if isinstance(params, Mapping) else list(params))
        return list(cursor.fetchall())


def composed(statement: sql.Composable) -> list[tuple[Any, ...]]:
    """Return the rows of one reading statement whose identifiers and literals are composed."""
    connection = connections[OWNER]
    connection.ensure_connection()
    with connection.cursor() as cursor:
        cursor.execute(statement.as_string(connection.connection))
        return list(cursor.fetchall())


def exists(role: str) -> bool:
    """Say whether the cluster has this role."""
    return bool(rows("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]))


def ensure_logins(names: Names, passwords: dict[str, str]) -> dict[str, str]:
    """Make the logins and groups that are missing; return the passwords of all logins.

    A login that exists without a known password gets a new one. Nothing owns anything; `web` is NOINHERIT,
    so that it holds no hall's rights until scope switches.
    """
    known = {}
    for login in LOGINS:
        name = names.of(login)
        if not exists(name):
            run("CREATE ROLE {} LOGIN NOINHERIT NOSUPERUSER NOCREATEDB NOCREATEROLE", name)
        known[login] = passwords.get(login) or secrets.token_urlsafe(24)
        run("ALTER ROLE {} PASSWORD {password}", name, password=known[login])
        # so that a new connection has nothing to set
        run("ALTER ROLE {} SET timezone = 'UTC'", name)
        run("ALTER ROLE {} SET search_path = {path}", name, path="public" if login != "web" else "")
        run("ALTER ROLE {} SET jit = off", name)
    for group in GROUPS:
        if not exists(names.of(group)):
            run("CREATE ROLE {} NOLOGIN", names.of(group))
    for member in ("portal", "city", "halls"):
        run("GRANT {} TO {}", names.of("readers"), names.of(member))
    for role in ("portal", "city"):
        run("GRANT {} TO {}", names.of(role), names.of("web"))
    return known


def ensure_hall_role(names: Names, number: int) -> str:
    """Make the role of this hall if it is missing: NOLOGIN, reads what halls read, entered by `web` only."""
    role, halls, web = names.hall(number), names.of("halls"), names.of("web")
    if not exists(role):
        run("CREATE ROLE {} NOLOGIN", role)
    # a shared catalog of the whole server: written only where something is missing
    for group, member in set(((halls, role), (role, web))) - memberships([halls, role]):
        run("GRANT {} TO {}", group, member)
    return role


def drop_hall_role(role: str) -> bool:
    """Drop the role of a hall that is no more; one that another database of the server has too loses its rights here alone.

    Return whether it is gone.
    """
    if not exists(role):
        return True
    run("DROP OWNED BY {}", role)
    try:
        with transaction.atomic(using=OWNER):
            run("DROP ROLE {}", role)
    except InternalError:
        return False
    return True


def memberships(groups: Iterable[str]) -> set[tuple[str, str]]:
    """Return who is a member of these roles: (group, member)."""
    return set(
        rows(
            "SELECT g.rolname, r.rolname FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid JOIN pg_roles r ON r.oid = m.member"
            " WHERE g.rolname = ANY(%s)",
            [list(groups)],
        )
    )
