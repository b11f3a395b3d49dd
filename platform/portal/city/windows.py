"""A hall's windows and hours, from the folder."""

from datetime import time
from string import ascii_uppercase

from django.utils.translation import gettext as _

from portal.city.source import Entry, Source
from tenants.hall.models import Session, Window

WINDOW = "key name count average_minutes"
VISIT = "person items days time"


def check(source: Source, hall: Entry) -> None:
    """Note what is wrong with a hall's windows, hours and example bookings."""
    for window in hall.get("windows") or []:
        if source.only(window, WINDOW, "departments items place capacity"):
            count, minutes = window["count"], window["average_minutes"]
            if not (isinstance(count, int) and isinstance(minutes, int) and count > 0 and 0 < minutes <= 120):
                source.fault(window, "count", _("窗口数和平均分钟要是正整数，分钟不超过 120"))
    for pair in hall.get("sessions") or []:
        try:
            opens, closes = (time.fromisoformat(text) for text in pair)
        except (TypeError, ValueError):
            source.fault(hall, "sessions", _('时段要写成 ["09:00", "12:00"]'))
        else:
            if closes <= opens:
                source.fault(hall, "sessions", _("时段要先开后关"))
    for visit in hall.get("visits") or []:
        source.only(visit, VISIT, "reason lane cancelled")
    for question in hall.get("questions") or []:
        source.only(question, "person kind text", "item about answer published")


def load(hall: Entry) -> int:
    """Make the windows and hours of the hall in scope; return how many windows."""
    windows = [
        Window(
            letter=letter,
            position=position,
            name=entry["name"],
            count=entry["count"],
            average_minutes=entry["average_minutes"],
            capacity=entry.get("capacity"),
            place=entry.get("place") or "",
            departments=list(entry.get("departments") or []),
            items=[str(code) for code in entry.get("items") or []],
        )
        for position, (letter, entry) in enumerate(
            zip(ascii_uppercase, hall.get("windows") or [], strict=False)
        )
    ]
    Window.objects.bulk_create(windows)
    Session.objects.bulk_create(
        Session(starts=time.fromisoformat(opens), ends=time.fromisoformat(closes))
        for opens, closes in hall.get("sessions") or []
    )
    return len(windows)
