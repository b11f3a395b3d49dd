"""Boxes that the forms of this app share."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class RowsField(forms.ChoiceField):
    """One of a few rows. What is none of them is answered like no choice: 请选一种."""

    widget = forms.RadioSelect
    default_error_messages = {"invalid_choice": _("请选一种")}

    def __init__(self, label: Any, choices: list[tuple[str, Any]]) -> None:
        super().__init__(label=label, choices=choices)
