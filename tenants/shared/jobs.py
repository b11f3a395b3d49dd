"""The owner's work on halls: asked for in a row, done by the operator in named steps, taken up again after a crash.

The city inserts the row and can change nothing of it. A step is idempotent: one that died half way is done again from its
beginning. Of a job that failed, what was begun can be undone in the opposite order.
"""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, DatabaseError, IntegrityError, connections, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from accounts.actor import NOBODY, Actor
from audit.services import record
from tenants.shared import queries, roles, scope
from tenants.shared.enums import JobState, StepState, Wish
from tenants.shared.models import Hall, HallJob, HallJobStep, HallJobWish

# the first half of the advisory locks of jobs; the second is the hall's key, hashed
LOCKS = 7_311_043
FOLLOW_SECONDS = 0.5
NOTE_LENGTH = HallJobStep._meta.get_field("note").max_length or 0
log = logging.getLogger(__name__)


class Busy(Exception):
    """A job of this kind is unfinished for this hall: one at a time."""


class Refused(Exception):
    """A step cannot be done as things are; the text says why and what to do."""


class UnknownKind(Exception):
    """No job of this name is declared in settings.HALL_JOBS."""


class CannotWish(Exception):
    """A job in this state cannot be tried again or undone."""


@dataclass(frozen=True)
class Step:
    """One step of a kind of job: `do` returns what it did in few words, `undo` takes it back; both may run twice.

    Without `undo` a step leaves nothing that would have to be taken back.
    """

    name: str
    label: str | Promise
    do: Callable[[HallJob], str]
    undo: Callable[[HallJob], None] | None = None


Told = Callable[[Step, HallJobStep], None]


def steps_of(kind: str) -> list[Step]:
    """Return the steps of a kind, in order. Raises UnknownKind."""
    if kind not in settings.HALL_JOBS:
        raise UnknownKind(kind)
    return [import_string(name) for name in settings.HALL_JOBS[kind]]


def ask(
    kind: str,
    *,
    key: str,
    by: Actor,
    now: datetime,
    hall: Hall | None = None,
    params: dict[str, Any] | None = None,
    reason: str = "",
    not_before: datetime | None = None,
    using: str = DEFAULT_DB_ALIAS,
) -> HallJob:
    """Ask for a job on the hall of this key, at once or from `not_before` on: in the city's scope, or as the owner.

    Raises Busy when one of this kind is unfinished there, UnknownKind.
    """
    steps_of(kind)
    job = HallJob(
        kind=kind,
        key=key,
        hall=hall,
        params=params or {},
        by=by.person_id,
        by_name=by.display_name,
        reason=reason,
        asked_at=now,
        not_before=not_before,
    )
    try:
        with transaction.atomic(using=using):
            job.save(using=using, force_insert=True)
    except IntegrityError as problem:
        raise Busy(
            _("%(key)s 有一件同样的事还没办完，先等它办完，或者再试、撤回") % {"key": key}
        ) from problem
    if using != roles.OWNER:
        _audit("hall_job.ask", job, by.person_id, by.display_name, now)
    return job


def wish(job: HallJob, what: str, *, by: Actor, now: datetime, using: str = DEFAULT_DB_ALIAS) -> None:
    """Ask that a job that failed is tried again, or that one that failed or waits is undone. Raises CannotWish."""
    allowed = {Wish.RETRY: {JobState.FAILED}, Wish.UNDO: {JobState.FAILED, JobState.WAITING}}[Wish(what)]
    if job.state not in allowed:
        raise CannotWish(_("这件事现在是“%(state)s”，不能这样做") % {"state": JobState(job.state).label})
    HallJobWish(job_id=job.pk, wish=what, by=by.person_id, by_name=by.display_name, at=now).save(using=using)
    if using != roles.OWNER:
        _audit(f"hall_job.{what}", job, by.person_id, by.display_name, now)


def at_once(
    kind: str,
    *,
    key: str,
    told: Told = lambda step, row: None,
    by: Actor = NOBODY,
    **asked: Any,
) -> HallJob:
    """Ask as the owner and do it here, or follow the operator that was faster; return the job as it ended.

    For commands: what they ask is what the console asks. Raises Busy, UnknownKind.
    """
    job = ask(kind, key=key, by=by, using=roles.OWNER, **asked)
    return follow(job, told)


def follow(job: HallJob, told: Told = lambda step, row: None) -> HallJob:
    """Do a job here unless somebody else does; return it when it has ended or failed."""
    unfinished = {JobState.WAITING, JobState.RUNNING, JobState.UNDOING}
    while (job := _fresh(job.pk)).state in unfinished:
        if not run(job, told):
            time.sleep(FOLLOW_SECONDS)
    return job


def remember(job: HallJob, **facts: Any) -> None:
    """Leave results of a step for later ones, at once and for good."""
    job.facts = {**job.facts, **facts}
    HallJob.objects.using(roles.OWNER).filter(pk=job.pk).update(facts=job.facts)


def progress(job: HallJob, done: int, total: int) -> None:
    """Say how far the step in hand is, in units of its own."""
    HallJobStep.objects.using(roles.OWNER).filter(job=job, state=StepState.RUNNING).update(
        done=done, total=total
    )


def round_of_jobs(stopped: Callable[[], bool] = lambda: False) -> int:
    """Hear what is wished and do every job that is due, the oldest first; return how many were done here."""
    hear_wishes()
    due = Q(state=JobState.WAITING) & (Q(not_before=None) | Q(not_before__lte=timezone.now()))
    waiting = HallJob.objects.using(roles.OWNER).filter(
        due | Q(state__in=[JobState.RUNNING, JobState.UNDOING])
    )
    done = 0
    for job in waiting.order_by("pk"):
        if stopped():
            break
        done += run(job)
    return done


def hear_wishes() -> None:
    """Turn what is wished into the jobs' states, where these still allow it."""
    for row in HallJobWish.objects.using(roles.OWNER).filter(heard_at=None).order_by("pk"):
        _hear(row)


def run(job: HallJob, told: Told = lambda step, row: None) -> bool:
    """Do what is left of a job, or undo it. Return False when somebody else is at work on this hall."""
    with _held(job.key) as lock:
        if lock is None:
            return False
        job = _fresh(job.pk)
        if job.state in {JobState.WAITING, JobState.RUNNING}:
            _do(job, told, lock)
        elif job.state == JobState.UNDOING:
            _undo(job, told, lock)
        return True


def _do(job: HallJob, told: Told, lock: Any) -> None:
    _set(job, JobState.RUNNING, started_at=job.started_at or timezone.now(), error="")
    for position, step in enumerate(steps_of(job.kind), start=1):
        row, _new = HallJobStep.objects.using(roles.OWNER).get_or_create(
            job=job,
            name=step.name,
            defaults={"position": position, "state": StepState.RUNNING, "started_at": timezone.now()},
        )
        if row.state == StepState.DONE:
            continue
        _mark(row, StepState.RUNNING, error="")
        told(step, row)
        problem = _attempt(step.do, job, row)
        told(step, row)
        if problem:
            _end(job, JobState.FAILED, error=problem)
            return
        _still(lock)
        job = _fresh(job.pk)
    _end(job, JobState.DONE)


def _undo(job: HallJob, told: Told, lock: Any) -> None:
    begun = {row.name: row for row in job.steps.all()}
    for step in reversed(steps_of(job.kind)):
        row = begun.get(step.name)
        if row is None or row.state == StepState.UNDONE:
            continue
        problem = _attempt(step.undo or _leave, job, row, StepState.UNDONE)
        told(step, row)
        if problem:
            _end(job, JobState.FAILED, error=problem)
            return
        _still(lock)
        job = _fresh(job.pk)
    _end(job, JobState.UNDONE)


def _leave(job: HallJob) -> None:
    """Take nothing back: the step left nothing."""


def _attempt(
    work: Callable[[HallJob], str | None], job: HallJob, row: HallJobStep, ended: str = StepState.DONE
) -> str:
    """Do a step or take it back, and write down how it ended; return why it could not be."""
    # what another process has changed of the halls is seen at once
    queries.forget()
    try:
        note = work(job) or row.note
    except Refused as refused:
        problem = str(refused)
    except DatabaseError as trouble:
        # a lost connection says nothing about the step: it stays as it is and is taken up again
        if not connections[roles.OWNER].is_usable():
            raise
        problem = _said(trouble)
    except Exception as trouble:
        log.exception("step %s of job %s", row.name, row.job_id)
        problem = _said(trouble)
    else:
        _mark(row, ended, note=note[:NOTE_LENGTH])
        queries.forget()
        return ""
    _mark(row, StepState.FAILED, error=problem)
    return problem


def _said(trouble: Exception) -> str:
    return f"{type(trouble).__name__}: {str(trouble).strip()}"[:2000]


def _hear(row: HallJobWish) -> None:
    """Turn a wish into the job's state, if it is still one that allows it."""
    with transaction.atomic(using=roles.OWNER):
        job = HallJob.objects.using(roles.OWNER).select_for_update().get(pk=row.job_id)
        if row.wish == Wish.RETRY and job.state == JobState.FAILED:
            # what was half undone is done again too
            job.steps.using(roles.OWNER).filter(state=StepState.UNDONE).delete()
            _set(job, JobState.WAITING, error="")
        elif row.wish == Wish.UNDO and job.state in {JobState.FAILED, JobState.WAITING}:
            _set(job, JobState.UNDOING, error="")
        HallJobWish.objects.using(roles.OWNER).filter(pk=row.pk).update(heard_at=timezone.now())


@contextmanager
def _held(key: str) -> Iterator[Any]:
    """Hold a hall's lock on a connection of its own, which ends with the process; None when another holds it."""
    lock = connections[roles.OWNER].copy()
    try:
        with lock.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s, hashtext(%s))", [LOCKS, key])
            is_ours = cursor.fetchone()[0]
        yield lock if is_ours else None
    finally:
        lock.close()


def _still(lock: Any) -> None:
    """Raise DatabaseError when the connection that holds the lock is gone: another may be at work by now."""
    with lock.cursor() as cursor:
        cursor.execute("SELECT 1")


def _fresh(pk: int) -> HallJob:
    return HallJob.objects.using(roles.OWNER).select_related("hall").get(pk=pk)


def _set(job: HallJob, state: str, **values: Any) -> None:
    HallJob.objects.using(roles.OWNER).filter(pk=job.pk).update(state=state, **values)
    job.state = state


def _mark(row: HallJobStep, state: str, **values: Any) -> None:
    ended = None if state == StepState.RUNNING else timezone.now()
    for name, value in {"state": state, "ended_at": ended, **values}.items():
        setattr(row, name, value)
    row.save(using=roles.OWNER, update_fields=["state", "ended_at", *values])


def _end(job: HallJob, state: str, error: str = "") -> None:
    now = timezone.now()
    _set(job, state, error=error, ended_at=now)
    with scope.city():
        _audit(f"hall_job.{state}", job, job.by, job.by_name, now)


def _audit(action: str, job: HallJob, by: UUID | None, by_name: str, now: datetime) -> None:
    detail = {"kind": job.kind, "job": job.pk, "reason": job.reason}
    record(action, now=now, actor=by, actor_name=by_name, object=job.key, detail=detail)
