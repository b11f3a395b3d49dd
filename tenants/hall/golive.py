"""What a hall needs of its own before it opens: hours, people, an admin who cannot be impersonated by a password alone."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from accounts import demands
from accounts.queries import has_second_factor
from tenants.hall import queries
from tenants.hall.enums import PostRole
from tenants.hall.models import Guest, Post, Session
from tenants.shared import jobs, scope
from tenants.shared.life import changing
from tenants.shared.life.golive import ADVICE, MISSING, Finding, ok
from tenants.shared.models import Hall, HallJob

# whoever receives, whoever decides, whoever answers for it
DESK = (PostRole.WINDOW, PostRole.APPROVER, PostRole.HEAD)


def hours_are_set(hall: Hall) -> Finding:
    """Look for opening hours and an address."""
    title, office = _("开放时间和地点"), queries.office(hall)
    if not Session.objects.exists():
        return Finding(title, MISSING, _("没有设开放时间，群众不能预约"), "/staff/windows/")
    if not office.address:
        return Finding(title, MISSING, _("没有写地址"), "/staff/windows/")
    return ok(title, office.hours or _("设好了"))


def desk_has_people(hall: Hall) -> Finding:
    """Look for somebody in each post that a case needs: who accepts does not decide."""
    title = _("窗口、审批、负责人都有人")
    held = set(Post.objects.held().values_list("role", flat=True))
    lacking = [str(role.label) for role in DESK if role not in held]
    if lacking:
        return Finding(title, MISSING, _("还没有%(posts)s") % {"posts": "、".join(lacking)}, "/staff/people/")
    return ok(title, _("都有"))


def admin_is_there(hall: Hall) -> Finding:
    """Look for somebody who has accepted to be the hall's admin, and has a second factor where the post demands one."""
    title = _("分厅管理员")
    found = list(Post.objects.held().filter(role=PostRole.HALL_ADMIN).order_by("id"))
    if not found:
        return Finding(title, MISSING, _("还没有人接受邀请"), "/staff/people/")
    safe = has_second_factor({post.person for post in found})
    if lacking := [post.name for post in found if post.person not in safe]:
        words = _("%(names)s还没有设置第二重验证，在“账号安全”里设") % {"names": "、".join(lacking)}
        return Finding(title, MISSING if demands.second_factor([PostRole.HALL_ADMIN]) else ADVICE, words)
    return ok(title, "、".join(post.name for post in found))


def forget_guests(job: HallJob) -> str:
    """Remove the list of who was invited: everybody is, from now on."""
    with scope.hall(changing.fresh(job)):
        number, _by_model = Guest.objects.all().delete()
    return _("%(n)d 位") % {"n": number}


FORGET_GUESTS = jobs.Step("guests", lazy("去掉试运行的名单"), do=forget_guests)
