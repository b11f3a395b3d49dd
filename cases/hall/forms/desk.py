"""The form of one step at the desk: a reason, and what this step asks besides."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.hall import handover
from cases.hall.forms.fields import RowsField
from cases.hall.transitions import Transition

MOST_LETTERS = 500


class StepForm(forms.Form):
    """What a clerk writes for a step of the table. `seen` is the revision of the case that the clerk looked at."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        *args: Any,
        step: Transition,
        methods: list[tuple[str, str]],
        choices: Mapping[str, list[tuple[str, str]]] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        if step.needs_reason:
            self.fields["reason"] = _reason(step)
        for name in step.asks:
            self.fields[name] = _ask(name, methods, (choices or {}).get(name))
        if "method" in step.asks:
            # what belongs to a way that this item is not sent by
            for name, way in (("number", handover.EMS), ("locker", handover.LOCKER)):
                if way not in dict(methods):
                    self.fields.pop(name, None)

    def clean_number(self) -> str:
        """A person who copies a parcel's number is told of a slip by its check digit."""
        number = str(self.cleaned_data.get("number") or "")
        if problem := handover.slip(number):
            raise forms.ValidationError(problem)
        return number

    @property
    def reason(self) -> str:
        """The reason as it is kept."""
        return str(self.cleaned_data.get("reason", ""))

    @property
    def facts(self) -> Mapping[str, str]:
        """What the step asked besides the reason, without what was left empty."""
        others = {name: value for name, value in self.cleaned_data.items() if name not in {"seen", "reason"}}
        return {name: str(value) for name, value in others.items() if value}


_LONG = {"question": _("问什么"), "opinion": _("它的意见")}
_CHOSEN = {
    "procedure": _("哪一种"),
    "to_hall": _("转到哪个大厅"),
    "department": _("哪个部门答复了"),
    "field": _("改哪一项"),
    "ground": _("为什么终止"),
    "fee": _("收哪一项"),
}


def _reason(step: Transition) -> forms.CharField:
    hints = {
        "not_accept": _("写明缺什么条件，申请人会看到"),
        "refuse": _("写明事实和依据，会写进决定书"),
        "return_refusal": _("写给审批人看"),
    }
    return forms.CharField(
        label=_("理由"),
        help_text=hints.get(step.name, ""),
        max_length=MOST_LETTERS,
        widget=forms.Textarea(attrs={"rows": 5}),
    )


def _ask(
    name: str, methods: list[tuple[str, str]], choices: list[tuple[str, str]] | None = None
) -> forms.Field:
    if name == "method":
        return RowsField(_("怎么送"), list(methods))
    if choices is not None:
        return RowsField(_CHOSEN[name], list(choices))
    if name in _LONG:
        return forms.CharField(
            label=_LONG[name], max_length=MOST_LETTERS, widget=forms.Textarea(attrs={"rows": 4})
        )
    if name == "days":
        return forms.IntegerField(
            label=_("几天"),
            min_value=1,
            max_value=365,
            widget=forms.TextInput(attrs={"class": "w-s", "inputmode": "numeric"}),
            error_messages={"required": _("请填几天"), "invalid": _("请填数字，例如 3")},
        )
    labels = {
        "competent": (_("该去哪个机关"), _("申请人可以去哪里办；没有就不填")),
        "number": (_("快递单号"), _("照面单填；不是邮寄的不填")),
        "window": (_("取件窗口"), _("到窗口取才填")),
        "proxy": (_("代办员姓名"), _("代办员送才填")),
        "locker": (_("哪个取件柜"), _("例如：大厅东门 12 号柜")),
        "receiver": (_("代领人姓名"), _("本人来取的不填")),
        "id_number": (_("来取的人的身份证号"), _("看原件，刷卡或照着填；只存前 6 位和后 4 位")),
        "code": (_("取件码"), _("短信里的 6 位数字")),
        "address": (_("新的收件地址"), _("地址没错的不填")),
        "remedy": (_("申请人可以怎么办"), _("例如：补齐条件后重新申请")),
        "department": (_("问哪个部门"), _("写部门的名称")),
        "value": (_("改成什么"), _("照证件写")),
        "amount": (_("金额（元）"), _("几份的写总数，例如 20 或 20.5")),
        "receipt_no": (_("票据号"), _("照窗口开的财政票据写")),
        "ground": (_("依据哪一条"), _("写明法律名称和条款")),
    }
    label, hint = labels.get(name, (name, ""))
    return forms.CharField(label=label, help_text=hint, max_length=60, required=False)
