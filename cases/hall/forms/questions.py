"""An item's own form, page by page: which boxes it shows. What an answer may be is for `cases.hall.answers` to say."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _

from cases.hall import answers
from theming.widgets import IdNumberInput, PhoneInput, ThreeBoxDate

MOST_FIELDS = 7

Definition = Mapping[str, Any]
# grouped as a select shows them: county → its towns
Places = Sequence[tuple[str, Sequence[tuple[str, str]]]]


@dataclass(frozen=True)
class Page:
    """One page of the item's form."""

    number: int
    title: str
    fields: tuple[Definition, ...]

    @property
    def has_place(self) -> bool:
        """Whether a field wants the list of towns and streets."""
        return any(definition["type"] == "division" for definition in self.fields)


def by_section(fields: Sequence[Definition]) -> dict[str, list[Definition]]:
    """Return the fields by section, both in the form's order."""
    found: dict[str, list[Definition]] = {}
    for definition in fields:
        found.setdefault(definition.get("section") or "", []).append(definition)
    return found


def pages(form: Sequence[Definition]) -> list[Page]:
    """Cut a form into pages of at most seven fields, keeping sections whole where they fit."""
    sheets: list[list[Definition]] = []
    for fields in by_section(form).values():
        for start in range(0, len(fields), MOST_FIELDS):
            part = fields[start : start + MOST_FIELDS]
            if sheets and len(sheets[-1]) + len(part) <= MOST_FIELDS:
                sheets[-1] += part
            else:
                sheets.append(list(part))
    return [
        Page(number, _title(sheet, number, len(sheets)), tuple(sheet))
        for number, sheet in enumerate(sheets, 1)
    ]


def _title(sheet: list[Definition], number: int, total: int) -> str:
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


class QuestionsForm(forms.Form):
    """One page of the item's form. `given` are the answers of before, `places` the towns to choose from, `own_number` the
    applicant's ID number.

    When it is not valid, `cleaned_data` still holds what is good: a draft keeps it.
    """

    def __init__(
        self, data: Any = None, *, page: Page, given: Mapping[str, Any], places: Places, own_number: str = ""
    ) -> None:
        initial = {row["name"]: _shown(row, given.get(row["name"])) for row in page.fields}
        super().__init__(data, initial=initial)
        self.page, self.own_number = page, own_number
        self.codes = {code for _county, towns in places for code, _name in towns}
        for row in page.fields:
            self.fields[row["name"]] = question(row, places)

    def clean(self) -> dict[str, Any]:
        """Check all boxes as the API does."""
        checked = answers.clean(
            self.page.fields,
            self.cleaned_data,
            divisions=self.codes,
            today=timezone.localdate(),
            own_number=self.own_number,
        )
        for name, problem in checked.errors.items():
            self.add_error(name, problem)
        return checked.values

    @property
    def kept(self) -> dict[str, Any]:
        """What is good so far, whether the page is done or not."""
        return dict(self.cleaned_data)

    @property
    def sections(self) -> list[dict[str, Any]]:
        """Return the fields to show, by section."""
        return [
            {"title": title, "fields": [self[row["name"]] for row in rows]}
            for title, rows in by_section(self.page.fields).items()
        ]


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


def question(definition: Definition, places: Places) -> forms.Field:
    """Return the box of one question; what is typed is checked by `cases.hall.answers`."""
    field = _FIELDS[definition["type"]](definition, places)
    field.label = definition["label"]
    field.help_text = definition.get("hint") or ""
    field.required = bool(definition.get("required"))
    if answers.is_own(definition):
        # what a browser sends for it is not read
        field.disabled = True
        field.help_text = _("由您的账号带出，不用填")
    elif definition.get("about") == "child" and definition["type"] == "id_number":
        field.help_text = field.help_text or _("刚出生、还没有的，填“无”")
    field.widget.is_required = field.required
    return field
