"""Bringing public and every hall to the newest tables: one query tells which halls are behind, and only those are touched.

Django takes the template through a migration once. What it sent to the database then is kept as a script, in the same
transaction, and every hall that stood where the template stood gets those statements in one string, in one transaction of
its own. A hall that stands elsewhere goes step by step; so do all halls when a migration looks at rows or needs to run
outside of a transaction. A hall that fails keeps its old tables, is quarantined with the reason, and stops no other.
"""

import hashlib
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connections, transaction
from django.db.migrations import Migration
from django.db.migrations.executor import MigrationExecutor
from django.db.models import QuerySet
from django.utils import timezone

from tenants.shared import queries, roles, schemas, structure, template
from tenants.shared.enums import HallState
from tenants.shared.models import City, Hall, HallMigration, MigrationScript

WORKERS = 4
# a hall that is busy for longer than this is left for the next run
LOCK_TIMEOUT = "10s"
# what only looks, or belongs to the transaction around it, is not repeated in the halls
_NOT_KEPT = ("SELECT", "SAVEPOINT", "RELEASE", "SET ", "SHOW")
_ONE_RUN = 7_311_042  # the advisory lock of a run
_NOTHING = ""


class AnotherRun(Exception):
    """Two runs at once would wait for each other's halls."""


def run(
    *,
    workers: int = WORKERS,
    every_hall: bool = False,
    told: Callable[[HallMigration], None] = lambda done: None,
) -> list[HallMigration]:
    """Bring public, the template and all halls that are behind up to date; return what was done in each hall.

    `every_hall` takes those too that need nothing: what was dropped or granted by hand is put right. Up to `workers` halls
    at once, each in one transaction. `told` hears of each as it is done. Raises AnotherRun.
    """
    with _alone():
        schemas.migrate(schemas.PUBLIC)
        schemas.install(schemas.PUBLIC)
        _take_the_template_along()
        if not City.objects.using(roles.OWNER).exists():
            return []
        roles.grant_public(names())
        goal, there = target(), stands(template.SCHEMA)
        scripts = {script.before: script for script in MigrationScript.objects.using(roles.OWNER)}
        chosen = list(Hall.objects.using(roles.OWNER).order_by("position", "id")) if every_hall else behind()
        done = []
        with ThreadPoolExecutor(max_workers=max(1, min(workers, len(chosen) or 1))) as pool:
            for outcome in pool.map(lambda hall: _one(hall, goal, there, scripts), chosen):
                told(outcome)
                done.append(outcome)
    queries.forget()
    return done


def names() -> roles.Names:
    """Return the names of this database's roles, read as the owner."""
    return roles.Names(City.objects.using(roles.OWNER).get().role_prefix)


def behind() -> list[Hall]:
    """Return the halls that are not where the code leads: one query."""
    return list(_standing().exclude(migrated_to=target(), quarantined_at=None))


def _standing() -> "QuerySet[Hall]":
    """Return the halls that have a schema: all but those that were deleted."""
    found: QuerySet[Hall] = Hall.objects.using(roles.OWNER).exclude(state=HallState.DELETED)
    return found.order_by("position", "id")


def refuse_old_tables() -> None:
    """Raise ImproperlyConfigured when public lacks a migration that the code has. Asked by the web tier, as `gate`."""
    with connections[queries.GATE].cursor() as cursor:
        cursor.execute("SELECT app, name FROM public.django_migrations")
        done = set(cursor.fetchall())
    if missing := sorted(f"{app} {name}" for app, name in set(template.on_disk()) - done):
        raise ImproperlyConfigured(
            f"the database lacks {', '.join(missing)}: run manage.py migrate_halls with the owner's login, then start again"
        )


def target() -> str:
    """Return what a hall is that is up to date: a digest of migrations, declared objects and rights."""
    parts = [
        *sorted(f"{app}.{name}" for app, name in template.on_disk()),
        *(f"{each.name} {each.digest}" for each in schemas.objects("hall_objects")),
        repr((settings.HALL_RIGHTS, settings.SEALER_RIGHTS)),
    ]
    return _digest(parts)


def _digest(parts: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def stands(schema: str) -> str:
    """Return where a schema stands, by its own record of migrations."""
    done = template.recorded(schema)
    return _digest(f"{app}.{name}" for app, name in sorted(done)) if done else _NOTHING


@contextmanager
def _alone() -> Iterator[None]:
    ((is_alone,),) = roles.rows("SELECT pg_try_advisory_lock(%s)", [_ONE_RUN])
    if not is_alone:
        raise AnotherRun("migrate_halls is running already: wait until it has ended, then run it again")
    try:
        yield
    finally:
        roles.rows("SELECT pg_advisory_unlock(%s)", [_ONE_RUN])
        connections[roles.OWNER].close()


def _take_the_template_along() -> None:
    """Migrate the template and keep what was sent, together: a run that dies here has done neither."""
    with transaction.atomic(using=roles.OWNER):
        roles.run("CREATE SCHEMA IF NOT EXISTS {}", template.SCHEMA)
        before, plan = stands(template.SCHEMA), _plan(template.SCHEMA)
        kept: list[str] = []
        with connections[roles.OWNER].execute_wrapper(_keeping(kept)):
            schemas.migrate(template.SCHEMA)
        if plan and before and all(map(_is_text, plan)):
            MigrationScript.objects.using(roles.OWNER).update_or_create(
                before=before,
                defaults={
                    "after": stands(template.SCHEMA),
                    "statements": ";\n".join(kept),
                    "steps": [f"{step.app_label}.{step.name}" for step in plan],
                    "created_at": timezone.now(),
                },
            )


def _plan(schema: str) -> list[Migration]:
    connection: Any = connections[roles.OWNER]
    connection.set_schema(schema, include_public=False)
    try:
        executor = MigrationExecutor(connection)
        return [step for step, _backwards in executor.migration_plan(executor.loader.graph.leaf_nodes())]
    finally:
        connection.set_schema_to_public()


def _is_text(step: Migration) -> bool:
    """Say whether the step is what it sends: no look at rows, and a transaction around it. One of the city's sends nothing here."""
    if apps.get_app_config(step.app_label).name not in settings.TENANT_APPS:
        return True
    return bool(step.atomic) and all(operation.reduces_to_sql for operation in step.operations)


def _keeping(kept: list[str]) -> Callable[..., Any]:
    def keep(execute: Callable[..., Any], statement: str, params: Any, many: bool, context: Any) -> Any:
        answer = execute(statement, params, many, context)
        sent = context["cursor"].cursor.query.decode()
        if not sent.lstrip().upper().startswith(_NOT_KEPT):
            kept.append(sent.strip().rstrip(";"))
        return answer

    return keep


def _one(hall: Hall, goal: str, there: str, scripts: dict[str, MigrationScript]) -> HallMigration:
    """Bring one hall along in a transaction; return its line of the ledger, written in any case."""
    began, now = time.monotonic(), timezone.now()
    line = HallMigration(hall=hall, before=hall.migrated_to, after=goal, steps=[], started_at=now)
    try:
        with transaction.atomic(using=roles.OWNER):
            roles.run("SET LOCAL lock_timeout = {timeout}", timeout=LOCK_TIMEOUT)
            # as it is now: it may have been renamed since the run began
            hall = Hall.objects.using(roles.OWNER).select_for_update().get(pk=hall.pk)
            line.steps = _bring(hall, there, scripts)
            prepare(hall, goal)
            _write(line, began, HallMigration.DONE)
    except Exception as problem:
        # whatever a migration does in one hall, the others go on
        line.error = f"{type(problem).__name__}: {problem}".strip()[:2000]
        _write(line, began, HallMigration.FAILED, quarantined_at=now)
    finally:
        connections[roles.OWNER].close()
    return line


def _bring(hall: Hall, there: str, scripts: dict[str, MigrationScript]) -> list[str]:
    """Send a hall the scripts that lead from where it stands, or take it step by step; return the steps."""
    at, texts, steps = stands(hall.schema_name), [], []
    while at != there and (script := scripts.get(at)):
        texts.append(script.statements)
        steps += script.steps
        at = script.after
    if at == there:
        if texts:
            with structure.alone_on_the_path(hall.schema_name), connections[roles.OWNER].cursor() as cursor:
                cursor.execute(";\n".join(texts))
        return steps
    steps = [f"{step.app_label}.{step.name}" for step in _plan(hall.schema_name)]
    schemas.migrate(hall.schema_name)
    return steps


def prepare(hall: Hall, goal: str = "") -> None:
    """Make a hall's declared objects, identity row and rights what the code says. Changes nothing when they are."""
    schemas.install(hall.schema_name)
    write_identity(hall)
    of_roles = names()
    roles.ensure_hall_role(of_roles, hall.pk)
    roles.grant_hall(of_roles, hall.schema_name, hall.role)
    Hall.objects.using(roles.OWNER).filter(pk=hall.pk).update(
        migrated_to=goal or target(), quarantined_at=None
    )


def write_identity(hall: Hall) -> None:
    """Write the row by which every transaction in this schema knows whose it is."""
    roles.run(
        "INSERT INTO {}.tenants_hall_identity (id, key, generation, state, staff_may_finish)"
        " VALUES (1, {key}, {generation}, {state}, {staff_may_finish}) ON CONFLICT (id) DO UPDATE SET key = EXCLUDED.key,"
        " generation = EXCLUDED.generation, state = EXCLUDED.state, staff_may_finish = EXCLUDED.staff_may_finish",
        hall.schema_name,
        key=hall.schema_name,
        generation=hall.generation,
        state=str(hall.state),
        staff_may_finish=hall.staff_may_finish,
    )


def _write(line: HallMigration, began: float, outcome: str, quarantined_at: datetime | None = None) -> None:
    line.outcome, line.seconds = outcome, time.monotonic() - began
    with transaction.atomic(using=roles.OWNER):
        line.save(using=roles.OWNER)
        if quarantined_at:
            Hall.objects.using(roles.OWNER).filter(pk=line.hall_id, quarantined_at=None).update(
                quarantined_at=quarantined_at
            )
