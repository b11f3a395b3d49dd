"""What asking and complaining want to know, one question a page; and what the staff writes."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.hall import enquiry_rules as rules
from cases.hall import enquiry_text
from cases.hall.enquiry_enums import About, Kind

_KEPT = 80


class SaidField(forms.CharField):
    """What somebody writes: cleaned before it is measured, so that what cannot be seen does not count."""

    def __init__(self, *, most: int, rows: int = 6, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": rows}))
        super().__init__(max_length=most, **kwargs)
        self.widget.attrs.pop("maxlength", None)

    def to_python(self, value: Any) -> str:
        """Return the text as it is kept."""
        return enquiry_text.clean(str(value)) if value not in self.empty_values else ""


class _Asking(forms.Form):
    """One page asks the fields of one step; those before it are carried along, hidden, and checked again.

    `steps` names the steps and their fields in order; the fields of later steps are not there yet.
    """

    steps: dict[str, tuple[str, ...]]

    def __init__(self, data: Any, *, step: str, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        names = list(self.steps)
        self.step = step if step in names else names[0]
        self.place = names.index(self.step) + 1
        self.previous = names[self.place - 2] if self.place > 1 else ""
        later = [name for later_step in names[self.place :] for name in self.steps[later_step]]
        for name in later:
            del self.fields[name]

    @property
    def shown(self) -> list[forms.BoundField]:
        """The fields of this step."""
        return [self[name] for name in self.steps[self.step] if name in self.fields]

    @property
    def carried(self) -> list[forms.BoundField]:
        """The fields of the steps before."""
        mine = {bound.name for bound in self.shown}
        return [self[name] for name in self.fields if name not in mine]

    def step_of(self, field: str) -> str:
        """Return the step that asks for this field."""
        return next((step for step, names in self.steps.items() if field in names), self.step)

    @property
    def first_wrong(self) -> str:
        """The first step with an error, empty when all is well."""
        wrong = {self.step_of(name) for name in self.errors if name in self.fields}
        return next((step for step in self.steps if step in wrong), "")


def _key() -> forms.CharField:
    return forms.CharField(max_length=_KEPT, widget=forms.HiddenInput)


def _hotline() -> forms.RegexField:
    return forms.RegexField(
        r"^[0-9A-Za-z-]{1,40}$",
        label=_("12345 工单号"),
        help_text=_("打过 12345 的，填短信里的工单号"),
        required=False,
        error_messages={"invalid": _("工单号只有数字、字母和短横线，最多 40 个")},
    )


class AskForm(_Asking):
    """A question: what, whether others may read it, and once more before it is sent."""

    kind = Kind.ASK
    steps = {"text": ("text",), "public": ("may_publish",), "check": ("hotline_number",)}
    key = _key()
    text = SaidField(label=_("您想问什么"), help_text=_("不用写身份证号、电话，我们有"), most=rules.MOST_TEXT)
    may_publish = forms.ChoiceField(
        label=_("答复能不能公开"),
        help_text=_("公开前遮住姓名、电话、住址，再由工作人员看一遍。别人有同样的问题，就能看到"),
        choices=[("yes", _("可以公开")), ("no", _("不要公开"))],
        widget=forms.RadioSelect,
    )
    hotline_number = _hotline()


class ComplainForm(_Asking):
    """A complaint: about what, which one, what happened, and once more before it is sent."""

    kind = Kind.COMPLAIN
    steps = {
        "about": ("about",),
        "which": ("case", "window", "who"),
        "text": ("text",),
        "check": ("hotline_number",),
    }
    key = _key()
    about = forms.ChoiceField(label=_("您要投诉什么"), choices=About.choices, widget=forms.RadioSelect)
    case = forms.ChoiceField(label=_("哪一件"), required=False)
    window = forms.ChoiceField(label=_("哪个窗口"), required=False)
    who = SaidField(
        label=_("是谁"),
        help_text=_("姓名、工号，或者哪天在哪个窗口。他看不到您的投诉，也不能办"),
        most=rules.MOST_WHO,
        rows=2,
        required=False,
    )
    text = SaidField(
        label=_("发生了什么"), help_text=_("什么时候、什么事、希望怎么解决"), most=rules.MOST_TEXT
    )
    hotline_number = _hotline()

    def __init__(
        self, data: Any, *, step: str, cases: Sequence[tuple[str, str]], windows: Sequence[str], **kwargs: Any
    ) -> None:
        super().__init__(data, step=step, **kwargs)
        about = (self.data if self.is_bound else self.initial).get("about", "")
        wanted = {About.CASE: "case", About.WINDOW: "window", About.STAFF: "who", About.HEAD: "who"}
        for name in ("case", "window", "who"):
            if name in self.fields and wanted.get(about) != name:
                del self.fields[name]
        choices = {"case": list(cases), "window": [(name, name) for name in windows]}
        for name, rows in choices.items():
            if name in self.fields:
                self.fields[name].choices = [("", _("请选择")), *rows]  # type: ignore[attr-defined]
                self.fields[name].required = True
        if "who" in self.fields:
            self.fields["who"].required = about == About.STAFF

    @property
    def is_empty_step(self) -> bool:
        """Whether this step asks nothing of who complains of this."""
        return self.step == "which" and not self.shown


class AddForm(forms.Form):
    """More about what one asked, in words or as a file, or both."""

    text = SaidField(label=_("再说几句"), most=rules.MOST_TEXT, rows=4, required=False)
    upload = forms.FileField(
        label=_("照片或 PDF"),
        widget=forms.FileInput(attrs={"accept": "image/*,.pdf"}),
        allow_empty_file=True,
        max_length=400,
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        """Want one of the two."""
        given = super().clean() or {}
        if not given.get("text") and not given.get("upload") and not self.errors:
            self.add_error("text", _("请写几句，或选一个文件"))
        return given


class ReopenForm(forms.Form):
    """What is not solved yet."""

    text = SaidField(label=_("哪里没解决"), most=rules.MOST_TEXT)


class AnswerForm(forms.Form):
    """The answer, or what is written of it so far."""

    text = SaidField(label=_("答复"), help_text=_("本人会看到全文"), most=rules.MOST_ANSWER, rows=8)


class NoteForm(forms.Form):
    """What the staff alone reads."""

    text = SaidField(label=_("内部备注"), help_text=_("只有工作人员看到"), most=rules.MOST_NOTE, rows=3)


class ExtendForm(forms.Form):
    """Why a complaint takes longer."""

    text = SaidField(label=_("为什么延期"), help_text=_("本人会看到"), most=rules.MOST_NOTE, rows=3)


class WithdrawForm(forms.Form):
    """Why what was published is taken back."""

    text = SaidField(label=_("为什么撤下"), help_text=_("只有工作人员看到"), most=rules.MOST_NOTE, rows=3)


class ToForm(forms.Form):
    """A colleague, or one whom a complaint is about."""

    to = forms.ChoiceField(label=_("交给谁"))

    def __init__(self, data: Any, *, people: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["to"].choices = [("", _("请选择")), *people]  # type: ignore[attr-defined]


class DepartmentForm(forms.Form):
    """A department of the hall."""

    department = forms.ChoiceField(label=_("转给哪个部门"))

    def __init__(self, data: Any, *, departments: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["department"].choices = [("", _("请选择")), *departments]  # type: ignore[attr-defined]


class PublishForm(forms.Form):
    """What would be published, to be looked at and put right."""

    question = SaidField(label=_("问题"), most=rules.MOST_TEXT * (2 + rules.MOST_ADDITIONS), rows=6)
    answer = SaidField(label=_("答复"), most=rules.MOST_ANSWER, rows=8)
    is_seen = forms.BooleanField(
        label=_("看过了，没有姓名、电话、证件号、住址"), error_messages={"required": _("请看一遍，再打勾")}
    )
