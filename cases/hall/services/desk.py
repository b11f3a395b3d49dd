"""What a clerk keeps for the desk: filters under a name, columns."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from accounts.actor import Actor
from cases.hall.models import DeskColumns, SavedFilter
from cases.hall.queries.access import person_of
from cases.hall.services.refusals import DataNeeded

MOST_FILTERS = 20


def save_filter(name: str, query: str, *, by: Actor, now: datetime) -> SavedFilter:
    """Keep a filter under a name; one of the same name is replaced. Raises DataNeeded when there are too many."""
    person = person_of(by)
    known = SavedFilter.objects.filter(person=person)
    if known.exclude(name=name).count() >= MOST_FILTERS:
        raise DataNeeded({"name": _("最多存 %(n)d 个，先删掉不用的") % {"n": MOST_FILTERS}})
    saved, _made = SavedFilter.objects.update_or_create(
        person=person, name=name, defaults={"query": query, "made_at": now}
    )
    return saved


def remove_filter(saved: SavedFilter) -> None:
    """Forget a saved filter."""
    saved.delete()


def choose_columns(columns: Sequence[str], *, by: Actor) -> None:
    """Keep which columns this clerk wants to see, in the desk's order."""
    DeskColumns.objects.update_or_create(person=person_of(by), defaults={"columns": list(columns)})
