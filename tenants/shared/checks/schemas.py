"""Whether the schemas of halls, and public, are what the code makes: migrations, tables, views, rights, policies, sequences.

Halls are read in batches, each with a constant number of queries; only one that differs is read whole, to say in what.
"""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connections
from psycopg2 import sql

from tenants.shared import migrating, roles, schemas, structure, template
from tenants.shared.checks import granted
from tenants.shared.checks.findings import Finding
from tenants.shared.models import Hall

_REPAIR = "run migrate_halls --all"
_BY_HAND = "somebody changed it by hand; undo it, or write a migration"
# sequences whose tables are asked in one query
_ASKED = 400


class Wanted:
    """What every hall must be, read once: where the template stands, its parts, its relations, and the rights to them."""

    def __init__(self) -> None:
        self.names = migrating.names()
        self.goal = migrating.Goal(migrating.target(), migrating.stands(template.SCHEMA))
        self.digest = structure.digests([template.SCHEMA])[template.SCHEMA]
        self.rights = granted.digest(granted.of_hall(self.names, self.goal.relations))
        # where the template itself was changed, which is told of it, no hall is like it
        self.is_sound = not list(_models(template.SCHEMA))
        self._parts: list[structure.Part] | None = None

    def parts(self) -> list[structure.Part]:
        """Return the template's parts."""
        if self._parts is None:
            self._parts = structure.whole(template.SCHEMA)
        return self._parts


def of_halls(halls: list[Hall], wanted: Wanted) -> Iterator[Finding]:
    """Yield what is wrong with the schemas of these halls, which must exist."""
    keys = [hall.schema_name for hall in halls]
    recorded = _with_a_record(keys)
    current = []
    for hall in halls:
        if hall.quarantined_at:
            words = f"closed since {hall.quarantined_at:%Y-%m-%d %H:%M} UTC, its migration failed"
            yield Finding(hall.key, "quarantined", words, "run migrate_halls")
        elif hall.schema_name not in recorded or migrating.stands(hall.schema_name) != wanted.goal.there:
            yield Finding(hall.key, "behind", "lacks migrations", "run migrate_halls")
        else:
            current.append(hall)
    keys = [hall.schema_name for hall in current]
    outdated, digests, rights = schemas.outdated_of(keys), structure.digests(keys), granted.digests(keys)
    for hall in current:
        for item in outdated[hall.schema_name]:
            yield Finding(hall.key, "object", f"{item.name} is not what the code makes", _REPAIR)
        if wanted.is_sound and digests[hall.schema_name] != wanted.digest:
            made_again = {item.name for item in outdated[hall.schema_name]}
            for difference in structure.differences(wanted.parts(), structure.whole(hall.schema_name)):
                if not made_again or not difference.startswith(("view", "function")):
                    yield Finding(hall.key, "structure", difference, _BY_HAND)
        if rights.get(hall.schema_name) != wanted.rights:
            kinds = granted.relations(hall.schema_name)
            yield from _rights(
                hall.key, granted.found(hall.schema_name), granted.of_hall(wanted.names, kinds, hall.role)
            )
    yield from sequences(current)


def _with_a_record(keys: list[str]) -> set[str]:
    return {
        schema
        for (schema,) in roles.rows(
            "SELECT n.nspname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relname = %s AND n.nspname = ANY(%s)",
            [template.RECORD, keys],
        )
    }


def _rights(hall: str, found: set[granted.Right], wanted: set[granted.Right]) -> Iterator[Finding]:
    for right in granted.less(found, wanted):
        yield Finding(hall, "rights", f"somebody was granted {right}", f"REVOKE it, or {_REPAIR}")
    for right in granted.less(wanted, found):
        yield Finding(hall, "rights", f"lacks {right}", _REPAIR)


def sequences(halls: list[Hall]) -> Iterator[Finding]:
    """Yield the sequences that stand behind the largest number of their table: the next row would be refused.

    Tables without a page have no rows and are not asked.
    """
    by_key = {hall.schema_name: hall for hall in halls}
    asked = roles.rows(
        "SELECT n.nspname, t.relname, a.attname, s.relname FROM pg_class s JOIN pg_namespace n ON n.oid = s.relnamespace"
        " JOIN pg_depend d ON d.objid = s.oid AND d.classid = 'pg_class'::regclass AND d.refobjsubid > 0 AND d.deptype IN ('a', 'i')"
        " JOIN pg_class t ON t.oid = d.refobjid JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid"
        " WHERE s.relkind = 'S' AND n.nspname = ANY(%s) AND pg_relation_size(t.oid) > 0 ORDER BY 1, 2",
        [[*by_key]],
    )
    one = sql.SQL(
        "SELECT {schema}, {name}, s.last_value, t.last FROM {sequence} s, (SELECT max({column}) AS last FROM {table}) t"
        " WHERE t.last > s.last_value OR (t.last = s.last_value AND NOT s.is_called)"
    )
    for start in range(0, len(asked), _ASKED):
        parts = [
            one.format(
                schema=sql.Literal(schema), name=sql.Literal(sequence), sequence=sql.Identifier(schema, sequence),
                column=sql.Identifier(column), table=sql.Identifier(schema, table),
            )
            for schema, table, column, sequence in asked[start : start + _ASKED]
        ]  # fmt: skip
        for schema, sequence, at, last in roles.composed(sql.SQL(" UNION ALL ").join(parts)):
            words = f"sequence {sequence} stands at {at}, its table already has {last}"
            yield Finding(
                by_key[schema].key, "sequence", words, f"SELECT setval('{schema}.{sequence}', {last})"
            )


def of_public(names: roles.Names) -> Iterator[Finding]:
    """Yield what is wrong with public and with the template: migrations, models, declared objects, rights, policies, owners."""
    if schemas.is_behind(schemas.PUBLIC) or not template.is_current():
        yield Finding(
            "", "public-behind", "public or the template of halls lacks migrations", "run migrate_halls"
        )
        return
    for schema in (schemas.PUBLIC, template.SCHEMA):
        yield from _models(schema)
        for item in schemas.outdated(schema):
            yield Finding("", "object", f"{schema}: {item.name} is not what the code makes", _REPAIR)
    yield from _rights("", granted.found("public"), granted.of_public(names, granted.relations("public")))
    for table in sorted(granted.unsecured()):
        yield Finding("", "policy", f"public.{table}: row-level security is off", _REPAIR)
    for policies, words in zip(
        granted.policies_amiss(names), ("is not what the code makes", "is missing"), strict=True
    ):
        for policy in policies:
            yield Finding("", "policy", f"public.{policy.table}: policy {policy.name} {words}", _REPAIR)
    for (relation,) in roles.rows(
        "SELECT c.oid::regclass::text FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner WHERE r.rolname = ANY(%s) ORDER BY 1",
        [[names.of(short) for short in (*roles.LOGINS, *roles.GROUPS)]],
    ):
        yield Finding("", "owner", f"{relation} is owned by a login that must own nothing", "ALTER its OWNER")


def _models(schema: str) -> Iterator[Finding]:
    """Yield where the columns of a schema's tables are not those of the models: name, type, whether it may be null."""
    is_template = schema == template.SCHEMA
    connection = connections[roles.OWNER]
    wanted = {
        (model._meta.db_table, field.column): (
            field.db_type(connection),
            field.null or getattr(field, "generated", False),
        )
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed
        and not model._meta.proxy
        and _stands_in(model._meta.app_config.name, is_template)
        for field in model._meta.local_concrete_fields
    }
    found = {
        (table, column): (kind, is_null)
        for table, column, kind, is_null in roles.rows(
            "SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), NOT a.attnotnull FROM pg_class c"
            " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped"
            " WHERE c.relnamespace = %s::regnamespace AND c.relname = ANY(%s)",
            [schema, sorted({table for table, _ in wanted})],
        )
    }
    for table, column in sorted(wanted.keys() | found.keys()):
        mine, theirs = found.get((table, column)), wanted.get((table, column))
        if (
            mine is None
            or theirs is None
            or (_plain(str(mine[0])), mine[1]) != (_plain(str(theirs[0])), theirs[1])
        ):
            words = f"{schema}.{table}.{column} is {_told(mine)}, the model says {_told(theirs)}"
            yield Finding("", "models", words, _BY_HAND)


def _stands_in(app: str, is_template: bool) -> bool:
    # Django's own tables are what Django's own migrations make
    return not app.startswith("django.") and app in (
        settings.TENANT_APPS if is_template else settings.SHARED_APPS
    )


def _plain(kind: str) -> str:
    """Write a type as Django does."""
    return (
        kind.replace("character varying", "varchar")
        .replace("timestamp with time zone", "timestamptz")
        .replace("time without time zone", "time")
        .replace("timestamptz", "timestamp with time zone")
        .replace(" CHECK", "")
    )


def _told(column: tuple[Any, bool] | None) -> str:
    return f"{column[0]}{' or null' if column[1] else ''}" if column else "missing"
