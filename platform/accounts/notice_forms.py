"""What a person wants to be told by which way, and where."""

from collections.abc import Collection
from datetime import datetime, time
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.enums import ChannelName, NoticeGroup
from accounts.models import Reach
from accounts.wishes import key

# half hours of the evening and the morning: nobody needs more to sleep
EVENINGS = [f"{hour}:{minute:02d}" for hour in range(19, 24) for minute in (0, 30)]
MORNINGS = [f"{hour}:{minute:02d}" for hour in range(5, 10) for minute in (0, 30)]
NO_QUIET = "none"
HINTS = {
    NoticeGroup.STATUTORY: gettext_lazy(
        "受理、补材料、没有受理、延期、决定、送达。法律规定要告诉您，短信和邮件至少留一样。"
    ),
    NoticeGroup.REMINDER: gettext_lazy("补材料快到期、证件还没取、草稿要删了。"),
    NoticeGroup.PROGRESS: gettext_lazy("补的材料收到了、转到别的大厅、日期改了。"),
    NoticeGroup.PROXY: gettext_lazy("代办员每办一步。每份委托还可以单独关。"),
    NoticeGroup.BOOKING: gettext_lazy("约好了、改了、快到时间、排到了。"),
}


class WaysField(forms.MultipleChoiceField):
    """Ways of which none may be left: an answer too, and no question that may be passed over."""

    widget = forms.CheckboxSelectMultiple

    def validate(self, value: list[str]) -> None:
        """Take any of the ways, and none. Raises ValidationError for what is no way."""
        if value:
            super().validate(value)


class WishesForm(forms.Form):
    """Ways by group of messages, and the quiet hours."""

    def __init__(self, data: Any, *, reach: Reach, ways: Collection[ChannelName]) -> None:
        super().__init__(data)
        self.ways = [way for way in ChannelName if way in ways]
        for group in NoticeGroup:
            self.fields[group] = WaysField(
                label=group.label,
                help_text=HINTS[group],
                choices=[(way, way.label) for way in self.ways],
                initial=[way for way in self.ways if key(way, group) not in reach.off],
            )
        begins, ends = _hours(reach)
        evenings = [(text, text) for text in EVENINGS]
        self.fields["quiet_from"] = forms.ChoiceField(
            label=_("晚上几点以后不发短信"),
            choices=[(NO_QUIET, _("什么时候都可以发")), *evenings],
            initial=begins,
            help_text=_("验证码、当天和第二天到期的事，夜里也发。"),
        )
        self.fields["quiet_to"] = forms.ChoiceField(
            label=_("早上几点以后再发"), choices=[(text, text) for text in MORNINGS], initial=ends
        )

    @property
    def off(self) -> list[str]:
        """What is switched off."""
        chosen = self.cleaned_data
        return [key(way, group) for group in NoticeGroup for way in self.ways if way not in chosen[group]]

    @property
    def quiet(self) -> tuple[time, time]:
        """The quiet hours; the same time twice for none."""
        ends = _time(self.cleaned_data["quiet_to"])
        begins = self.cleaned_data["quiet_from"]
        return (ends, ends) if begins == NO_QUIET else (_time(begins), ends)


def _hours(reach: Reach) -> tuple[str, str]:
    """Return the hours that hold now, as the lists write them."""
    begins, ends = reach.quiet_hours
    is_none = begins == ends
    return NO_QUIET if is_none else _text(begins, EVENINGS), _text(ends, MORNINGS)


def _text(hour: time, listed: list[str]) -> str:
    text = f"{hour.hour}:{hour.minute:02d}"
    return text if text in listed else listed[5]


def _time(text: str) -> time:
    return datetime.strptime(text, "%H:%M").time()  # noqa: DTZ007 -- hours of a day


class MailForm(forms.Form):
    """The mail address that gets a code."""

    mail = forms.EmailField(
        label=gettext_lazy("邮箱"),
        max_length=120,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
        error_messages={"invalid": gettext_lazy("邮箱写得不对，例如 name@example.com")},
    )
