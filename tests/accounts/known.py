"""People whose names and numbers rest on something, for the tests."""

from accounts.enums import ProvedBy
from accounts.models import Person
from accounts.services import identity, people
from tests.template import NOW

# numbers of the right form that are nobody's: GB 11643's own example, and invented ones
NUMBER, OTHER_NUMBER = "11010519491231002X", "110105198007021234"
PASSWORD = "Good-pass-77"


def registered(phone="13711110001", name="周小满", id_number=NUMBER, now=NOW, **more):
    """Return a new account, of level 2 with a number."""
    return people.register(phone=phone, name=name, id_number=id_number, password=PASSWORD, now=now, **more)


def verified(person, *, name="周小满", id_number=NUMBER, how=ProvedBy.PLATFORM, now=NOW, **more):
    """Return the account, verified."""
    return identity.verify(person.pk, name=name, id_number=id_number, how=how, by=person.pk, now=now, **more)


def again(person):
    """Return the account as it stands now."""
    return Person.objects.get(pk=person.pk)
