"""The rules that complete an item: `when` says which items, the rest says what they get."""

from collections.abc import Iterator, Mapping
from typing import Any

Facts = Mapping[str, Any]
# what a rule may ask; `name_has` and `result_has` look for a part of the text
ASKABLE = frozenset(
    [
        "code_suffix",
        "type",
        "audience",
        "kind",
        "department",
        "handling",
        "theme",
        "life_event",
        "levels",
        "online_depth",
        "proxy_allowed",
        "statutory",
        "exempt_by",
        "result_kind",
        "result_electronic",
        "name_has",
        "result_has",
    ]
)


def matches(when: Mapping[str, Any], facts: Facts) -> bool:
    """Say whether an item's facts meet every condition; within one, a single hit is enough."""
    return all(
        _meets(key, wanted if isinstance(wanted, list) else [wanted], facts) for key, wanted in when.items()
    )


def _meets(key: str, wanted: list[Any], facts: Facts) -> bool:
    if key in {"name_has", "result_has"}:
        text = str(facts[key.removesuffix("_has")])
        return any(part in text for part in wanted)
    value = facts.get(key)
    if isinstance(value, list | tuple | set | frozenset):
        return any(each in value for each in wanted)
    return value in wanted


def first(rules: list[Any], facts: Facts) -> Any:
    """Return the first rule that matches, or None."""
    return next((rule for rule in rules if matches(rule["when"], facts)), None)


def every(rules: list[Any], facts: Facts) -> Iterator[Any]:
    """Return the rules that match, in their order."""
    return (rule for rule in rules if matches(rule["when"], facts))


def asking(value: Any) -> Iterator[Any]:
    """Yield every rule, a mapping with `when`, that lies anywhere in a document."""
    if isinstance(value, Mapping):
        if isinstance(value.get("when"), Mapping):
            yield value
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            yield from asking(each)
