"""What is asked of who hands in a file of items."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog.shared.services.sheet_jobs import MAX_SIZE, MIB


class SheetForm(forms.Form):
    """A file of items, and of a csv which sheet it is where its headers leave a doubt."""

    upload = forms.FileField(
        label=_("选表格文件"),
        help_text=_("xlsx 或 csv，最多 %(n)d MB。Excel、WPS 存的都行。") % {"n": MAX_SIZE // MIB},
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
        allow_empty_file=True,
        max_length=400,
    )

    def __init__(self, data: Any = None, files: Any = None) -> None:
        super().__init__(data, files)
        self.fields["upload"].error_messages["required"] = _("请选要导入的表格文件")
