"""Boxes that the forms of this app share."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


def code_box(**more: Any) -> forms.TextInput:
    """Return the box for a code of capitals and digits that a message or a receipt says."""
    plain = {"autocapitalize": "characters", "autocomplete": "off", "spellcheck": "false"}
    return forms.TextInput(attrs={"class": "w-m", **plain, **more})


class RowsField(forms.ChoiceField):
    """One of a few rows. What is none of them is answered like no choice: 请选一种."""

    widget = forms.RadioSelect
    default_error_messages = {"invalid_choice": _("请选一种")}

    def __init__(self, label: Any, choices: list[tuple[str, Any]]) -> None:
        super().__init__(label=label, choices=choices)
