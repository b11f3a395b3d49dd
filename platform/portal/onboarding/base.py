"""What every question of a new hall is: a form that knows the other answers, proposes what it can, and answers as JSON."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from tenants.shared.models import Hall
from tenants.shared.queries import halls

Known = Mapping[str, Any]
Line = tuple[str, str]
# ways to choose items and departments
ALL, SOME, LIKE, SHEET, FROM_ITEMS = "all", "some", "like", "sheet", "items"


def find(key: str) -> Hall | None:
    """Return the hall of this key, or None."""
    return next((hall for hall in halls() if hall.key == key), None)


def refuse(problem: str | None) -> None:
    """Raise ValidationError with a sentence; nothing for none."""
    if problem:
        raise ValidationError(problem)


class Question(forms.Form):
    """One question: `slug` is its address, `title` its heading."""

    slug: ClassVar[str] = ""
    title: ClassVar[str | Promise] = ""
    lead: ClassVar[str | Promise] = ""

    def __init__(self, data: Any = None, files: Any = None, *, known: Known) -> None:
        self.known = known
        shown = {**self.propose(), **{name: value for name, value in self.opened().items() if value != ""}}
        super().__init__(data, files, initial=shown)

    def propose(self) -> dict[str, Any]:
        """Return what the fields begin with before anybody answered."""
        return {}

    def opened(self) -> dict[str, Any]:
        """Return what was answered before, as the fields take it."""
        return {name: self.known[name] for name in self.base_fields if name in self.known}

    def answer(self) -> dict[str, Any]:
        """Return the answer as JSON keeps it. After is_valid."""
        return dict(self.cleaned_data)

    def lines(self) -> list[Line]:
        """Return what was answered in words, label by label. After is_valid."""
        return [(str(bound.label), str(self.cleaned_data[bound.name] or _("没填"))) for bound in self]

    def _of(self, name: str) -> str:
        return str(self.known.get(name) or "")
