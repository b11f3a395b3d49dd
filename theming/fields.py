"""How a form's field is shown: its kind, its words, its errors. Reads a BoundField, writes nothing."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from theming.widgets import ThreeBoxDate

MOST_ROWS = 7
_CHOICE_WIDGETS = (forms.Select, forms.RadioSelect, forms.CheckboxSelectMultiple, forms.SelectMultiple)


def kind(bound: BoundField) -> str:
    """Return `radios`, `select`, `checks`, `check`, `date`, `file` or `input`: which markup the field gets."""
    widget = bound.field.widget
    if isinstance(widget, ThreeBoxDate):
        return "date"
    if isinstance(widget, forms.CheckboxInput):
        return "check"
    if isinstance(widget, forms.FileInput):
        return "file"
    if isinstance(widget, forms.CheckboxSelectMultiple | forms.SelectMultiple):
        return "checks"
    if isinstance(widget, forms.Select | forms.RadioSelect):
        # more than seven rows are a list to open
        return "radios" if not _is_grouped(bound) and len(rows(bound)) <= MOST_ROWS else "select"
    return "input"


def _is_grouped(bound: BoundField) -> bool:
    return any(isinstance(label, list | tuple) for _value, label in _choices(bound))


def _choices(bound: BoundField) -> list[tuple[Any, Any]]:
    return list(getattr(bound.field, "choices", None) or getattr(bound.field.widget, "choices", []))


def rows(bound: BoundField) -> list[dict[str, Any]]:
    """Return the choices as rows {id, value, label, checked}; an optional field keeps a row that takes the choice back."""
    chosen = bound.value()
    many = chosen if isinstance(chosen, Sequence) and not isinstance(chosen, str) else [chosen]
    texts = {str(value) for value in many if value is not None}
    found: list[dict[str, Any]] = []
    for value, label in _choices(bound):
        if value in ("", None):
            if bound.field.required or isinstance(bound.field.widget, forms.CheckboxSelectMultiple):
                continue
            label = _("不选")
        found.append(
            {
                "id": f"{bound.auto_id}_{len(found)}",
                "value": "" if value is None else value,
                "label": label,
                "checked": str("" if value is None else value) in (texts or {""}),
            }
        )
    return found


def target(bound: BoundField) -> str:
    """Return the id of the field's first control: what a line of the error summary leads to."""
    shown = kind(bound)
    if shown in {"radios", "checks"}:
        return f"{bound.auto_id}_0"
    return f"{bound.auto_id}_year" if shown == "date" else bound.auto_id


def errors(bound: BoundField) -> list[str]:
    """Return the field's errors, Django's own words for a missing or long value replaced by plain ones."""
    return [message for error in bound.errors.as_data() for message in _plain(bound, error)]


def _plain(bound: BoundField, error: forms.ValidationError) -> Iterable[str]:
    standard = forms.Field.default_error_messages["required"]
    if error.code == "required" and _same(error.message, standard):
        if kind(bound) == "file":
            return [_("请选{name}的照片或文件").format(name=bound.label)]
        if kind(bound) == "check":
            return [_("请勾上这一项")]
        if isinstance(bound.field.widget, _CHOICE_WIDGETS):
            return [_("请选一种")]
        return [_("请填{name}").format(name=bound.label)]
    if error.code == "max_length" and error.params and isinstance(error.params.get("limit_value"), int):
        return [_("最多 {n} 个字").format(n=error.params["limit_value"])]
    return [str(message) for message in error.messages]


def _same(message: str | Promise, standard: str | Promise) -> bool:
    return str(message) == str(standard)


def summary(forms_shown: Iterable[Any]) -> list[dict[str, str]]:
    """Return one line {text, target} for each error of these forms, whole-form errors first (without a target).

    A plain list of sentences may stand for a form.
    """
    lines: list[dict[str, str]] = []
    for shown in forms_shown:
        if not shown:
            continue
        if isinstance(shown, list | tuple):
            lines += [{"text": str(text), "target": ""} for text in shown]
            continue
        if not shown.is_bound:
            continue
        lines += [{"text": str(text), "target": ""} for text in shown.non_field_errors()]
        for bound in shown:
            lines += [{"text": _named(bound, text), "target": target(bound)} for text in errors(bound)]
    return lines


def _named(bound: BoundField, text: str) -> str:
    # away from its field a sentence must say which field it means
    return text if str(bound.label) in text else _("{name}：{error}").format(name=bound.label, error=text)
