"""The search log: what was looked for and how much it found, by day and hall, with nothing of the person."""

import re
from datetime import date, datetime, timedelta

from django.db import connection
from django.utils import timezone

from catalog.shared import grams
from catalog.shared.models import SearchLog

KEPT_DAYS = 90
LONGEST = 30
# different texts that one day of a hall may add: a flood of nonsense fills no disk
MOST_A_DAY = 5000
_NOTE = """INSERT INTO public.catalog_shared_searchlog AS l (hall_role, day, text, found, times)
    SELECT %s, %s, %s, %s, 1
    WHERE (SELECT count(*) FROM public.catalog_shared_searchlog WHERE hall_role IS NOT DISTINCT FROM %s AND day = %s) < %s
    ON CONFLICT (hall_role, day, text) DO UPDATE SET times = l.times + 1, found = EXCLUDED.found"""
_NUMBER = re.compile(r"[0-9]{4,}( ?x(?![a-z]))?")


def masked(question: str) -> str:
    """Return a question as the log keeps it: in the search's spelling, numbers of four digits and more as ``#``, 30 characters."""
    return _NUMBER.sub("#", grams.spelt(question))[:LONGEST].strip()


def note(role: str | None, question: str, found: int, *, today: date) -> None:
    """Count a search of this hall, or of the portal (None). What holds no word is not kept."""
    text = masked(question)
    if not text.strip("#"):
        return
    with connection.cursor() as cursor:
        cursor.execute(_NOTE, [role, today, text, found, role, today, MOST_A_DAY])


def settle(role: str, question: str) -> None:
    """Note that what was asked finds something in this hall from now on: it is no longer among what found nothing."""
    SearchLog.objects.filter(hall_id=role, text=masked(question), found=0).update(found=1)


def forget(*, now: datetime) -> int:
    """Delete the days that are older than 90 days; return how many rows. As the city."""
    return SearchLog.objects.filter(day__lt=timezone.localdate(now) - timedelta(days=KEPT_DAYS)).delete()[0]
