"""What a hall may change of a shared item: declared once, per field.

`locked`: the city's (and whatever nothing names). `tighten`: only in the citizen's favour. `free`: the hall's own.
The form, the API, the importer, the CHECK on an override's row and the effective item all obey this table:
`catalog.shared.sql` makes the database's function from it.
"""

import json
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Freedom(StrEnum):
    """How far a hall may go."""

    LOCKED = "locked"
    TIGHTEN = "tighten"
    FREE = "free"


class Shape(StrEnum):
    """What an override's JSON value looks like, and so how it is compared."""

    TEXT = "text"
    BOOLEAN = "boolean"
    COUNT = "count"
    AMOUNT = "amount"
    LIMIT = "limit"
    LIST = "list"


# the numbers that may be written, as JSON text: what the columns of the effective item can hold
NUMBER_PATTERNS = {Shape.COUNT: "[0-9]{1,4}", Shape.AMOUNT: "[0-9]{1,7}([.][0-9]{1,2})?"}


@dataclass(frozen=True)
class Rule:
    """The policy of one field. `rows` are the keys of a list's row that may be given, each with its own rule."""

    freedom: Freedom
    shape: Shape = Shape.TEXT
    rows: "dict[str, Rule] | None" = None


_LOCKED = Rule(Freedom.LOCKED)
_TEXT = Rule(Freedom.FREE, Shape.TEXT)
_SWITCH = Rule(Freedom.FREE, Shape.BOOLEAN)
_ORDER = Rule(Freedom.FREE, Shape.COUNT)
# true may be set, false may not: dropping a paper or asking for none is in the citizen's favour
_DROP = Rule(Freedom.TIGHTEN, Shape.BOOLEAN)

POLICY: dict[str, Rule] = {
    "code": _LOCKED,
    "name": _LOCKED,
    "summary": _TEXT,
    "type": _LOCKED,
    "department": _LOCKED,
    "body_nature": _LOCKED,
    "entrusted_by": _LOCKED,
    "power_source": _LOCKED,
    "joint_bodies": _LOCKED,
    "intermediary": _LOCKED,
    "levels": _LOCKED,
    "audience": _LOCKED,
    "service_objects": _LOCKED,
    "themes": _LOCKED,
    "life_events": _LOCKED,
    "aliases": _LOCKED,
    "kind": _LOCKED,
    "statutory_days": _LOCKED,
    "statutory_unit": _LOCKED,
    "statutory_note": _LOCKED,
    "promised_days": Rule(Freedom.TIGHTEN, Shape.LIMIT),
    "promised_unit": _LOCKED,
    "limit_note": _TEXT,
    "visits": Rule(Freedom.TIGHTEN, Shape.COUNT),
    "visits_reason": _TEXT,
    "conditions": _LOCKED,
    "steps": Rule(
        Freedom.FREE, Shape.LIST, {"hidden": _SWITCH, "position": _ORDER, "name": _TEXT, "role": _TEXT}
    ),
    "legal_basis": _LOCKED,
    "special_procedures": _LOCKED,
    "fees": Rule(
        Freedom.TIGHTEN,
        Shape.LIST,
        {"hidden": _DROP, "amount": Rule(Freedom.TIGHTEN, Shape.AMOUNT), "standard": _TEXT},
    ),
    "result_kind": _LOCKED,
    "result_name": _LOCKED,
    "result_validity": _LOCKED,
    "result_sample": _LOCKED,
    "result_electronic": _LOCKED,
    "quantity_limit": _LOCKED,
    "annual_inspection": _LOCKED,
    "service_scope": _LOCKED,
    "channels": _LOCKED,
    "in_hall": _LOCKED,
    "online_depth": _LOCKED,
    "online_steps": _LOCKED,
    "can_apply": _LOCKED,
    "can_book": _SWITCH,
    # who must be known how well is the city's word: a hall that asked for more would keep people out, for less let anybody in
    "identity_level": _LOCKED,
    "proxy_allowed": _LOCKED,
    "delivery": Rule(Freedom.FREE, Shape.LIST),
    "tolerance_allowed": _LOCKED,
    "pledge_allowed": _LOCKED,
    "materials": Rule(
        Freedom.TIGHTEN,
        Shape.LIST,
        {
            "hidden": _DROP,
            "exempt": _DROP,
            "position": _ORDER,
            "note": _TEXT,
            "spec": _TEXT,
            "exempt_by": _TEXT,
        },
    ),
    "form": _LOCKED,
    "windows": Rule(
        Freedom.FREE,
        Shape.LIST,
        {
            "hidden": _SWITCH,
            "position": _ORDER,
            "name": _TEXT,
            "address": _TEXT,
            "phone": _TEXT,
            "hours": _TEXT,
        },
    ),
    "address": _TEXT,
    "phone": _TEXT,
    "complaint_phone": _TEXT,
    "hours": _TEXT,
    "notes": _TEXT,
    "guide_text": _TEXT,
    "faq": Rule(Freedom.FREE, Shape.LIST),
    "hidden": _SWITCH,
    "demonstration": _LOCKED,
}
# lists that are overridden row by row, and lists whose whole value is the hall's
ROW_LISTS = tuple(name for name, rule in POLICY.items() if rule.rows is not None)


def rule_of(field: str) -> Rule:
    """Return the rule of `name` or, for a row of a list, `list.key`. Unknown names are locked."""
    name, _, key = field.partition(".")
    rule = POLICY.get(name, _LOCKED)
    if key:
        return rule if rule.rows is not None else _LOCKED
    return _LOCKED if rule.rows is not None else rule


def natural_days(days: int, unit: str) -> int:
    """Return a limit as natural days, to compare unlike units: working days × 7/5, rounded up."""
    return -(-days * 7 // 5) if unit == "working" else days


def permits(rule: Rule, value: Any, base: Any) -> bool:
    """Say whether a value keeps a rule against the city's value; the database's function says the same.

    A limit is ``{"days": n, "unit": unit}``; a row of a list is an object with some of the rule's keys.
    """
    if rule.freedom is Freedom.LOCKED:
        return False
    if rule.rows is not None:
        return (
            isinstance(value, dict)
            and bool(value)
            and isinstance(base, dict)
            and all(
                key in rule.rows and permits(rule.rows[key], given, base.get(key))
                for key, given in value.items()
            )
        )
    if rule.shape is Shape.TEXT:
        return isinstance(value, str)
    if rule.shape is Shape.LIST:
        return isinstance(value, list)
    if rule.shape is Shape.BOOLEAN:
        return isinstance(value, bool) and (rule.freedom is Freedom.FREE or value)
    if rule.shape in NUMBER_PATTERNS:
        if not _is_number(value, rule.shape):
            return False
        return rule.freedom is Freedom.FREE or (_is_number(base, rule.shape) and value <= base)
    return (
        _is_limit(value)
        and _is_limit(base)
        and natural_days(value["days"], value["unit"]) <= natural_days(base["days"], base["unit"])
    )


def _is_number(value: Any, shape: Shape) -> bool:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return is_number and re.fullmatch(NUMBER_PATTERNS[shape], json.dumps(value)) is not None


def _is_limit(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and set(value) == {"days", "unit"}
        and isinstance(value["days"], int)
        and not isinstance(value["days"], bool)
        and 0 <= value["days"] <= 9999
        and value["unit"] in {"working", "natural"}
    )
