"""What the items of one event 一件事 ask for together: one form, one list of papers without doubles, one time, one sum.

Pure functions of items as they are in force in one hall, so that an override of one of them changes the whole at once.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from catalog.shared import wording
from catalog.shared.enums import Kind
from catalog.shared.policy import natural_days
from catalog.shared.questions import ELIGIBLE, GROUP, fewest, most

Item = Mapping[str, Any]
# the strictest first
_NEED = ("required", "later", "optional")


@dataclass
class Paper:
    """One paper of the whole list: the most copies that any item wants, and the names of the items that want it.

    `row` is a material's row as an item has it; `notes` are the items' words on it, each once.
    """

    row: dict[str, Any]
    items: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass
class Question:
    """One question of the shared form, and the names of the items that ask it."""

    row: dict[str, Any]
    items: list[str] = field(default_factory=list)


def papers(items: Iterable[Item]) -> list[Paper]:
    """Return the materials of all items without doubles, in the order in which they are first asked for.

    One key is one paper. It is needed as much as the item that needs it most; originals and copies are the most that
    one item wants; it need not be handed in only where no item wants it, and items that spare it are not named.
    """
    found: dict[str, Paper] = {}
    for item in items:
        for row in item["materials"]:
            paper = found.get(row["key"])
            if paper is None:
                found[row["key"]] = Paper(dict(row), [item["name"]], _note(row))
            elif row.get("exempt") and not paper.row.get("exempt"):
                continue
            elif paper.row.get("exempt") and not row.get("exempt"):
                found[row["key"]] = Paper(dict(row), [item["name"]], _note(row))
            else:
                _add(paper, row, item["name"])
    return list(found.values())


def _add(paper: Paper, row: Mapping[str, Any], name: str) -> None:
    for count in ("originals", "copies"):
        paper.row[count] = max(paper.row.get(count) or 0, row.get(count) or 0)
    paper.row["necessity"] = min(_need(paper.row), _need(row), key=_NEED.index)
    if paper.row.get("form") != row.get("form"):
        paper.row["form"] = ""
    paper.items.append(name)
    paper.notes += [note for note in _note(row) if note not in paper.notes]


def _need(row: Mapping[str, Any]) -> str:
    given = str(row.get("necessity") or _NEED[0])
    return given if given in _NEED else _NEED[0]


def _note(row: Mapping[str, Any]) -> list[str]:
    return [row["note"]] if row.get("note") else []


def questions(items: Iterable[Item], own: Sequence[str] = ()) -> list[Question]:
    """Return the questions of all items, in the order in which they are first asked.

    One name and type is one question, required when one item requires it; a choice offers what any of the items offers.
    A name of `own` means something else in each item, and is asked for each. A condition holds only where all items set
    the same; a group is filled in as often as the strictest item wants. What is asked before the work is each item's own.
    """
    found: dict[tuple[str, ...], Question] = {}
    for item in items:
        for row in item["form"]:
            if row["type"] == ELIGIBLE:
                continue
            key = (row["name"], row["type"], item["code"] if row["name"] in own else "")
            question = found.get(key)
            if question is None:
                found[key] = Question(
                    {**row, "choices": list(row.get("choices") or [])},
                    [item["name"]],
                )
                continue
            question.items.append(item["name"])
            question.row["required"] = bool(question.row.get("required") or row.get("required"))
            for column in ("when", "group"):
                if question.row.get(column) != row.get(column):
                    question.row[column] = None
            if row["type"] == GROUP:
                question.row["fewest"] = max(fewest(question.row), fewest(row))
                question.row["most"] = max(most(question.row), most(row))
            known = {choice["value"] for choice in question.row["choices"]}
            question.row["choices"] += [
                choice for choice in row.get("choices") or [] if choice["value"] not in known
            ]
    return list(found.values())


def limit(items: Sequence[Item]) -> str:
    """Return how long the whole takes: the longest that one of the items takes, unlike units compared as natural days."""
    if not items:
        return ""
    longest = max(items, key=_natural_days)
    return wording.limit(longest["kind"], longest["promised_days"], longest["promised_unit"])


def _natural_days(item: Item) -> int:
    return 0 if item["kind"] == Kind.INSTANT else natural_days(item["promised_days"], item["promised_unit"])


def visits(items: Iterable[Item]) -> int:
    """Return how often somebody must come for all of them: once more for each that asks it."""
    return sum(item["visits"] for item in items)


def fees(items: Iterable[Item]) -> str:
    """Return what all of them cost: 不收费, 40 元, 25–40 元; where an item has no fixed amount, that it goes by a standard."""
    low = high = Decimal(0)
    is_open = False
    for item in items:
        amounts = [Decimal(str(row["amount"])) for row in item["fees"] if row.get("amount") is not None]
        is_open = is_open or len(amounts) < len(item["fees"])
        low, high = low + min(amounts, default=Decimal(0)), high + max(amounts, default=Decimal(0))
    if is_open:
        return _("按标准收费")
    if high == 0:
        return _("不收费")
    return wording.money(high) if low == high else f"{low.normalize():f}–{wording.money(high)}"
