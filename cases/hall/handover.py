"""What must be known of each way of handing a result over, and of a parcel's number. Pure."""

import re
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from cases.hall.enums import Whereabouts

WINDOW, EMS, PROXY, ELECTRONIC, LOCKER = "window", "ems", "proxy", "electronic", "locker"
METHODS = (WINDOW, EMS, PROXY, ELECTRONIC, LOCKER)
MAX_NOTE = 60
_NUMBER = re.compile(r"[0-9A-Z]{5,20}")
# UPU S10, which EMS uses: two letters, eight digits and a check digit, the country
_S10 = re.compile(r"[A-Z]{2}([0-9]{8})([0-9])[A-Z]{2}")
_S10_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)


def clean(
    data: Mapping[str, Any], *, chosen: str, windows: list[dict[str, Any]]
) -> tuple[dict[str, str], dict[str, str]]:
    """Return the facts of handing over, and the errors by field.

    `method` is what the applicant chose unless the clerk says otherwise. By post there must be the parcel's
    `number`; at the window `window` says where (the item's first one unless given); a locker must be named, a
    proxy may be.
    """
    method = str(data.get("method") or chosen or WINDOW)
    if method not in METHODS:
        return {}, {"method": _("请选一种")}
    facts = {"method": method}
    for name in ("window", "proxy", "locker"):
        if text := note(data, name):
            facts[name] = text
    if method == EMS:
        facts["number"], problem = parcel(data)
        if problem:
            return {}, {"number": problem}
    if method == LOCKER and "locker" not in facts:
        return {}, {"locker": _("请填哪个取件柜")}
    if method == WINDOW and "window" not in facts:
        facts["window"] = first_window(windows)
    return facts, {}


def note(data: Mapping[str, Any], name: str) -> str:
    """Return a short text that was sent under this name."""
    return str(data.get(name) or "").strip()[:MAX_NOTE]


def first_window(windows: list[dict[str, Any]]) -> str:
    """Return the item's first window, or a name for any."""
    return next((str(row["name"]) for row in windows if row.get("name")), str(_("办事大厅窗口")))


def parcel(data: Mapping[str, Any]) -> tuple[str, str]:
    """Return a parcel's number as carriers write it, and what is wrong with it."""
    number = re.sub(r"[\s-]", "", str(data.get("number") or "")).upper()
    if not number:
        return "", _("请填邮件单号")
    if not _NUMBER.fullmatch(number):
        return "", _("单号只有字母和数字，5 到 20 位，请对照面单")
    return number, ""


def slip(number: str) -> str:
    """Return what a person who typed this number should look at again: its check digit (UPU S10) does not fit.

    A carrier that does not follow S10 is taken as it is.
    """
    found = _S10.fullmatch(re.sub(r"[\s-]", "", number).upper())
    if found is None or check_digit(found[1]) == int(found[2]):
        return ""
    return _("单号的校验位不对，请对照面单再看一遍")


def check_digit(serial: str) -> int:
    """Return the check digit of eight digits by UPU S10."""
    rest = 11 - sum(weight * int(digit) for weight, digit in zip(_S10_WEIGHTS, serial, strict=True)) % 11
    return {10: 0, 11: 5}.get(rest, rest)


def delivering_label(method: str) -> str:
    """Return the tag of a result that was handed over in this way: 等您来取, 已寄出, 代办员在送, 可以下载了."""
    places = {EMS: Whereabouts.POSTED, PROXY: Whereabouts.WITH_PROXY, ELECTRONIC: Whereabouts.ONLINE}
    return str(places.get(method, Whereabouts.AT_WINDOW).label)
