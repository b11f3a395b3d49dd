"""The forms of applying: for whom, how the result comes, and the last look."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Company
from cases.hall import answers
from cases.hall.forms.fields import RowsField
from theming.widgets import PhoneInput

SELF = "self"
EMS = "ems"
METHODS = {
    "window": _("到窗口取"),
    "ems": _("寄到家（EMS）"),
    "proxy": _("代办员送到家"),
    "electronic": _("电子证照，网上下载"),
}


class CompanyForm(forms.Form):
    """For whom somebody applies. Nobody is asked who acts for no company."""

    def __init__(self, *args: Any, companies: Sequence[Company], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.companies = {company.uscc: company for company in companies}
        rows = [(company.uscc, company.name) for company in companies]
        if rows:
            self.fields["company"] = RowsField(_("替谁办"), [*rows, (SELF, _("我自己（个人）"))])

    @property
    def chosen(self) -> Company | None:
        """The company that was chosen, or None for the person alone."""
        return self.companies.get(self.cleaned_data.get("company", ""))


class EligibilityForm(forms.Form):
    """What is asked before the work: each question is answered, and a no ends it with what else there is to do."""

    def __init__(self, *args: Any, rows: Sequence[Mapping[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = rows
        for row in rows:
            self.fields[row["name"]] = RowsField(row["label"], [("yes", _("是")), ("no", _("不是"))])

    @property
    def refused(self) -> list[Mapping[str, Any]]:
        """The questions that were answered with no."""
        return [row for row in self.rows if self.cleaned_data.get(row["name"]) == "no"]


class _ParcelField(forms.CharField):
    """Needed for a parcel, and for nothing else: `cases.hall.answers` says when it is missing."""

    def validate(self, value: str) -> None:
        """Leave it to `cases.hall.answers`."""


class DeliveryForm(forms.Form):
    """How the applicant gets the result; a parcel wants an address. `cases.hall.answers` says what is missing."""

    recipient = forms.CharField(
        label=_("收件人"), help_text=_("不填就是您本人"), max_length=40, required=False
    )
    phone = forms.CharField(
        label=_("收件人手机号"),
        help_text=_("不填就是您的手机号"),
        max_length=20,
        required=False,
        widget=PhoneInput,
    )
    address = _ParcelField(
        label=_("收件地址"), help_text=_("从县、乡镇写到门牌号"), max_length=answers.MAX_ADDRESS
    )
    field_order = ("method", "recipient", "phone", "address")
    PARCEL = ("recipient", "phone", "address")

    def __init__(self, *args: Any, offered: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered = offered
        rows = [(method, str(METHODS.get(method, method))) for method in offered]
        self.fields["method"] = RowsField(_("选一种"), rows)
        if EMS not in offered:
            for name in self.PARCEL:
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        """Check as the API does; what belongs to a parcel is kept for a parcel alone."""
        given = super().clean() or self.cleaned_data
        if "method" not in given:
            return given
        if given["method"] != EMS:
            for name in self.PARCEL:
                self.errors.pop(name, None)
        checked = answers.clean_delivery(self.offered, given)
        for name, problem in checked.errors.items():
            self.add_error(name, problem)
        return checked.values


class SubmitForm(forms.Form):
    """The last look: the version of the item that was looked at, the key that makes it once, and the promise."""

    version = forms.CharField(widget=forms.HiddenInput, max_length=40)
    key = forms.CharField(widget=forms.HiddenInput, max_length=80)
    is_true = forms.BooleanField(
        label=_("以上内容和材料都是真的，我对它们负责。"),
        error_messages={"required": _("看过没错，请勾上“以上内容和材料都是真的”")},
    )
