"""An item's own form, page by page: which boxes it shows. What an answer may be is for `cases.hall.answers` to say."""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils import timezone
from django.utils.translation import gettext as _

from cases.hall import answers
from catalog.shared import questions
from theming.widgets import IdNumberInput, PhoneInput, ThreeBoxDate

MOST_FIELDS = 7
ACT = re.compile(r"([A-Za-z0-9_-]{1,40}):(add|remove):(\d{1,2})")
# which of the conditional questions stood open on the page that was sent
SHOWN = "shown"

Definition = Mapping[str, Any]
# grouped as a select shows them: county → its towns
Places = Sequence[tuple[str, Sequence[tuple[str, str]]]]


@dataclass(frozen=True)
class Page:
    """One page of the item's form; a group has its `fields` with it (catalog.shared.questions.nested)."""

    number: int
    title: str
    fields: tuple[Definition, ...]

    @property
    def has_place(self) -> bool:
        """Whether a field wants the list of towns and streets."""
        inner = [member for row in self.fields for member in row.get("fields") or []]
        return any(definition["type"] == "division" for definition in [*self.fields, *inner])

    @property
    def names(self) -> set[str]:
        """What is answered on it."""
        return {str(row["name"]) for row in self.fields}


def by_section(fields: Sequence[Definition]) -> dict[str, list[Definition]]:
    """Return the fields by section, both in the form's order."""
    found: dict[str, list[Definition]] = {}
    for definition in fields:
        found.setdefault(definition.get("section") or "", []).append(definition)
    return found


def pages(form: Sequence[Definition]) -> list[Page]:
    """Cut a form into pages of at most seven fields, keeping sections whole where they fit; a group has its own."""
    sheets: list[list[Definition]] = []
    is_open = False
    for fields in _in_turn(questions.nested(form)):
        if fields[0]["type"] == questions.GROUP:
            sheets.append(fields)
            is_open = False
            continue
        for start in range(0, len(fields), MOST_FIELDS):
            part = fields[start : start + MOST_FIELDS]
            if is_open and len(sheets[-1]) + len(part) <= MOST_FIELDS:
                sheets[-1] += part
            else:
                sheets.append(list(part))
            is_open = True
    plain = [sheet for sheet in sheets if sheet[0]["type"] != questions.GROUP]
    return [Page(number, _title(sheet, plain), tuple(sheet)) for number, sheet in enumerate(sheets, 1)]


def _in_turn(rows: Sequence[Definition]) -> Iterator[list[Definition]]:
    """Yield the questions by section, each group alone; where conditions are, no question comes before what it looks at."""
    sections = by_section([row for row in rows if row["type"] != questions.GROUP])
    # where conditions or groups are, the form's own order holds
    if any(row.get("when") or row["type"] == questions.GROUP for row in rows):
        run: list[Definition] = []
        for row in rows:
            if run and (
                questions.GROUP in (row["type"], run[-1]["type"])
                or (row.get("section") or "") != (run[-1].get("section") or "")
            ):
                yield run
                run = []
            run.append(row)
        if run:
            yield run
        return
    yield from sections.values()


def _title(sheet: list[Definition], plain: list[list[Definition]]) -> str:
    if sheet[0]["type"] == questions.GROUP:
        return str(sheet[0]["label"])
    number, total = plain.index(sheet) + 1, len(plain)
    sections = list(by_section(sheet))
    if len(sections) == 1 and sections[0]:
        return sections[0]
    return _("填表") if total == 1 else _("填表（{number}/{total}）").format(number=number, total=total)


class _Box(forms.Field):
    """A box whose value is checked with all others by `cases.hall.answers`; `required` is what its label says."""

    def validate(self, value: Any) -> None:
        """Leave it to `cases.hall.answers`."""


class _Rows(forms.ChoiceField):
    """The same with a choice of rows."""

    def validate(self, value: Any) -> None:
        """Leave it to `cases.hall.answers`."""


@dataclass
class Box:
    """One question as a page shows it. `decider`: the name of the box on this page that opens it, with its `values`."""

    bound: BoundField
    is_conditional: bool = False
    is_hidden: bool = False
    decider: str = ""
    values: str = ""


@dataclass
class Entry:
    """One entry of a group: its questions, and what it is called in a line."""

    number: int
    title: str
    boxes: list[Box]
    is_open: bool


@dataclass
class Group:
    """A group of questions as a page shows it."""

    row: Definition
    count: BoundField
    entries: list[Entry]
    can_grow: bool
    mark: str = ""

    @property
    def entry_name(self) -> str:
        """What one of its entries is called."""
        return questions.entry_name(self.row)


class QuestionsForm(forms.Form):
    """One page of the item's form, or some of its questions. `given` are the answers of before, `places` the towns.

    `said` are the answers to questions that are asked elsewhere, on which conditions may look; `marks` are words beside
    what was filled in for the applicant, by name; `own_number` is the applicant's ID number. When it is not valid, `cleaned_data` still holds what is good: a draft
    keeps it. `unseen` are the questions that what was typed has opened and that the page did not show.
    """

    def __init__(
        self,
        data: Any = None,
        *,
        page: Page,
        given: Mapping[str, Any],
        places: Places,
        said: Mapping[str, Any] | None = None,
        marks: Mapping[str, str] | None = None,
        own_number: str = "",
    ) -> None:
        super().__init__(data)
        self.page, self.marks, self.own_number = page, marks or {}, own_number
        self.said = {name: value for name, value in (said or {}).items() if name not in page.names}
        self.codes = {code for _county, towns in places for code, _name in towns}
        self.unseen: list[str] = []
        for row in page.fields:
            if row["type"] == questions.GROUP:
                self._add_group(row, given.get(row["name"]) or [], places)
            else:
                self._add(row["name"], row, given.get(row["name"]), places)

    def _add(self, name: str, row: Definition, value: Any, places: Places) -> None:
        self.fields[name] = question(row, places, mark=self.marks.get(name, ""))
        self.initial[name] = _shown(row, value)

    def _add_group(self, row: Definition, entries: Sequence[Mapping[str, Any]], places: Places) -> None:
        name = row["name"]
        count = max(len(entries), questions.fewest(row))
        if self.is_bound:
            typed = str(self.data.get(f"{name}.rows", ""))
            count = min(int(typed), questions.MOST_ENTRIES) if typed.isdecimal() and len(typed) < 4 else 0
        self.fields[f"{name}.rows"] = _Box(label=row["label"], required=False)
        self.initial[f"{name}.rows"] = count
        for number in range(count):
            entry = entries[number] if number < len(entries) else {}
            for member in row["fields"]:
                self._add(f"{name}.{number}.{member['name']}", member, entry.get(member["name"]), places)

    def clean(self) -> dict[str, Any]:
        """Check all boxes as the API does; what the page did not show is asked again before it is missed."""
        typed = self._nested(self.cleaned_data)
        checked = self._checked(self.page.fields, typed, self.said, is_draft=False)
        seen = set(self.data.getlist(SHOWN)) if hasattr(self.data, "getlist") else set()
        conditional = {name for name, row in self._rows() if row.get("when")}
        seen |= {name for name in conditional if self.cleaned_data.get(name) not in (None, "")}
        self.unseen = [name for name in self._asked(typed) if name in conditional - seen]
        for name, problem in checked.errors.items():
            if name not in self.unseen:
                self.add_error(name if name in self.fields else f"{name}.rows", problem)
        return checked.values

    def _checked(
        self,
        rows: Sequence[Definition],
        typed: Mapping[str, Any],
        said: Mapping[str, Any],
        *,
        is_draft: bool = True,
    ) -> answers.Answers:
        today = timezone.localdate()
        return answers.clean(
            rows,
            typed,
            divisions=self.codes,
            today=today,
            is_draft=is_draft,
            own_number=self.own_number,
            said=said,
        )

    def _rows(self) -> Iterator[tuple[str, Definition]]:
        """Yield each box's name with its question."""
        for row in self.page.fields:
            if row["type"] != questions.GROUP:
                yield row["name"], row
                continue
            for number in range(self._count(row)):
                for member in row["fields"]:
                    yield f"{row['name']}.{number}.{member['name']}", member

    def _count(self, group: Definition) -> int:
        return int(self.initial[f"{group['name']}.rows"])

    def _nested(self, flat: Mapping[str, Any]) -> dict[str, Any]:
        """Return the boxes' values as answers are: a group's as a list of entries, in the page's order."""
        found: dict[str, Any] = {}
        for row in self.page.fields:
            name = row["name"]
            if row["type"] != questions.GROUP:
                found[name] = flat.get(name)
                continue
            found[name] = [
                {member["name"]: flat.get(f"{name}.{number}.{member['name']}") for member in row["fields"]}
                for number in range(self._count(row))
            ]
        return found

    def _asked(self, typed: Mapping[str, Any]) -> list[str]:
        """Return the names of the boxes whose questions apply to what stands on the page, right or wrong."""
        names: list[str] = []
        values = self._checked(self.page.fields, typed, self.said).values
        for row, known in questions.asked(self.page.fields, values, said=self.said):
            if row["type"] != questions.GROUP:
                names.append(row["name"])
                continue
            for number, entry in enumerate(typed[row["name"]]):
                inner = self._checked(row["fields"], entry, known).values
                names += [
                    f"{row['name']}.{number}.{member['name']}"
                    for member, _known in questions.asked(row["fields"], inner, said=known)
                ]
        return names

    @property
    def typed(self) -> dict[str, Any]:
        """What stands on the page, right or wrong, as answers are."""
        return self._nested({bound.name: bound.value() for bound in self})

    def acted(self) -> dict[str, Any] | None:
        """Return what stands on the page with an entry more or less, as a button of it asked; None when none did."""
        asked = ACT.fullmatch(str(self.data.get("act", "")))
        typed = self.typed
        if asked is None or not isinstance(typed.get(asked[1]), list):
            return None
        entries, at = typed[asked[1]], int(asked[3])
        row = next(row for row in self.page.fields if row["name"] == asked[1])
        if asked[2] == "add" and len(entries) < questions.most(row):
            entries.append({})
        elif asked[2] == "remove" and at < len(entries):
            del entries[at]
        return typed

    @property
    def shown_names(self) -> list[str]:
        """The answers of this page that were asked for: groups among them, not what a condition closed or did not show yet."""
        asked = set(self._asked(self.typed)) - set(self.unseen)
        return [
            row["name"] for row in self.page.fields if row["type"] == questions.GROUP or row["name"] in asked
        ]

    def kept(self, typed: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Return what is good so far, whether the page is done or not; of `typed`, where a button changed the entries.

        What was emptied is None; what is wrong or closed is not there.
        """
        good = (
            self.cleaned_data if typed is None else self._checked(self.page.fields, typed, self.said).values
        )
        return {name: good.get(name) for name in self.shown_names if name not in self.errors}

    @property
    def sections(self) -> list[dict[str, Any]]:
        """Return the questions to show, by section: each a Box, or a Group."""
        is_asked = set(self._asked(self.typed))
        return [
            {"title": title, "parts": [self._part(row, is_asked) for row in rows]}
            for title, rows in by_section(self.page.fields).items()
        ]

    def part(self, name: str) -> Box | Group:
        """Return one question of the page, by its name."""
        row = next(row for row in self.page.fields if row["name"] == name)
        return self._part(row, set(self._asked(self.typed)))

    def _part(self, row: Definition, is_asked: set[str]) -> Box | Group:
        name = row["name"]
        if row["type"] != questions.GROUP:
            return self._box(name, row, is_asked)
        entries = []
        for number, entry in enumerate(self.typed[name]):
            start = f"{name}.{number}."
            boxes = [
                self._box(f"{start}{member['name']}", member, is_asked, start) for member in row["fields"]
            ]
            is_open = any(box.bound.errors for box in boxes) or questions.missing(row["fields"], entry) != []
            said = next((str(value) for value in entry.values() if value not in (None, "")), "")
            entries.append(Entry(number + 1, said, boxes, is_open))
        can_grow = len(entries) < questions.most(row)
        return Group(row, self[f"{name}.rows"], entries, can_grow, self.marks.get(name, ""))

    def _box(self, name: str, row: Definition, is_asked: set[str], start: str = "") -> Box:
        when = row.get("when")
        if not when:
            return Box(self[name])
        decider = next(
            (box for box in (start + when["question"], when["question"]) if box in self.fields), ""
        )
        values = json.dumps(when["values"], ensure_ascii=False)
        return Box(self[name], True, name not in is_asked, decider, values)


def _shown(definition: Definition, value: Any) -> Any:
    if definition["type"] == "yes_no" and isinstance(value, bool):
        return "yes" if value else "no"
    return value


def _choice(definition: Definition, places: Places) -> forms.Field:
    rows = [(str(row["value"]), row["label"]) for row in definition.get("choices") or []]
    return _Rows(choices=[("", "—"), *rows], widget=forms.RadioSelect)


def _yes_no(definition: Definition, places: Places) -> forms.Field:
    return _Rows(choices=[("", "—"), ("yes", _("是")), ("no", _("不是"))], widget=forms.RadioSelect)


def _division(definition: Definition, places: Places) -> forms.Field:
    return _Rows(choices=[("", _("请选乡镇或街道")), *places])


def _boxed(widget: Callable[[], forms.Widget]) -> Callable[[Definition, Places], forms.Field]:
    return lambda definition, places: _Box(widget=widget())


def _number_input() -> forms.Widget:
    return forms.TextInput(attrs={"class": "w-m", "inputmode": "decimal", "autocomplete": "off"})


_FIELDS: dict[str, Callable[[Definition, Places], forms.Field]] = {
    "text": _boxed(forms.TextInput),
    "number": _boxed(_number_input),
    "date": _boxed(ThreeBoxDate),
    "choice": _choice,
    "division": _division,
    "id_number": _boxed(IdNumberInput),
    "phone": _boxed(PhoneInput),
    "yes_no": _yes_no,
}


def question(definition: Definition, places: Places, *, mark: str = "") -> forms.Field:
    """Return the box of one question; what is typed is checked by `cases.hall.answers`. `mark` is said after the hint."""
    field = _FIELDS[definition["type"]](definition, places)
    field.label = definition["label"]
    field.help_text = "　".join(filter(None, (definition.get("hint") or "", mark)))
    field.required = bool(definition.get("required"))
    if answers.is_own(definition):
        # what a browser sends for it is not read
        field.disabled = True
        field.help_text = _("由您的账号带出，不用填")
    elif definition.get("about") == "child" and definition["type"] == "id_number":
        field.help_text = field.help_text or _("刚出生、还没有的，填“无”")
    field.widget.is_required = field.required
    return field
