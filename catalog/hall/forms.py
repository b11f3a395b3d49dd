"""What staff type about a shared item: one field's own value. Read here, checked again by the services."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.hall.enums import FeedbackState, Section
from catalog.shared import labels
from catalog.shared.enums import Unit
from catalog.shared.models import ItemFields
from catalog.shared.policy import Rule, Shape, rule_of
from catalog.shared.services.editions import made_key

YES_NO = [("yes", gettext_lazy("是")), ("no", gettext_lazy("否"))]
LONG_TEXTS = {"summary", "notes", "guide_text", "limit_note", "visits_reason"}


class AliasForm(forms.Form):
    """What people here call an item, and which item it is."""

    alias = forms.CharField(label=gettext_lazy("平时的叫法"), max_length=30)
    item = forms.CharField(
        label=gettext_lazy("是哪个事项"),
        help_text=gettext_lazy("写事项的全名或 14 位编码"),
        max_length=200,
        widget=forms.TextInput(
            attrs={"data-suggest": "/items/suggest/", "data-fill": "", "autocomplete": "off"}
        ),
    )


class ValueForm(forms.Form):
    """This hall's own value of one field, or of one row of a list, and why. `value` is what the service takes."""

    def __init__(self, *args: Any, field: str, current: Any, unit: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.field_name = field
        self.rule = rule_of(field)
        self.former = current
        if self.rule.rows is not None:
            for key, rule in self.rule.rows.items():
                self.fields[key] = _form_field(
                    rule, str(labels.ROWS[key]), (current or {}).get(key), is_long=key == "note"
                )
        else:
            label = labels.field(field)
            if self.rule.shape is Shape.LIMIT:
                label = _("%(label)s（%(unit)s）") % {"label": label, "unit": Unit(unit).label}
            self.fields["value"] = _value_field(field, self.rule, label, current)
        self.fields["reason"] = forms.CharField(label=_("为什么改"), max_length=300)

    @property
    def value(self) -> Any:
        """The cleaned value in the shape that the service takes."""
        if self.rule.rows is not None:
            given = {key: _plain(rule, self.cleaned_data.get(key)) for key, rule in self.rule.rows.items()}
            return {key: value for key, value in given.items() if value is not None}
        given = self.cleaned_data["value"]
        return faq_rows(given, self.former or []) if self.field_name == "faq" else _plain(self.rule, given)


class WhyForm(forms.Form):
    """Why something is done: kept, hidden."""

    reason = forms.CharField(label=gettext_lazy("为什么"), max_length=300)


class BatchForm(forms.Form):
    """Several reviews decided together: why they are kept; whoever takes the city's values need not say why."""

    reason = forms.CharField(label=gettext_lazy("为什么保留"), max_length=300, required=False)


def _value_field(field: str, rule: Rule, label: str, current: Any) -> forms.Field:
    if field == "delivery":
        return forms.MultipleChoiceField(
            label=label,
            choices=list(labels.DELIVERY.items()),
            widget=forms.CheckboxSelectMultiple,
            initial=current,
            required=False,
        )
    if field == "faq":
        text = "\n\n".join(f"{row.get('question', '')}\n{row.get('answer', '')}" for row in current or [])
        return forms.CharField(
            label=label,
            help_text=_("第一行写问，下面写答；两条之间空一行"),
            widget=forms.Textarea,
            initial=text,
            required=False,
        )
    return _form_field(
        rule,
        label,
        current,
        is_long=field in LONG_TEXTS,
        longest=getattr(ItemFields._meta.get_field(field), "max_length", None),
    )


def _form_field(
    rule: Rule, label: str, current: Any, *, is_long: bool = False, longest: int | None = None
) -> forms.Field:
    if rule.shape is Shape.BOOLEAN:
        return forms.ChoiceField(
            label=label, choices=YES_NO, widget=forms.RadioSelect, initial="yes" if current else "no"
        )
    if rule.shape is Shape.LIMIT:
        return forms.IntegerField(
            label=label, min_value=0, max_value=9999, initial=(current or {}).get("days")
        )
    if rule.shape is Shape.COUNT:
        return forms.IntegerField(
            label=label,
            min_value=0,
            max_value=9999,
            initial=current,
            required=rule.rows is None and current is not None,
        )
    if rule.shape is Shape.AMOUNT:
        return forms.DecimalField(
            label=label, min_value=0, max_digits=9, decimal_places=2, initial=current, required=False
        )
    widget = forms.Textarea if is_long else forms.TextInput
    return forms.CharField(
        label=label,
        max_length=longest or 300 if not is_long else None,
        initial=current,
        widget=widget,
        required=False,
    )


def _plain(rule: Rule, given: Any) -> Any:
    if rule.shape is Shape.BOOLEAN:
        return given == "yes"
    if isinstance(given, Decimal):
        return int(given) if given == given.to_integral_value() else float(given)
    return given


def faq_rows(text: str, former: list[Mapping[str, Any]]) -> list[dict[str, str]]:
    """Return the questions and answers that a text holds; a question that was there keeps its key."""
    keys = {row.get("question"): str(row["key"]) for row in former if row.get("key")}
    rows = []
    for block in "\n".join(line.strip() for line in text.splitlines()).split("\n\n"):
        question, _line, answer = block.strip().partition("\n")
        if question:
            rows.append(
                {"key": keys.get(question) or made_key(question), "question": question, "answer": answer}
            )
    return rows


class FeedbackForm(forms.Form):
    """What is wrong with a guide. `key` is made with the form, so that sending twice is sending once."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    section = forms.ChoiceField(
        label=gettext_lazy("哪里有错"), choices=[("", gettext_lazy("选一处")), *Section.choices]
    )
    text = forms.CharField(
        label=gettext_lazy("错在哪"),
        help_text=gettext_lazy("300 字以内。不要写姓名、电话、身份证号"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class AnswerForm(forms.Form):
    """What staff make of a feedback: right or not, and what its author is told."""

    state = forms.ChoiceField(
        label=gettext_lazy("说得对不对"),
        choices=[
            (FeedbackState.ACCEPTED, gettext_lazy("说得对，我们来改")),
            (FeedbackState.REJECTED, gettext_lazy("没有错")),
        ],
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(
        label=gettext_lazy("怎么答复"),
        help_text=gettext_lazy("提的人会看到。没有错的，写明为什么"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    passes_on = forms.BooleanField(label=gettext_lazy("这一处由市里统一，转给市里"), required=False)

    def __init__(self, *args: Any, may_pass_on: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_pass_on:
            del self.fields["passes_on"]
