"""What is asked of who enters a year's holiday notice."""

import csv
import io
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

COLUMNS = ("date", "is_workday", "name")
FIRST_YEAR, LAST_YEAR = 2000, 2199
MAX_BYTES = 64 * 1024
MAX_ROWS = 400


class NoticeForm(forms.Form):
    """The year, the notice, and the days that it names: as a file, or pasted."""

    year = forms.IntegerField(
        label=gettext_lazy("哪一年"),
        min_value=FIRST_YEAR,
        max_value=LAST_YEAR,
        widget=forms.TextInput(attrs={"class": "w-m", "inputmode": "numeric", "autocomplete": "off"}),
    )
    notice = forms.CharField(
        label=gettext_lazy("哪个通知"), help_text=gettext_lazy("写标题和文号"), max_length=200
    )
    upload = forms.FileField(
        label=gettext_lazy("放假和调休的日子"),
        help_text=gettext_lazy("csv 文件，三列：date,is_workday,name；放假写 0，调休上班写 1"),
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".csv"}),
    )
    text = forms.CharField(
        label=gettext_lazy("或者贴在这里"),
        help_text=gettext_lazy("一行一天，例如 2027-02-05,0,春节"),
        required=False,
        max_length=MAX_BYTES,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
    )

    def clean(self) -> dict[str, Any]:
        """Read the rows: `rows` of the clean data, as calendars.propose takes them."""
        given = super().clean() or {}
        upload, text = given.get("upload"), given.get("text") or ""
        name = "upload" if upload else "text"
        if upload:
            if upload.size > MAX_BYTES:
                self.add_error(name, _("太大了，一年的日子用不了这么多"))
                return given
            try:
                text = upload.read().decode("utf-8-sig")
            except UnicodeDecodeError:
                self.add_error(name, _("这个文件不是 UTF-8 的，请另存一次"))
                return given
        rows = _rows(text)
        if not rows:
            self.add_error(name, _("请写放假和调休的日子"))
        elif len(rows) > MAX_ROWS:
            self.add_error(name, _("一年没有这么多天"))
        given["rows"] = rows
        return given


def _rows(text: str) -> list[dict[str, str]]:
    """Return the rows of a CSV with or without its header; a column that is missing is empty."""
    lines = [line for line in text.replace("，", ",").replace("\x00", "").splitlines() if line.strip()]
    if lines and lines[0].replace(" ", "").lower().startswith("date,"):
        return [
            {key: row.get(key) or "" for key in COLUMNS}
            for row in csv.DictReader(io.StringIO("\n".join(lines)))
        ]
    return list(csv.DictReader(io.StringIO("\n".join(lines)), fieldnames=COLUMNS, restval=""))
