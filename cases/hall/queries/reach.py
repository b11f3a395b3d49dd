"""Which cases a clerk's posts reach: all of the hall, or those of the departments and items that a post names.

What lies outside is neither listed nor opened nor acted on, whatever its number. Whoever stands in for a colleague on leave
reaches what that colleague's post of the same kind reaches, as long as the cover lasts.
"""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q

from accounts.actor import WHOLE, Actor, Posts, Reach
from cases.hall.models import Case, Cover
from cases.hall.transitions import DESK
from tenants.hall.models import Post


def within(actor: Actor, today: date) -> Q:
    """Return the condition of the cases that this person's posts of the desk reach. No query, unless every post is narrowed."""
    mine = [actor.reach_of(role) for role in actor.posts & _DESK]
    if any(reach.is_whole for reach in mine):
        return Q()
    return _any_of([*mine, *(reach for _role, reach in _covered(actor, today))])


def posts_over(case: Case, actor: Actor, today: date) -> frozenset[str]:
    """Return the posts by which this person may act on the case: their own, else as somebody's stand-in."""
    over = actor.posts_over(case.department, case.item_code)
    if over == actor.posts:
        return over
    covered = {
        role for role, reach in _covered(actor, today) if reach.covers(case.department, case.item_code)
    }
    return over | (covered & actor.posts)


_DESK = frozenset(map(str, DESK))


def _any_of(reaches: Iterable[Reach]) -> Q:
    found = Q(pk__in=[])
    for reach in reaches:
        if reach.is_whole:
            return Q()
        if reach.departments:
            found |= Q(department__in=sorted(reach.departments))
        if reach.items:
            found |= Q(item_code__in=sorted(reach.items))
    return found


def _covered(actor: Actor, today: date) -> list[tuple[str, Reach]]:
    """What the posts reach of those for whom this person stands in today, in the posts that both have. One query."""
    if actor.person_id is None or not isinstance(actor.posts, Posts):
        return []
    away = Cover.objects.filter(
        by=actor.person_id, ended_at=None, first_day__lte=today, last_day__gte=today
    ).values("person")
    rows = Post.objects.held().filter(person__in=away, role__in=sorted(actor.posts & _DESK))
    return [
        (role, Reach(frozenset(departments), frozenset(items)) if departments or items else WHOLE)
        for role, departments, items in rows.values_list("role", "departments", "items")
    ]
