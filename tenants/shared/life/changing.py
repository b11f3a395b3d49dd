"""Steps of a hall's life and what else changes a whole hall at once: the job `state`, and the transaction that others share.

The one interpreter of `tenants.shared.life.transitions`. Row, identity row, history and the hall's own audit are one
transaction of the owner, which waits until nobody is inside the hall, so that each request is wholly before or after it.
"""

import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.utils import OperationalError
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from psycopg2 import errors

from tenants.shared import jobs, migrating, queries, roles, scope
from tenants.shared.enums import HallState
from tenants.shared.life import transitions
from tenants.shared.models import Hall, HallJob, HallTransition

# whoever comes meanwhile waits no longer than this; then the way is given free, and it is tried again
LOCK_TIMEOUT = "3s"
TRIES = 20
PAUSE_SECONDS = 0.5


class NotPossible(Exception):
    """The hall's state has no such step, or something must be put right first; the text says which steps there are."""


def findings(checks: tuple[str, ...], hall: Hall) -> list[str]:
    """Return what hinders a step, a sentence each: what the functions of settings.HALL_CHECKS say, asked as the city."""
    found: list[str] = []
    for name in checks:
        for dotted in settings.HALL_CHECKS.get(name, ()):
            hinders: Callable[[Hall], list[str]] = import_string(dotted)
            found += hinders(hall)
    return found


def step_to(hall: Hall, state: str) -> transitions.Transition:
    """Return the step that leads a hall to a state. Raises NotPossible, saying which steps are possible."""
    step = transitions.leading(hall.state, state)
    if step is not None:
        return step
    if state == HallState.DELETED:
        raise NotPossible(_("删除大厅要两个人同意，请用 delete_hall，或在大厅的“删除”页办"))
    if state not in HallState.values:
        raise NotPossible(_("没有“%(state)s”这个状态。%(ways)s") % {"state": state, "ways": possible(hall)})
    raise NotPossible(possible(hall))


def possible(hall: Hall) -> str:
    """Return in a sentence where a hall is and which steps lead on."""
    ways = "、".join(f"{each.label}（{each.to.value}）" for each in transitions.open_from(hall.state))
    here = HallState(hall.state).label
    return _("大厅现在是“%(here)s”，可以：%(ways)s") % {"here": here, "ways": ways or _("没有")}


def fresh(job: HallJob) -> Hall:
    """Return the hall of a job as it is now. Raises jobs.Refused when there is none."""
    hall: Hall | None = Hall.objects.using(roles.OWNER).filter(pk=job.hall_id).first()
    if hall is None:
        raise jobs.Refused(_("没有这个大厅"))
    return hall


@contextmanager
def alone(pk: int) -> Iterator[Hall]:
    """Give a hall, locked, in a transaction of the owner while nobody is inside the hall; whoever comes waits.

    Every request's transaction has read the identity row, so a lock on that table waits for those that are inside and
    holds up the next. A busy hall is tried again a few times. Raises jobs.Refused.
    """
    for _try in range(TRIES):
        is_inside = False
        try:
            with transaction.atomic(using=roles.OWNER):
                hall = _locked(pk)
                is_inside = True
                yield hall
            return
        except OperationalError as busy:
            if is_inside or not isinstance(busy.__cause__, errors.LockNotAvailable):
                raise
        time.sleep(PAUSE_SECONDS)
    raise jobs.Refused(_("大厅里有事一直没办完，没能换过来。请过一会儿再试"))


def _locked(pk: int) -> Hall:
    roles.run("SET LOCAL lock_timeout = {timeout}", timeout=LOCK_TIMEOUT)
    # not the key: rows of public that name the hall are written by those whom this waits for
    hall: Hall = Hall.objects.using(roles.OWNER).select_for_update(no_key=True).get(pk=pk)
    roles.run("LOCK TABLE {}.tenants_hall_identity IN ACCESS EXCLUSIVE MODE", hall.schema_name)
    return hall


def note(job: HallJob, hall: Hall, *, name: str, before: str, after: str, now: datetime, action: str) -> None:
    """Write a step into the hall's history and into its own audit, in the transaction in hand."""
    HallTransition(
        hall_id=hall.pk,
        job=job,
        name=name,
        before=before,
        after=after,
        by=job.by,
        by_name=job.by_name,
        reason=job.reason,
        at=now,
    ).save(using=roles.OWNER)
    roles.run(
        "INSERT INTO {}.audit_record (id, at, actor, actor_name, action, object, detail) VALUES ({id}, {at}, {actor}, {actor_name},"
        " {action}, {object}, jsonb_build_object('from', {before}::text, 'to', {after}::text, 'reason', {reason}::text))",
        hall.schema_name,
        id=str(uuid.uuid4()),
        at=now,
        actor=str(job.by) if job.by else None,
        actor_name=job.by_name,
        action=action,
        object=hall.schema_name,
        before=before,
        after=after,
        reason=job.reason,
    )


def was_done(job: HallJob, name: str) -> bool:
    """Say whether this job has taken this step before it was interrupted."""
    return HallTransition.objects.using(roles.OWNER).filter(job=job, name=name).exists()


def put(job: HallJob, hall: Hall, step: str, state: HallState, *, now: datetime, staff: bool = True) -> None:
    """Give a locked hall a state in its row, its identity row, its history and its audit."""
    before, hall.state, hall.staff_may_finish = hall.state, state, staff
    Hall.objects.using(roles.OWNER).filter(pk=hall.pk).update(state=state, staff_may_finish=staff)
    migrating.write_identity(hall)
    note(job, hall, name=step, before=before, after=state, now=now, action="hall.state")


def check(job: HallJob) -> str:
    """Look whether the step is possible now: from this state, with nothing that hinders it."""
    hall = fresh(job)
    if was_done(job, str(job.param("step", ""))):
        return ""
    step = _asked(job, hall)
    if step.needs_reason and not job.reason.strip():
        raise jobs.Refused(_("请写明原因"))
    with scope.city():
        hindered = findings(step.checks, hall)
    if hindered:
        raise jobs.Refused("；".join(hindered))
    return f"{HallState(hall.state).label} → {step.to.label}"


def change(job: HallJob) -> str:
    """Take the step. Done again after a crash, it does nothing twice."""
    name = str(job.param("step", ""))
    if was_done(job, name):
        return ""
    with alone(fresh(job).pk) as hall:
        step = _asked(job, hall)
        staff = bool(job.param("staff_may_finish", True)) if step.asks_staff else True
        put(job, hall, step.name, step.to, now=timezone.now(), staff=staff)
        with scope.city():
            # what came in while it was waited for counts too
            hindered = findings(step.checks, hall)
        if hindered:
            raise jobs.Refused("；".join(hindered))
    queries.forget()
    return str(step.to.label)


def _asked(job: HallJob, hall: Hall) -> transitions.Transition:
    step = transitions.named(str(job.param("step", "")))
    if step is None or hall.state not in step.frm:
        raise jobs.Refused(possible(hall))
    return step


CHECK = jobs.Step("check", lazy("核对"), do=check)
CHANGE = jobs.Step("change", lazy("换状态"), do=change)
