"""What time alone does to a result on its way: its holder is reminded, a locker is emptied, what lies online has come.

Each once, and correct however late the sweep comes: what is due follows from the day on which it came to its place.
"""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from cases.hall import messages
from cases.hall.clock import short_date_text
from cases.hall.delivering import PLACES
from cases.hall.enums import State, Whereabouts
from cases.hall.models import Case, Handing
from cases.hall.services import telling, transition


def due(today: date) -> QuerySet[Any, Any]:
    """Return the keys of the cases for which something is due."""
    found = Q(whereabouts=Whereabouts.IN_LOCKER, handing__until__lt=today)
    found |= Q(whereabouts=Whereabouts.ONLINE, handing__until__lte=today)
    for place, row in PLACES.items():
        for days in row.reminders:
            untold = Q(handing__reminded=None) | Q(handing__reminded__lt=days)
            found |= untold & Q(whereabouts=place, handing__since__lt=_end_of(today - timedelta(days=days)))
    waiting = Case.objects.filter(found, state=State.DELIVERING)
    return waiting.order_by("due_on", "id").values_list("pk", flat=True)


def _end_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))


def act(case: Case, now: datetime) -> bool:
    """Do what is due for this locked case; return whether anything was."""
    row = Handing.objects.filter(case=case).first()
    if case.state != State.DELIVERING or row is None:
        return False
    today = timezone.localdate(now)
    if case.whereabouts == Whereabouts.IN_LOCKER and row.until and row.until < today:
        return transition.apply_system(case, "empty_locker", now=now)
    if case.whereabouts == Whereabouts.ONLINE and row.until and row.until <= today:
        return transition.apply_system(case, "arrive_online", now=now)
    return _remind(case, row, now)


def _remind(case: Case, row: Handing, now: datetime) -> bool:
    """Tell the last of the days that have come, and only that: after an outage 30 days, not 7 and 30."""
    place = PLACES[Whereabouts(case.whereabouts)]
    passed = (timezone.localdate(now) - timezone.localdate(row.since)).days
    reached = max((day for day in place.reminders if day <= passed), default=None)
    if reached is None or (row.reminded is not None and row.reminded >= reached):
        return False
    told = {
        "item": case.item_name,
        "n": passed,
        "window": row.window,
        "locker": row.locker,
        "by": short_date_text(row.until) if row.until else "",
        "due_on": row.until,
    }
    last = case.events.order_by("-sequence").first()
    if last is None:
        return False
    telling.of_case(case, messages.said(place.reminds, told), event=last, now=now)
    row.reminded = reached
    row.save(update_fields=["reminded"])
    return True
