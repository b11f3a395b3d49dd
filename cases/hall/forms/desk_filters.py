"""What an address narrows the desk to, made clean: for the page and for the API."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.hall.queries.narrowing import COLOURS, ME, NOBODY, Filters

MAX_SEARCH = 60
MAX_NAME = 20
_DAY = re.compile(r"(\d{4})\D?(\d{1,2})\D?(\d{1,2})\D?")


class DayField(forms.CharField):
    """A day in one box: 2026-03-01, 2026年3月1日 or 20260301."""

    def __init__(self, label: Any) -> None:
        box = forms.TextInput(attrs={"class": "w-m", "inputmode": "numeric", "autocomplete": "off"})
        super().__init__(label=label, required=False, max_length=20, widget=box)

    def clean(self, value: Any) -> date | None:
        """Return the day, None for an empty box. Raises ValidationError."""
        text = str(super().clean(value)).strip()
        if not text:
            return None
        found = _DAY.fullmatch(text)
        try:
            return date(*(int(part) for part in found.groups())) if found else self._refuse()
        except ValueError:
            return self._refuse()

    def _refuse(self) -> date:
        raise forms.ValidationError(_("没有这一天，例如 2026-03-12"))


class DeskFilters(forms.Form):
    """The filters of the desk; what is no value of the list is told and narrows nothing."""

    q = forms.CharField(label=_("编号、事项或单位"), required=False, max_length=MAX_SEARCH)
    item = forms.CharField(label=_("事项"), required=False, max_length=14)
    department = forms.CharField(label=_("部门"), required=False, max_length=60)
    division = forms.CharField(label=_("乡镇、街道"), required=False, max_length=9)
    clock = forms.ChoiceField(
        label=_("时限"), required=False, choices=[("", _("全部")), *COLOURS.items()],
        error_messages={"invalid_choice": _("请选一种")},
    )  # fmt: skip
    holder = forms.CharField(label=_("谁在办"), required=False, max_length=36)

    def __init__(self, data: Mapping[str, Any]) -> None:
        # a text that is too long to be found is cut
        given = {name: str(value) for name, value in data.items()}
        super().__init__({**given, "q": given.get("q", "").strip()[:MAX_SEARCH]})
        # `from` is a word of the language and cannot be declared like the others
        self.fields["from"], self.fields["to"] = DayField(_("收到日期从")), DayField(_("到"))

    def clean_holder(self) -> str:
        """Return a person's UUID, `me`, `nobody` or nothing."""
        text = str(self.cleaned_data["holder"])
        if text in {"", ME, NOBODY}:
            return text
        try:
            return str(UUID(text))
        except ValueError:
            raise forms.ValidationError(_("请选一种")) from None

    @classmethod
    def asked(cls, address: Mapping[str, Any]) -> tuple[str, Filters]:
        """Return the queue and the filters that an address names."""
        return str(address.get("queue") or "mine"), cls(address).filters

    @property
    def filters(self) -> Filters:
        """The filters as the query takes them, without those that are wrong."""
        self.is_valid()
        found = {name: value for name, value in self.cleaned_data.items() if value}
        return Filters(
            **{name: found[name] for name in ("q", "item", "department", "division", "clock", "holder") if name in found},
            since=found.get("from"),
            until=found.get("to"),
        )  # fmt: skip


class FilterName(forms.Form):
    """The name of a filter that is kept."""

    name = forms.CharField(
        label=_("给这组筛选起个名字"), max_length=MAX_NAME, error_messages={"required": _("请填名字")}
    )
