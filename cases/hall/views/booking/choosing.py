"""Days and times to choose from, ready for a template."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from cases.hall.queries import slots
from theming.formats import cn_day


def shown(days: Sequence[slots.Day], asked: date | None, kept: Mapping[str, Any]) -> dict[str, Any]:
    """Return the days as links and the times of the one that is asked for, else of the first with a free place.

    `kept` is what the address keeps besides the day.
    """
    chosen = next((day for day in days if day.day == asked), None)
    first_free = next((day for day in days if day.left), None)
    chosen = chosen or first_free or next((day for day in days if day.times), None)
    return {
        "days": [_link(day, day == chosen, kept) for day in days],
        "day": chosen,
        "times": [_row(chosen.day, each) for each in chosen.times] if chosen else [],
        "is_all_full": bool(days) and first_free is None,
    }


def _link(day: slots.Day, is_current: bool, kept: Mapping[str, Any]) -> dict[str, Any]:
    if day.is_closed:
        words = _("不办公")
    elif day.left:
        words = _("剩 %(n)d 个") % {"n": day.left}
    else:
        words = _("约满了")
    return {
        "label": cn_day(day.day),
        "words": words,
        "url": "" if day.is_closed else "?" + urlencode({**kept, "day": day.day.isoformat()}, doseq=True),
        "is_current": is_current,
    }


def _row(day: date, each: slots.Time) -> dict[str, Any]:
    return {"value": f"{day.isoformat()}T{each.starts:%H:%M}", "time": each}
