"""What is told of a booking by short message (LOOK section 6). Pure: no name of a person, no link."""

from datetime import date, datetime, time

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from cases.hall.clock import short_date_text

# so that no message is longer than 64 characters, sign and all
MAX_WINDOW = 20

_TEXTS = {
    "booked": lazy("%(day)s%(time)s到%(window)s，号码%(code)s，过15分钟作废。"),
    "changed": lazy("改到%(day)s%(time)s到%(window)s，号码%(code)s，过15分钟作废。"),
    "reminder": lazy("别忘了%(day)s%(time)s到%(window)s，号码%(code)s，过15分钟作废。"),
    "cancelled": lazy("您%(day)s的预约已取消。"),
    "closed": lazy("%(day)s窗口不办公，您的预约取消了。登录“我的办件”另约，不算改过。"),
    "waiting": lazy("%(day)s约满了，您在排队。有空位就告诉您。"),
    "offered": lazy("轮到您：排到了%(day)s%(time)s，%(until)s。登录“我的办件”确认。"),
    "lapsed": lazy("%(day)s没有排到，或没有按时确认，您可以另约一天。"),
    "missed": lazy("您约了%(day)s没有来。90天内3次不来，30天不能网上约。"),
    "appealed": lazy("您的申诉有结果了，登录“我的办件”看。"),
}
KINDS = frozenset(_TEXTS)
YOURS = frozenset({"offered"})


def text(
    kind: str, *, day: date, starts: time | None, window: str, code: str, until: datetime | None = None
) -> str:
    """Return the message of this kind, without the sender's sign. Raises KeyError for a kind that is none."""
    values = {
        "day": short_date_text(day),
        "time": clock_text(starts) if starts else "",
        "window": window[:MAX_WINDOW],
        "code": code,
        "until": _until(until) if until else "",
    }
    return str(_TEXTS[kind]) % values


def clock_text(starts: time) -> str:
    """Return 9:30."""
    return f"{starts.hour}:{starts.minute:02d}"


def _until(until: datetime) -> str:
    return _("请在%(time)s前确认") % {"time": f"{timezone.localtime(until):%H:%M}"}
