"""Reads of one hall's own people and office."""

from uuid import UUID

from tenants.hall.models import Office, Post


def posts_of(person: UUID) -> frozenset[str]:
    """Return the roles of the active posts that this person holds in the hall in scope."""
    return frozenset(Post.objects.filter(person=person, is_active=True).values_list("role", flat=True))


def office() -> Office:
    """Return the hall's office; an empty one before it is described."""
    return Office.objects.first() or Office()
