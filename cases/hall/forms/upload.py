"""One material's file: sent alone, so that a broken line loses one file and not all."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from cases.hall.files import Sheaf


class _Several(forms.FileInput):
    """A box that takes several files; without scripts too."""

    allow_multiple_selected = True


class SheafField(forms.FileField):
    """One file as it came, or several that were chosen at once as one sheaf."""

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Check each; the value is the upload, or a Sheaf of them."""
        uploads = data if isinstance(data, list | tuple) else [data]
        cleaned = [super(SheafField, self).clean(upload, initial) for upload in uploads or [None]]
        return cleaned[0] if len(cleaned) == 1 else Sheaf(cleaned)


class UploadForm(forms.Form):
    """The file of one material. What it may be is for `cases.hall.files` to say.

    `may_keep` asks whether to keep it for other applications too: only whoever applies for themselves is asked.
    """

    upload = SheafField(
        label=_("拍照或选文件"),
        widget=_Several(attrs={"accept": "image/*,.heic,.heif,.pdf"}),
        allow_empty_file=True,
        max_length=400,
    )
    keep = forms.BooleanField(label=_("存进我的材料，下次不用再传"), required=False)

    def __init__(
        self, data: Any = None, files: Any = None, *, name: str, key: str, may_keep: bool = False
    ) -> None:
        super().__init__(data, files, auto_id=f"id_{key}_%s")
        self.fields["upload"].label = name
        self.spoken = _("{name}：拍照或选文件").format(name=name)
        if not may_keep:
            del self.fields["keep"]


class MissingForm(forms.Form):
    """What must still be uploaded, for the error summary: each line leads to that material's box."""

    def __init__(self, missing: Sequence[tuple[str, str]]) -> None:
        super().__init__({}, MultiValueDict(), auto_id="id_%s_upload")
        for key, name in missing:
            self.fields[key] = forms.FileField(label=name)
