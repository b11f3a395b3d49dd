"""Who is asking: what a request knows of the person behind it, read whole before the work begins."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Self
from uuid import UUID

from accounts.enums import Level

if TYPE_CHECKING:
    from accounts.models import Person


@dataclass(frozen=True)
class Reach:
    """What a post acts on: departments by the catalogue's short names, and items by code; neither named is the whole hall."""

    departments: frozenset[str] = frozenset()
    items: frozenset[str] = frozenset()

    @property
    def is_whole(self) -> bool:
        """Whether it is the whole hall."""
        return not self.departments and not self.items

    def covers(self, department: str, item: str) -> bool:
        """Say whether what belongs to this department and item is within."""
        return self.is_whole or department in self.departments or item in self.items


WHOLE = Reach()


class Posts(frozenset[str]):
    """The posts that somebody holds in a hall, and what each reaches. To whoever asks for posts alone it is their set."""

    reaches: Mapping[str, Reach]

    @classmethod
    def of(cls, held: Iterable[tuple[str, Reach]]) -> Self:
        """Return these posts; of one that is held twice the wider reach, and both where neither is the whole."""
        reaches: dict[str, Reach] = {}
        for role, reach in held:
            known = reaches.get(role)
            if known is None:
                reaches[role] = reach
            elif known.is_whole or reach.is_whole:
                reaches[role] = WHOLE
            else:
                reaches[role] = Reach(known.departments | reach.departments, known.items | reach.items)
        found = cls(reaches)
        found.reaches = reaches
        return found


@dataclass(frozen=True)
class Visit:
    """What brings somebody of the city into a hall for a while 应急进入: until when, why, and what it allows.

    Without `may_act` everything is only read; without `sees_personal` numbers stay masked and no file opens.
    """

    key: UUID
    until: datetime
    reason: str
    may_act: bool = False
    sees_personal: bool = False


@dataclass(frozen=True)
class Actor:
    """The person behind a request, or nobody.

    `may_hold_posts` is false for a session that came by a ticket: that is a citizen's, whoever it is. `is_proved` says
    that a second factor was proved for this session or token.
    """

    person_id: UUID | None = None
    username: str = ""
    display_name: str = ""
    city_role: str = ""
    may_hold_posts: bool = False
    level: int = Level.PHONE
    has_lost_phone: bool = False
    is_proved: bool = False
    posts: frozenset[str] = frozenset()
    visit: Visit | None = None

    @classmethod
    def of(cls, person: "Person", *, may_hold_posts: bool, is_proved: bool = False) -> "Actor":
        """Return the actor that this account is."""
        return cls(
            person_id=person.pk,
            username=person.username,
            display_name=person.name or person.username,
            city_role=person.city_role,
            may_hold_posts=may_hold_posts,
            level=person.level,
            has_lost_phone=person.lost_phone,
            is_proved=is_proved,
        )

    @property
    def is_authenticated(self) -> bool:
        """Whether somebody has signed in."""
        return self.person_id is not None

    @property
    def is_staff_here(self) -> bool:
        """Whether this person holds a post in the hall of the request."""
        return bool(self.posts)

    def holds(self, *roles: str) -> bool:
        """Say whether this person holds one of these posts in the hall of the request."""
        return not self.posts.isdisjoint(roles)

    def reach_of(self, role: str) -> Reach:
        """Return what this person's post reaches; the whole hall where nothing narrower is known of it."""
        return self.posts.reaches.get(role, WHOLE) if isinstance(self.posts, Posts) else WHOLE

    def posts_over(self, department: str, item: str) -> frozenset[str]:
        """Return the posts held here that reach what belongs to this department and item."""
        return frozenset(role for role in self.posts if self.reach_of(role).covers(department, item))

    def visiting(self, visit: Visit, posts: frozenset[str]) -> "Actor":
        """Return the same person as a visitor of the hall, with the posts that the visit lends."""
        return replace(self, posts=posts, visit=visit)

    def with_posts(self, posts: frozenset[str]) -> "Actor":
        """Return the same person with the posts read in the hall's scope."""
        return replace(self, posts=posts)


NOBODY = Actor()
