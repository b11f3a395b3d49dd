"""Whether a hall may open: checks that the apps contribute, asked inside the hall, and the job that opens it at its hour.

The city cannot look into a hall: each look leaves a public fact (GoLiveFact), written in the hall's scope. The job looks again at the
moment itself, whatever was said before.
"""

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from accounts.actor import NOBODY
from tenants.shared import divisions, jobs, queries, roles, scope
from tenants.shared.checks import gathering
from tenants.shared.enums import HallState, JobKind, JobState
from tenants.shared.life import changing
from tenants.shared.models import Division, GoLiveFact, Hall, HallJob

KIND = JobKind.GO_LIVE.value
# the step of a hall's life that opening is (tenants.shared.life.transitions)
OPEN_STEP = "open"
OK, MISSING, ADVICE = "ok", "missing", "advice"


@dataclass(frozen=True)
class Finding:
    """What one check found: `verdict` ok, missing (the hall does not open so) or advice; where it is put right in the hall."""

    title: str
    verdict: str
    text: str
    path: str = ""

    @property
    def hinders(self) -> bool:
        """Whether the hall may not open so."""
        return self.verdict == MISSING


Check = Callable[[Hall], Finding]


def ok(title: str, text: str) -> Finding:
    """Return that all is well."""
    return Finding(title, OK, text)


def look(hall: Hall) -> list[Finding]:
    """Ask every check of settings.GO_LIVE_CHECKS about the hall in scope, in their order."""
    asked: Iterable[Check] = map(import_string, settings.GO_LIVE_CHECKS)
    return [check(hall) for check in asked]


def tell(hall: Hall, found: list[Finding], *, by_name: str, now: datetime) -> None:
    """Write down for the city what the hall in scope found."""
    GoLiveFact.objects.update_or_create(
        hall_id=hall.role,
        defaults={"results": [asdict(each) for each in found], "checked_at": now, "by_name": by_name},
    )


def told(hall: Hall) -> GoLiveFact | None:
    """Return what this hall wrote down last; None where it never looked."""
    return GoLiveFact.objects.filter(hall_id=hall.role).exclude(checked_at=None).first()


def findings(fact: GoLiveFact) -> list[Finding]:
    """Return what a fact holds."""
    return [Finding(**row) for row in fact.results]


def hinders(hall: Hall) -> list[str]:
    """Return why a hall may not open, by what it wrote down last: sentences, none when it may. As the city."""
    fact = told(hall)
    if fact is None:
        return [_("还没有查过。请大厅管理员在“开通前检查”里查一遍")]
    return [f"{each.title}：{each.text}" for each in findings(fact) if each.hinders]


def planned(hall: Hall) -> HallJob | None:
    """Return the opening that was asked for and is not over: it waits for its hour, runs, or failed. As the city."""
    found = HallJob.objects.filter(kind=KIND, hall=hall, state__in=HallJob.UNFINISHED)
    return found.order_by("-pk").first()


def ask_to_rehearse(hall: Hall, *, by_name: str, now: datetime) -> None:
    """Note in the hall's scope that its admin wants the rehearsal to begin: the operator hears it within a minute."""
    GoLiveFact.objects.update_or_create(
        hall_id=hall.role, defaults={"rehearse_asked_at": now, "rehearse_asked_by": by_name}
    )


def hear(now: datetime) -> None:
    """Ask for the rehearsals that halls want: as the owner, about once a minute (`operator_rounds`)."""
    wanted = GoLiveFact.objects.using(roles.OWNER).exclude(rehearse_asked_at=None).select_related("hall")
    for fact in wanted:
        if fact.hall.state == HallState.PREPARING:
            with suppress(jobs.Busy):
                jobs.ask(
                    JobKind.STATE,
                    key=fact.hall.key,
                    hall=fact.hall,
                    params={"step": "rehearse"},
                    reason=_("%(name)s要开始试运行") % {"name": fact.rehearse_asked_by},
                    by=NOBODY,
                    now=now,
                    using=roles.OWNER,
                )
        GoLiveFact.objects.using(roles.OWNER).filter(pk=fact.pk).update(rehearse_asked_at=None)


def recheck(job: HallJob) -> str:
    """Look now, and write it down; refuse with every reason why the hall may not open."""
    hall = changing.fresh(job)
    if hall.state == HallState.OPEN:
        return ""
    if hall.state != HallState.REHEARSAL:
        raise jobs.Refused(
            _("大厅现在是“%(state)s”，要先试运行才能开通") % {"state": HallState(hall.state).label}
        )
    with scope.hall(hall):
        found = look(hall)
        tell(hall, found, by_name=_("系统"), now=timezone.now())
    wrong = [f"{each.title}：{each.text}" for each in found if each.hinders]
    wrong += [str(each) for each in gathering.findings([hall.key])]
    if wrong:
        raise jobs.Refused("；".join(wrong))
    return _("%(n)d 项都过了") % {"n": len(found)}


def take_over(job: HallJob) -> str:
    """Give the hall the towns that were chosen when it was prepared, and remember whose they were."""
    hall = changing.fresh(job)
    codes = chosen_towns(hall)
    with transaction.atomic(using=roles.OWNER):
        rows = Division.objects.using(roles.OWNER).filter(code__in=codes).exclude(hall=hall)
        former = dict(rows.select_for_update().values_list("code", "hall_id"))
        jobs.remember(job, towns={**job.facts.get("towns", {}), **former})
        Division.objects.using(roles.OWNER).filter(code__in=former).update(hall=hall)
    divisions.forget()
    return _("%(n)d 个乡镇、街道") % {"n": len(codes)}


def give_back(job: HallJob) -> None:
    """Give the towns back to whose they were."""
    for code, former in job.facts.get("towns", {}).items():
        Division.objects.using(roles.OWNER).filter(code=code, hall=job.hall).update(hall_id=former)
    divisions.forget()


def chosen_towns(hall: Hall) -> list[str]:
    """Return the towns that were chosen for a hall when it was asked for."""
    jobs_done = HallJob.objects.using(roles.OWNER).filter(
        kind=JobKind.ONBOARD, hall=hall, state=JobState.DONE
    )
    last = jobs_done.order_by("-pk").first()
    return list(last.param("towns", [])) if last is not None else []


def open_it(job: HallJob) -> str:
    """Open the hall."""
    hall = changing.fresh(job)
    if not changing.was_done(job, OPEN_STEP) and hall.state != HallState.OPEN:
        with changing.alone(hall.pk) as locked:
            if locked.opened_on is None:
                Hall.objects.using(roles.OWNER).filter(pk=hall.pk).update(opened_on=timezone.localdate())
            changing.put(job, locked, OPEN_STEP, HallState.OPEN, now=timezone.now())
    queries.forget()
    return str(HallState.OPEN.label)


RECHECK = jobs.Step("recheck", lazy("开通前再查一遍"), do=recheck)
TAKE_OVER = jobs.Step("towns", lazy("接过乡镇、街道"), do=take_over, undo=give_back)
OPEN = jobs.Step("open", lazy("开通"), do=open_it)
