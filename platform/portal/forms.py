"""What the city's people type on the portal's console, and what a person keeps."""

from django import forms
from django.utils.translation import gettext_lazy

from accounts.material_kinds import KINDS
from theming.widgets import ThreeBoxDateField


class PhraseForm(forms.Form):
    """What people say, and which items it stands for."""

    phrase = forms.CharField(label=gettext_lazy("平时的说法"), max_length=40)
    stands_for = forms.CharField(
        label=gettext_lazy("指哪些事项"),
        help_text=gettext_lazy(
            "写事项的名称、名称里的词或 14 位编码，最可能的写在前面，用分号隔开。不写：搜索时跳过这个词"
        ),
        max_length=500,
        required=False,
    )


class ExpiryForm(forms.Form):
    """Until when a paper holds."""

    expires_on = ThreeBoxDateField(
        label=gettext_lazy("有效期到哪天"),
        help_text=gettext_lazy("证件上写着；长期有效的不用填"),
        required=False,
    )


class MaterialForm(ExpiryForm):
    """A paper to keep. What the file may be is for `cases.hall.files` to say."""

    kind = forms.ChoiceField(
        label=gettext_lazy("是什么"),
        choices=[("", gettext_lazy("请选一种")), *((kind.code, kind.label) for kind in KINDS)],
        error_messages={"required": gettext_lazy("请选一种"), "invalid_choice": gettext_lazy("请选一种")},
    )
    upload = forms.FileField(
        label=gettext_lazy("拍照或选文件"),
        help_text=gettext_lazy("照片（JPG、PNG、HEIC）或 PDF，最多 20 MB"),
        widget=forms.FileInput(attrs={"accept": "image/*,.heic,.heif,.pdf"}),
        allow_empty_file=True,
        max_length=400,
        error_messages={"required": gettext_lazy("请选一个文件")},
    )
    field_order = ("kind", "upload", "expires_on")
