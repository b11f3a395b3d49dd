"""Any field of an item in words, as an editor or an approver reads it; and what differs between two editions, line by line."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from catalog.shared import labels, rows
from catalog.shared.changes import Difference, differences, effects
from catalog.shared.enums import Change, Channel, OnlineStep, ServiceObject
from catalog.shared.models import ItemFields
from catalog.shared.queries import themes

Words = dict[str, str]
EMPTY = ""


@dataclass(frozen=True)
class Line:
    """One field (or one row of a list) before and after, in words, and what the change means to those who apply."""

    field: str
    label: str
    before: str
    after: str
    change: Change = Change.WORDING


def choices_of(field: str) -> Words | None:
    """Return the codes that a list of codes may hold, with their words; None for any other field."""
    known: dict[str, Any] = {
        "levels": labels.LEVELS,
        "delivery": labels.DELIVERY,
        "service_objects": dict(ServiceObject.choices),
        "channels": dict(Channel.choices),
        "online_steps": dict(OnlineStep.choices),
        "demonstration": labels.FIELDS,
    }
    if field == "themes":
        return {f"{theme.list}:{theme.code}": theme.name for theme in themes()}
    found = known.get(field)
    return {str(code): str(label) for code, label in found.items()} if found is not None else None


def words(field: str, value: Any) -> str:
    """Return a field's value (of ``materials.<key>`` a row) in words; nothing for nothing."""
    name, _dot, key = field.partition(".")
    if value is None or value in ("", [], {}):
        return EMPTY
    if key and isinstance(value, Mapping):
        return row_words(name, value)
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if field == "promised_days" and isinstance(value, Mapping):
        return f"{value.get('days')} {words('promised_unit', value.get('unit'))}"
    if name in rows.LISTS:
        return "\n".join(row_words(name, row) for row in value)
    if isinstance(value, list):
        known = choices_of(name) or {}
        mark = "\n" if name == "conditions" else "、"
        return mark.join(known.get(str(entry), str(entry)) for entry in value)
    return _choice(name, value)


def _choice(name: str, value: Any) -> str:
    field = ItemFields._meta.get_field(name) if hasattr(ItemFields, name) else None
    flat = dict(getattr(field, "flatchoices", None) or [])
    return str(flat.get(value, value))


def row_words(name: str, row: Mapping[str, Any]) -> str:
    """Return a list's row in words: its name, then column by column what it holds."""
    return "，".join([row_name(name, row), *_columns(name, row)])


def row_name(name: str, row: Mapping[str, Any]) -> str:
    """Return what a list's row is called: the first column that people read."""
    return column_words(_naming(name), row.get(_naming(name).key))


def _naming(name: str) -> rows.Column:
    return rows.LISTS[name][1]


def _columns(name: str, row: Mapping[str, Any]) -> list[str]:
    hidden = {rows.identity(name), _naming(name).key}
    return [
        f"{column.label} {said}"
        for column in rows.LISTS[name]
        if column.key not in hidden and (said := column_words(column, row.get(column.key)))
    ]


def column_words(column: rows.Column, value: Any) -> str:
    """Return what one column of a row holds, in words; nothing for nothing, and for a switch that is not set."""
    if value is None or value in ("", [], False):
        return EMPTY
    if value is True:
        return _("是")
    if column.holds is rows.Holds.CHOICES:
        return "、".join(str(choice.get("label", "")) for choice in value)
    if column.holds is rows.Holds.CONDITION:
        return _("%(question)s 答 %(values)s 时") % {
            "question": value["question"],
            "values": "、".join(value["values"]),
        }
    return str(column.choices.get(value, value)) if isinstance(value, str) else str(value)


def lines(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Line]:
    """Return what differs between two editions, in the item's order; a changed row says only the columns that changed."""
    meant = effects(before, after)
    return [_line(found, meant[found.field.partition(".")[0]]) for found in differences(before, after)]


def _line(found: Difference, change: Change) -> Line:
    name, _dot, key = found.field.partition(".")
    before, after = found.before, found.after
    label = labels.field(name)
    if not key:
        return Line(found.field, label, words(name, before), words(name, after), change)
    label = f"{label}：{row_name(name, after or before or {})}"
    if before and after:
        said = [
            (
                column.label,
                column_words(column, before.get(column.key)),
                column_words(column, after.get(column.key)),
            )
            for column in rows.LISTS[name]
            if (before.get(column.key) or None) != (after.get(column.key) or None)
        ]
        old, new = ("，".join(f"{column[0]} {column[at] or _('（空）')}" for column in said) for at in (1, 2))
        return Line(found.field, label, old, new, change)
    return Line(
        found.field,
        label,
        row_words(name, before) if before else "",
        row_words(name, after) if after else "",
        change,
    )
