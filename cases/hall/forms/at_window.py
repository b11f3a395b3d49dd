"""The forms of a person at the window: the code that they show, and what the clerk has seen."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.hall.forms.fields import RowsField, code_box
from cases.hall.services.at_window import DOCUMENTS

DOCUMENT_NAMES = {
    "id_card": _("居民身份证"),
    "residence_permit": _("港澳台居民居住证"),
    "foreigner_card": _("外国人永久居留身份证"),
    "household_book": _("户口簿（未满 16 岁）"),
}


class LookForm(forms.Form):
    """The code on the person's phone."""

    code = forms.CharField(
        label=_("办事码"),
        help_text=_("他在“我的账号”的“实名认证”里取，15 分钟内有效"),
        max_length=20,
        widget=code_box(),
    )


class ConfirmForm(forms.Form):
    """What the clerk has before them, said once more with the code and the mark of what was shown."""

    code = forms.CharField(max_length=20, widget=forms.HiddenInput)
    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("怎么核对的"), help_text=_("例如：看了原件，和本人比对过"), max_length=200
    )
    takes_over = forms.BooleanField(label=_("本人说旧账号不用了：旧账号退出，认证转到这一个"), required=False)
    joins = forms.BooleanField(label=_("把别人替他办的转到他的账号"), required=False)

    def __init__(
        self, *args: Any, may_take_over: bool = False, may_join: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        rows = [(key, DOCUMENT_NAMES[key]) for key in DOCUMENTS]
        self.fields["document"] = RowsField(_("看的什么证件"), rows)
        if not may_take_over:
            del self.fields["takes_over"]
        if not may_join:
            del self.fields["joins"]
        self.order_fields(["document", "reason", "takes_over", "joins"])
