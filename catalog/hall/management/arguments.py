"""What the commands of sheets are told: a hall, a kind of sheet, who signs."""

from django.core.management.base import CommandError

from accounts.actor import Actor
from accounts.models import Person
from catalog.hall.sheets.places import Place
from catalog.shared.services.editions import NOBODY
from catalog.shared.sheets.kinds import Kind
from tenants.hall.enums import PostRole
from tenants.hall.queries import posts_of
from tenants.shared import queries

EDITORS = {str(PostRole.BRANCH_STAFF), str(PostRole.HALL_ADMIN)}
CITY_ADMIN = "city_admin"
# who signs when nobody is named: the machine's administrator, who can start commands
SYSTEM = Actor(person_id=NOBODY, username="system", display_name="系统（命令行）")


def place_of(key: str) -> Place:
    """Return the hall of a key, or the city. Raises CommandError."""
    if not key:
        return Place(None)
    found = {hall.key: hall for hall in queries.halls()}
    if key not in found:
        raise CommandError(f"no hall {key}: there are {', '.join(found)}")
    return Place(found[key])


def chosen_kind(name: str, place: Place) -> Kind:
    """Return the kind of sheet of a name or title. Raises CommandError."""
    for kind in place.book:
        if name in {kind.key, kind.title}:
            return kind
    raise CommandError(f"no sheet {name}: there are {'、'.join(kind.title for kind in place.book)}")


def signer(username: str, place: Place) -> Actor:
    """Return who signs an import. Raises CommandError for nobody, and for one who may not change items there."""
    if not username:
        return SYSTEM
    person = Person.objects.filter(username=username, is_active=True).first()
    if person is None:
        raise CommandError(f"no person {username}")
    actor = Actor.of(person, may_hold_posts=True)
    if place.hall is None:
        if actor.city_role != CITY_ADMIN:
            raise CommandError(f"{username} may not change the city's catalogue: name a city admin")
        return actor
    with place.scope():
        actor = actor.with_posts(posts_of(person.pk))
    if actor.posts.isdisjoint(EDITORS):
        raise CommandError(
            f"{username} may not change items of {place.key}: name its branch staff or hall admin"
        )
    return actor
