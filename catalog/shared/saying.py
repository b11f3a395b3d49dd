"""The values of a field in words, and the city's value before and now with what differs marked. Pure functions."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from django.utils.translation import gettext as _

from catalog.shared import labels, wording
from catalog.shared.policy import Shape, rule_of
from catalog.shared.rows import LISTS, Column, Holds

# beyond so many pieces a text is compared sentence by sentence: comparing costs their square
PIECES_LIMIT = 400
# below this likeness the new text stands whole beside the old one: crumbs of both cannot be read
LIKENESS = 0.4


@dataclass(frozen=True)
class Piece:
    """A stretch of the city's present value: `kind` is same, ins (new) or del (gone)."""

    kind: str
    text: str


def words(field: str, value: Any) -> str:
    """Return a field's value in words; （空） for nothing."""
    rule = rule_of(field)
    if value in ("", None, []):
        return _("（空）")
    if field == "promised_days":
        return wording.days(value["days"], value["unit"])
    if field == "delivery":
        return "、".join(str(labels.DELIVERY.get(way, way)) for way in value)
    if field == "faq":
        return "；".join(str(row.get("question", "")) for row in value)
    if rule.shape is Shape.BOOLEAN or isinstance(value, bool):
        return _("是") if value else _("否")
    return "、".join(map(str, value)) if isinstance(value, list) else str(value)


def label_of(field: str, row: Any) -> str:
    """Return what a field is called; of a row of a list the list's and the row's name."""
    name = labels.field(field)
    return f"{name}：{row.get('name', '')}" if "." in field and isinstance(row, dict) else name


def pieces(before: str, now: str) -> list[Piece]:
    """Return the present text with what is new and what is gone against the former one."""
    nothing = _("（空）")
    if before == now or now == nothing:
        return [Piece("del", before)] * (before != now) + [Piece("same", now)]
    if before == nothing:
        return [Piece("ins", now)]
    old, new = _split(before), _split(now)
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    if matcher.ratio() < LIKENESS:
        return [Piece("del", before), Piece("ins", now)]
    found = []
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal":
            found.append(Piece("same", "".join(new[c:d])))
            continue
        if b > a:
            found.append(Piece("del", "".join(old[a:b])))
        if d > c:
            found.append(Piece("ins", "".join(new[c:d])))
    return found


def _split(text: str) -> list[str]:
    fine = re.findall(r"[0-9A-Za-z.]+|.", text, re.DOTALL)
    if len(fine) <= PIECES_LIMIT:
        return fine
    coarse = re.findall(r"[^。；\n]*[。；\n]?", text)
    return [part for part in coarse if part]


def three_in_words(field: str, base: Any, current: Any, value: Any) -> tuple[str, str, str]:
    """Return the city's value before, the city's now and the hall's; of a row of a list only the columns that matter."""
    if "." not in field:
        return full_words(field, base), full_words(field, current), full_words(field, value)
    old, new, own = (part if isinstance(part, dict) else {} for part in (base, current, value))
    differing = {key for key in old.keys() | new.keys() if old.get(key) != new.get(key)}
    columns = LISTS.get(field.partition(".")[0], ())
    shown = [column for column in columns if column.key in differing | own.keys() | {"name"}]
    return (
        _row(shown, old),
        _row(shown, new) if new else _("市里删去了这一条"),
        _own(columns, own),
    )


def full_words(field: str, value: Any) -> str:
    """Return a field's value in words, nothing left out."""
    try:
        if field == "faq" and value:
            return "\n".join(f"{row.get('question', '')}\n{row.get('answer', '')}" for row in value)
        return words(field, value)
    except (AttributeError, KeyError, TypeError):
        # a value or a base that nobody made by the services: shown as it stands
        return str(value)


def _row(columns: list[Column], row: dict[str, Any]) -> str:
    return "\n".join(
        _("%(label)s：%(value)s") % {"label": column.label, "value": _cell(column, row.get(column.key))}
        for column in columns
        if column.holds is not Holds.KEY
    )


def _own(columns: tuple[Column, ...], own: dict[str, Any]) -> str:
    if own.get("hidden") is True:
        return _("本厅不要这一条")
    known = {column.key: column for column in columns}
    lines = []
    for key, given in own.items():
        label = labels.ROWS.get(key, key)
        text = _cell(known[key], given) if key in known else words("", given)
        lines.append(_("%(label)s：%(value)s") % {"label": label, "value": text})
    return "\n".join(lines)


def _cell(column: Column, value: Any) -> str:
    if value in (None, ""):
        return _("（空）")
    if column.holds is Holds.CHOICE:
        return str(column.choices.get(str(value), value))
    return words("", value)
