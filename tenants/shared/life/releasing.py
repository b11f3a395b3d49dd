"""Letting a hall's former host name go: the job `release`. It leads nowhere from then on, and another hall may have it.

Links on paper and in people's bookmarks end with it, so nothing lets a host go by itself: somebody asks, by name and with a reason.
"""

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from tenants.shared import jobs, queries, roles
from tenants.shared.enums import HallState, JobKind
from tenants.shared.life import changing
from tenants.shared.models import Domain, HallJob

KIND = JobKind.RELEASE.value


def former_hosts(*, using: str) -> list[str]:
    """Return the host names that may be let go: those that lead to another name of a hall that stands."""
    found = Domain.objects.using(using).filter(is_primary=False).exclude(tenant__state=HallState.DELETED)
    return list(found.order_by("domain").values_list("domain", flat=True))


def fault(host: str, *, using: str) -> str:
    """Return why a host name cannot be let go, in a sentence; empty when it can."""
    held = Domain.objects.using(using).select_related("tenant").filter(domain=host).first()
    if held is None:
        known = "、".join(former_hosts(using=using)) or _("没有")
        return _("没有大厅用过 %(host)s。可以放掉的网址：%(known)s") % {"host": host, "known": known}
    hall = held.tenant
    if hall.state == HallState.DELETED:
        return _("%(host)s 是已撤销的 %(key)s 的，证件上印着它，不给别人") % {"host": host, "key": hall.key}
    if held.is_primary:
        return _("%(host)s 是 %(key)s 现在的网址。请先用 rename_hall 换网址") % {
            "host": host,
            "key": hall.key,
        }
    renames = HallJob.objects.using(using).filter(
        hall=hall, kind=JobKind.RENAME, state__in=HallJob.UNFINISHED
    )
    if job := renames.first():
        return _("%(key)s 的改名（%(job)s 号）还没办完，撤回时要用 %(host)s。先等它办完") % {
            "key": hall.key,
            "job": job.pk,
            "host": host,
        }
    return ""


def release(job: HallJob) -> str:
    """Take the host name from the hall, with a line in its history and its audit. Done again after a crash, it does nothing."""
    host = str(job.param("host", ""))
    if changing.was_done(job, KIND):
        return ""
    if wrong := fault(host, using=roles.OWNER):
        raise jobs.Refused(wrong)
    with changing.alone(changing.fresh(job).pk) as hall:
        Domain.objects.using(roles.OWNER).filter(domain=host, tenant=hall, is_primary=False).delete()
        changing.note(job, hall, name=KIND, before=host, after="", now=timezone.now(), action="hall.release")
    queries.forget()
    return host


RELEASE = jobs.Step("release", lazy("放掉旧网址"), do=release)
