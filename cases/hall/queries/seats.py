"""Where a clerk sits: posts, groups, departments, and for whom they stand in today."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from accounts.actor import Actor
from cases.hall.models import Cover, Group
from cases.hall.queries.access import person_of
from tenants.hall.models import Post


@dataclass(frozen=True)
class Seat:
    """What decides which cases are a clerk's.

    `covered` are colleagues on leave, by person; `groups` by post those that the clerk (or whom they cover) belongs to,
    `staffed` by post all groups that have somebody of it: a case of a group without anybody is everybody's.
    """

    person: UUID
    posts: frozenset[str]
    covered: Mapping[UUID, str] = field(default_factory=dict)
    groups: Mapping[str, frozenset[int]] = field(default_factory=dict)
    staffed: Mapping[str, frozenset[int]] = field(default_factory=dict)
    departments: frozenset[str] = frozenset()

    @property
    def holders(self) -> list[UUID]:
        """Whose claims are this clerk's work."""
        return [self.person, *self.covered]


def seat_of(actor: Actor, today: date) -> Seat:
    """Return where this person sits today. Three queries, of tables as long as the hall has staff."""
    person = person_of(actor)
    covered = covered_by(person, today)
    mine: dict[str, set[int]] = {}
    staffed: dict[str, set[int]] = {}
    members = Group.posts.through._default_manager.filter(group__is_active=True, post__in=Post.objects.held())
    for group, role, member in members.values_list("group_id", "post__role", "post__person"):
        staffed.setdefault(role, set()).add(group)
        if member == person or member in covered:
            mine.setdefault(role, set()).add(group)
    named = Post.objects.held().filter(person=person, department__isnull=False)
    departments = {
        name for row in named.values_list("department__short_name", "department__name") for name in row
    }
    return Seat(
        person,
        actor.posts,
        covered,
        {role: frozenset(found) for role, found in mine.items()},
        {role: frozenset(found) for role, found in staffed.items()},
        frozenset(departments),
    )


def in_force(today: date) -> QuerySet[Cover]:
    """Return the covers that hold on this day."""
    return Cover.objects.filter(ended_at=None, first_day__lte=today, last_day__gte=today)


def covered_by(person: UUID, today: date) -> dict[UUID, str]:
    """Return for whom this person stands in today: person → name. One query."""
    return dict(in_force(today).filter(by=person).values_list("person", "name"))


def colleagues(post: str, *, but: UUID | None = None) -> list[Post]:
    """Return the active posts of this kind, by name. One query."""
    found = Post.objects.held().filter(role=post).order_by("name", "username")
    return list(found.exclude(person=but) if but else found)
