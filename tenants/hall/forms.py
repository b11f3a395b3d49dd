"""What a hall's admin types on the pages of the rehearsal."""

from django import forms
from django.utils.translation import gettext_lazy as _


class GuestForm(forms.Form):
    """Whom to let in."""

    account = forms.CharField(label=_("账号或手机号"), max_length=60, help_text=_("要先在门户注册过"))
    note = forms.CharField(label=_("备注"), max_length=100, required=False)
