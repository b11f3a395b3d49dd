"""A hall's windows and hours, from the folder."""

from datetime import time

from django.utils.translation import gettext as _

from portal.city.source import Entry, Source
from tenants.hall.services import furnishing

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
    furnishing.sessions(hall.get("sessions") or [])
    return furnishing.windows(hall.get("windows") or [])
