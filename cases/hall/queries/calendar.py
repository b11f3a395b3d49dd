"""The city's working calendar, read once and kept by the process: every due date is counted with it."""

import time
from datetime import date

from django.db import DEFAULT_DB_ALIAS, connections

from cases.hall.workdays import Calendar, CalendarDay
from cases.shared.models import CalendarDay as DayRow
from cases.shared.models import CalendarYear

KEPT_SECONDS = 300.0
_kept: dict[str, tuple[float, Calendar]] = {}


def current() -> Calendar:
    """Return the calendar as it stood in the last five minutes. Call it inside a scope: two queries, then none."""
    database = str(connections[DEFAULT_DB_ALIAS].settings_dict["NAME"])
    found = _kept.get(database)
    if found is not None and time.monotonic() - found[0] < KEPT_SECONDS:
        return found[1]
    calendar = _read()
    _kept[database] = (time.monotonic(), calendar)
    return calendar


def forget() -> None:
    """Empty this process's calendar: after a new year was imported."""
    _kept.clear()


def _read() -> Calendar:
    """Days of a year that no notice has published are only expected: of them the holidays alone are used."""
    notices = {year.year: year.notice for year in CalendarYear.objects.filter(is_published=True)}
    published: list[CalendarDay] = []
    expected: list[date] = []
    for row in DayRow.objects.order_by("day"):
        if row.day.year in notices:
            # the weekday rule needs no notice
            notice = notices[row.day.year] if row.is_official else ""
            published.append(CalendarDay(row.day, row.is_workday, row.name, notice))
        elif not row.is_workday and row.name:
            expected.append(row.day)
    return Calendar(published, expected)
