"""The forms of a hall's people: posts, invitations, why somebody is suspended; whom to let into a rehearsal."""

import re
from typing import Any

from django import forms
from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from accounts.forms import NameField, PasswordField, PasswordTwiceForm, PhoneField
from tenants.hall.enums import PostRole
from tenants.hall.services.posts import MAX_REASON, Wanted

_BETWEEN = re.compile(r"[\s,，、;；]+")
MOST_ITEMS = 200


class ItemsField(forms.CharField):
    """Codes of items, however they are separated."""

    def __init__(self) -> None:
        super().__init__(
            label=_("只办这些事项"),
            help_text=_("写事项编码，空格或换行隔开；不写，就是部门里的都办"),
            required=False,
            max_length=MOST_ITEMS * 16,
            widget=forms.Textarea(attrs={"rows": 2}),
        )

    def clean(self, value: Any) -> tuple[str, ...]:
        """Return the codes, each once. Raises ValidationError."""
        text = super().clean(value)
        return tuple(dict.fromkeys(code for code in _BETWEEN.split(text) if code))


class TermForm(forms.Form):
    """From when to when a post holds, and what it acts on."""

    def __init__(self, *args: Any, departments: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        date_field = import_string(settings.DATE_FIELD)
        self.fields["starts_on"] = date_field(
            label=_("从哪天起"), required=False, help_text=_("不填，就是从今天起")
        )
        self.fields["ends_on"] = date_field(
            label=_("到哪天"), required=False, help_text=_("当天还在岗；不填，就是没有期限")
        )
        self.fields["departments"] = forms.MultipleChoiceField(
            label=_("只管这些部门"),
            help_text=_("一个都不选，就是全厅"),
            required=False,
            choices=[(name, name) for name in departments],
            widget=forms.CheckboxSelectMultiple,
        )
        self.fields["items"] = ItemsField()
        self.fields["reason"] = forms.CharField(
            label=_("为什么"),
            max_length=MAX_REASON,
            error_messages={"required": _("请写明为什么")},
        )

    def wanted(self, role: str = "") -> Wanted:
        """Return what was filled in."""
        given = self.cleaned_data
        return Wanted(
            given.get("role", role),
            given["starts_on"],
            given["ends_on"],
            tuple(given["departments"]),
            given["items"],
        )


class GiveForm(TermForm):
    """A post for somebody who works here already."""

    role = forms.ChoiceField(
        label=_("岗位"), choices=PostRole.choices, error_messages={"required": _("请选一种岗位")}
    )


class InviteForm(GiveForm):
    """Who is asked to take a post, and where the link goes."""

    name = NameField(label=_("姓名"), error_messages={"required": _("请填姓名")})
    phone = PhoneField(label=_("手机号"), required=False, help_text=_("链接发到这里"))
    mail = forms.EmailField(label=_("邮箱"), required=False, help_text=_("没有手机号时发到这里"))


class ReasonForm(forms.Form):
    """Why something is done to somebody."""

    reason = forms.CharField(
        label=_("为什么"), max_length=MAX_REASON, error_messages={"required": _("请写明为什么")}
    )


class PeopleFilter(forms.Form):
    """Which people a list shows."""

    STATES = (("", _("在岗的")), ("later", _("还没开始")), ("suspended", _("停用着")), ("over", _("已离岗")))

    q = forms.CharField(label=_("姓名或账号"), required=False, max_length=60)
    role = forms.ChoiceField(
        label=_("岗位"), required=False, choices=[("", _("全部")), *PostRole.choices], widget=forms.Select
    )
    state = forms.ChoiceField(label=_("状态"), required=False, choices=STATES, widget=forms.Select)

    @property
    def is_narrowed(self) -> bool:
        """Whether anything is chosen."""
        return any(getattr(self, "cleaned_data", {}).values())


class AcceptNewForm(PasswordTwiceForm):
    """A username and a password that somebody chooses for their work here."""

    field_order = ("username", "password", "again")

    username = forms.CharField(
        label=_("账号名"),
        max_length=30,
        help_text=_("3 到 30 个小写字母或数字，字母开头，以后用它登录"),
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        ),
        error_messages={"required": _("请填账号名")},
    )


class AcceptKnownForm(forms.Form):
    """The account that somebody has already."""

    username = forms.CharField(
        label=_("手机号或账号"),
        max_length=60,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        ),
        error_messages={"required": _("请填账号名")},
    )
    password = PasswordField(label=_("密码"), autocomplete="current-password")


class GuestForm(forms.Form):
    """Whom to let in."""

    account = forms.CharField(label=_("账号或手机号"), max_length=60, help_text=_("要先在门户注册过"))
    note = forms.CharField(label=_("备注"), max_length=100, required=False)
