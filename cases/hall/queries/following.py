"""The next case of the queue that a clerk works through."""

from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from accounts.actor import Actor
from cases.hall.models import Case
from cases.hall.queries import desk
from cases.hall.queries.narrowing import Filters

# how far into a queue the case in hand is looked for, and how many after it are tried
_FAR, _TRIED = 500, 20


# the queue's name, and what narrows it
Place = tuple[str, Filters]


def listed(actor: Actor, asked: Place, today: date) -> QuerySet[Case]:
    """Return the cases that the list asks for; none for a queue that is none."""
    queue, filters = asked
    try:
        return desk.cases(actor, queue, filters, today=today)
    except desk.UnknownQueue:
        return Case.objects.none()


def next_after(actor: Actor, asked: Place, case: Case, today: date) -> Case | None:
    """Return the case behind this one in the list, else the first of it.

    A case that somebody else has claimed, or is acting on at this moment, is skipped. None: the queue is done, or there
    is none of this name.
    """
    mine = Q(claimed_by=None) | Q(claimed_by=actor.person_id)
    found = listed(actor, asked, today).filter(mine)
    order: list[UUID] = list(found.values_list("pk", flat=True)[:_FAR])
    place = order.index(case.pk) if case.pk in order else -1
    for some in (order[place + 1 :], order[: max(place, 0)]):
        free = found.filter(pk__in=some[:_TRIED]).select_for_update(
            of=("self",), skip_locked=True, no_key=True
        )
        if some and (following := free.first()) is not None:
            return following
    return None


def still_there(actor: Actor, asked: Place, number: str, today: date) -> Case | None:
    """Return the case of this number if it still waits in the queue, else the first that does. One or two queries."""
    found = listed(actor, asked, today)
    return found.filter(number=number).first() or found.first()
