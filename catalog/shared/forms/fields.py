"""The form field of each column of an item and of each column of a list's rows: one declaration for the city and the halls."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.shared import labels, questions, rows, said
from catalog.shared.enums import Status
from catalog.shared.models import ItemFields

Choices = Sequence[tuple[str, str | Promise]]
DAYS_LIMIT = 9999
LONG = {
    "summary",
    "statutory_note",
    "limit_note",
    "visits_reason",
    "notes",
    "guide_text",
    "quantity_limit",
    "intermediary",
}
# lists that are written one entry a line
LINES = {"joint_bodies", "aliases", "conditions"}
TEXT_LIMIT = 20_000
HINTS: dict[str, str | Promise] = {
    "summary": gettext_lazy("写给群众看：这一项是办什么的"),
    "entrusted_by": gettext_lazy("受委托组织才填"),
    "joint_bodies": gettext_lazy("一行一个"),
    "aliases": gettext_lazy("群众平时怎么叫，一行一个"),
    "conditions": gettext_lazy("一行一条"),
    "promised_days": gettext_lazy("当场办好写 0，不能比法定时限长"),
    "statutory_days": gettext_lazy("法律没有规定就不填"),
    "visits": gettext_lazy("不用跑写 0"),
    "visits_reason": gettext_lazy("要人跑一趟，请写明为什么"),
    "demonstration": gettext_lazy("值是官方公布的，就把勾去掉"),
}
NOT_SAID = gettext_lazy("没写")


class LinesField(forms.CharField):
    """A list of texts, one entry a line."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.Textarea, max_length=TEXT_LIMIT, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(map(str, value)) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        return list(
            dict.fromkeys(line.strip() for line in str(super().clean(value)).splitlines() if line.strip())
        )


class ChoiceLinesField(LinesField):
    """The choices of a question, one a line: what is stored｜what people read; one word stands for both."""

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, list):
            return value
        return "\n".join(
            str(row.get("label"))
            if row.get("value") == row.get("label")
            else f"{row.get('value')}｜{row.get('label')}"
            for row in value
        )

    def clean(self, value: Any) -> Any:
        pairs = [entry.replace("|", "｜").partition("｜") for entry in super().clean(value)]
        return [
            {"value": first.strip(), "label": second.strip() or first.strip()}
            for first, _mark, second in pairs
        ]


class ConditionField(forms.MultipleChoiceField):
    """When a question is asked: ticked answers of one earlier question, each box `question=value`."""

    widget = forms.CheckboxSelectMultiple

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, Mapping):
            return value
        return [f"{value.get('question')}={entry}" for entry in value.get("values") or []]

    def valid_value(self, value: str) -> bool:
        """Take any answer of any question: whether that one stands before this one, publishing says."""
        return "=" in value

    def clean(self, value: Any) -> Any:
        pairs = [entry.partition("=") for entry in super().clean(value)]
        if len({question for question, _sign, _answer in pairs}) > 1:
            raise forms.ValidationError(_("只能看一个问题的答案，请只勾一个问题的"), code="invalid")
        return {"question": pairs[0][0], "values": [pair[2] for pair in pairs]} if pairs else None


class GroupField(forms.ChoiceField):
    """In which group of the page a question stands; whether there is such a group, publishing says."""

    def valid_value(self, value: str) -> bool:
        """Take whatever may be the name of a group."""
        return rows.KEY.fullmatch(value) is not None


class PlainDecimalField(forms.DecimalField):
    """An amount in yuan, as JSON has it: a whole number where it is one."""

    def clean(self, value: Any) -> Any:
        amount = super().clean(value)
        if not isinstance(amount, Decimal):
            return None
        return int(amount) if amount == amount.to_integral_value() else float(amount)


def of_column(column: str, *, own: Mapping[str, Choices], current: Any) -> forms.Field:
    """Return the form field of a column of an item. `own` are the choices that the place knows: departments, themes."""
    label, hint = labels.field(column), str(HINTS.get(column, ""))
    model: Any = ItemFields._meta.get_field(column)
    if column in LINES:
        return LinesField(label=label, help_text=hint, required=False)
    if column == "department" and "department" in own:
        known = [*own["department"], *([] if not current else [(current, current)])]
        return forms.ChoiceField(label=label, choices=list(dict.fromkeys(known)))
    if isinstance(model, models.JSONField):
        return _codes(label, hint, column, own, current)
    if isinstance(model, models.BooleanField):
        return forms.BooleanField(label=label, help_text=hint, required=False)
    if model.choices:
        return _choice(model, label, hint)
    if isinstance(model, models.PositiveSmallIntegerField):
        return forms.IntegerField(
            label=label, help_text=hint, min_value=0, max_value=DAYS_LIMIT, required=not model.null
        )
    return forms.CharField(
        label=label,
        help_text=hint,
        max_length=model.max_length or TEXT_LIMIT,
        widget=forms.Textarea if column in LONG else forms.TextInput,
        required=not model.blank,
    )


def _codes(label: str, hint: str, column: str, own: Mapping[str, Choices], current: Any) -> forms.Field:
    known = own.get(column) or list((said.choices_of(column) or {}).items())
    if column == "demonstration":
        known = [choice for choice in known if choice[0] in (current or [])]
    # what is there stays choosable, also when no list knows it
    stray = [(entry, entry) for entry in current or [] if entry not in dict(known)]
    return forms.MultipleChoiceField(
        label=label,
        help_text=hint,
        choices=[*known, *stray],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )


def _choice(model: Any, label: str, hint: str) -> forms.Field:
    is_number = isinstance(model, models.PositiveSmallIntegerField)
    choices = [(value, text) for value, text in model.choices if value != ""]
    return forms.TypedChoiceField(
        label=label,
        help_text=hint,
        choices=[("", NOT_SAID), *choices] if model.blank else choices,
        coerce=int if is_number else str,
        empty_value="",
        widget=forms.RadioSelect,
        required=not model.blank,
    )


def choices_of_questions(row: Mapping[str, Any]) -> Choices:
    """Return the answers of a question, as stored or as typed, that a condition may name: (question=value, words)."""
    if row.get("type") not in questions.DECIDING:
        return []
    listed = row.get("choices")
    if isinstance(listed, str):
        listed = ChoiceLinesField(required=False).clean(listed)
    known = questions.deciding_values({**row, "choices": listed})
    return [(f"{row.get('name')}={value}", f"{row.get('label')}：{words}") for value, words in known.items()]


def of_row_column(column: rows.Column) -> forms.Field:
    """Return the form field of one column of a list's rows."""
    label = str(column.label)
    match column.holds:
        case rows.Holds.COUNT:
            return forms.IntegerField(
                label=label, min_value=0, max_value=rows.COUNT_LIMIT, required=column.is_needed
            )
        case rows.Holds.AMOUNT:
            return PlainDecimalField(
                label=label, min_value=0, max_digits=9, decimal_places=2, required=column.is_needed
            )
        case rows.Holds.FLAG:
            return forms.BooleanField(label=label, required=False)
        case rows.Holds.CHOICE:
            choices = list(column.choices.items())
            return forms.ChoiceField(
                label=label,
                choices=choices if column.is_needed else [("", NOT_SAID), *choices],
                required=column.is_needed,
            )
        case rows.Holds.CONDITION:
            return ConditionField(
                label=label, help_text=_("一个都不勾：总是问。勾了：前面那样答了才问"), required=False
            )
        case rows.Holds.CHOICES:
            return ChoiceLinesField(
                label=label, help_text=_("选一个的问题才填：一行一个选项"), required=False
            )
        case rows.Holds.KEY if column.key == "group":
            return GroupField(label=label, required=False)
        case rows.Holds.KEY:
            return forms.RegexField(
                rows.KEY,
                label=label,
                help_text=_("字母、数字、下划线，定了就不要改"),
                required=column.is_needed,
            )
    return forms.CharField(
        label=label,
        max_length=column.longest,
        widget=forms.Textarea if column.longest > 300 else forms.TextInput,
        required=column.is_needed,
    )


# what an editor may make of an item's life; a draft is no state of it
STATUSES = [(status.value, status.label) for status in (Status.ACTIVE, Status.SUSPENDED, Status.CANCELLED)]
