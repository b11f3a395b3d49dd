"""What the city's administrators fill in on the pages of a hall's life."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from tenants.shared.life.transitions import Transition

_REASON = forms.CharField(
    label=_("为什么"),
    help_text=_("记进大厅的历史和操作记录，例如：与邻近的大厅合并"),
    max_length=500,
    error_messages={"required": _("请写明为什么")},
    widget=forms.Textarea(attrs={"rows": 3}),
)


class StepForm(forms.Form):
    """A step of a hall's life: why, and for freezing what the staff may do."""

    staff = forms.ChoiceField(
        label=_("已经交的件，工作人员"),
        choices=[("yes", _("接着办完")), ("no", _("也先停下，办理期限照常算"))],
        widget=forms.RadioSelect,
        initial="yes",
    )
    reason = _REASON

    def __init__(self, *args: Any, step: Transition, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = step.needs_reason
        if not step.asks_staff:
            del self.fields["staff"]


class RenameForm(forms.Form):
    """A hall's new key and host name. Whether they are free is for the service to say."""

    key = forms.CharField(
        label=_("大厅代号"),
        help_text=_("2 到 20 个小写字母和数字，字母开头"),
        max_length=63,
        widget=forms.TextInput(
            attrs={"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"}
        ),
    )
    host = forms.CharField(
        label=_("网址"),
        help_text=_("只写主机名。旧网址会一直转到新网址"),
        max_length=253,
        widget=forms.TextInput(
            attrs={"inputmode": "url", "autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"}
        ),
    )
    reason = forms.CharField(label=_("为什么"), max_length=500, required=False)


class DeletionForm(forms.Form):
    """Why a hall is to be deleted, and how long it can still be withdrawn."""

    reason = _REASON
    days = forms.IntegerField(
        label=_("同意以后等几天再删"),
        help_text=_("这几天里随时可以撤回"),
        initial=settings.DELETION_GRACE_DAYS,
        min_value=0 if settings.IS_DEMO else 1,
        max_value=3650,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "w-s"}),
    )
