"""What the city's people type on the portal's console."""

from django import forms
from django.utils.translation import gettext_lazy


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
