"""The form of a hall's own wording of a paper."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.hall import layouts
from cases.hall.paperwork import PaperDraft, PaperVersion
from theming.widgets import ThreeBoxDateField

# of each choice the first is the city's standard and is not stored
CHOICES = {"head": layouts.HEADS, "size": layouts.SIZES}


class LayoutForm(forms.Form):
    """Texts and look; what is left empty is the city's standard. `seen` is the revision that was read."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, initial=0)
    title = forms.CharField(
        label=_("标题"),
        help_text=_("不填就用市里的"),
        required=False,
        max_length=layouts.MOST[layouts.TITLE],
    )
    body = forms.CharField(
        label=_("开头的话"),
        help_text=_("一行一段，代替市里的那一段。理由、救济途径、要补的材料照样印在后面，不能去掉"),
        required=False,
        max_length=layouts.MOST[layouts.BODY],
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    note = forms.CharField(
        label=_("附注"),
        help_text=_("小字，印在表格下面，例如怎么保管、到哪里年检"),
        required=False,
        max_length=layouts.MOST[layouts.NOTE],
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    head = forms.ChoiceField(
        label=_("抬头"),
        choices=list(layouts.HEADS.items()),
        widget=forms.RadioSelect,
    )
    size = forms.ChoiceField(
        label=_("字号"),
        choices=list(layouts.SIZES.items()),
        widget=forms.RadioSelect,
    )
    starts_on = ThreeBoxDateField(label=_("从哪天起用"), help_text=_("不填就从发布那天起"), required=False)
    why = forms.CharField(label=_("为什么改"), help_text=_("给核对的同事看"), required=False, max_length=300)

    def texts(self) -> dict[str, str]:
        """Return the texts as typed."""
        return {name: str(self.cleaned_data[name]) for name in layouts.TEXTS}

    def choices(self) -> dict[str, str]:
        """Return what was chosen other than the city's standard."""
        chosen = {name: str(self.cleaned_data[name]) for name in CHOICES}
        return {name: value for name, value in chosen.items() if value != next(iter(CHOICES[name]))}


def initial(draft: PaperDraft | None, version: PaperVersion | None) -> dict[str, Any]:
    """Return what the form shows: the draft, or what holds, from which a draft begins."""
    standard = {"seen": 0, **{name: next(iter(values)) for name, values in CHOICES.items()}}
    if draft is not None:
        kept = {"seen": draft.revision, "starts_on": draft.starts_on, "why": draft.note}
        return {**standard, **draft.texts, **draft.choices, **kept}
    return {**standard, **version.texts, **version.choices} if version is not None else standard
