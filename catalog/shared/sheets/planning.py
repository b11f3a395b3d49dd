"""The plan of an import: what is new, changed, the same or in conflict, and what is wrong, before anything is written."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import Any, Protocol

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from accounts.actor import Actor
from catalog.shared import labels, rows
from catalog.shared.codes import LOCAL_ORIGIN, validate_code
from catalog.shared.enums import Status
from catalog.shared.models import Draft, ItemRow
from catalog.shared.services import batches, editions, items
from catalog.shared.services.batches import Proposal
from catalog.shared.services.editions import SHARED, BadFields, Life, Shelf
from catalog.shared.sheets import comparing, kinds
from catalog.shared.sheets.comparing import Conflict
from catalog.shared.sheets.kinds import LIFE, Kind
from catalog.shared.sheets.marks import Origin
from catalog.shared.sheets.staging import FileItem, Problems
from catalog.shared.validators import publishing_problems

NEW, CHANGED, SAME, CONFLICT = "new", "changed", "same", "conflict"
FILE, DATABASE = "file", "database"
WORDS_LIMIT = 2000
# what was decided on a conflict: code, field, the words of the database's value → file, database, or nothing yet
Chooser = Callable[[str, str, str], str]


def undecided(_code: str, _field: str, _database: str) -> str:
    """Decide on nothing: the first look."""
    return ""


@dataclass(frozen=True)
class Line:
    """One line of the preview. Of a conflict `field` with the three values in words; of an item `text`: what changes."""

    kind: str
    code: str
    name: str
    sheet: str
    row: int
    column: str = ""
    text: str = ""
    field: str = ""
    file: str = ""
    database: str = ""
    exported: str = ""
    choice: str = ""


@dataclass
class Step:
    """The plan of some items: the lines to show, how many of which kind, and what is to be written."""

    lines: list[Line] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    open_conflicts: int = 0
    proposals: dict[str, Proposal] = field(default_factory=dict)
    # what a hall changes of shared items: its own planner knows their form
    own: list[Any] = field(default_factory=list)


class Planner(Protocol):
    """Who plans and writes an import: the city's, or a hall's."""

    here: Origin
    book: tuple[Kind, ...]

    def plan(self, batch: Sequence[FileItem], problems: Problems, choose: Chooser) -> Step:
        """Return the plan of some items; reads, writes nothing."""

    def write(self, step: Step, *, by: Actor, now: datetime, note: str) -> dict[str, int]:
        """Write a step; return the revisions of its drafts."""


class CityPlanner:
    """The city's: every item of the file becomes a draft where it differs."""

    def __init__(self, here: Origin) -> None:
        self.here = here
        self.book = kinds.book(of_hall=False)

    def plan(self, batch: Sequence[FileItem], problems: Problems, choose: Chooser) -> Step:
        """Plan shared items."""
        step = Step()
        good = [item for item in batch if self._is_ours(item, problems)]
        plan_editions(SHARED, good, self.book, step, problems, choose)
        return step

    def write(self, step: Step, *, by: Actor, now: datetime, note: str) -> dict[str, int]:
        """Save the drafts."""
        return items.save_many(step.proposals, by=by, now=now, note=note) if step.proposals else {}

    def _is_ours(self, item: FileItem, problems: Problems) -> bool:
        if item.code.startswith(LOCAL_ORIGIN):
            problem = _("%(code)s 是分厅自己的事项（99 开头），不能导入全市目录") % {"code": item.code}
            problems.add(item.first.sheet, item.first.number, labels.field("code"), problem)
            return False
        return is_code(item, problems)


def is_code(item: FileItem, problems: Problems) -> bool:
    """Say whether an item's code can be one, and tell when not."""
    try:
        validate_code(item.code)
    except ValidationError as problem:
        problems.add(item.first.sheet, item.first.number, labels.field("code"), "；".join(problem.messages))
        return False
    return True


@cache
def can_be_empty(model: type[ItemRow]) -> frozenset[str]:
    """Return the fields that a blank cell empties."""
    found = {
        each.name
        for each in model._meta.concrete_fields
        if each.null or isinstance(each, models.JSONField) or (each.blank and not isinstance(each, models.BooleanField))
    }  # fmt: skip
    # a text that must be there is told so by its own check
    return frozenset(found | {"name", "department"})


def values_of(item: ItemRow | Draft) -> dict[str, Any]:
    """Return an item's or a draft's values and life as sheets tell them: days as text."""
    fields = item.fields if isinstance(item, Draft) else editions.fields_of(item)
    life = {
        "status": str(item.status), "successor": item.successor,
        "effective_from": _day(item.effective_from), "effective_to": _day(item.effective_to),
    }  # fmt: skip
    return {**fields, **life}


def live_told(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a live item's plain values as `values_of` does: days as text, without what sheets do not tell."""
    told = {name: value for name, value in row.items() if name != "version"}
    return {**told, "effective_from": _day(row["effective_from"]), "effective_to": _day(row["effective_to"])}


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def plan_editions(
    shelf: Shelf,
    wanted: Sequence[FileItem],
    book: Sequence[Kind],
    step: Step,
    problems: Problems,
    choose: Chooser,
) -> None:
    """Add to a step what the file makes of shared items, or of a hall's own: new drafts and changed ones."""
    codes = [item.code for item in wanted]
    live, drafts = batches.live_values(shelf, codes), batches.drafts_of(shelf, codes)
    for item in wanted:
        there, draft = live.get(item.code), drafts.get(item.code)
        if there is None and draft is None:
            _plan_new(shelf, item, book, step, problems)
            continue
        drafted = values_of(draft) if draft is not None else None
        base = live_told(there) if there is not None else drafted or {}
        _plan_known(shelf, item, book, step, problems, choose, base=base, drafted=drafted)


def _plan_new(shelf: Shelf, item: FileItem, book: Sequence[Kind], step: Step, problems: Problems) -> None:
    if item.head is None:
        problem = _("没有编码是 %(code)s 的事项，“事项”表里也没有新加") % {"code": item.code}
        problems.add(item.first.sheet, item.first.number, labels.field("code"), problem)
        return
    empty = values_of(shelf.live(code=item.code, type=item.code[2:4], promised_days=0))
    told = comparing.told_fields(item, empty, can_be_empty=can_be_empty(shelf.live))
    changes = {name: value for name, value in told.items() if not comparing.same(name, value, empty[name])}
    proposal = proposed(shelf, item, empty, changes, book, problems)
    if proposal is None:
        return
    step.counts[NEW] += 1
    step.proposals[item.code] = proposal
    step.lines.append(Line(NEW, item.code, str(changes.get("name", "")), item.first.sheet, item.first.number))


def _plan_known(
    shelf: Shelf, item: FileItem, book: Sequence[Kind], step: Step, problems: Problems, choose: Chooser,
    *, base: dict[str, Any], drafted: dict[str, Any] | None,
) -> None:  # fmt: skip
    told = comparing.told_fields(item, base, can_be_empty=can_be_empty(shelf.live))
    changes, conflicts = comparing.weigh(told, base, drafted, item)
    name = str((drafted or base)["name"])
    is_open = settle(item, name, changes, conflicts, book, step, choose)
    if not changes:
        step.counts[CONFLICT if conflicts else SAME] += 1
        return
    proposal = proposed(shelf, item, drafted or base, changes, book, problems)
    step.counts[CONFLICT if conflicts else CHANGED] += 1
    if proposal is None or is_open:
        return
    step.proposals[item.code] = proposal
    step.lines.append(changed_line(item, name, list(changes)))


def changed_line(item: FileItem, name: str, fields: Sequence[str]) -> Line:
    """Return the line of an item that changes: which fields."""
    said = "、".join(dict.fromkeys(field_label(each) for each in fields))
    return Line(CHANGED, item.code, name, item.first.sheet, item.first.number, text=said[:WORDS_LIMIT])


def settle(
    item: FileItem, name: str, changes: dict[str, Any], conflicts: Sequence[Conflict], book: Sequence[Kind],
    step: Step, choose: Chooser,
) -> bool:  # fmt: skip
    """Add the lines of conflicts, and to `changes` what was decided for the file; return whether any waits for a decision."""
    is_open = False
    for conflict in conflicts:
        database = words(book, conflict.field, conflict.database)
        choice = choose(item.code, conflict.field, database)
        sheet, row, column = place(item, conflict.field, book)
        step.lines.append(
            Line(
                CONFLICT, item.code, name, sheet, row, column, field=conflict.field, database=database, choice=choice,
                file=words(book, conflict.field, conflict.file), exported=words(book, conflict.field, conflict.exported),
                text=_("文件里没有改这一项") if comparing.same(conflict.field, conflict.file, conflict.exported) else "",
            )
        )  # fmt: skip
        if choice == FILE:
            changes[conflict.field] = conflict.file
        elif choice != DATABASE:
            is_open = True
            step.open_conflicts += 1
    return is_open


def proposed(
    shelf: Shelf, item: FileItem, base: Mapping[str, Any], changes: Mapping[str, Any], book: Sequence[Kind],
    problems: Problems,
) -> Proposal | None:  # fmt: skip
    """Return the changes as they are saved, None when something is wrong with the whole item, which is told."""
    whole = {**base, **changes}
    fields = {name: value for name, value in changes.items() if name not in LIFE}
    found: dict[str, str] = {}
    try:
        fields = batches.cleaned_changes(shelf, item.code, base, fields)
        if whole["status"] == Status.ACTIVE:
            found = publishing_problems({**whole, **fields, **_looked_at_before(fields)})
    except BadFields as refusal:
        found = refusal.problems
    life = Life(
        Status(whole["status"]),
        whole["successor"] or "",
        _date(whole["effective_from"]),
        _date(whole["effective_to"]),
    )
    if life.effective_from and life.effective_to and life.effective_to < life.effective_from:
        found["effective_to"] = _("停用的日子不能早于启用的日子")
    for name, reason in found.items():
        problems.add(*place(item, name, book), reason)
    return None if found else Proposal(fields, life if changes.keys() & set(LIFE) else None)


def _looked_at_before(changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return nothing for each list that stays as it was stored and that no other check reads: its rows were looked at."""
    return {
        name: [] for name in rows.LISTS if name not in changes and name not in {"fees", "materials", "steps"}
    }


def _date(day: str | None) -> date | None:
    return date.fromisoformat(day) if day else None


def place(item: FileItem, name: str, book: Sequence[Kind]) -> tuple[str, int, str]:
    """Return sheet, row and column of a field, or of a row of a list ``materials.<key>``; the nearest there is."""
    name, _dot, key = name.partition(".")
    found = item.lists.get(name)
    if found:
        row = next((row for row in found if row.values.get(rows.identity(name)) == key), found[0])
        kind = next(kind for kind in book if kind.key == name)
        return row.sheet, row.number, kind.header(rows.LISTS[name][1].key)
    row = item.head or item.first
    return row.sheet, row.number, field_label(name)


def field_label(name: str) -> str:
    """Return what a field is called, or a field of an item's life."""
    life = kinds.LIFE_LABELS.get(name)
    return str(life) if life else labels.field(name)


def words(book: Sequence[Kind], name: str, value: Any) -> str:
    """Return a value in words: as its cell says it; a list as its rows."""
    kind = next((kind for kind in book if kind.list and kind.list == name.partition(".")[0]), None)
    if kind is not None:
        listed = value if isinstance(value, list) else [value] if value else []
        said = "\n".join(_row_words(kind, row) for row in listed)
    else:
        column = book[0].column(name)
        shown = column.widget.render(value) if column is not None and column.widget else value
        said = "" if shown is None else str(shown)
    return said[:WORDS_LIMIT]


def _row_words(kind: Kind, row: Mapping[str, Any]) -> str:
    parts = []
    for column in kind.columns:
        value = row.get(column.attribute)
        if column.attribute in {"code", "key"} or value in (None, "", []) or column.widget is None:
            continue
        parts.append(f"{column.header}：{column.widget.render(value)}")
    return "，".join(parts)
