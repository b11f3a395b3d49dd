"""The columns of the desk's list that a clerk may choose, besides item and number. Data, no ORM."""

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

COLUMNS: dict[str, str | Promise] = {
    "applicant": _("申请人"),
    "company": _("单位"),
    "state": _("状态"),
    "clock": _("时限"),
    "holder": _("谁在办"),
    "department": _("部门"),
    "division": _("乡镇、街道"),
    "received": _("收到"),
    "group": _("组"),
}
STANDARD = ("applicant", "state", "clock", "holder", "department")


def chosen(names: Iterable[str] | None) -> list[str]:
    """Return these columns in the desk's order; the standard ones when nothing (known) was chosen."""
    wanted = set(names or ())
    return [name for name in COLUMNS if name in wanted] or list(STANDARD)
