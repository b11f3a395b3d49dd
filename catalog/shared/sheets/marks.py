"""What a row carries of the moment it was exported: from whom, when, and which values it had. Pure functions."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.utils.translation import gettext as _

FORM = 1
CITY = "city"


class Foreign(Exception):
    """The sheet belongs elsewhere; the sentence says whose it is and where it goes."""


@dataclass(frozen=True)
class Origin:
    """Who exported: the city's code, the hall's role (or `city`), its name to show, and when."""

    city: str
    owner: str
    name: str
    at: str

    def written(self) -> dict[str, Any]:
        """Return it as it stands in a mark."""
        return {"form": FORM, "city": self.city, "owner": self.owner, "name": self.name, "at": self.at}


def write(origin: Origin, code: str, values: Mapping[str, Any]) -> str:
    """Return the mark of a row: one line of JSON."""
    return json.dumps(
        {**origin.written(), "code": code, "values": values},
        ensure_ascii=False, separators=(",", ":"), default=str,
    )  # fmt: skip


def is_from(text: str, here: Origin) -> bool:
    """Say whether a mark begins as one written here does: without reading all of it."""
    return text.startswith(_start(here))


@cache
def _start(here: Origin) -> str:
    facts = {"form": FORM, "city": here.city, "owner": here.owner}
    return json.dumps(facts, ensure_ascii=False, separators=(",", ":"))[:-1] + ","


def parsed(text: str) -> tuple[str, dict[str, Any]] | None:
    """Return the code and the values that a mark carries, None for no mark. Whose it is was looked at before."""
    mark = _mark(text)
    if mark is None:
        return None
    values = mark.get("values")
    return str(mark.get("code", "")), values if isinstance(values, dict) else {}


def _mark(text: str) -> dict[str, Any] | None:
    try:
        mark = json.loads(text)
    except ValueError:
        return None
    return mark if isinstance(mark, dict) and "form" in mark else None


def look(text: str, here: Origin) -> None:
    """Raise Foreign when a mark is not from here."""
    if not is_from(text, here) and (mark := _mark(text)) is not None:
        check(mark, here)


def check(mark: Mapping[str, Any], here: Origin) -> None:
    """Raise Foreign when an export is not of this hall or city, or of a newer form than this program knows."""
    told = {"name": mark.get("name", ""), "at": str(mark.get("at", ""))[:16].replace("T", " ")}
    form = mark.get("form")
    if not isinstance(form, int) or form > FORM:
        raise Foreign(_("这份表是更新的系统导出的（%(name)s，%(at)s），这里读不了，请先升级") % told)
    if mark.get("city") != here.city:
        raise Foreign(_("这份表是别的城市导出的（%(name)s，%(at)s），不能导入这里") % told)
    if mark.get("owner") == here.owner:
        return
    if mark.get("owner") == CITY:
        raise Foreign(_("这份是全市目录的表（%(at)s 导出），请到市级控制台导入") % told)
    if here.owner == CITY:
        raise Foreign(_("这份是%(name)s的表（%(at)s 导出），请到那个大厅导入，不能导入全市目录") % told)
    raise Foreign(_("这份是%(name)s的表（%(at)s 导出），不是本厅的，不能导入") % told)
