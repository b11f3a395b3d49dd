"""Putting a filled schema in the place of a hall's, or opening a copy with it: one transaction, and what comes after it."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import OperationalError, connections, transaction
from django.utils.translation import gettext as _
from psycopg2 import errors, sql

from audit.services import record
from tenants.shared import declared, migrating, queries, roles, scope
from tenants.shared.archive import losses, tables
from tenants.shared.archive.checking import Archive
from tenants.shared.enums import HallState
from tenants.shared.models import Domain, Hall, HallRestore, RestoreState, RestoreWay

# requests of the hall wait behind us while we wait for those before us: no longer than this at a time
_WAIT, _TRIES, _PAUSE = "2s", 30, 1.0
_IDENTITY = "tenants_hall_identity"


def swap(row: HallRestore, archive: Archive, keep_days: int, *, now: datetime) -> None:
    """Put the filled schema in place, whole or not at all.

    Everybody who works in the hall finishes first, and whoever comes meanwhile finds the new generation and is led on.
    """
    for attempt in range(_TRIES):
        try:
            with transaction.atomic(using=roles.OWNER):
                roles.run("SET LOCAL lock_timeout = {wait}", wait=_WAIT)
                if row.way == RestoreWay.IN_PLACE:
                    _in_place(row, now + timedelta(days=keep_days))
                else:
                    _as_copy(row, archive)
                _put_facts(row)
                roles.run("DROP SCHEMA {} CASCADE", row.facts)
                row.state = RestoreState.SWAPPED
                row.save(using=roles.OWNER)
            break
        except OperationalError as problem:
            if not isinstance(problem.__cause__, errors.LockNotAvailable) or attempt + 1 == _TRIES:
                raise
            row.state = RestoreState.LOADED
            time.sleep(_PAUSE)
    queries.forget()


def _in_place(row: HallRestore, kept_until: datetime) -> None:
    hall = Hall.objects.using(roles.OWNER).select_for_update().get(pk=row.number)
    with connections[roles.OWNER].cursor() as cursor:
        is_there = bool(_oid(cursor, hall.schema_name))
        if is_there and _oid(cursor, hall.schema_name, _IDENTITY):
            # every transaction in the hall has read it and ends before we go on
            cursor.execute(
                sql.SQL("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE").format(
                    sql.Identifier(hall.schema_name, _IDENTITY)
                )
            )
        losses.watch(cursor)
        losses.know_schema(cursor, row.incoming, row.facts)
        lost = losses.of(cursor, hall.schema_name, hall.role)
        losses.burn(cursor, row.incoming, hall.schema_name, lost)
    row.report = {**row.report, "lost": lost.told()}
    if is_there:
        row.kept_schema, row.kept_until = f"kept_{row.pk}", kept_until
        roles.run("ALTER SCHEMA {} RENAME TO {}", hall.schema_name, row.kept_schema)
        roles.run(
            "REVOKE ALL ON SCHEMA {} FROM {}, {}", row.kept_schema, hall.role, migrating.names().of("sealer")
        )
    roles.run("ALTER SCHEMA {} RENAME TO {}", row.incoming, hall.schema_name)
    hall.generation += 1
    Hall.objects.using(roles.OWNER).filter(pk=hall.pk).update(generation=hall.generation)
    migrating.prepare(hall)


def _oid(cursor: Any, *name: str) -> Any:
    kind = "regnamespace" if len(name) == 1 else "regclass"
    quoted = sql.SQL(".").join(map(sql.Identifier, name)).as_string(cursor.cursor)
    cursor.execute(sql.SQL("SELECT to_{}(%s)").format(sql.SQL(kind)), [quoted])
    return cursor.fetchone()[0]


def _as_copy(row: HallRestore, archive: Archive) -> None:
    """Open a hall of its own that is marked as a copy: it is on no list, no worker goes there, nothing leaves it."""
    told = archive.hall
    is_for_practice = row.way == RestoreWay.TRAINING
    hall = Hall(
        pk=row.number,
        schema_name=row.key,
        role=row.role,
        copy_of=archive.key,
        state=HallState.REHEARSAL if is_for_practice else HallState.PREPARING,
        level=told["level"],
        name=_("%(name)s（练习）") % {"name": told["name"][:55]} if is_for_practice else _("%(name)s（副本）") % {"name": told["name"][:55]},
        short_name=_("%(name)s练习") % {"name": told["short_name"][:17]} if is_for_practice else _("%(name)s副本") % {"name": told["short_name"][:17]},
        division_code=told["division_code"],
        case_prefix=_free_prefix(row.number),
        document_prefix=told["document_prefix"],
        department_prefix=told["department_prefix"],
        uscc=told["uscc"],
        position=told["position"],
    )  # fmt: skip
    # not save(): django-tenants' own looks at the default connection, which reaches no table here
    Hall.objects.using(roles.OWNER).bulk_create([hall])
    Domain.objects.using(roles.OWNER).bulk_create([Domain(domain=row.host, tenant=hall, is_primary=True)])
    roles.run("ALTER SCHEMA {} RENAME TO {}", row.incoming, row.key)
    migrating.prepare(hall)
    row.hall = hall


def _free_prefix(number: int) -> str:
    """Return six digits that no hall's case numbers begin with: no division's code begins with a 9."""
    taken = set(Hall.objects.using(roles.OWNER).values_list("case_prefix", flat=True))
    return next(
        prefix for more in range(100_000) if (prefix := f"9{(number + more) % 100_000:05d}") not in taken
    )


def _put_facts(row: HallRestore) -> None:
    """Write the hall's rows of public tables as the archive has them, each by its rule and as this hall's."""
    mine = {"hall_role": row.role, "hall_id": row.number}
    with connections[roles.OWNER].cursor() as cursor:
        public = {table.name: table for table in tables.tables(cursor, tables.PUBLIC)}
        for filled in tables.tables(cursor, row.facts):
            if settings.ARCHIVE_FACTS[filled.name] == settings.REPLACE:
                roles.run("DELETE FROM public.{} WHERE hall_role = {role}", filled.name, role=row.role)
            owners = [column for column in tables.OWNERS if column in public[filled.name].columns]
            # archives of before have the role that the hall had then
            columns = [column for column in filled.columns if column not in owners]
            cursor.execute(
                sql.SQL(
                    "INSERT INTO public.{0} ({1}, {2}) SELECT {1}, {3} FROM {4}.{0} ON CONFLICT DO NOTHING"
                ).format(
                    sql.Identifier(filled.name),
                    sql.SQL(", ").join(map(sql.Identifier, columns)),
                    sql.SQL(", ").join(map(sql.Identifier, owners)),
                    sql.SQL(", ").join(sql.Literal(mine[column]) for column in owners),
                    sql.Identifier(row.facts),
                )
            )


def finish(row: HallRestore, *, now: datetime) -> None:
    """Let the apps write what they derive of the restored rows, note it in the hall's audit, drop what need not be kept."""
    hall = Hall.objects.using(roles.OWNER).get(pk=row.number)
    with _anew():
        for function in declared.functions("hall_restored"):
            with scope.hall(hall):
                function(hall)
        if row.way == RestoreWay.IN_PLACE:
            for function in declared.functions("hall_put_back"):
                function(hall, row.made_at, now)
        with scope.hall(hall):
            detail = {
                "way": row.way,
                "from": row.from_key,
                "made_at": row.made_at.isoformat(),
                "digest": row.digest,
            }
            record(
                "hall.restore", now=now, actor=None, actor_name=row.by_name, object=hall.key, detail=detail
            )
    HallRestore.objects.using(roles.OWNER).filter(pk=row.pk).update(state=RestoreState.DONE, ended_at=now)
    row.state, row.ended_at = RestoreState.DONE, now
    drop_kept(now)


@contextmanager
def _anew() -> Iterator[None]:
    """Forget what this process believes of halls before and after: others are asked again."""
    queries.forget()
    try:
        yield
    finally:
        queries.forget()


def drop_kept(now: datetime) -> int:
    """Drop the former schemas whose time is over; return how many."""
    over = HallRestore.objects.using(roles.OWNER).exclude(kept_schema="").filter(kept_until__lte=now)
    dropped = 0
    for row in over:
        with transaction.atomic(using=roles.OWNER):
            roles.run("DROP SCHEMA IF EXISTS {} CASCADE", row.kept_schema)
            HallRestore.objects.using(roles.OWNER).filter(pk=row.pk).update(kept_schema="")
        dropped += 1
    return dropped


def schemas_beside() -> set[str]:
    """Return the schemas that belong to restores: being filled, or kept for a while."""
    found = set()
    rows = HallRestore.objects.using(roles.OWNER)
    for row in rows.filter(state__in=[RestoreState.LOADING, RestoreState.LOADED]):
        found |= {row.incoming, row.facts}
    return found | set(rows.exclude(kept_schema="").values_list("kept_schema", flat=True))
