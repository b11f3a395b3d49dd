"""How a log is narrowed: by kind, person, object and days."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from theming.widgets import ThreeBoxDateField


class LogFilter(forms.Form):
    """A GET form; what is wrong in an address narrows nothing and is said."""

    kind = forms.ChoiceField(label=_("哪一类"), required=False, widget=forms.Select)
    who = forms.ChoiceField(label=_("谁"), required=False, widget=forms.Select)
    number = forms.CharField(label=_("编号或编码"), required=False, max_length=60)
    first = ThreeBoxDateField(label=_("从哪天"), required=False)
    last = ThreeBoxDateField(label=_("到哪天"), required=False)

    def __init__(
        self,
        data: Any,
        *,
        kinds: Iterable[tuple[str, Any]],
        people: Iterable[tuple[UUID, str]] = (),
        without: Iterable[str] = (),
    ) -> None:
        super().__init__(data)
        self._choices("kind", [(name, label) for name, label in kinds])
        self._choices("who", [(str(key), name) for key, name in people])
        for name in without:
            del self.fields[name]
        self.full_clean()

    def _choices(self, name: str, rows: list[tuple[str, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 -- declared above
        field.choices = [("", _("全部")), *rows]

    def clean_number(self) -> str:
        """Return the text without spaces: people copy from paper."""
        return "".join(str(self.cleaned_data["number"]).replace("\x00", "").split())

    def value_of(self, name: str) -> Any:
        """Return what narrows the list; nothing for what is wrong."""
        return self.cleaned_data.get(name) or None

    @property
    def person(self) -> UUID | None:
        """The person chosen."""
        who = self.value_of("who")
        return UUID(who) if who else None

    @property
    def first_day(self) -> date | None:
        """The first day."""
        day: date | None = self.value_of("first")
        return day

    @property
    def last_day(self) -> date | None:
        """The last day."""
        day: date | None = self.value_of("last")
        return day

    @property
    def is_narrowed(self) -> bool:
        """Whether anything is chosen."""
        return any(self.cleaned_data.get(name) for name in self.fields)
