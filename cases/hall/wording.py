"""The names that a reason's text may hold in braces, and how they are filled from a case. Pure."""

from collections.abc import Mapping
from string import Formatter

from django.utils.translation import gettext as _

MAX_TEXT = 500
MAX_NAME = 40
# in every text; `材料` in one of a verdict alone, where something is named
COMMON = ("事项", "编号", "部门")
NAMED = (*COMMON, "材料")


class BadText(ValueError):
    """The text cannot be used as it stands; the message says what to write."""


def check(text: str, *, is_of_verdict: bool) -> None:
    """Raise BadText for a brace too many, a name that is none, or anything in braces besides a name."""
    known = NAMED if is_of_verdict else COMMON
    try:
        parts = [
            (name, form, way) for _literal, name, form, way in Formatter().parse(text) if name is not None
        ]
    except ValueError:
        raise BadText(_("大括号不成对，请检查 { 和 }")) from None
    for name, form, way in parts:
        if name not in known or form or way:
            raise BadText(
                _("没有“{%(name)s}”，大括号里只能写：%(known)s")
                % {"name": name, "known": "、".join(f"{{{each}}}" for each in known)}
            )


def fill(text: str, facts: Mapping[str, str]) -> str:
    """Return the text with its names filled; a name without a value is left out. The text was checked when it was saved."""
    return text.format_map({name: facts.get(name, "") for name in NAMED})[:MAX_TEXT]
