"""What a booking asks of people, and what the hall's admin sets."""

from datetime import date, time
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.hall import booking_rules as rules
from cases.hall.booking_enums import Lane
from cases.hall.forms.fields import code_box
from tenants.hall.models import Window
from theming.widgets import ThreeBoxDateField

_DECLARED = [("", _("不需要")), (Lane.DISABLED, Lane.DISABLED.label), (Lane.PREGNANT, Lane.PREGNANT.label)]


def moment_of(text: str) -> tuple[date, time] | None:
    """Return the day and time of 2026-03-04T09:30, None for anything else."""
    day, _separator, starts = text.partition("T")
    try:
        return date.fromisoformat(day), time.fromisoformat(starts)
    except ValueError:
        return None


def day_of(text: str) -> date | None:
    """Return the day of 2026-03-04, None for anything else."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


class WhoForm(forms.Form):
    """Who comes is the account; what it is about, whether it belongs to a case, and who needs to go first."""

    key = forms.CharField(max_length=80, widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("来办什么"), help_text=_("写给窗口看，方便准备"), max_length=200, required=False
    )
    case = forms.ChoiceField(label=_("为哪一件来"), required=False)
    lane = forms.ChoiceField(
        label=_("需要优先吗"),
        help_text=_("60 岁以上不用选，到了自动优先"),
        choices=_DECLARED,
        required=False,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, cases: list[tuple[str, str]], is_senior: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if cases:
            self.fields["case"].choices = [("", _("不为哪一件")), *cases]  # type: ignore[attr-defined]
        else:
            del self.fields["case"]
        if is_senior:
            del self.fields["lane"]


class TimeForm(forms.Form):
    """A time, chosen among those that a page shows; whether it is still free the service says."""

    at = forms.CharField(label=_("时间"), max_length=16, error_messages={"required": _("请选一个时间")})

    def clean_at(self) -> tuple[date, time]:
        """Return day and time."""
        found = moment_of(self.cleaned_data["at"])
        if found is None:
            raise forms.ValidationError(_("请选一个时间"))
        return found


class CodeForm(forms.Form):
    """The code that the message and the receipt say."""

    code = forms.CharField(
        label=_("号码"),
        help_text=_("短信和回执上的 6 位字母和数字"),
        max_length=20,
        # a scanner types where the cursor is
        widget=code_box(autofocus=True),
    )


class AppealForm(forms.Form):
    """Why a no-show should not count."""

    text = forms.CharField(label=_("为什么没能来"), max_length=400, widget=forms.Textarea(attrs={"rows": 4}))


class DecisionForm(forms.Form):
    """What the admin decides on an appeal."""

    grants = forms.ChoiceField(
        label=_("这次算不算爽约"),
        choices=[("yes", _("不算，撤掉这次记录")), ("no", _("算"))],
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(
        label=_("答复"), help_text=_("本人会看到"), max_length=400, widget=forms.Textarea
    )


def _lines(text: str) -> list[str]:
    return list(dict.fromkeys(part.strip() for part in text.replace("，", "\n").split("\n") if part.strip()))


class WindowForm(forms.ModelForm):  # type: ignore[type-arg]
    """A window: what it does, how many counters, how long one takes."""

    departments = forms.MultipleChoiceField(
        label=_("办哪些部门的事"), required=False, widget=forms.CheckboxSelectMultiple
    )
    items = forms.CharField(
        label=_("只办这些事项"),
        help_text=_("事项编码，一行一个。部门和事项都空着，就办其他窗口不办的"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    class Meta:
        model = Window
        fields = (
            "name",
            "letter",
            "place",
            "count",
            "average_minutes",
            "capacity",
            "departments",
            "items",
            "position",
            "is_active",
        )
        labels = {
            "name": _("名称"),
            "letter": _("号码的字母"),
            "place": _("在哪里"),
            "count": _("开几个"),
            "average_minutes": _("办一件平均几分钟"),
            "capacity": _("半小时约几个人"),
            "position": _("排第几"),
            "is_active": _("在用"),
        }
        help_texts = {
            "capacity": _("空着就按规则算：窗口数 × 30 ÷ 平均分钟 × 70%"),
            "letter": _("一个大写字母，例如 A"),
        }

    def __init__(self, *args: Any, departments: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [*departments, *(name for name in self.instance.departments if name not in departments)]
        self.fields["departments"].choices = [(name, name) for name in known]  # type: ignore[attr-defined]
        self.initial["items"] = "\n".join(self.instance.items)

    def clean_letter(self) -> str:
        """Return one capital letter."""
        letter = str(self.cleaned_data["letter"]).strip().upper()
        if len(letter) != 1 or not ("A" <= letter <= "Z"):
            raise forms.ValidationError(_("要一个字母，例如 A"))
        return letter

    def clean_items(self) -> list[str]:
        """Return the codes."""
        codes = _lines(self.cleaned_data["items"])
        if wrong := [code for code in codes if len(code) != 14 or not code.isdigit()]:
            raise forms.ValidationError(_("事项编码是 14 位数字，这个不是：%(code)s") % {"code": wrong[0]})
        return codes

    def clean(self) -> dict[str, Any]:
        """Refuse more places than the counters can serve at all, and no counter."""
        values: dict[str, Any] = super().clean() or self.cleaned_data
        count, minutes, most = (values.get(name) for name in ("count", "average_minutes", "capacity"))
        if count is not None and not 1 <= count <= 200:
            self.add_error("count", _("要 1 到 200"))
        elif minutes is not None and not 1 <= minutes <= 120:
            self.add_error("average_minutes", _("要 1 到 120 分钟"))
        elif count and minutes and most is not None and most > rules.most_capacity(count, minutes):
            served = rules.most_capacity(count, minutes)
            self.add_error("capacity", _("半小时最多办得完 %(n)d 个人") % {"n": served})
        return values


class HoursForm(forms.Form):
    """Opening hours of a working day: one line for morning and one for afternoon."""

    hours = forms.CharField(
        label=_("每天可以约的时段"),
        help_text=_("一行一段，例如 9:00-12:00"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    reason = forms.CharField(
        label=_("为什么改"), help_text=_("约好的人会看到"), max_length=120, required=False
    )

    def clean_hours(self) -> list[tuple[time, time]]:
        """Return the sessions in order; they may not overlap."""
        found = []
        for line in _lines(self.cleaned_data["hours"]):
            opens, _dash, closes = line.replace("–", "-").replace("：", ":").partition("-")
            try:
                found.append((_time(opens), _time(closes)))
            except ValueError:
                raise forms.ValidationError(_("这一行看不懂：%(line)s") % {"line": line[:40]}) from None
        found.sort()
        ends = [time.min, *(closes for _opens, closes in found)]
        if any(
            closes <= opens or opens < before for before, (opens, closes) in zip(ends, found, strict=False)
        ):
            raise forms.ValidationError(_("时段要先开后关，互不重叠"))
        return found


def _time(text: str) -> time:
    hour, minute = (int(part) for part in text.strip().split(":"))
    return time(hour, minute)


class ClosureForm(forms.Form):
    """A day on which the hall or a window does not open."""

    day = ThreeBoxDateField(label=_("哪一天"))
    window = forms.ChoiceField(label=_("哪个窗口"), required=False)
    reason = forms.CharField(label=_("为什么"), help_text=_("约好的人会看到"), max_length=120)

    def __init__(self, *args: Any, windows: list[Window], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.windows = {str(window.pk): window for window in windows}
        choices = [("", _("整个大厅")), *((pk, window.name) for pk, window in self.windows.items())]
        self.fields["window"].choices = choices  # type: ignore[attr-defined]

    @property
    def chosen(self) -> Window | None:
        """The window that was chosen, None for the whole hall."""
        return self.windows.get(self.cleaned_data["window"])
