"""Logins and roles: made in one place, by the owner, and given the rights that settings name.

Roles stop our own mistakes; docs/security.md says what they do not stop.
"""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.conf import settings
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
    role = names.hall(number)
    if not exists(role):
        run("CREATE ROLE {} NOLOGIN", role)
    run("GRANT {} TO {}", names.of("halls"), role)
    run("GRANT {} TO {}", role, names.of("web"))
    return role


def drop_hall_role(role: str) -> None:
    """Drop the role of a hall that is no more; one that another database of the server has too loses its rights here alone."""
    if exists(role):
        run("DROP OWNED BY {}", role)
        try:
            with transaction.atomic(using=OWNER):
                run("DROP ROLE {}", role)
        except InternalError:
            return


def grant_public(names: Names) -> None:
    """Give the public schema's rights exactly as settings.PUBLIC_RIGHTS says, and its row-level security."""
    run("REVOKE ALL ON SCHEMA public FROM PUBLIC")
    for role in ("gate", "readers", "sealer"):
        run("GRANT USAGE ON SCHEMA public TO {}", names.of(role))
        run("GRANT USAGE ON SCHEMA {} TO {}", settings.EXTENSIONS_SCHEMA, names.of(role))
    tables = {
        name
        for (name,) in rows(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v')"
        )
    }
    for table in sorted(tables):
        for role in (*LOGINS, *GROUPS):
            run("REVOKE ALL ON public.{} FROM {}", table, names.of(role))
        for grantee, rights in settings.PUBLIC_RIGHTS.get(table, {}).items():
            run("GRANT " + rights + " ON public.{} TO {}", table, names.of(grantee))
    for model in apps.get_models(include_auto_created=True):
        if model._meta.app_label in settings.GATE_APPS:
            run(
                "GRANT SELECT, INSERT, UPDATE, DELETE ON public.{} TO {}",
                model._meta.db_table,
                names.of("gate"),
            )
    for sequence_role in ("gate", "halls", "city", "sealer"):
        run("GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {}", names.of(sequence_role))
    for table in settings.HALL_WRITTEN_TABLES:
        _secure_rows(names, table)
    for table, condition in settings.ASKED_TABLES.items():
        _secure_asking(names, table, condition)


def _secure_asking(names: Names, table: str, condition: str) -> None:
    """Let the city insert only what says of itself no more than that it was asked."""
    run("ALTER TABLE public.{} ENABLE ROW LEVEL SECURITY", table)
    run("DROP POLICY IF EXISTS asked ON public.{}", table)
    run(
        "CREATE POLICY asked ON public.{} FOR INSERT TO {} WITH CHECK (" + condition + ")",
        table,
        names.of("city"),
    )
    run("DROP POLICY IF EXISTS read ON public.{}", table)
    run("CREATE POLICY read ON public.{} FOR SELECT TO {} USING (true)", table, names.of("city"))


def _secure_rows(names: Names, table: str) -> None:
    run("ALTER TABLE public.{} ENABLE ROW LEVEL SECURITY", table)
    run("DROP POLICY IF EXISTS own_rows ON public.{}", table)
    run(
        "CREATE POLICY own_rows ON public.{} TO {} USING (hall_role = current_user) WITH CHECK (hall_role = current_user)",
        table,
        names.of("halls"),
    )
    run("DROP POLICY IF EXISTS all_rows ON public.{}", table)
    run(
        "CREATE POLICY all_rows ON public.{} TO {}, {} USING (true)",
        table,
        names.of("portal"),
        names.of("city"),
    )


def grant_hall(names: Names, schema: str, role: str) -> None:
    """Give a hall's role the rights to its own schema, less where settings.HALL_RIGHTS says so."""
    run("GRANT USAGE ON SCHEMA {} TO {}, {}", schema, role, names.of("sealer"))
    run("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {} TO {}", schema, role)
    run("GRANT USAGE ON ALL SEQUENCES IN SCHEMA {} TO {}", schema, role)
    for table, rights in settings.HALL_RIGHTS.items():
        run("REVOKE ALL ON {}.{} FROM {}", schema, table, role)
        if rights:
            run("GRANT " + rights + " ON {}.{} TO {}", schema, table, role)
    for table, rights in settings.SEALER_RIGHTS.items():
        run("GRANT " + rights + " ON {}.{} TO {}", schema, table, names.of("sealer"))
