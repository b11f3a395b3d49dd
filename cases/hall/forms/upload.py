"""One material's file: sent alone, so that a broken line loses one file and not all."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _


class UploadForm(forms.Form):
    """The file of one material. What it may be is for `cases.hall.files` to say."""

    upload = forms.FileField(
        label=_("拍照或选文件"),
        widget=forms.FileInput(attrs={"accept": "image/*,.pdf"}),
        allow_empty_file=True,
        max_length=400,
    )

    def __init__(self, data: Any = None, files: Any = None, *, name: str, key: str) -> None:
        super().__init__(data, files, auto_id=f"id_{key}_%s")
        self.fields["upload"].label = name
        self.spoken = _("{name}：拍照或选文件").format(name=name)


class MissingForm(forms.Form):
    """What must still be uploaded, for the error summary: each line leads to that material's box."""

    def __init__(self, missing: Sequence[tuple[str, str]]) -> None:
        super().__init__({}, MultiValueDict(), auto_id="id_%s_upload")
        for key, name in missing:
            self.fields[key] = forms.FileField(label=name)
