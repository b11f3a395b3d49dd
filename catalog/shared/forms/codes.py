"""The parts of a new item's code (GB/T 39554.1-2020), and what an item is before anything else is said of it."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.shared import labels
from catalog.shared.enums import Audience, ItemType, Kind
from catalog.shared.forms.fields import Choices

NATIONAL_ORIGIN = "00"


def _digits(label: Any, number: int, *, initial: str = "", hint: Any = "") -> forms.RegexField:
    return forms.RegexField(
        rf"^[0-9]{{{number}}}$",
        label=label,
        help_text=hint,
        initial=initial,
        error_messages={"invalid": gettext_lazy("要 %(n)d 位数字") % {"n": number}},
    )


class NewForm(forms.Form):
    """What is asked first of a new item: the rest stands on the pages of its sections."""

    name = forms.CharField(label=labels.FIELDS["name"], max_length=200)
    type = forms.ChoiceField(label=labels.FIELDS["type"], choices=ItemType.choices)
    department = forms.CharField(label=labels.FIELDS["department"], max_length=60)
    audience = forms.ChoiceField(
        label=labels.FIELDS["audience"],
        choices=Audience.choices,
        widget=forms.RadioSelect,
        initial=Audience.PERSONAL,
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("多久办好"), choices=Kind.choices, widget=forms.RadioSelect, initial=Kind.INSTANT
    )
    promised_days = forms.IntegerField(
        label=gettext_lazy("承诺几个工作日"),
        help_text=gettext_lazy("当场办好写 0"),
        min_value=0,
        max_value=9999,
        initial=0,
    )

    def __init__(self, data: Any = None, *, departments: Choices | None = None) -> None:
        super().__init__(data)
        if departments is not None:
            self.fields["department"] = forms.ChoiceField(
                label=labels.field("department"), choices=departments
            )

    @property
    def values(self) -> dict[str, Any]:
        """The item's first values."""
        return {name: self.cleaned_data[name] for name in NewForm.base_fields}


class NewSharedForm(NewForm):
    """A new item of the city's, with the parts of its code."""

    origin = forms.ChoiceField(label=gettext_lazy("编码：来源"), widget=forms.RadioSelect)
    guiding = _digits(gettext_lazy("编码：业务指导部门"), 2, hint=gettext_lazy("2 位，例如 卫健 23"))
    main = _digits(gettext_lazy("编码：主项"), 3, hint=gettext_lazy("3 位"))
    sub = _digits(gettext_lazy("编码：子项"), 3, initial="000", hint=gettext_lazy("3 位，没有子项写 000"))
    variant = _digits(gettext_lazy("编码：业务办理项"), 2, initial="00", hint=gettext_lazy("2 位，没有写 00"))

    def __init__(self, data: Any = None, *, province: str) -> None:
        super().__init__(data)
        self.fields["origin"] = forms.ChoiceField(
            label=_("编码：来源"),
            choices=[
                (province, _("省里的目录（%(code)s）") % {"code": province}),
                (NATIONAL_ORIGIN, _("国家的目录（00）")),
            ],
            widget=forms.RadioSelect,
            initial=province,
        )

    @property
    def code(self) -> str:
        """The 14 digits that the parts make."""
        given = self.cleaned_data
        return "".join(given[name] for name in ("origin", "type", "guiding", "main", "sub", "variant"))
