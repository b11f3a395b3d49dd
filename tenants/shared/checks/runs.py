"""The run of all checks, kept in rows that the console shows: once a night, and when somebody asks. The owner's work."""

from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actor import NOBODY
from tenants.shared import jobs, migrating, roles
from tenants.shared.checks import gathering
from tenants.shared.checks.findings import Severity
from tenants.shared.enums import JobKind, JobState, Wish
from tenants.shared.models import HallCheck, HallFinding, HallJob, HallMigration
from tenants.shared.policy import CHECKS_KEPT


def run(*, by_name: str = "", progress: gathering.Progress = lambda done, total: None) -> HallCheck:
    """Check all halls and keep what is found; return the run. What older runs found goes after CHECKS_KEPT."""
    started = timezone.now()
    HallCheck.objects.using(roles.OWNER).filter(started_at__lt=started - CHECKS_KEPT).delete()
    kept = HallCheck.objects.using(roles.OWNER).create(started_at=started, by_name=by_name)

    def told(done: int, total: int) -> None:
        kept.halls = total
        progress(done, total)

    found = list(gathering.findings(progress=told))
    HallFinding.objects.using(roles.OWNER).bulk_create(
        [
            HallFinding(
                check_run=kept,
                key=finding.hall,
                code=finding.code,
                severity=finding.kind.severity,
                words=finding.words,
                remedy=finding.remedy,
            )
            for finding in found
        ],
        batch_size=1000,
    )
    kept.errors = sum(finding.kind.severity == Severity.ERROR for finding in found)
    kept.warnings, kept.ended_at = len(found) - kept.errors, timezone.now()
    kept.save(using=roles.OWNER)
    return kept


def is_due(now: datetime) -> bool:
    """Say whether no run has begun since the last CHECK_HOUR of the city's day: the night's, or one that was missed."""
    local = timezone.localtime(now)
    hour = local.replace(hour=settings.CHECK_HOUR, minute=0, second=0, microsecond=0)
    since = hour if hour <= local else hour - timedelta(days=1)
    return not HallCheck.objects.using(roles.OWNER).filter(started_at__gte=since).exists()


def ask_nightly(now: datetime) -> None:
    """Ask for the night's run when it is due; one that failed the night before is tried again. As the owner."""
    if not is_due(now):
        return
    try:
        jobs.ask(JobKind.CHECK, key=HallJob.EVERY_HALL, by=NOBODY, now=now, using=roles.OWNER)
    except jobs.Busy:
        failed = HallJob.objects.using(roles.OWNER).filter(
            kind=JobKind.CHECK, key=HallJob.EVERY_HALL, state=JobState.FAILED
        )
        for job in failed.exclude(wishes__heard_at=None, wishes__isnull=False):
            jobs.wish(job, Wish.RETRY, by=NOBODY, now=now, using=roles.OWNER)


def _check(job: HallJob) -> str:
    kept = run(by_name=job.by_name, progress=lambda done, total: jobs.progress(job, done, total))
    if not kept.errors + kept.warnings:
        return _("%(halls)s 个大厅，都正常") % {"halls": kept.halls}
    return _("%(halls)s 个大厅，%(errors)s 处要马上处理，%(warnings)s 处要看一看") % {
        "halls": kept.halls,
        "errors": kept.errors,
        "warnings": kept.warnings,
    }


def _migrate(job: HallJob) -> str:
    try:
        lines = migrating.run(keys=[job.key], every_hall=True)
    except migrating.AnotherRun:
        raise jobs.Refused(_("正在更新所有大厅，等它做完再试一次")) from None
    if not lines:
        raise jobs.Refused(_("没有这个大厅了"))
    (line,) = lines
    if line.outcome == HallMigration.FAILED:
        raise jobs.Refused(_("没更新成：%(error)s。请技术人员处理后再试一次") % {"error": line.error})
    return _("%(steps)s 步，%(seconds).1f 秒") % {"steps": len(line.steps), "seconds": line.seconds}


CHECK = jobs.Step("check", gettext_lazy("查一遍"), do=_check)
MIGRATE = jobs.Step("migrate", gettext_lazy("更新数据结构"), do=_migrate)
