"""What a file says of an item against what is there and what was there when the file was exported. Pure functions.

Values are compared as a sheet can tell them: blanks around a text, an empty text and none, a column that a row does not
have are no differences. So what is exported and comes back is the same, and what is there keeps its own form.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from catalog.shared import rows as row_lists
from catalog.shared.services.editions import made_key
from catalog.shared.sheets.cells import tidy
from catalog.shared.sheets.staging import FileItem, Row

Fields = Mapping[str, Any]
_EMPTY: tuple[Any, ...] = (None, "", [], False)


@dataclass(frozen=True)
class Conflict:
    """A value that changed here after the file was exported, and that the file has otherwise. None exported: not known."""

    field: str
    file: Any
    database: Any
    exported: Any


def normal(field: str, value: Any) -> Any:
    """Return a value as it is compared."""
    if field in row_lists.LISTS:
        return [_row(row) for row in value or []]
    if isinstance(value, list):
        return [tidy(entry) if isinstance(entry, str) else entry for entry in value if not _is_blank(entry)]
    if isinstance(value, str):
        return tidy(value)
    return "" if value is None else value


def _is_blank(entry: Any) -> bool:
    return isinstance(entry, str) and not tidy(entry)


def _row(row: Any) -> Any:
    if not isinstance(row, dict):
        return row
    told = {key: tidy(value) if isinstance(value, str) else value for key, value in row.items()}
    return {
        key: value
        for key, value in told.items()
        if value not in _EMPTY or (value == 0 and value is not False)
    }


def same(field: str, one: Any, other: Any) -> bool:
    """Say whether a sheet could not tell two values apart."""
    return bool(one == other or normal(field, one) == normal(field, other))


def same_row(one: Any, other: Any) -> bool:
    """Say whether a sheet could not tell two rows of a list apart."""
    return bool(_row(one or {}) == _row(other or {}))


def listed(field: str, rows: Sequence[Row], there: Sequence[Fields]) -> list[dict[str, Any]]:
    """Return the list that the file's rows make: a row with a known key keeps what the sheet cannot tell or did not have."""
    name = row_lists.identity(field)
    columns = {column.key for column in row_lists.LISTS[field]}
    known = {row.get(name): row for row in there}
    made: list[dict[str, Any]] = []
    taken: set[str] = set()
    for row in rows:
        told = {key: value for key, value in row.values.items() if key in columns}
        key = told.get(name) or _free_key(field, told, taken)
        taken.add(key)
        made.append(laid_over(known.get(key, {}), {**told, name: key}))
    return made


def _free_key(field: str, told: Fields, taken: set[str]) -> str:
    key = made_key(str(told.get(row_lists.LISTS[field][1].key) or ""))
    number, free = 2, key
    while free in taken:
        free, number = f"{key}-{number}", number + 1
    return free


def laid_over(there: Fields, told: Fields) -> dict[str, Any]:
    """Return a row with what the sheet tells laid over it; what it tells no differently stays as it is."""
    made = dict(there)
    for key, value in told.items():
        former = made.get(key)
        if former == value or _row({key: former}) == _row({key: value}):
            continue
        if value is None:
            made.pop(key, None)
        else:
            made[key] = value
    return made


def told_fields(item: FileItem, there: Fields, *, can_be_empty: frozenset[str]) -> dict[str, Any]:
    """Return the fields that the file speaks of, in the form in which they are stored.

    A blank cell empties a field that can be empty, and leaves any other as it is.
    """
    told: dict[str, Any] = {}
    for field, value in (item.head.values if item.head else {}).items():
        if field not in there:
            continue
        if value is None:
            if field in can_be_empty:
                told[field] = _empty_like(there[field])
            continue
        told[field] = value
    for field, rows in item.lists.items():
        told[field] = listed(field, rows, there.get(field) or [])
    for field in item.sheets:
        if there.get(field) and item.is_emptied(field):
            told[field] = []
    return {
        field: there[field] if same(field, value, there[field]) else value for field, value in told.items()
    }


def _empty_like(value: Any) -> Any:
    if isinstance(value, list):
        return []
    return "" if isinstance(value, str) else None


def weigh(
    told: Fields, live: Fields, draft: Fields | None, item: FileItem
) -> tuple[dict[str, Any], list[Conflict]]:
    """Return what the file changes of an item, and where it does not agree with what was changed here meanwhile.

    Told against the live item: what is published, or drafted already, is no change. A draft's own change of a field is
    somebody's work that the file does not know of. What was exported is looked up for differences only.
    """
    changes: dict[str, Any] = {}
    conflicts: list[Conflict] = []
    for field, value in told.items():
        drafted = live[field] if draft is None else draft[field]
        if same(field, value, live[field]) or same(field, value, drafted):
            continue
        was = (item.exported or {}).get(field, live[field])
        if not same(field, drafted, live[field]):
            conflicts.append(Conflict(field, value, drafted, was))
        elif same(field, was, live[field]):
            changes[field] = value
        else:
            conflicts.append(Conflict(field, value, live[field], was))
    return changes, conflicts
