"""The forms of a look, one a group of parts: each says which parts change and which go back to the city."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from theming import parts
from theming.blocks import BLOCKS
from theming.parts import BY_KEY, FOOTER
from theming.widgets import ThreeBoxDateField

_LIKE_NUMBERS = {
    "icp": gettext_lazy("没有就空着，页面上写〔待填〕。例如：皖ICP备12345678号-1"),
    "police": gettext_lazy("例如：皖公网安备34160002000001号"),
    "site_code": gettext_lazy("10 位数字，前 6 位是区划代码"),
}


class GroupForm(forms.Form):
    """Filled from the values that the draft makes; `own` says whether a hall's (it may inherit) or the city's."""

    def __init__(
        self, data: Any = None, files: Any = None, *, values: Mapping[str, Any], is_hall: bool
    ) -> None:
        super().__init__(data, files)
        self.values, self.is_hall = values, is_hall
        self.build()

    def build(self) -> None:
        """Make the fields."""

    def changes(self) -> dict[str, Any]:
        """Return the parts as they were typed, by key. What a field leaves empty goes back to the city in a hall."""
        return {key: self.cleaned_data[key] for key in self.fields if self.cleaned_data.get(key)}

    def inherits(self) -> set[str]:
        """Return the parts that a hall gives back to the city by leaving them empty."""
        return {key for key in self.fields if key in BY_KEY and not self.cleaned_data.get(key)}

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        for key, value in list(cleaned.items()):
            if key in BY_KEY and value and isinstance(value, str):
                try:
                    cleaned[key] = parts.checked(key, value)
                except forms.ValidationError as problem:
                    self.add_error(key, problem)
        return cleaned


class ColoursForm(GroupForm):
    """Five colours as #RRGGBB."""

    def build(self) -> None:
        for part in parts.of_group("colours"):
            self.fields[part.key] = forms.CharField(
                label=str(part.label),
                required=not self.is_hall,
                max_length=7,
                initial=self.values[part.key],
                widget=forms.TextInput(
                    attrs={
                        "class": "w-m",
                        "autocomplete": "off",
                        "spellcheck": "false",
                        "data-colour": part.key,
                    }
                ),
            )


class PicturesForm(GroupForm):
    """The logo as a file, the drawing as paths."""

    logo = forms.FileField(
        label=gettext_lazy("标志"),
        required=False,
        help_text=gettext_lazy("PNG、JPG、WebP 或 SVG，最多 4 MB。传上来会重新做成小图，放在大厅名前面"),
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp,image/svg+xml"}),
    )
    no_logo = forms.BooleanField(label=gettext_lazy("不要标志，只写大厅名"), required=False)
    motif = forms.CharField(
        label=gettext_lazy("首页的线描图案"),
        required=False,
        max_length=1024,
        help_text=gettext_lazy("每行是一条 SVG 路径，画在 128 × 128 的格子里，合起来不超过 1 KB"),
        widget=forms.Textarea(attrs={"spellcheck": "false"}),
    )

    def build(self) -> None:
        self.fields["motif"].initial = self.values["motif"]

    def changes(self) -> dict[str, Any]:
        given = (
            {"motif": self.cleaned_data["motif"]} if self.cleaned_data["motif"] or not self.is_hall else {}
        )
        return given | ({"logo": None} if self.cleaned_data["no_logo"] else {})

    def inherits(self) -> set[str]:
        return {"motif"} if not self.cleaned_data["motif"] else set()


class BannerForm(GroupForm):
    """Title, text, picture: words stand beside the picture, never on it."""

    title = forms.CharField(label=gettext_lazy("标题"), required=False, max_length=parts.MOST_TITLE)
    text = forms.CharField(
        label=gettext_lazy("一两句话"), required=False, max_length=parts.MOST_TEXT, widget=forms.Textarea
    )
    picture = forms.FileField(
        label=gettext_lazy("图片"),
        required=False,
        help_text=gettext_lazy("PNG、JPG、WebP 或 SVG，最多 4 MB。会重新做成小图，图上不要有字"),
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp,image/svg+xml"}),
    )
    no_picture = forms.BooleanField(label=gettext_lazy("不要图片"), required=False)
    alt = forms.CharField(
        label=gettext_lazy("图片上是什么"),
        required=False,
        max_length=parts.MOST_ALT,
        help_text=gettext_lazy("读给看不见的人听。只是装饰就空着"),
    )

    def build(self) -> None:
        for name, value in (self.values["banner"] or {}).items():
            if name != "picture":
                self.fields[name].initial = value

    def changes(self) -> dict[str, Any]:
        said = self.cleaned_data
        before = (self.values["banner"] or {}).get("picture")
        picture = None if said["no_picture"] else before
        return {"banner": {**{name: said[name] for name in ("title", "text", "alt")}, "picture": picture}}

    def inherits(self) -> set[str]:
        return set()


class NoticesForm(GroupForm):
    """A few notices, each with a place and the days that it is shown."""

    def build(self) -> None:
        there = self.values["notices"]
        self.rows = min(len(there) + 2, parts.MOST_NOTICES)
        for number in range(self.rows):
            said = (
                there[number]
                if number < len(there)
                else {"text": "", "where": "home", "from": "", "until": ""}
            )
            self.fields[f"text_{number}"] = forms.CharField(
                label=_("通知"),
                required=False,
                max_length=parts.MOST_NOTICE,
                initial=said["text"],
                widget=forms.Textarea,
            )
            self.fields[f"where_{number}"] = forms.ChoiceField(
                label=_("放在哪里"),
                choices=list(parts.PLACES.items()),
                initial=said["where"],
                widget=forms.RadioSelect,
                required=False,
            )
            for name, label in (("from", _("从哪天起")), ("until", _("到哪天止"))):
                day = date.fromisoformat(said[name]) if said[name] else None
                self.fields[f"{name}_{number}"] = ThreeBoxDateField(label=label, required=False, initial=day)

    def groups(self) -> list[dict[str, Any]]:
        """Return the fields of each notice, for the page."""
        return [
            {name: self[f"{name}_{number}"] for name in ("text", "where", "from", "until")}
            for number in range(self.rows)
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for number in range(self.rows):
            first, last = (cleaned.get(f"{name}_{number}") for name in ("from", "until"))
            if first and last and last < first:
                self.add_error(f"until_{number}", _("到哪天不能比从哪天早"))
        return cleaned

    def changes(self) -> dict[str, Any]:
        said = self.cleaned_data
        return {
            "notices": [
                {
                    "text": said[f"text_{number}"],
                    "where": said[f"where_{number}"] or "home",
                    **{
                        name: day.isoformat() if (day := said[f"{name}_{number}"]) else ""
                        for name in ("from", "until")
                    },
                }
                for number in range(self.rows)
                if said[f"text_{number}"]
            ]
        }

    def inherits(self) -> set[str]:
        return set()


class BlocksForm(GroupForm):
    """The place of each block, and whether it is shown."""

    def build(self) -> None:
        places = [(str(number), str(number)) for number in range(1, len(BLOCKS) + 1)]
        for number, each in enumerate(self.values["blocks"], start=1):
            block = BLOCKS[each["key"]]
            self.fields[f"place_{block.key}"] = forms.ChoiceField(
                label=str(block.label), choices=places, initial=str(number)
            )
            if not block.needed:
                self.fields[f"show_{block.key}"] = forms.BooleanField(
                    label=_("显示"), required=False, initial=not each["hidden"]
                )

    def groups(self) -> list[dict[str, Any]]:
        """Return the fields of each block, for the page."""
        return [
            {
                "block": BLOCKS[each["key"]],
                "place": self[f"place_{each['key']}"],
                "show": self[f"show_{each['key']}"] if f"show_{each['key']}" in self.fields else None,
            }
            for each in self.values["blocks"]
        ]

    def changes(self) -> dict[str, Any]:
        said, now = self.cleaned_data, [each["key"] for each in self.values["blocks"]]

        def order(key: str) -> tuple[float, int]:
            # of two at one place the one that was moved there stands before, or behind when it came from above
            wanted, was = int(said[f"place_{key}"]), now.index(key) + 1
            return (wanted + (0.5 if wanted > was else -0.5 if wanted < was else 0), was)

        ordered = sorted(now, key=order)
        return {"blocks": [{"key": key, "hidden": not said.get(f"show_{key}", True)} for key in ordered]}

    def inherits(self) -> set[str]:
        return set()


class FooterForm(GroupForm):
    """Who runs the site, and its three numbers."""

    def build(self) -> None:
        for key in FOOTER:
            self.fields[key] = forms.CharField(
                label=str(BY_KEY[key].label),
                required=False,
                max_length=parts.MOST_NAME,
                initial=self.values[key],
                help_text=_LIKE_NUMBERS.get(key, ""),
            )

    def changes(self) -> dict[str, Any]:
        if self.is_hall:
            return super().changes()
        return {key: self.cleaned_data[key] for key in FOOTER}


FORMS: dict[str, type[GroupForm]] = {
    "colours": ColoursForm,
    "pictures": PicturesForm,
    "banner": BannerForm,
    "notices": NoticesForm,
    "blocks": BlocksForm,
    "footer": FooterForm,
}


class ReasonForm(forms.Form):
    """Why a look is published, brought back or kept."""

    reason = forms.CharField(label=gettext_lazy("为什么改"), max_length=200)


class LocksForm(forms.Form):
    """Which parts the city keeps for itself."""

    locks = forms.MultipleChoiceField(
        label=gettext_lazy("各大厅不能改的"),
        required=False,
        choices=[(key, BY_KEY[key].label) for key in parts.LOCKABLE],
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("勾上的，大厅自己的不再生效，跟着市里走"),
    )
