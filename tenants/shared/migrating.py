"""Bringing public and every hall to the newest tables: one query tells which halls are behind, and only those are touched.

Django takes the template through a migration once. What it sent to the database then is kept as a script, in the same
transaction, and every hall that stood where the template stood gets those statements in one string, in one transaction of
its own. A hall that stands elsewhere goes step by step; so do all halls when a migration looks at rows or needs to run
outside of a transaction. A hall that fails keeps its old tables, is quarantined with the reason, and stops no other.
"""

import hashlib
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
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
from psycopg2 import sql

from tenants.shared import queries, roles, schemas, template
from tenants.shared.checks import granted
from tenants.shared.enums import HallState
from tenants.shared.models import City, Hall, HallMigration, MigrationScript

WORKERS = 4
# halls after which a connection is made anew: a backend keeps 0.4 MB for every schema that it touched
A_CONNECTION = 40
# a hall that is busy for longer than this is left for the next run
LOCK_TIMEOUT = "10s"
# what only looks, or belongs to the transaction around it, is not repeated in the halls
_NOT_KEPT = ("SELECT", "SAVEPOINT", "RELEASE", "SET ", "SHOW")
# what leaves something without rights, in the text of a script
_MAKING = ("CREATE TABLE", "CREATE SEQUENCE", " AS IDENTITY", "CREATE VIEW")
_ONE_RUN = 7_311_042  # the advisory lock of a run
_NOTHING = ""


class AnotherRun(Exception):
    """Two runs at once would wait for each other's halls."""


def run(
    *,
    workers: int = WORKERS,
    every_hall: bool = False,
    keys: Sequence[str] = (),
    told: Callable[[HallMigration], None] = lambda done: None,
) -> list[HallMigration]:
    """Bring public, the template and all halls that are behind up to date; return what was done in each hall.

    `every_hall` takes those too that need nothing: what was dropped or granted by hand is put right; `keys` takes these halls
    alone, whether behind or not. Up to `workers` halls at once, each in one transaction. `told` hears of each. Raises AnotherRun.
    """
    with _alone():
        schemas.migrate(schemas.PUBLIC)
        schemas.install(schemas.PUBLIC)
        _take_the_template_along()
        if not City.objects.using(roles.OWNER).exists():
            return []
        granted.settle_public(names())
        goal = Goal(target(), stands(template.SCHEMA), every_hall=every_hall)
        chosen = _all(keys) if keys or every_hall else behind()
        workers = max(1, min(workers, len(chosen) or 1))
        share = max(1, min(A_CONNECTION, len(chosen) // workers))
        shares = [chosen[start : start + share] for start in range(0, len(chosen), share)]
        done = []
        with ThreadPoolExecutor(max_workers=workers) as pool:
            for outcomes in pool.map(lambda halls: _some(halls, goal), shares):
                for outcome in outcomes:
                    told(outcome)
                done += outcomes
    queries.forget()
    return done


@dataclass
class Goal:
    """Where halls are led in this run: the digest of the code, where the template stands and what it has, the scripts that lead there."""

    digest: str
    there: str
    every_hall: bool = False

    def __post_init__(self) -> None:
        self.relations = granted.relations(template.SCHEMA)
        self.scripts = {script.before: script for script in MigrationScript.objects.using(roles.OWNER)}


def names() -> roles.Names:
    """Return the names of this database's roles, read as the owner."""
    return roles.Names(City.objects.using(roles.OWNER).get().role_prefix)


def _all(keys: Sequence[str]) -> list[Hall]:
    return list(_standing().filter(schema_name__in=keys) if keys else _standing())


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
    """Return what a hall is that is up to date: a digest of migrations and declared objects, then one of rights."""
    made = [
        *sorted(f"{app}.{name}" for app, name in template.on_disk()),
        *(f"{each.name} {each.digest}" for each in schemas.objects("hall_objects")),
    ]
    return _digest(made)[:8] + _digest([repr((settings.HALL_RIGHTS, settings.SEALER_RIGHTS))])[:8]


def _has_rights_of(migrated_to: str, goal: str) -> bool:
    """Say whether a hall got its rights by the same settings as the goal's."""
    return migrated_to[8:] == goal[8:]


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
        if plan:
            schemas.drop_outdated(template.SCHEMA)
        with connections[roles.OWNER].execute_wrapper(_keeping(kept)):
            schemas.migrate(template.SCHEMA)
        # for check_halls, which compares every hall with the template; new halls make their own
        schemas.install(template.SCHEMA)
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


def _some(halls: list[Hall], goal: Goal) -> list[HallMigration]:
    """Bring some halls along on one connection, which ends with them."""
    try:
        return [line for hall in halls if (line := _one(hall, goal)) is not None]
    finally:
        connections[roles.OWNER].close()


def _one(hall: Hall, goal: Goal) -> HallMigration | None:
    """Bring one hall along in a transaction; return its line of the ledger, written in any case. None for one that was deleted."""
    began, now = time.monotonic(), timezone.now()
    line = HallMigration(hall=hall, before=hall.migrated_to, after=goal.digest, steps=[], started_at=now)
    try:
        with transaction.atomic(using=roles.OWNER):
            roles.run("SET LOCAL lock_timeout = {timeout}", timeout=LOCK_TIMEOUT)
            # as it is now: it may have been renamed since the run began
            found = Hall.objects.using(roles.OWNER).select_for_update().filter(pk=hall.pk).first()
            if found is None:
                return None
            hall = found
            line.steps, has_new_tables = _bring(hall, goal)
            is_as_it_was = not has_new_tables and _has_rights_of(hall.migrated_to, goal.digest)
            prepare(hall, goal, rights_too=goal.every_hall or not is_as_it_was)
            _write(line, began, HallMigration.DONE)
    except Exception as problem:
        # whatever a migration does in one hall, the others go on
        connections[roles.OWNER].close_if_unusable_or_obsolete()
        line.error = f"{type(problem).__name__}: {problem}".strip()[:2000]
        with transaction.atomic(using=roles.OWNER):
            _write(line, began, HallMigration.FAILED, quarantined_at=now)
    return line


def _bring(hall: Hall, goal: Goal) -> tuple[list[str], bool]:
    """Send a hall the scripts that lead from where it stands, or take it step by step.

    Return the steps, and whether tables or sequences may have come, which have no rights yet.
    """
    at, texts, steps = stands(hall.schema_name), [], []
    while at != goal.there and (script := goal.scripts.get(at)):
        texts.append(script.statements)
        steps += script.steps
        at = script.after
    if at == goal.there:
        if not texts:
            return [], False
        text = ";\n".join(texts)
        schemas.drop_outdated(hall.schema_name)
        _send(text, hall.schema_name)
        return steps, any(word in text.upper() for word in _MAKING)
    steps = [f"{step.app_label}.{step.name}" for step in _plan(hall.schema_name)]
    schemas.drop_outdated(hall.schema_name)
    schemas.migrate(hall.schema_name)
    return steps, True


def _send(text: str, schema: str) -> None:
    """Send a script to a schema in one string with its path, and with the way back."""
    connection = connections[roles.OWNER]
    there, back = (
        sql.SQL("SET LOCAL search_path = {}").format(sql.SQL(", ").join(map(sql.Identifier, path)))
        for path in ((schema, settings.EXTENSIONS_SCHEMA), (schemas.PUBLIC, settings.EXTENSIONS_SCHEMA))
    )
    with connection.cursor() as cursor:
        way, home = (part.as_string(connection.connection) for part in (there, back))
        cursor.execute(f"{way};\n{text};\n{home}")


def prepare(hall: Hall, goal: Goal | None = None, *, rights_too: bool = True) -> None:
    """Make a hall's declared objects, identity row and rights what the code says. Changes nothing when they are.

    Without `rights_too` they are looked at only where something was made.
    """
    is_made = schemas.install(hall.schema_name)
    write_identity(hall)
    if is_made or rights_too:
        of_roles = names()
        roles.ensure_hall_role(of_roles, hall.pk)
        kinds = goal.relations if goal else granted.relations(template.SCHEMA)
        granted.settle_hall(of_roles, hall.schema_name, hall.role, kinds)
    Hall.objects.using(roles.OWNER).filter(pk=hall.pk).update(
        migrated_to=goal.digest if goal else target(), quarantined_at=None
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
    line.save(using=roles.OWNER, force_insert=True)
    if quarantined_at:
        Hall.objects.using(roles.OWNER).filter(pk=line.hall_id, quarantined_at=None).update(
            quarantined_at=quarantined_at
        )
