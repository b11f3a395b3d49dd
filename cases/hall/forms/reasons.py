"""The staff's form of a text to start a reason from."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.hall import transitions, wording
from cases.hall.enums import Verdict
from cases.hall.models import ReasonText
from cases.hall.services.reason_texts import STEPS, Wanted


def places() -> list[tuple[str, list[tuple[str, str]]]]:
    """Return where a text may be used: steps, and verdicts of a correction."""
    labels: dict[str, str] = {}
    for step in transitions.TABLE:
        if step.name in STEPS and step.needs_reason:
            labels.setdefault(step.name, str(step.label))
    return [
        (
            str(_("补材料时，看了一项")),
            [(f"verdict:{value}", str(label)) for value, label in Verdict.choices],
        ),
        (str(_("办一步时写理由")), [(f"step:{name}", label) for name, label in labels.items()]),
    ]


class ReasonTextForm(forms.Form):
    """Where it is used, for which item, what it is called, what it says."""

    place = forms.ChoiceField(label=_("用在哪里"), error_messages={"invalid_choice": _("请选用在哪里")})
    item_code = forms.CharField(
        label=_("只用于一个事项"),
        help_text=_("事项编码 14 位；不填就是全部事项"),
        max_length=14,
        required=False,
    )
    name = forms.CharField(label=_("名字"), help_text=_("选的时候看到它"), max_length=wording.MAX_NAME)
    text = forms.CharField(
        label=_("这段话"),
        help_text=_("申请人会看到。可以写 {事项}、{编号}、{部门}；补材料的还可以写 {材料}"),
        max_length=wording.MAX_TEXT,
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def __init__(self, data: Any = None, *, row: ReasonText | None = None) -> None:
        initial = {}
        if row is not None:
            place = f"step:{row.step}" if row.step else f"verdict:{row.verdict}"
            initial = {"place": place, "item_code": row.item_code, "name": row.name, "text": row.text}
        super().__init__(data, initial=initial)
        self.fields["place"].choices = [("", _("请选一种")), *places()]  # type: ignore[attr-defined]

    @property
    def wanted(self) -> Wanted:
        """The text as it was written."""
        kind, _colon, value = self.cleaned_data["place"].partition(":")
        return Wanted(
            name=self.cleaned_data["name"],
            text=self.cleaned_data["text"],
            item_code=self.cleaned_data["item_code"],
            **{kind: value},
        )
