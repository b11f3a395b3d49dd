"""The sections in which an item is edited, one a page, and the form of each: plain fields, and lists row by row without scripts."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.shared import labels, questions, rows, said
from catalog.shared.enums import Status
from catalog.shared.forms import fields
from catalog.shared.services.editions import Life, made_key
from theming.widgets import ThreeBoxDateField

ROWS_LIMIT = 60
ACT = re.compile(r"([a-z_]+):(add|up|down|remove):(\d{1,2})")


@dataclass(frozen=True)
class Section:
    """One page of an item: its name in the address, its title, the columns that are edited on it."""

    key: str
    title: str | Promise
    columns: tuple[str, ...]


SECTIONS = (
    Section("basic", gettext_lazy("基本"), (
        "name", "summary", "department", "audience", "service_objects", "levels", "body_nature", "entrusted_by", "power_source", "joint_bodies",
    )),
    Section("limits", gettext_lazy("时限"), (
        "kind", "promised_days", "promised_unit", "limit_note", "statutory_days", "statutory_unit", "statutory_note", "special_procedures",
    )),
    Section("steps", gettext_lazy("条件和步骤"), ("conditions", "steps", "quantity_limit", "intermediary", "annual_inspection")),
    Section("materials", gettext_lazy("材料"), ("materials",)),
    Section("fees", gettext_lazy("收费"), ("fees",)),
    Section("basis", gettext_lazy("依据"), ("legal_basis",)),
    Section("result", gettext_lazy("结果"), (
        "result_kind", "result_name", "result_validity", "result_sample", "result_electronic", "delivery",
    )),
    Section("ways", gettext_lazy("办理方式"), (
        "online_depth", "online_steps", "can_apply", "can_book", "identity_level", "visits", "visits_reason", "channels", "in_hall", "proxy_allowed",
        "tolerance_allowed", "pledge_allowed", "service_scope", "address", "hours", "phone", "complaint_phone", "windows",
    )),
    Section("words", gettext_lazy("写给群众看的"), ("guide_text", "notes", "faq")),
    Section("form", gettext_lazy("表单"), ("form",)),
    Section("themes", gettext_lazy("专题和别名"), ("themes", "life_events", "aliases", "demonstration")),
    Section("life", gettext_lazy("启用停用"), ()),
)  # fmt: skip
BY_KEY = {section.key: section for section in SECTIONS}
# of the code's own digits: no page changes them
FIXED = ("type",)


def section_of(field: str) -> Section:
    """Return the section on which a field (or a row of a list) is edited; of anything else the last."""
    name = field.partition(".")[0]
    return next((section for section in SECTIONS if name in section.columns), SECTIONS[-1])


class PlainForm(forms.Form):
    """The fields of a section that are no lists of rows."""


class LifeForm(PlainForm):
    """From when an edition holds, until when, and what an item's old links lead to when it is cancelled."""

    status = forms.ChoiceField(label=_("发布后"), choices=fields.STATUSES, widget=forms.RadioSelect)
    successor = forms.CharField(
        label=gettext_lazy("接替的事项编码"),
        help_text=gettext_lazy("取消的事项，老链接转到这一项；没有就不填"),
        max_length=14,
        required=False,
    )
    effective_from = ThreeBoxDateField(
        label=gettext_lazy("从哪天起"), help_text=gettext_lazy("不填就是核对后马上发布"), required=False
    )
    effective_to = ThreeBoxDateField(
        label=gettext_lazy("用到哪天"),
        help_text=gettext_lazy("这一天还能办，第二天起停用；不填就一直用"),
        required=False,
    )

    @property
    def life(self) -> Life:
        """What was typed, as the service takes it."""
        given = self.cleaned_data
        return Life(
            Status(given["status"]),
            given["successor"].strip(),
            given["effective_from"],
            given["effective_to"],
        )


class RowForm(forms.Form):
    """One row of a list; what the columns do not name of a row that was there is kept."""

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        field: str,
        row: Mapping[str, Any] | None = None,
        prefix: str | None = None,
    ) -> None:
        super().__init__(data, initial=dict(row or {}), prefix=prefix)
        self.field_name, self.former = field, dict(row or {})
        for column in rows.LISTS[field]:
            is_key = column.key == "key"
            made = (
                forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)
                if is_key
                else fields.of_row_column(column)
            )
            self.fields[column.key] = made

    @property
    def title(self) -> str:
        """What the row is called now; empty for a new one."""
        column = rows.LISTS[self.field_name][1]
        return said.column_words(column, self[column.key].value())

    @property
    def value(self) -> dict[str, Any]:
        """The row as it is stored: nothing is added to it that nobody wrote."""
        row = dict(self.former)
        for name, given in self.cleaned_data.items():
            if given in ("", None, [], False) and name not in row:
                continue
            row[name] = _as_before(given, self.former.get(name))
        if "key" in self.fields and not row.get("key"):
            row["key"] = made_key(str(row.get(rows.LISTS[self.field_name][1].key, "")))
        return row


def _as_before(given: Any, former: Any) -> Any:
    """Return a condition as it was written where the same boxes are ticked: boxes have no order of their own."""
    if not (isinstance(given, dict) and isinstance(former, Mapping)):
        return given
    is_same = given["question"] == former.get("question") and set(given["values"]) == set(
        former.get("values") or []
    )
    return dict(former) if is_same else given


class SectionForm:
    """The form of one section: `plain` fields and `lists` of row forms. Bound when `data` is given."""

    def __init__(
        self,
        section: Section,
        current: Mapping[str, Any],
        *,
        life: Life | None = None,
        own: Mapping[str, fields.Choices] | None = None,
        data: QueryDict | None = None,
    ) -> None:
        self.section, self.current, self.data = section, current, data
        shown = [name for name in section.columns if name not in rows.LISTS]
        if section.key == "life" and life is not None:
            self.plain: PlainForm = LifeForm(data, initial=vars(life))
        else:
            self.plain = PlainForm(data, initial={name: current.get(name) for name in shown})
        for name in shown:
            if name != "demonstration" or current.get(name):
                self.plain.fields[name] = fields.of_column(name, own=own or {}, current=current.get(name))
        self.lists = {name: self._rows(name) for name in section.columns if name in rows.LISTS}
        self._link()

    def _rows(self, name: str) -> list[RowForm]:
        there = {str(row.get(rows.identity(name))): row for row in self.current.get(name) or []}
        if self.data is None:
            return [
                RowForm(field=name, row=row, prefix=f"{name}-{at}") for at, row in enumerate(there.values())
            ]
        found = []
        for at in range(_count(self.data.get(f"{name}-rows"))):
            key = self.data.get(f"{name}-{at}-{rows.identity(name)}", "")
            found.append(RowForm(self.data, field=name, row=there.get(key), prefix=f"{name}-{at}"))
        return found

    def _link(self) -> None:
        """Offer each question the groups of the page, and as conditions the answers of those that stand before it."""
        found = self.lists.get("form", [])
        typed = [_typed(form) for form in found]
        groups = [(row["name"], row["label"]) for row in typed if row.get("type") == questions.GROUP]
        before: list[tuple[str, Any]] = []
        for form, row in zip(found, typed, strict=True):
            ticked = form["when"].value() or []
            stray = [(pair, pair) for pair in ticked if pair not in dict(before)]
            form.fields["when"].choices = [*before, *stray]  # type: ignore[attr-defined]
            here = [(row["group"], row["group"])] if row.get("group") not in {"", None, *dict(groups)} else []
            form.fields["group"].choices = [("", _("不在组里")), *groups, *here]  # type: ignore[attr-defined]
            before += fields.choices_of_questions(row)

    def acted(self) -> bool:
        """Add, move or remove the row that a button of the page asked for; return whether one did."""
        asked = ACT.fullmatch(self.data.get("act", "")) if self.data is not None else None
        if asked is None or asked[1] not in self.lists:
            return False
        name, verb, at = asked[1], asked[2], int(asked[3])
        typed = [_typed(form) for form in self.lists[name]]
        _MOVES[verb](typed, at)
        self.lists[name] = [
            RowForm(field=name, row=row, prefix=f"{name}-{number}") for number, row in enumerate(typed)
        ]
        self._link()
        self.plain = self._kept()
        for other in self.lists.keys() - {name}:
            self.lists[other] = [
                RowForm(field=other, row=_typed(form), prefix=form.prefix) for form in self.lists[other]
            ]
        return True

    def _kept(self) -> PlainForm:
        """Return the plain form unbound, with what was typed: a row's button judges nothing."""
        typed = {bound.name: bound.value() for bound in self.plain}
        kept = PlainForm(initial=typed)
        kept.fields = self.plain.fields
        return kept

    @property
    def forms(self) -> list[forms.Form]:
        """All forms of the page, as the error summary takes them."""
        return [self.plain, *(form for found in self.lists.values() for form in found)]

    def is_valid(self) -> bool:
        """Say whether everything that was typed can be taken."""
        return all([form.is_valid() for form in self.forms])

    @property
    def values(self) -> dict[str, Any]:
        """The item's values by column, as the service takes them."""
        plain = {
            name: _in_order(self.plain.cleaned_data[name], self.current.get(name) or [])
            if isinstance(field, forms.MultipleChoiceField)
            else self.plain.cleaned_data[name]
            for name, field in self.plain.fields.items()
            if name in self.section.columns
        }
        return plain | {name: [form.value for form in found] for name, found in self.lists.items()}

    @property
    def changes(self) -> dict[str, Any]:
        """Those of the values that differ from what is there."""
        return {name: value for name, value in self.values.items() if value != self.current.get(name)}

    def tell(self, problems: Mapping[str, str]) -> None:
        """Put what a service refused to its field, or above all of them."""
        for name, text in problems.items():
            if name in self.plain.fields:
                self.plain.add_error(name, text)
            else:
                self.plain.add_error(None, f"{labels.field(name)}：{text}")

    def parts(self) -> Iterator[tuple[str, Any]]:
        """Yield the page's parts in the section's order: ("field", bound field) or ("list", what the template shows)."""
        order = [
            *self.section.columns,
            *(name for name in self.plain.fields if name not in self.section.columns),
        ]
        for name in order:
            if name in self.lists:
                yield (
                    "list",
                    {
                        "name": name,
                        "label": labels.field(name),
                        "rows": self.lists[name],
                        "count": len(self.lists[name]),
                    },
                )
            elif name in self.plain.fields:
                yield "field", self.plain[name]


def _in_order(given: list[Any], current: list[Any]) -> list[Any]:
    """Return what is ticked as it was ordered, what is new at its end: boxes have no order of their own."""
    return [entry for entry in current if entry in given] + [entry for entry in given if entry not in current]


def _count(text: str | None) -> int:
    return min(int(text), ROWS_LIMIT) if text and text.isdecimal() and len(text) < 4 else 0


def _typed(form: RowForm) -> dict[str, Any]:
    """Return a row as it stands on the page, right or wrong."""
    return form.former | {bound.name: bound.value() for bound in form}


def _add(found: list[dict[str, Any]], at: int) -> None:
    if len(found) < ROWS_LIMIT:
        found.append({})


def _swap(step: int) -> Callable[[list[dict[str, Any]], int], None]:
    def swap(found: list[dict[str, Any]], at: int) -> None:
        if 0 <= at < len(found) and 0 <= at + step < len(found):
            found[at], found[at + step] = found[at + step], found[at]

    return swap


def _remove(found: list[dict[str, Any]], at: int) -> None:
    if at < len(found):
        del found[at]


_MOVES: dict[str, Callable[[list[dict[str, Any]], int], None]] = {
    "add": _add,
    "up": _swap(-1),
    "down": _swap(1),
    "remove": _remove,
}
