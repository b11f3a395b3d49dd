"""Making a hall of an archive: its schema is filled beside, nobody sees it, then it is put in place in one transaction.

Steps, each repeatable after a kill: `begin` writes a row, `load` fills a schema of its own and puts the files, `ready` brings
its tables up to date and gives rights, `swap` puts it in place, `finish` lets the apps write what they derive.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import DatabaseError, connections, transaction

from tenants.shared import jobs, migrating, naming, roles, schemas, services, template
from tenants.shared.archive import blobs, checking, keeping, keys, loading, masking, swapping, tables
from tenants.shared.archive.checking import Archive
from tenants.shared.archive.records import Content
from tenants.shared.checks import granted
from tenants.shared.models import Hall, HallRestore, RestoreState, RestoreWay

KEPT_DAYS = 7

Told = Callable[[str], None]


class CannotRestore(Exception):
    """The archive cannot be restored in this way; the text says why and what to do."""


@dataclass(frozen=True)
class Plan:
    """What is to become of an archive: in which way, under which key and host, how many days the former schema is kept.

    `keep_days` 0 drops the former schema at once. `by_name` is who asked.
    """

    way: str
    key: str
    host: str = ""
    keep_days: int = KEPT_DAYS
    by_name: str = ""
    # though shared rows are missing here that it refers to
    anyway: bool = False

    @property
    def is_in_place(self) -> bool:
        """Whether the hall itself gets it."""
        return self.way == RestoreWay.IN_PLACE

    @property
    def is_masked(self) -> bool:
        """Whether personal data is replaced by invented data."""
        return self.way == RestoreWay.TRAINING


def restore(
    path: Path, opener: keys.Opener, plan: Plan, *, now: datetime, told: Told = lambda step: None
) -> HallRestore:
    """Restore an archive as planned, or finish what a killed run of the same archive has put in place already.

    Raises sealed.BadArchive, keys.BadKey, CannotRestore, OSError: then nothing of the hall has changed.
    """
    # read twice, and once more by whoever finishes what is killed
    with keeping.held(path):
        return _restored(path, opener, plan, now, told)


def _restored(path: Path, opener: keys.Opener, plan: Plan, now: datetime, told: Told) -> HallRestore:
    mask = masking.Mask() if plan.is_masked else None
    archive = checking.read(path, opener, mask.look if mask else Content.skip)
    told("checked")
    _has_what_it_needs(archive, plan)
    with alone(plan.key):
        clear_abandoned(plan.key)
        row = half_done(plan, archive)
        if row is None:
            row = begin(plan, archive, now=now)
            told("begun")
            try:
                load(row, archive, path, opener, mask, told)
                ready(row)
                told("ready")
                swapping.swap(row, archive, plan.keep_days, now=now)
            except BaseException:
                _abandon(row)
                raise
            told("swapped")
        swapping.finish(row, now=now)
        told("finished")
    return row


def _has_what_it_needs(archive: Archive, plan: Plan) -> None:
    with connections[roles.OWNER].cursor() as cursor:
        lacking = tables.lacking(cursor, archive.manifest["references"])
    if lacking and not plan.anyway:
        told = "; ".join(f"{table}: {', '.join(codes[:5])}" for table, codes in lacking.items())
        raise CannotRestore(
            f"shared rows are missing here that the archive refers to ({told}): bring them back, or restore it --anyway"
        )


def begin(plan: Plan, archive: Archive, *, now: datetime) -> HallRestore:
    """Write down what is about to be done, with the number and role that it will have. Raises CannotRestore."""
    hall = Hall.objects.using(roles.OWNER).filter(schema_name=plan.key).first()
    if plan.is_in_place:
        if hall is None:
            raise CannotRestore(f"there is no hall {plan.key}: restore it with --as KEY --host HOST")
        if hall.copy_of:
            raise CannotRestore(f"{plan.key} is a copy: restore the archive under another key instead")
        if archive.key != plan.key and archive.role != hall.role:
            raise CannotRestore(
                f"the archive is of {archive.key}, not of {plan.key}: restore it with --as KEY --host HOST"
            )
        number, role = hall.pk, hall.role
    else:
        _can_be_opened(plan, hall)
        ((number,),) = roles.rows(
            "SELECT nextval(pg_get_serial_sequence('public.tenants_shared_hall', 'id'))"
        )
        role = migrating.names().hall(number)
    row = HallRestore(
        hall=hall, key=plan.key, host=plan.host, way=plan.way, from_key=archive.key, digest=archive.digest,
        made_at=archive.made_at, number=number, role=role, by_name=plan.by_name, started_at=now,
    )  # fmt: skip
    row.save(using=roles.OWNER)
    return row


def _can_be_opened(plan: Plan, hall: Hall | None) -> None:
    if not naming.is_key(plan.key):
        raise services.BadKey(
            f"{plan.key!r} cannot be a hall's key: write 2 to 20 lower-case letters and digits, a letter first"
        )
    if hall is not None or naming.schema_exists(plan.key, using=roles.OWNER):
        raise CannotRestore(f"{plan.key} is a hall or a schema already: choose another key")
    if not plan.host:
        raise CannotRestore("a copy needs a host name of its own: --host HOST")
    if roles.rows("SELECT 1 FROM public.tenants_shared_domain WHERE domain = %s", [plan.host]):
        raise CannotRestore(f"{plan.host} is a hall's host already: choose another")


def half_done(plan: Plan, archive: Archive) -> HallRestore | None:
    """Return what a killed run of the same archive and plan has put in place and not finished."""
    return (
        HallRestore.objects.using(roles.OWNER)
        .filter(key=plan.key, way=plan.way, digest=archive.digest, state=RestoreState.SWAPPED)
        .first()
    )


@contextmanager
def alone(key: str) -> Iterator[None]:
    """Hold the hall of this key, as jobs do, on a connection that ends with the process. Raises CannotRestore."""
    lock = connections[roles.OWNER].copy()
    try:
        with lock.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s, hashtext(%s))", [jobs.LOCKS, key])
            if not cursor.fetchone()[0]:
                raise CannotRestore(
                    f"something else is being done with {key}: wait until it has ended, then try again"
                )
        yield
    finally:
        lock.close()


def clear_abandoned(key: str) -> None:
    """Remove what killed restores under this key have left beside. The caller holds the hall."""
    unfinished = HallRestore.objects.using(roles.OWNER).filter(
        key=key, state__in=[RestoreState.LOADING, RestoreState.LOADED]
    )
    for row in unfinished:
        _abandon(row)


def _abandon(row: HallRestore) -> None:
    """Drop the schemas beside and, of a copy, its files; nothing of it was ever seen. What was put in place stays."""
    connections[roles.OWNER].close_if_unusable_or_obsolete()
    current = HallRestore.objects.using(roles.OWNER).filter(pk=row.pk).values_list("state", flat=True).first()
    if current not in {RestoreState.LOADING, RestoreState.LOADED}:
        return
    with transaction.atomic(using=roles.OWNER):
        for schema in (row.incoming, row.facts):
            roles.run("DROP SCHEMA IF EXISTS {} CASCADE", schema)
        if row.way != RestoreWay.IN_PLACE:
            roles.drop_hall_role(row.role)
        HallRestore.objects.using(roles.OWNER).filter(pk=row.pk).update(state=RestoreState.ABANDONED)
    if row.way != RestoreWay.IN_PLACE:
        blobs.remove_folder(row.role)


def load(
    row: HallRestore, archive: Archive, path: Path, opener: keys.Opener, mask: masking.Mask | None, told: Told
) -> list[str]:
    """Fill the schemas beside and put the files; return what a drill found other than it was written.

    `archive` is what `checking.read` made of the same file. Raises CannotRestore, and nothing is left but files in place.
    """
    if archive.digest != row.digest:
        raise CannotRestore("this is another archive than the one that was checked: begin again")
    loader = loading.Loader(row, archive, mask, told)
    with _words_for_database_errors(), transaction.atomic(using=roles.OWNER):
        loader.make()
        if checking.read(path, opener, loader.take).digest != archive.digest:
            raise CannotRestore("the archive was changed since it was checked: take another copy of it")
        loader.complete()
        _advance(row, RestoreState.LOADED)
    told("loaded")
    return loader.findings


def ready(row: HallRestore) -> None:
    """Bring the filled schema to the newest tables and give it views, functions and rights. Raises CannotRestore."""
    with _words_for_database_errors():
        if migrating.stands(row.incoming) != migrating.stands(template.SCHEMA):
            schemas.migrate(row.incoming)
        with transaction.atomic(using=roles.OWNER):
            schemas.install(row.incoming)
            names = migrating.names()
            roles.ensure_hall_role(names, row.number)
            granted.settle_hall(names, row.incoming, row.role, granted.relations(template.SCHEMA))


def _advance(row: HallRestore, state: str, **values: Any) -> None:
    HallRestore.objects.using(roles.OWNER).filter(pk=row.pk).update(state=state, **values)
    row.state = state


@contextmanager
def _words_for_database_errors() -> Iterator[None]:
    try:
        yield
    except DatabaseError as problem:
        raise CannotRestore(
            f"the archive's rows do not go into its tables: {str(problem).strip().splitlines()[0]}; nothing was changed"
        ) from problem
