"""What is asked of who records an outage."""

from datetime import datetime, time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.shared.services.outages import MAX_WHAT
from theming.widgets import ThreeBoxDateField

NO_SUCH_TIME = _("写成 8:30 这样")


class ClockField(forms.TimeField):
    """An hour and a minute, typed as people write them."""

    def __init__(self, label: Any, *, required: bool = True) -> None:
        super().__init__(
            label=label,
            required=required,
            input_formats=["%H:%M", "%H：%M"],
            error_messages={"invalid": NO_SUCH_TIME},
            help_text=_("例如 8:30"),
            widget=forms.TextInput(attrs={"class": "w-m", "inputmode": "numeric", "autocomplete": "off"}),
        )


class OutageForm(forms.Form):
    """What stood still, since when, and until when if that is known."""

    what = forms.CharField(
        label=_("什么用不了"), help_text=_("群众会看到，例如：交不了费，其他照常"), max_length=MAX_WHAT
    )
    first_day = ThreeBoxDateField(label=_("从哪天"))
    first_time = ClockField(_("从几点"))
    last_day = ThreeBoxDateField(label=_("到哪天恢复"), required=False)
    last_time = ClockField(_("几点恢复"), required=False)
    # what a service says of a moment belongs to its day
    FIELDS = {"starts_at": "first_day", "ends_at": "last_day"}

    def clean(self) -> dict[str, Any]:
        """Take the end whole or not at all."""
        given = super().clean() or {}
        day, moment = given.get("last_day"), given.get("last_time")
        if (day is None) != (moment is None) and not {"last_day", "last_time"} & set(self.errors):
            self.add_error("last_time" if day else "last_day", _("恢复的日期和时间要一起写"))
        return given

    def moment(self, name: str) -> datetime | None:
        """Return the first or the last moment; None when it is not known."""
        day, clock = self.cleaned_data.get(f"{name}_day"), self.cleaned_data.get(f"{name}_time")
        if day is None or clock is None:
            return None
        return timezone.make_aware(datetime.combine(day, time(clock.hour, clock.minute)))
