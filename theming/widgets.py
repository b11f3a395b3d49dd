"""Inputs that LOOK asks for and Django does not have: the date in three boxes, ID number, phone."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

NO_SUCH_DAY = _("没有这一天，例如 2026 年 3 月 12 日")


class ThreeBoxDate(forms.Widget):
    """年, 月, 日 as three text boxes named `<name>_year`, `<name>_month`, `<name>_day`; no picker.

    Also takes one ISO date under the field's own name, which is what an API or a link sends.
    """

    template_name = "theming/ui/dates.html"
    use_fieldset = True
    PARTS = (("year", _("年"), 4, "y"), ("month", _("月"), 2, ""), ("day", _("日"), 2, ""))

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        parts = [str(data.get(f"{name}_{part}", "")).strip() for part, *_rest in self.PARTS]
        return "-".join(parts) if any(parts) else data.get(name)

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return name not in data and all(f"{name}_{part}" not in data for part, *_rest in self.PARTS)

    def id_for_label(self, id_: str) -> str:
        return f"{id_}_year" if id_ else id_

    def use_required_attribute(self, initial: Any) -> bool:
        return False

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        if isinstance(value, date):
            texts = [str(value.year), str(value.month), str(value.day)]
        else:
            texts = [*str(value or "").split("-"), "", "", ""]
        boxes = zip(self.PARTS, texts, strict=False)
        context["widget"]["boxes"] = [
            {"part": part, "label": label, "size": size, "class": css, "value": text}
            for (part, label, size, css), text in boxes
        ]
        return context


class ThreeBoxDateField(forms.DateField):
    """A date typed in three boxes; what is no day of the calendar gets LOOK's words."""

    widget = ThreeBoxDate
    default_error_messages = {"invalid": NO_SUCH_DAY}

    def to_python(self, value: Any) -> date | None:
        if value in self.empty_values or isinstance(value, date):
            return super().to_python(value)
        try:
            year, month, day = (int(part) for part in str(value).split("-"))
            if year < 1000:
                # two digits are nobody's year: 26 could be 1926
                raise ValueError
            return date(year, month, day)
        except ValueError:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from None


class IdNumberInput(forms.TextInput):
    """An ID number or credit code: 20 em, capitals, no spell check; spaces are taken and removed by the validator."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        base = {"class": "w-id", "inputmode": "text", "autocapitalize": "characters"}
        super().__init__({**base, "spellcheck": "false", "autocomplete": "off", **(attrs or {})})


class PhoneInput(forms.TextInput):
    """A mobile phone number: 20 em, the digits' keyboard."""

    input_type = "tel"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"class": "w-phone", "inputmode": "tel", "autocomplete": "tel", **(attrs or {})})
