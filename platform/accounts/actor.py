"""Who is asking: what a request knows of the person behind it, read whole before the work begins."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from uuid import UUID

from accounts.enums import Level

if TYPE_CHECKING:
    from accounts.models import Person


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

    def with_posts(self, posts: frozenset[str]) -> "Actor":
        """Return the same person with the posts read in the hall's scope."""
        return replace(self, posts=posts)


NOBODY = Actor()
