"""How a result goes to its holder: what must be known of each way. Pure."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from cases.hall.enums import Turn

WINDOW, EMS, PROXY, ELECTRONIC = "window", "ems", "proxy", "electronic"
METHODS = (WINDOW, EMS, PROXY, ELECTRONIC)
MAX_NOTE = 60


def clean(
    data: Mapping[str, Any], *, chosen: str, windows: list[dict[str, Any]]
) -> tuple[dict[str, str], dict[str, str]]:
    """Return the facts of handing over, and the errors by field.

    `method` is what the applicant chose unless the clerk says otherwise. By post there must be the parcel's
    `number`; at the window `window` says where (the item's first one unless given); a proxy may be named.
    """
    method = str(data.get("method") or chosen or WINDOW)
    if method not in METHODS:
        return {}, {"method": _("请选一种")}
    facts = {"method": method}
    for name in ("number", "window", "proxy"):
        if text := str(data.get(name) or "").strip():
            facts[name] = text[:MAX_NOTE]
    if method == EMS and "number" not in facts:
        return {}, {"number": _("请填邮件单号")}
    if method == WINDOW and "window" not in facts:
        facts["window"] = next(
            (str(row["name"]) for row in windows if row.get("name")), str(_("办事大厅窗口"))
        )
    return facts, {}


def turn(method: str = "") -> Turn:
    """Return whose turn it is while a result is on its way: one that waits at a window waits for its holder."""
    return Turn.APPLICANT if method in {"", WINDOW} else Turn.HALL


def delivering_label(method: str) -> str:
    """Return the tag of a result on its way: 等您来取, 已寄出, 代办员在送."""
    labels = {EMS: _("已寄出"), PROXY: _("代办员在送"), ELECTRONIC: _("可以下载了")}
    return labels.get(method, _("等您来取"))
