"""When a hall opens: at once, or on a day at an hour."""

from datetime import datetime, time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.onboarding.equipment import Hour
from theming.widgets import ThreeBoxDateField

NOW, LATER = "now", "later"
EARLY = "08:00"


class OpeningForm(forms.Form):
    """The moment of the opening. After is_valid `moment` is it, None for at once."""

    when = forms.ChoiceField(
        label=gettext_lazy("什么时候开通"),
        widget=forms.RadioSelect,
        choices=[(NOW, gettext_lazy("现在")), (LATER, gettext_lazy("到那天的几点"))],
    )
    day = ThreeBoxDateField(label=gettext_lazy("哪天"), required=False)
    hour = Hour(label=gettext_lazy("几点"), required=False)

    def __init__(self, data: Any = None, *, now: datetime) -> None:
        super().__init__(data, initial={"hour": EARLY})
        self.now = now
        self.moment: datetime | None = None

    def clean(self) -> dict[str, Any]:
        """Ask for day and hour where it is later; refuse what is past."""
        given = super().clean() or {}
        if given.get("when") != LATER or self.errors:
            return given
        if given.get("day") is None:
            self.add_error("day", _("请填哪天"))
            return given
        hour = time.fromisoformat(given["hour"] or EARLY)
        self.moment = timezone.make_aware(datetime.combine(given["day"], hour))
        if self.moment <= self.now:
            self.add_error("day", _("这个时候已经过了，请选以后的，或选现在"))
        return given
