"""The forms of mandates: asked for by a proxy, given by the principal, declared by a parent; and appointing a proxy."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.forms import CodeForm, NameField, NumberField, PhoneField
from accounts.validators import validate_id_number
from cases.hall import numbers
from cases.hall.enums import Power
from cases.hall.forms.fields import RowsField
from theming.widgets import ThreeBoxDateField

__all__ = ["AppointForm", "AskForm", "ChildForm", "CodeForm", "GiveForm", "PaperForm"]

LASTS: list[tuple[str, Any]] = [
    ("30", _("30 天")),
    ("90", _("90 天")),
    ("182", _("半年")),
    ("365", _("一年")),
]
YEARS: list[tuple[str, Any]] = [("1", _("1 年")), ("2", _("2 年")), ("3", _("3 年"))]
RELATIONS: list[tuple[str, Any]] = [("父亲", _("父亲")), ("母亲", _("母亲")), ("监护人", _("其他监护人"))]


class _TermsForm(forms.Form):
    """What a mandate allows and for how long; for which item stands in the address and in a hidden field."""

    item = forms.CharField(required=False, max_length=14, widget=forms.HiddenInput)
    powers = forms.MultipleChoiceField(
        label=_("能替他做什么"),
        choices=Power.choices,
        initial=Power.values,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("请至少选一样")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lasts"] = RowsField(_("委托多久"), LASTS)
        self.fields["lasts"].initial = "90"

    def until(self, today: date) -> date:
        """The last day of the term that was chosen."""
        return today + timedelta(days=int(self.cleaned_data["lasts"]))


class AskForm(_TermsForm):
    """A proxy names whom they act for, by the ID card."""

    name = NameField(label=_("姓名"))
    id_number = NumberField(label=_("身份证号"), check=validate_id_number, max_length=40)
    phone = PhoneField(
        label=_("他的手机号"), help_text=_("验证码和办事消息发到这里，没有就空着"), required=False
    )
    number = forms.CharField(
        label=_("只办一件已提交的：编号"), help_text=_("不填就是办新的事"), max_length=40, required=False
    )
    code = forms.CharField(label=_("那一件的查询码"), max_length=20, required=False)
    field_order = ("item", "name", "id_number", "phone", "powers", "lasts", "number", "code")

    def clean_number(self) -> str:
        """Return the 18 digits of a case, or nothing."""
        number = "".join(str(self.cleaned_data["number"]).split())
        if number and not numbers.check(number):
            raise ValidationError(_("编号不对，请对照回执再看一遍"))
        return number


class GiveForm(_TermsForm):
    """A principal names who acts for them: name and phone must belong together."""

    name = NameField(label=_("他的姓名"))
    phone = PhoneField(label=_("他的手机号"), help_text=_("他要先用这个手机号注册"))
    number = forms.CharField(required=False, max_length=18, widget=forms.HiddenInput)
    field_order = ("item", "number", "name", "phone", "powers", "lasts")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["powers"].label = _("他能替您做什么")


class PaperForm(forms.Form):
    """The photo of a signed paper. What it may be is for `cases.hall.files` to say."""

    upload = forms.FileField(
        label=_("签字的委托书"),
        help_text=_("要看得清：双方姓名、身份证号、办什么、到哪天、签名"),
        widget=forms.FileInput(attrs={"accept": "image/*,.pdf"}),
        allow_empty_file=True,
        max_length=400,
    )


class ChildForm(forms.Form):
    """A parent or guardian names a minor, with the paper that shows the relation."""

    name = NameField(label=_("孩子姓名"))
    id_number = NumberField(
        label=_("孩子身份证号"),
        help_text=_("刚出生、还没有的不填"),
        check=validate_id_number,
        max_length=40,
        required=False,
    )
    born_on = ThreeBoxDateField(label=_("出生日期"), help_text=_("有身份证号的不用填"), required=False)
    phone = PhoneField(
        label=_("孩子自己的手机号"), help_text=_("满 18 岁时通知他本人，没有就空着"), required=False
    )
    upload = forms.FileField(
        label=_("出生医学证明或户口簿"),
        widget=forms.FileInput(attrs={"accept": "image/*,.pdf"}),
        allow_empty_file=True,
        max_length=400,
    )
    field_order = ("name", "id_number", "born_on", "relation", "phone", "upload")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["relation"] = RowsField(_("您是他的"), RELATIONS)
        self.order_fields(self.field_order)


class AppointForm(forms.Form):
    """The hall's admin appoints a proxy for a town."""

    who = forms.CharField(label=_("账号或手机号"), help_text=_("他要先注册"), max_length=60)

    def __init__(self, *args: Any, towns: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["town"] = forms.ChoiceField(
            label=_("哪个乡镇、街道"), choices=[("", _("请选")), *towns], widget=forms.Select
        )
        self.fields["years"] = RowsField(_("任期"), YEARS)
        self.fields["years"].initial = "1"
