"""The forms of the city's people, and of a way into a hall."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.enums import CityRole
from accounts.forms import NameField, PasswordTwiceForm
from tenants.shared.visits import MAX_REASON, MINUTES


class ReasonForm(forms.Form):
    """Why something is done to an account."""

    reason = forms.CharField(
        label=_("为什么"), max_length=MAX_REASON, error_messages={"required": _("请写明为什么")}
    )


class RoleForm(ReasonForm):
    """Which role of the city somebody has."""

    role = forms.ChoiceField(
        label=_("在市里的角色"), required=False, choices=[("", _("没有")), *CityRole.choices]
    )
    field_order = ("role", "reason")


class NewPersonForm(forms.Form):
    """An account for somebody of the city."""

    username = forms.CharField(
        label=_("账号名"),
        max_length=30,
        help_text=_("3 到 30 个小写字母或数字，字母开头"),
        widget=forms.TextInput(
            attrs={"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"}
        ),
        error_messages={"required": _("请填账号名")},
    )
    name = NameField(label=_("姓名"), error_messages={"required": _("请填姓名")})


class FirstPasswordForm(PasswordTwiceForm):
    """The password that somebody sets by a link."""


class VisitForm(forms.Form):
    """Into which hall, why, for how long, and what besides looking."""

    def __init__(self, *args: Any, halls: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["hall"] = forms.ChoiceField(
            label=_("进哪个大厅"),
            choices=[("", _("请选")), *halls],
            widget=forms.Select,
            error_messages={"required": _("请选一个大厅"), "invalid_choice": _("请选一个大厅")},
        )
        self.fields["reason"] = forms.CharField(
            label=_("为什么"),
            help_text=_("大厅的人都看得到"),
            max_length=MAX_REASON,
            widget=forms.Textarea(attrs={"rows": 3}),
            error_messages={"required": _("请写明为什么")},
        )
        self.fields["minutes"] = forms.TypedChoiceField(
            label=_("多长时间"),
            coerce=int,
            choices=[(n, _("%(n)d 分钟") % {"n": n}) for n in MINUTES],
            initial=MINUTES[0],
            error_messages={"required": _("请选多长时间")},
        )
        self.fields["sees_personal"] = forms.BooleanField(
            label=_("要看完整的证件号、手机号和材料"), required=False
        )
        self.fields["may_act"] = forms.BooleanField(
            label=_("要改人员、窗口这些（办件不能替大厅办）"), required=False
        )
