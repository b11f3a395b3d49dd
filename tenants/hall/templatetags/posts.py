"""What was done with a post, in words."""

from django import template
from django.utils.translation import gettext_lazy as _

from tenants.hall.enums import PostRole

register = template.Library()
ACTS = {
    "post.give": _("给了岗位"),
    "post.change": _("改了任期或范围"),
    "post.end": _("结束了岗位"),
    "post.suspend": _("停用了这个人"),
    "post.reopen": _("恢复了这个人"),
}


@register.filter
def post_act(action: str) -> str:
    """Return what an audit row of a post says was done."""
    return str(ACTS.get(action, action))


@register.filter
def post_name(role: str) -> str:
    """Return a role's name."""
    return str(PostRole(role).label) if role in PostRole.values else role
