"""Who comes in by the staff's door of a hall: its own people, and a visitor of the city while a visit lets them in."""

from uuid import UUID

from accounts.models import Person
from tenants.hall.queries import posts_of
from tenants.hall.services import visits


def posts_at_the_door(person: UUID) -> frozenset[str]:
    """Return the posts that this person holds here, or that a visit lends."""
    posts = posts_of(person)
    if posts or not Person.objects.filter(pk=person).exclude(city_role="").exists():
        return posts
    return visits.LOOKS if visits.visit_of(person) else frozenset()
