"""The value rows of a shared item: each field that a hall may change, with whose value it is and the city's."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.hall import stamps
from catalog.hall.models import EffectiveItem, Override
from catalog.shared import labels, policy_page, wording
from catalog.shared.enums import ItemType
from catalog.shared.policy import POLICY, Freedom, rule_of
from catalog.shared.queries import themes, value_of
from catalog.shared.saying import words

GROUPS = (
    (gettext_lazy("时限和次数"), ("promised_days", "limit_note", "visits", "visits_reason")),
    (gettext_lazy("到哪里、找谁"), ("address", "hours", "phone", "complaint_phone", "can_book", "delivery")),
    (gettext_lazy("写给群众看的"), ("summary", "guide_text", "notes", "faq")),
    (gettext_lazy("材料"), ("materials",)),
    (gettext_lazy("步骤"), ("steps",)),
    (gettext_lazy("收费"), ("fees",)),
    (gettext_lazy("窗口"), ("windows",)),
)


@dataclass(frozen=True)
class ValueRow:
    """One field as staff see it. `is_in_force` is false for an override that the city's new value has overtaken.

    `freedom` says how far a hall may go, `seen` marks what is shown here for whoever changes it.
    """

    field: str
    label: str
    shown: str
    city: str
    current: Any
    override: Override | None
    is_in_force: bool
    freedom: str
    seen: str

    @property
    def reason(self) -> str:
        """Why the hall changed it."""
        return self.override.reason if self.override else ""

    @property
    def person_name(self) -> str:
        """Who changed it."""
        return self.override.person_name if self.override else ""

    @property
    def made_at(self) -> datetime | None:
        """When it was changed."""
        return self.override.made_at if self.override else None


def groups(
    item: EffectiveItem, city: dict[str, Any], overrides: dict[str, Override]
) -> list[tuple[str, list[ValueRow]]]:
    """Return the value rows in the groups of the page; a list gives one row for each of the city's rows."""
    found = []
    for label, names in GROUPS:
        fields = [field for name in names for field in _fields(name, city)]
        rows = [value_row(field, item, city, overrides.get(field)) for field in fields]
        if rows:
            found.append((str(label), rows))
    return found


def locked(city: dict[str, Any]) -> list[tuple[str, str]]:
    """Return the fields that are the city's alone, with their values in words."""
    law = city["statutory_days"]
    said = {
        "name": city["name"],
        "code": city["code"],
        "type": str(ItemType(city["type"]).label),
        "department": city["department"],
        "statutory_days": _("法律没有规定") if law is None else wording.days(law, city["statutory_unit"]),
        "legal_basis": "、".join(
            f"{row.get('law', '')}{row.get('article', '')}" for row in city["legal_basis"]
        ),
        "result_name": city["result_name"],
        "aliases": city["aliases"],
        "themes": [theme.name for theme in themes() if f"{theme.list}:{theme.code}" in city["themes"]],
    }
    return [(labels.field(name), words(name, value)) for name, value in said.items()]


def value_row(field: str, item: EffectiveItem, city: dict[str, Any], override: Override | None) -> ValueRow:
    """Return one field's row: what holds now, the city's value, and the override if there is one."""
    base = value_of(city, field)
    is_row = "." in field
    name = labels.field(field)
    if is_row:
        label = f"{name}：{base.get('name', '')}"
        own: dict[str, Any] = override.value if override and isinstance(override.value, dict) else {}
        current = {**base, **own}
        shown = _row_words(own if field in item.sources else {}, base)
    else:
        label = name
        current = (
            {"days": item.promised_days, "unit": item.promised_unit}
            if field == "promised_days"
            else getattr(item, field)
        )
        shown = words(field, current)
    return ValueRow(
        field=field,
        label=label,
        shown=shown,
        city=_row_words({}, base) if is_row else words(field, base),
        current=current,
        override=override,
        is_in_force=override is not None and field in item.sources,
        freedom=policy_page.freedom_words(rule_of(field).freedom),
        seen=stamps.of_override(override, base),
    )


def _row_words(changed: dict[str, Any], base: dict[str, Any]) -> str:
    """Return a list's row in words: what the hall changed of it, or as the city has it."""
    if changed.get("hidden"):
        return _("本厅不要这一条")
    if changed:
        parts = [
            f"{labels.ROWS[key]}：{words('', value)}" for key, value in changed.items() if key in labels.ROWS
        ]
        return "；".join(parts)
    if "amount" in base:
        return wording.money(base["amount"])
    kept = [str(base[key]) for key in ("role", "address", "hours", "spec", "note") if base.get(key)]
    if base.get("exempt"):
        kept.insert(0, _("不用交"))
    return "，".join(kept) or _("照市里的")


def _fields(name: str, city: dict[str, Any]) -> list[str]:
    if POLICY[name].rows is None:
        return [name]
    return [f"{name}.{row['key']}" for row in city.get(name) or []]


def is_open(field: str, city: dict[str, Any]) -> bool:
    """Say whether a hall may change this field of this item at all."""
    if rule_of(field).freedom is Freedom.LOCKED:
        return False
    return "." not in field or value_of(city, field) is not None
