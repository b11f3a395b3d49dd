"""What the two sides of a mandate are told by short message (LOOK section 6). Pure; no link, an item's name cut to 12 characters."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from cases.hall.clock import short_date_text
from cases.hall.messages import MAX_ITEM

# what was done, so that {做}了{事项} reads well
_DID = {
    "begin": lazy("开始办"),
    "submit": lazy("提交"),
    "resubmit": lazy("补交"),
    "add_file": lazy("补交"),
    "withdraw": lazy("撤回"),
    "acknowledge": lazy("签收"),
    "agree_transfer": lazy("同意转厅办"),
    "decline_transfer": lazy("答复"),
}


def act(step: str, item: str, *, hotline: str) -> str:
    """Return what a principal is told of each act done for them. `step` is the one that the log names, or `begin`."""
    values = {"did": _DID.get(step, _("办理")), "item": item[:MAX_ITEM], "hotline": hotline}
    return _("代办员替您%(did)s了%(item)s，不是您的意思请拨%(hotline)s。") % values


def given(item: str, until: date, *, hotline: str) -> str:
    """Return what a principal is told of a mandate that stands in their name from now on."""
    what = item[:MAX_ITEM] or _("要办的事")
    values = {"what": what, "day": short_date_text(until), "hotline": hotline}
    return _("您委托代办员办%(what)s，到%(day)s。随时能收回，不是您的意思请拨%(hotline)s。") % values


def ended() -> str:
    """Return what a principal is told when a mandate has ended before its day."""
    return _("您给代办员的委托已收回，填过的都在，可自己接着办。")


def guardian_ended() -> str:
    """Return what a guardian is told when the child has turned eighteen."""
    return _("孩子满18岁了，以后由本人办。要接着替他办，请他委托您。")


def of_age() -> str:
    """Return what a child is told at eighteen: the guardian acts no more (民法典 17)."""
    return _("您满18岁了，以后由您自己办。登录“我的办件”接着办。")


def principal_left(item: str) -> str:
    """Return what a proxy is told when whom they act for has closed the account."""
    return _("您替人办%(what)s的委托已结束，对方注销了账号。") % {"what": item[:MAX_ITEM] or _("事")}
