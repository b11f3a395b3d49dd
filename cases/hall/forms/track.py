"""Following a case by its number and query code, without signing in."""

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.hall import numbers
from cases.hall.forms.fields import code_box


class TrackForm(forms.Form):
    """Two fields. Spaces and small letters are taken: people copy from paper."""

    number = forms.CharField(
        label=_("编号"),
        help_text=_("18 位数字"),
        max_length=40,
        widget=forms.TextInput(attrs={"class": "w-id", "inputmode": "numeric", "autocomplete": "off"}),
    )
    code = forms.CharField(
        label=_("查询码"),
        help_text=_("6 位字母和数字"),
        max_length=20,
        widget=code_box(),
    )

    def clean_number(self) -> str:
        """Return the 18 digits. A number that cannot have been given is refused before anything is counted."""
        number = "".join(str(self.cleaned_data["number"]).split())
        if not numbers.check(number):
            raise forms.ValidationError(_("编号不对，请对照回执再看一遍"))
        return number

    def clean_code(self) -> str:
        """Return the code in capitals without spaces."""
        return "".join(str(self.cleaned_data["code"]).split()).upper()
