"""What differs between two versions of an item, and what the difference means to those who apply. Pure functions."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from catalog.shared import rows
from catalog.shared.enums import Change, Kind
from catalog.shared.policy import natural_days

Fields = Mapping[str, Any]
# below 0: people get less or must do more; above 0: the other way; 0: only said otherwise
Gain = Callable[[Fields, Fields], int]


@dataclass(frozen=True)
class Difference:
    """One field, or one row of a list (`field` is then ``materials.<key>``), before and after; None where it is not there."""

    field: str
    before: Any
    after: Any


def differences(before: Fields, after: Fields) -> list[Difference]:
    """Return the fields that differ, in the order of `after`; lists of rows by row, and as a whole where only their order differs."""
    found = []
    for field, value in after.items():
        former = before.get(field)
        if former == value:
            continue
        found += (
            _row_differences(field, former or [], value or [])
            if field in rows.LISTS
            else [Difference(field, former, value)]
        )
    return found


def _row_differences(field: str, before: list[Any], after: list[Any]) -> list[Difference]:
    name = rows.identity(field)
    old, new = {row[name]: row for row in before}, {row[name]: row for row in after}
    found = [
        Difference(f"{field}.{key}", old.get(key), new.get(key))
        for key in [*new, *(old.keys() - new.keys())]
        if old.get(key) != new.get(key)
    ]
    return found or [Difference(field, before, after)]


def changed_fields(before: Fields, after: Fields) -> list[str]:
    """Return the names of the fields that differ."""
    return [field for field, value in after.items() if before.get(field) != value]


def classify(before: Fields, after: Fields) -> Change:
    """Return the class of a change: narrower if anything is, else wider if anything is, else wording."""
    found = effects(before, after).values()
    if Change.NARROWER in found:
        return Change.NARROWER
    return Change.WIDER if Change.WIDER in found else Change.WORDING


def effects(before: Fields, after: Fields) -> dict[str, Change]:
    """Return of each field that differs what its change means to those who apply."""
    return {
        field: Change.NARROWER if gain < 0 else Change.WIDER if gain > 0 else Change.WORDING
        for field in changed_fields(before, after)
        for gain in [GAINS[field](before, after)]
    }


def _sign(number: float) -> int:
    return (number > 0) - (number < 0)


def _words(before: Fields, after: Fields) -> int:
    return 0


def _more(field: str) -> Gain:
    """More of it (a switch set, a deeper service) is a gain. Of an edition older than the field nothing is said."""
    return lambda before, after: _sign((after[field] or 0) - (before.get(field, after[field]) or 0))


def _fewer(field: str) -> Gain:
    return lambda before, after: -_more(field)(before, after)


def _longer_list(field: str) -> Gain:
    """What a list of choices gains is a gain; what it loses is a loss."""

    def gain(before: Fields, after: Fields) -> int:
        old, new = set(before[field]), set(after[field])
        return -1 if old - new else _sign(len(new - old))

    return gain


def _shorter_list(field: str) -> Gain:
    """What a list of demands loses is a gain; a reworded demand may ask more, so it counts as one."""

    def gain(before: Fields, after: Fields) -> int:
        old, new = set(before[field]), set(after[field])
        return -1 if new - old else _sign(len(old - new))

    return gain


def _shorter_limit(name: str) -> Gain:
    """No limit at all is longer than any."""

    def gain(before: Fields, after: Fields) -> int:
        old, new = _natural(before, name), _natural(after, name)
        return _sign(old - new) if old != new else 0

    return gain


def _natural(fields: Fields, name: str) -> float:
    days = fields[f"{name}_days"]
    return float("inf") if days is None else natural_days(days, fields[f"{name}_unit"])


def _materials(before: Fields, after: Fields) -> int:
    return -_sign_of_rows(before["materials"], after["materials"], _burden)


def _burden(row: Fields) -> tuple[int, ...]:
    if row.get("exempt"):
        return (0, 0, 0)
    demanded = {"required": 3, "later": 2, "optional": 1}.get(row.get("necessity") or "required", 3)
    return (demanded, row.get("originals") or 0, row.get("copies") or 0)


def _fees(before: Fields, after: Fields) -> int:
    return -_sign_of_rows(before["fees"], after["fees"], _price)


def _price(row: Fields) -> tuple[float, ...]:
    # an amount that follows a standard may be any
    return (float("inf") if row.get("amount") is None else row["amount"],)


def _questions(before: Fields, after: Fields) -> int:
    old = {row["name"] for row in before["form"] if row.get("required")}
    new = {row["name"] for row in after["form"] if row.get("required")}
    return -1 if new - old else _sign(len(old - new))


def _pauses(before: Fields, after: Fields) -> int:
    """A special procedure stops the clock: more of them, or longer ones, are a loss."""
    return -_sign_of_rows(
        before["special_procedures"], after["special_procedures"], lambda row: (row.get("days") or 0,)
    )


def _sign_of_rows(before: list[Any], after: list[Any], weight: Callable[[Fields], tuple[float, ...]]) -> int:
    """Return 1 when any row weighs more than before or is new, else -1 when any weighs less or is gone, else 0."""
    old, new = {row["key"]: weight(row) for row in before}, {row["key"]: weight(row) for row in after}
    heavier = any(weighed > old.get(key, ()) for key, weighed in new.items())
    lighter = any(weighed > new.get(key, ()) for key, weighed in old.items())
    return 1 if heavier else -1 if lighter else 0


def _sooner(before: Fields, after: Fields) -> int:
    return _sign((after["kind"] == Kind.INSTANT) - (before["kind"] == Kind.INSTANT))


def _audience(before: Fields, after: Fields) -> int:
    reach = {"both": {"personal", "business"}}
    old, new = (reach.get(fields["audience"], {fields["audience"]}) for fields in (before, after))
    return -1 if old - new else _sign(len(new - old))


_SCOPES = ("", "无", "全县", "全市", "全省", "跨省", "全国")


def _scope(before: Fields, after: Fields) -> int:
    return _sign(_SCOPES.index(after["service_scope"]) - _SCOPES.index(before["service_scope"]))


# every field of an item: a test fails when one is not here
GAINS: dict[str, Gain] = {
    **dict.fromkeys(
        (
            "code", "name", "summary", "type", "department", "body_nature", "entrusted_by", "power_source", "joint_bodies", "levels",
            "themes", "life_events", "aliases", "statutory_note", "limit_note", "visits_reason", "steps", "legal_basis", "result_kind",
            "result_name", "result_validity", "result_sample", "windows", "address", "phone", "complaint_phone", "hours", "notes",
            "guide_text", "faq", "demonstration",
        ),
        _words,
    ),
    "intermediary": lambda before, after: _sign(bool(before["intermediary"]) - bool(after["intermediary"])),
    "quantity_limit": lambda before, after: _sign(bool(before["quantity_limit"]) - bool(after["quantity_limit"])),
    "annual_inspection": lambda before, after: _sign(bool(before["annual_inspection"]) - bool(after["annual_inspection"])),
    "audience": _audience,
    "service_objects": _longer_list("service_objects"),
    "kind": _sooner,
    "statutory_days": _shorter_limit("statutory"),
    "statutory_unit": _shorter_limit("statutory"),
    "promised_days": _shorter_limit("promised"),
    "promised_unit": _shorter_limit("promised"),
    "visits": _fewer("visits"),
    "conditions": _shorter_list("conditions"),
    "special_procedures": _pauses,
    "fees": _fees,
    "result_electronic": _more("result_electronic"),
    "service_scope": _scope,
    "channels": _longer_list("channels"),
    "in_hall": _more("in_hall"),
    "online_depth": _more("online_depth"),
    "online_steps": _longer_list("online_steps"),
    "can_apply": _more("can_apply"),
    "can_book": _more("can_book"),
    "identity_level": _fewer("identity_level"),
    "proxy_allowed": _more("proxy_allowed"),
    "delivery": _longer_list("delivery"),
    "tolerance_allowed": _more("tolerance_allowed"),
    "pledge_allowed": _more("pledge_allowed"),
    "materials": _materials,
    "form": _questions,
    "hidden": _fewer("hidden"),
}  # fmt: skip
