"""What is told of an enquiry by short message (LOOK section 6). Pure: no name of a person, no link, no word of what it says."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from cases.hall.clock import short_date_text

_TEXTS = {
    "received": lazy("您的%(kind)s收到了，编号%(number)s，最晚%(day)s答复。"),
    "taken": lazy("您的%(kind)s有人办了，最晚%(day)s答复。"),
    "answered": lazy("您的%(kind)s有答复了，登录“我的办件”看。"),
    "extended": lazy("您的%(kind)s要多办10个工作日，最晚%(day)s，原因登录“我的办件”看。"),
    "late": lazy("您的%(kind)s过了%(day)s还没答复，抱歉，正在催办。"),
    "moved": lazy("因放假安排公布，您的%(kind)s最晚改为%(day)s答复。"),
    "reopened": lazy("您的%(kind)s再办一次，最晚%(day)s答复。"),
    # to staff
    "staff_late": lazy("%(number)s过了%(day)s没有答复，请马上办。"),
    "staff_take_up": lazy("%(number)s过了1个工作日没有人办，请马上安排。"),
}
KINDS = frozenset(_TEXTS)


def text(name: str, *, kind: str, number: str, day: date | None, is_expected: bool = False) -> str:
    """Return the message of this name, without the sender's sign. Raises KeyError for a name that is none."""
    said = short_date_text(day) if day else ""
    values = {
        "kind": kind,
        "number": number,
        "day": _("预计%(day)s") % {"day": said} if is_expected else said,
    }
    return str(_TEXTS[name]) % values
