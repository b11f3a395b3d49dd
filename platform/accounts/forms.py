"""The forms of signing in and up. Errors say what is wrong and what to do (LOOK section 6)."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.services.sign_in import LONGEST_PASSWORD
from accounts.validators import (
    normalize_id,
    normalize_name,
    normalize_phone,
    validate_id_number,
    validate_name,
    validate_phone,
    validate_uscc,
)

_PASSWORD_WORDS = {
    "password_too_short": gettext_lazy("密码至少要 8 位"),
    "password_too_common": gettext_lazy("这个密码太常见，别人一猜就中，请换一个"),
}


class PhoneField(forms.CharField):
    """A mobile phone number; spaces, hyphens and +86 are taken and removed."""

    widget = forms.TextInput(
        attrs={"type": "tel", "class": "w-phone", "inputmode": "tel", "autocomplete": "tel"}
    )

    def clean(self, value: Any) -> str:
        """Return the eleven digits, or nothing where none are needed. Raises ValidationError."""
        text = normalize_phone(super().clean(value))
        if text:
            validate_phone(text)
        return text


class NumberField(forms.CharField):
    """An ID number or a credit code; spaces and small letters are taken and put right."""

    widget = forms.TextInput(
        attrs={
            "class": "w-id",
            "inputmode": "text",
            "autocapitalize": "characters",
            "spellcheck": "false",
            "autocomplete": "off",
        }
    )

    def __init__(self, *, check: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.check_number = check

    def clean(self, value: Any) -> str:
        """Return the number as it is kept, or nothing where none is needed. Raises ValidationError."""
        text = normalize_id(super().clean(value))
        if text:
            self.check_number(text)
        return text


class NameField(forms.CharField):
    """A person's name: spaces and the dots of other keyboards are put right."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=60, **kwargs)

    def clean(self, value: Any) -> str:
        """Return the name as it is kept, or nothing where none is needed. Raises ValidationError."""
        text = normalize_name(super().clean(value))
        if text:
            validate_name(text)
        return text


class PasswordField(forms.CharField):
    """A password as somebody types it; never shown again in the page."""

    def __init__(self, *, autocomplete: str, **kwargs: Any) -> None:
        widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
        super().__init__(strip=False, max_length=LONGEST_PASSWORD, widget=widget, **kwargs)


class NewPasswordField(PasswordField):
    """A password that somebody chooses: checked by AUTH_PASSWORD_VALIDATORS, in our words."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(autocomplete="new-password", **kwargs)

    def clean(self, value: Any) -> str:
        """Return the password. Raises ValidationError, one line for each thing that is wrong."""
        password: str = super().clean(value)
        try:
            validate_password(password)
        except ValidationError as refused:
            raise ValidationError(
                [
                    ValidationError(
                        _PASSWORD_WORDS.get(str(each.code), str(each.messages[0])), code=each.code
                    )
                    for each in refused.error_list
                ]
            ) from None
        return password


class PasswordTwiceForm(forms.Form):
    """A new password, typed twice."""

    password = NewPasswordField(label=gettext_lazy("密码"), help_text=gettext_lazy("至少 8 位"))
    again = PasswordField(label=gettext_lazy("再填一次密码"), autocomplete="new-password")

    def clean(self) -> dict[str, Any]:
        """Compare the two. Raises nothing: what differs is said at the field."""
        given: dict[str, Any] = super().clean() or {}
        if given.get("password") and given.get("again") and given["password"] != given["again"]:
            self.add_error("again", _("两次填的不一样"))
        return given


class SignInForm(forms.Form):
    """Name and password. What is wrong of the two is never told."""

    username = forms.CharField(
        label=gettext_lazy("手机号或账号"),
        max_length=60,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    password = PasswordField(label=gettext_lazy("密码"), autocomplete="current-password")


class StaffSignInForm(SignInForm):
    """The same for staff, who have an account name."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("账号")


class PhoneForm(forms.Form):
    """The phone that gets a code."""

    phone = PhoneField(label=gettext_lazy("手机号"))


class NewPhoneForm(forms.Form):
    """A new phone, by the password."""

    phone = PhoneField(label=gettext_lazy("新手机号"))
    password = PasswordField(label=gettext_lazy("您的密码"), autocomplete="current-password")


class RegisterForm(PhoneForm):
    """The phone of a new account, and for whom it is to be used."""

    kind = forms.ChoiceField(
        label=gettext_lazy("您给谁办事？"),
        choices=[("personal", gettext_lazy("自己或家里人")), ("business", gettext_lazy("企业、单位"))],
        widget=forms.RadioSelect,
        initial="personal",
    )
    field_order = ["kind", "phone"]


class CodeForm(forms.Form):
    """The code that the phone got."""

    code = forms.CharField(
        label=gettext_lazy("验证码"),
        max_length=12,
        widget=forms.TextInput(
            attrs={
                "class": "w-s",
                "inputmode": "numeric",
                "autocomplete": "one-time-code",
                "spellcheck": "false",
            }
        ),
    )

    def clean_code(self) -> str:
        """Return six digits. Raises ValidationError: what is no code at all costs no try."""
        code = "".join(self.cleaned_data["code"].split())
        if not (len(code) == 6 and code.isascii() and code.isdigit()):
            raise ValidationError(_("验证码是 6 位数字"))
        return code


class NamedForm(forms.Form):
    """What a new factor is to be called in the list of its person."""

    name = forms.CharField(
        label=gettext_lazy("给它起个名字"),
        help_text=gettext_lazy("例如：工作手机。以后好认"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class NewTotpForm(NamedForm, CodeForm):
    """The first code of an authenticator."""

    field_order = ["code", "name"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _as_otp(self.fields["code"])
        self.fields["name"].required = False


class OtpForm(CodeForm):
    """A code of an authenticator; none where a passkey came instead."""

    def __init__(self, *args: Any, is_needed: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _as_otp(self.fields["code"])
        self.fields["code"].required = is_needed

    def clean_code(self) -> str:
        """Return six digits, or nothing where none are needed. Raises ValidationError."""
        return super().clean_code() if self.fields["code"].required else ""


def _as_otp(field: forms.Field) -> None:
    field.label = _("动态码")
    field.help_text = _("验证器 App 里现在的 6 位数字")


class RecoveryForm(forms.Form):
    """A recovery code, as it was written down."""

    code = forms.CharField(
        label=gettext_lazy("恢复码"),
        help_text=gettext_lazy("设两步登录时给您的 10 个里的一个，用一次"),
        max_length=20,
        widget=forms.TextInput(
            attrs={
                "class": "w-id",
                "autocapitalize": "characters",
                "autocomplete": "off",
                "spellcheck": "false",
            }
        ),
    )


class IdentityForm(forms.Form):
    """Who somebody is."""

    name = NameField(label=gettext_lazy("姓名"), widget=forms.TextInput(attrs={"autocomplete": "name"}))
    id_number = NumberField(
        label=gettext_lazy("身份证号"),
        help_text=gettext_lazy("港澳台居民居住证、外国人永久居留身份证也填 18 位号码"),
        check=validate_id_number,
        max_length=40,
    )


class PersonForm(IdentityForm):
    """Who registers. Whoever has no number of eighteen digits, or not at hand, leaves it out: the phone is enough for a start."""

    password = NewPasswordField(
        label=gettext_lazy("密码"), help_text=gettext_lazy("至少 8 位，您自己记得住、别人猜不到")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["id_number"].required = False


class HolderForm(forms.Form):
    """Which of those who hold a phone somebody is: one of the two is enough."""

    tail = forms.CharField(
        label=gettext_lazy("身份证号最后 6 位"),
        max_length=12,
        required=False,
        widget=forms.TextInput(
            attrs={
                "class": "w-s",
                "autocapitalize": "characters",
                "autocomplete": "off",
                "spellcheck": "false",
            }
        ),
    )
    password = PasswordField(
        label=gettext_lazy("或者填密码"), autocomplete="current-password", required=False
    )

    def clean(self) -> dict[str, Any]:
        """Want one of the two. Raises ValidationError: what was not tried costs no try."""
        given = super().clean() or {}
        if not given.get("tail") and not given.get("password"):
            self.add_error("tail", _("请填身份证号最后 6 位，或密码"))
        return given


class NotMeForm(forms.Form):
    """How somebody comes to a phone that has another's account."""

    holders = forms.ChoiceField(label=gettext_lazy("这个手机号是怎么回事？"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, may_share: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        passed_on = ("passed_on", _("号码是我新办的，以前是别人的"))
        shared = ("shared", _("家里两个人共用这个号码"))
        self.fields["holders"].choices = [passed_on, shared] if may_share else [passed_on]  # type: ignore[attr-defined]


class PasswordForm(forms.Form):
    """A new password, by the old one."""

    current = PasswordField(label=gettext_lazy("现在的密码"), autocomplete="current-password")
    password = NewPasswordField(
        label=gettext_lazy("新密码"), help_text=gettext_lazy("至少 8 位，您自己记得住、别人猜不到")
    )


class NewPasswordForm(forms.Form):
    """A new password, by a code that has just come to the phone."""

    password = NewPasswordField(
        label=gettext_lazy("新密码"), help_text=gettext_lazy("至少 8 位，您自己记得住、别人猜不到")
    )


class AgentForm(forms.Form):
    """Whom a company's representative lets act for it: name and phone must belong together."""

    name = NameField(label=gettext_lazy("经办人姓名"))
    phone = PhoneField(label=gettext_lazy("经办人手机号"), help_text=gettext_lazy("他要先用这个手机号注册"))
    lasts = forms.ChoiceField(
        label=gettext_lazy("授权多久"),
        choices=[("90", gettext_lazy("90 天")), ("182", gettext_lazy("半年")), ("365", gettext_lazy("一年"))],
        widget=forms.RadioSelect,
        initial="365",
    )


class RepresentativeForm(forms.Form):
    """A company and its legal representative, from the licence and the ID card on the desk."""

    uscc = NumberField(
        label=gettext_lazy("统一社会信用代码"),
        help_text=gettext_lazy("营业执照上的 18 位"),
        check=validate_uscc,
        max_length=40,
    )
    name = forms.CharField(label=gettext_lazy("企业名称"), max_length=120)
    representative = NameField(label=gettext_lazy("法定代表人姓名"))
    id_number = NumberField(label=gettext_lazy("法定代表人身份证号"), check=validate_id_number, max_length=40)
    phone = PhoneField(label=gettext_lazy("法定代表人手机号"), help_text=gettext_lazy("他注册时用的"))


class CompanyForm(forms.Form):
    """The company that somebody acts for."""

    uscc = NumberField(
        label=gettext_lazy("统一社会信用代码"),
        help_text=gettext_lazy("营业执照上的 18 位"),
        check=validate_uscc,
        max_length=40,
    )
    name = forms.CharField(
        label=gettext_lazy("企业名称"),
        help_text=gettext_lazy("和营业执照上一样"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )


class ConfirmForm(forms.Form):
    """Who is it, again: the password, or the code that was sent to the account's phone. One of the two."""

    code = forms.CharField(
        label=gettext_lazy("验证码"),
        required=False,
        max_length=12,
        widget=forms.TextInput(
            attrs={"class": "w-s", "inputmode": "numeric", "autocomplete": "one-time-code"}
        ),
    )
    password = PasswordField(label=gettext_lazy("密码"), required=False, autocomplete="current-password")

    def __init__(self, *args: Any, takes_password: bool, takes_code: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not takes_password:
            del self.fields["password"]
        if not takes_code:
            del self.fields["code"]
        for only in self.fields.values() if len(self.fields) == 1 else ():
            only.required = True

    def clean(self) -> dict[str, Any]:
        """Return what was given. Raises ValidationError when neither was."""
        given = super().clean() or {}
        if len(self.fields) > 1 and not given.get("code") and not given.get("password"):
            self.add_error("code", _("请填验证码，或者填密码"))
        return given
