"""What the items of one event 一件事 ask for together: one form, one list of papers without doubles, one time, one sum.

Pure functions of items as they are in force in one hall, so that an override of one of them changes the whole at once.
"""

from collections import Counter
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
    """One question of the shared form, and the names and codes of the items that ask it."""

    row: dict[str, Any]
    items: list[str] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)


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
            key = (
                row["name"],
                row["type"],
                row.get("group") or "",
                item["code"] if row["name"] in own else "",
            )
            question = found.get(key)
            if question is None:
                found[key] = Question(
                    {**row, "choices": list(row.get("choices") or [])},
                    [item["name"]],
                    [item["code"]],
                )
                continue
            question.items.append(item["name"])
            question.codes.append(item["code"])
            question.row["required"] = bool(question.row.get("required") or row.get("required"))
            if question.row.get("when") != row.get("when"):
                question.row["when"] = None
            if row["type"] == GROUP:
                question.row["fewest"] = max(fewest(question.row), fewest(row))
                question.row["most"] = max(most(question.row), most(row))
            known = {choice["value"] for choice in question.row["choices"]}
            question.row["choices"] += [
                choice for choice in row.get("choices") or [] if choice["value"] not in known
            ]
    return list(found.values())


def together(items: Sequence[Item], own: Sequence[str] = ()) -> dict[str, Any]:
    """Return what one application for these items asks for, in the shape of one item: form, materials, delivery.

    A question that several items ask stands in a section of its own before those of each item. Its row has `asks`: of
    each item's code the name of the question there; names are unique in the whole form. A paper's `note` names the items
    that want it; one that no item wants is left out. It may be done for another where every item may.
    """
    return {
        "form": _form(items, own),
        "materials": [
            {**paper.row, "note": _used_by(paper)} for paper in papers(items) if not paper.row.get("exempt")
        ],
        "delivery": _delivery(items),
        "proxy_allowed": all(item.get("proxy_allowed", True) for item in items),
        **{name: {item["code"]: item.get(name) for item in items} for name in SAID_OF_EACH},
    }


# what an applicant notices of a change, item by item
SAID_OF_EACH = ("fees", "conditions", "promised_days", "promised_unit", "visits", "audience")


def _used_by(paper: Paper) -> str:
    used = _("用在：%(items)s") % {"items": "、".join(paper.items)}
    return "。".join([used, *(note.rstrip("。") for note in paper.notes)])


def _form(items: Sequence[Item], own: Sequence[str]) -> list[dict[str, Any]]:
    found = questions(items, own)
    names = Counter(question.row["name"] for question in found)
    rows = []
    for question in found:
        asking, name = question.codes, question.row["name"]
        rows.append(
            {
                **question.row,
                # of one name the items mean different things: each has its own
                "name": name if names[name] == 1 else f"{name}-{asking[0]}",
                "asks": dict.fromkeys(asking, name),
                "section": _("几项都要填的") if len(asking) > 1 else question.items[0],
            }
        )
    _follow_names(rows)
    # in the sections' order: what several ask comes first, and no question before the one that it looks at
    return _after_deciders(sorted(rows, key=lambda row: len(row["asks"]) == 1))


def _follow_names(rows: list[dict[str, Any]]) -> None:
    """Let conditions and groups name other questions as the whole form does; a condition on what it does not ask falls."""
    named = {(code, name): row["name"] for row in rows for code, name in row["asks"].items()}
    for row in rows:
        first = next(iter(row["asks"]))
        if group := row.get("group"):
            row["group"] = named.get((first, group), "")
        if when := row.get("when"):
            deciders = {named.get((code, when["question"]), "") for code in row["asks"]}
            decider = deciders.pop() if len(deciders) == 1 else ""
            row["when"] = {**when, "question": decider} if decider else None


def _after_deciders(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    placed: list[dict[str, Any]] = []
    names: set[str] = set()
    while rows:
        ready = [row for row in rows if not row.get("when") or row["when"]["question"] in names]
        # a circle cannot be published; were there one, its questions would be asked in any order
        taken = ready[:1] or rows[:1]
        placed += taken
        names.add(taken[0]["name"])
        rows = [row for row in rows if row is not taken[0]]
    return placed


def _delivery(items: Sequence[Item]) -> list[str]:
    """Return the ways in which all items may be handed over; where there is none, all ways of any."""
    offered = [list(item.get("delivery") or ["window"]) for item in items]
    every = list(dict.fromkeys(way for ways in offered for way in ways))
    return [way for way in every if all(way in ways for ways in offered)] or every


def answers_of(form: Iterable[Mapping[str, Any]], code: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return of the answers to the whole form those that an item asked for, by its own names."""
    rows = [row for row in form if code in row["asks"]]
    said: dict[str, Any] = {}
    for row in rows:
        name, value = row["name"], given.get(row["name"])
        if row.get("group") or name not in given:
            continue
        if row["type"] == GROUP and isinstance(value, list):
            members = {each["name"]: each["asks"][code] for each in rows if each.get("group") == name}
            value = [
                {members[key]: one for key, one in entry.items() if key in members}
                for entry in value
                if isinstance(entry, Mapping)
            ]
        said[row["asks"][code]] = value
    return said


def delivery_of(offered: Sequence[str], given: Mapping[str, Any]) -> dict[str, Any]:
    """Return how one item is handed over when this was chosen for all: in its own first way where it has not that one."""
    ways = list(offered) or ["window"]
    return dict(given) if given.get("method") in ways else {**given, "method": ways[0]}


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
