"""One act on many cases: each for itself, with its own outcome. Refusals are never among them.

Pressed three times it is one job. A few cases are done in the request, many by the worker. A case that somebody has
acted on since the page was shown is reported and left alone.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, OperationalError, transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.queries import companies_of
from audit import services as audit
from cases.hall import transitions
from cases.hall.enums import Outcome
from cases.hall.models import BatchJob, BatchLine, Case
from cases.hall.queries import access, place
from cases.hall.services import transition
from cases.shared.models import Doorbell
from tenants.hall import queries as hall_queries

# acts that ask nothing, or what the application says already; whatever needs reasons of its own is done one by one
ACTIONS = ("pre_review", "accept", "review", "continue_review", "grant", "hand_over", "deliver")
MOST = 500
# more than this the worker does
MOST_AT_ONCE = 50
log = logging.getLogger(__name__)


class NotForMany(Exception):
    """This act is not done on many cases, or nothing was chosen; the text says so."""


@dataclass(frozen=True)
class Row:
    """One case of a dry run: whether it may be done, and why not."""

    case: Case
    problem: str

    @property
    def may(self) -> bool:
        """Whether the act is open to this person on this case now."""
        return not self.problem


def open_to(actor: Actor) -> list[tuple[str, str]]:
    """Return the acts that this person's posts may do on many cases, name and label."""
    rows = [transitions.row(name) for name in ACTIONS]
    return [(step.name, str(step.label)) for step in rows if step.who & actor.posts]


def check(action: str, picked: Sequence[object]) -> None:
    """Raise NotForMany for an act that is done one by one, for nothing chosen and for too much."""
    if action not in ACTIONS:
        raise NotForMany(_("这一步要一件一件办"))
    if not picked:
        raise NotForMany(_("还没选办件，请先勾选"))
    if len(picked) > MOST:
        raise NotForMany(_("一次最多 %(n)d 件，请少选一些") % {"n": MOST})


def plan(actor: Actor, action: str, picked: Mapping[str, int], now: datetime) -> list[Row]:
    """Return what would come of this act on cases that are named by number, with the revision that was seen.

    Nothing is written. A number that this person cannot see is left out. Two queries, whatever their number.
    Raises NotForMany.
    """
    check(action, list(picked))
    own = frozenset(company.uscc for company in companies_of(actor))
    rows = []
    for case in _seen_by(actor, picked):
        if case.revision != picked[case.number or ""]:
            rows.append(Row(case, _("您看过以后有人处理过，请先打开看看")))
        else:
            rows.append(Row(case, transition.why_not(case, action, by=actor, now=now, own=own)))
    return rows


def _seen_by(actor: Actor, picked: Mapping[str, int]) -> list[Case]:
    found = Case.objects.filter(access.visible_to(actor), number__in=list(picked)).defer(
        "answers", "query_code"
    )
    by_number = {case.number: case for case in found}
    return [by_number[number] for number in picked if number in by_number]


def start(
    actor: Actor, action: str, picked: Mapping[str, int], *, reason: str, key: UUID, now: datetime
) -> BatchJob:
    """Make the job of this key and do it, or leave it to the worker; the same key again is the same job.

    Raises NotForMany.
    """
    check(action, list(picked))
    try:
        with transaction.atomic():
            job = BatchJob.objects.create(
                key=key,
                action=action,
                reason=reason[: transition.MAX_REASON],
                person=access.person_of(actor),
                person_name=actor.display_name[:60],
                total=0,
                created_at=now,
            )
    except IntegrityError:
        return BatchJob.objects.get(key=key, person=access.person_of(actor))
    cases = _seen_by(actor, picked)
    BatchLine.objects.bulk_create(
        BatchLine(job=job, case=case, position=number, seen=picked[case.number or ""])
        for number, case in enumerate(cases, start=1)
    )
    job.total, job.is_behind = len(cases), len(cases) > MOST_AT_ONCE
    job.save(update_fields=["total", "is_behind"])
    _audit(job, actor, now)
    if job.is_behind:
        Doorbell(hall_id=place.here().role).save(force_insert=True)
    else:
        _do_all(job, actor, now)
    return job


def _do_all(job: BatchJob, actor: Actor, now: datetime) -> None:
    """Do every line in this transaction. All cases are locked first, so that nobody is waited for with numbers in hand."""
    wanted = job.lines.values("case")
    locked = set(
        Case.objects.filter(pk__in=wanted)
        .order_by("pk")
        .select_for_update(of=("self",), skip_locked=True, no_key=True)
        .values_list("pk", flat=True)
    )
    for line in job.lines.select_related("case").order_by("position"):
        if line.case_id in locked:
            _do(line, job, actor, now)
        else:
            _settle(line, Outcome.STALE, _("别人正在处理这件"))
    _end(job, now)


def do_one(now: datetime) -> bool:
    """Do the line that has waited longest of what is left to the worker; return whether there was one.

    Other workers skip the locked line. Who asked for it must still hold the post.
    """
    waiting = BatchLine.objects.filter(outcome=Outcome.WAITING, job__is_behind=True)
    line = (
        waiting.select_for_update(of=("self",), skip_locked=True)
        .select_related("job", "case")
        .order_by("job__created_at", "job", "position")
        .first()
    )
    if line is None:
        return False
    job = line.job
    actor = Actor(person_id=job.person, display_name=job.person_name, posts=hall_queries.posts_of(job.person))
    _do(line, job, actor, now)
    _end(job, now)
    return True


def _do(line: BatchLine, job: BatchJob, actor: Actor, now: datetime) -> None:
    """Take the step on one case in a savepoint of its own, and note what came of it."""
    try:
        with transaction.atomic():
            transition.apply(
                line.case, job.action, by=actor, now=now, reason=job.reason, seen_revision=line.seen
            )
    except transition.SomebodyWasFaster as problem:
        _settle(line, Outcome.STALE, str(problem))
    except transition.DataNeeded as problem:
        _settle(line, Outcome.NOT, "；".join(problem.fields.values()))
    except (transition.NotAllowed, transition.ReasonNeeded) as problem:
        _settle(line, Outcome.NOT, str(problem))
    except OperationalError:
        # the connection is gone, or the server: the line waits as it did
        raise
    except Exception as problem:
        # one bad row must not end the others; the text might hold personal data
        log.error("line %s of an act on many: %s", line.pk, type(problem).__name__)
        _settle(line, Outcome.NOT, _("没有办成，是系统的问题，请单独打开再办"))
    else:
        _settle(line, Outcome.DONE, "")


def _settle(line: BatchLine, outcome: Outcome, words: str) -> None:
    line.outcome, line.words = outcome, words
    line.save(update_fields=["outcome", "words"])


def _end(job: BatchJob, now: datetime) -> None:
    if not job.lines.filter(outcome=Outcome.WAITING).exists():
        job.ended_at = now
        job.save(update_fields=["ended_at"])


def _audit(job: BatchJob, actor: Actor, now: datetime) -> None:
    audit.record(
        "batch.start",
        now=now,
        actor=actor.person_id,
        actor_name=actor.display_name,
        object=str(job.pk),
        detail={"action": job.action, "cases": job.total},
    )
