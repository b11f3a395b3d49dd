"""The clerk's form of a small correction on the spot: one answer in its own box, why, and how the applicant agreed."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.hall.enums import Consent
from cases.hall.forms.fields import RowsField
from cases.hall.forms.questions import Definition, Places, question
from cases.hall.wording import MAX_TEXT


class MendForm(forms.Form):
    """`row` is the row of the item's form; the value is checked by the service, as the API's is."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, data: Any = None, *, row: Definition, given: Any, places: Places, initial: Mapping[str, Any]
    ) -> None:
        super().__init__(data, initial={**initial, "value": given})
        field = question(row, places)
        field.label = _("改成什么")
        # what the form does not demand may be emptied
        self.fields["value"] = field
        self.fields["reason"] = forms.CharField(
            label=_("哪里错了"),
            help_text=_("申请人会看到"),
            max_length=MAX_TEXT,
            widget=forms.Textarea(attrs={"rows": 3}),
        )
        self.fields["consent"] = RowsField(_("申请人怎么同意的"), list(Consent.choices))
