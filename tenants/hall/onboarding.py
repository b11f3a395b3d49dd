"""Opening a hall, the part of its own rows: departments, windows, hours, office, and the invitation of its first admin."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from accounts.encryption import NotReadable, decrypt
from tenants.hall.enums import PostRole
from tenants.hall.models import Department, Invitation, Post, Session, Window
from tenants.hall.services import furnishing, invitations
from tenants.hall.services.posts import Wanted
from tenants.shared import jobs, scope
from tenants.shared.life import onboarding
from tenants.shared.models import Hall, HallJob
from tenants.shared.queries import city


def furnish(job: HallJob) -> str:
    """Give the hall its departments and windows: those that were asked for, or a hall's, under this hall's prefix."""
    wanted = job.params["furniture"]
    like = onboarding.pattern(wanted["like"])
    if wanted["like"] and like is None:
        raise jobs.Refused(_("要照的大厅 %(key)s 不在了，请撤回，另选一个") % {"key": wanted["like"]})
    hall = onboarding.hall_of(job)
    if like is not None:
        wanted = _of(like, hall, set(job.params["items"]))
    with scope.hall(hall):
        furnishing.departments(wanted["departments"])
        furnishing.windows(wanted["windows"])
        counted = {"d": Department.objects.count(), "w": Window.objects.count()}
    return _("%(d)d 个部门，%(w)d 种窗口") % counted


def _of(like: Hall, hall: Hall, items: set[str]) -> dict[str, list[dict[str, Any]]]:
    """Return what another hall has, as this one is to have it: no credit codes, which are that hall's bodies'."""
    with scope.hall(like):
        departments = list(Department.objects.order_by("id"))
        windows = list(Window.objects.filter(is_active=True).order_by("position", "letter"))
    # a window's place, and what it serves that this hall has not taken, are of the other house
    copied = ("name", "count", "average_minutes", "capacity", "departments")
    return {
        "departments": [
            {
                "short_name": each.short_name,
                "name": each.name.replace(like.department_prefix, hall.department_prefix, 1),
            }
            for each in departments
        ],
        "windows": [
            {name: getattr(each, name) for name in copied}
            | {"items": [code for code in each.items if code in items]}
            for each in windows
        ],
    }


def describe(job: HallJob) -> str:
    """Give the hall its hours and its office."""
    with scope.hall(onboarding.hall_of(job)):
        furnishing.sessions(job.params["sessions"])
        furnishing.office(job.params["office"])
        return _("每天 %(n)d 段") % {"n": Session.objects.count()}


def invite(job: HallJob) -> str:
    """Invite the first admin, unless somebody is one by now. Done again, the link that nobody may have got is replaced."""
    hall, admin, now = onboarding.hall_of(job), job.params["admin"], timezone.now()
    with scope.hall(hall):
        if Post.objects.held().filter(role=PostRole.HALL_ADMIN).exists():
            return _("已经有管理员")
        Invitation.objects.filter(
            role=PostRole.HALL_ADMIN, invited_by=None, accepted_at=None, withdrawn_at=None
        ).update(withdrawn_at=now)
        sent = invitations.invite(
            name=admin["name"],
            phone=unsealed(admin["phone"]),
            wanted=Wanted(PostRole.HALL_ADMIN),
            reason=_("大厅筹备"),
            by_name=job.by_name,
            now=now,
        )
    url = f"{onboarding.address(hall)}{sent.path}"
    told = invitations.deliver(sent, url, hall_name=hall.name)
    # the demo sends nothing
    return f"{told} {url}" if city().is_demo else told


def unsealed(phone: str) -> str:
    """Return a phone as it was typed; one of a file was never sealed."""
    try:
        return decrypt(phone, onboarding.SEALED)
    except NotReadable:
        return phone


FURNISH = jobs.Step("departments", lazy("设部门和窗口"), do=furnish)
DESCRIBE = jobs.Step("office", lazy("设开放时间和地点"), do=describe)
INVITE = jobs.Step("invite", lazy("邀请第一位管理员"), do=invite)
