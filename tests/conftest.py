"""Fixtures that every test may use: the two halls, the cast, clients that are signed in, a database of one's own."""

import contextlib
import os

import pytest
from django.db import connections
from django.test import Client
from django.test.client import ClientHandler
from django.test.signals import setting_changed
from hypothesis import HealthCheck, settings

from tests.plugins import database
from tests.template import NOW, PERSON_ID, PORTAL

BOTH = ["default", "gate"]
# a busy machine is no fault of a test's
settings.register_profile("halls", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("halls")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Give every test both logins, each in a transaction that is rolled back; those with a fresh database have it whole."""
    for item in items:
        if "fresh_database" not in item.fixturenames and not item.get_closest_marker("django_db"):
            item.add_marker(pytest.mark.django_db(databases=BOTH))


@pytest.fixture(scope="session", autouse=True)
def _loaded():
    """Load the pages first: what a module takes from the clock as it is loaded must not be a test's stopped one."""
    from django.conf import settings
    from django.utils.module_loading import import_string

    for address in (settings.ROOT_URLCONF, settings.HALL_URLCONF):
        import_string(f"{address}.urlpatterns")


@pytest.fixture(scope="session", autouse=True)
def _one_chain_of_middleware():
    """Let all clients of a process share what they load first: WhiteNoise's index of all static files above all.

    A setting that changes loads it anew.
    """
    loaded, load = {}, ClientHandler.load_middleware

    def load_once(handler, is_async=False):
        if not loaded:
            load(handler, is_async)
            loaded.update({name: value for name, value in vars(handler).items() if name.startswith("_")})
        vars(handler).update(loaded)

    def forget(**_changed):
        loaded.clear()

    setting_changed.connect(forget)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ClientHandler, "load_middleware", load_once)
        yield
    setting_changed.disconnect(forget)


@pytest.fixture(scope="session")
def django_db_setup():
    """The copy of the template stands already: nothing to create."""


@pytest.fixture(autouse=True)
def _no_stale_caches():
    from django.core.cache import cache

    from tenants.shared import queries

    cache.clear()
    queries.forget()


@pytest.fixture(autouse=True)
def _no_platform(settings):
    """Let no test reach an identity platform that it has not brought itself."""
    settings.OIDC_ISSUER = ""


@pytest.fixture
def now():
    """A Monday at ten in the morning: services are told the time."""
    return NOW


def _hall(key):
    from tenants.shared.models import Hall

    return Hall.objects.using("gate").get(schema_name=key)


@pytest.fixture
def east(request):
    """The hall that most tests work in."""
    return _hall("east")


@pytest.fixture
def west(request):
    """The other hall: it must see nothing of east's."""
    return _hall("west")


@pytest.fixture
def in_east(east):
    """The scope of east, entered: for services and queries. Do not ask a client for a page inside it."""
    from tenants.shared import scope

    with scope.hall(east) as entered:
        yield entered


def actor(username, posts=(), *, by_ticket=False):
    """Return one of the cast as the actor of a request, with these posts."""
    from accounts.actor import Actor
    from accounts.models import Person

    person = Person.objects.get(pk=PERSON_ID[username])
    return Actor.of(person, may_hold_posts=not by_ticket).with_posts(frozenset(posts))


def client_for(host, username=None, *, hall="", by_ticket=False):
    """Return a client of this host, signed in as one of the cast."""
    from django.conf import settings

    from accounts.sessions import PARENT, PERSON, SessionStore

    client = Client(headers={"host": host})
    if username:
        session = SessionStore(hall=hall)
        session[PERSON] = str(PERSON_ID[username])
        if by_ticket:
            session[PARENT] = "portal-session"
        session.create()
        client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    return client


@pytest.fixture
def hall_client():
    """``hall_client(hall, username)``: a client of a hall's host. Citizens come by a ticket, staff by their own sign-in."""

    def make(hall, username=None, *, by_ticket=None):
        from tests.template import PEOPLE

        is_citizen = username is not None and not PEOPLE[username][2]
        return client_for(
            f"{hall.schema_name}.{PORTAL}",
            username,
            hall=hall.schema_name,
            by_ticket=is_citizen if by_ticket is None else by_ticket,
        )

    return make


@pytest.fixture
def portal_client():
    """``portal_client(username)``: a client of the portal."""
    return lambda username=None: client_for(PORTAL, username)


class Fresh:
    """A database of one's own: real commits, threads, the owner's login, other processes."""

    def __init__(self, name):
        self.name = name

    def url(self, login="owner"):
        """Return the URL of one login: owner, web, gate or sealer."""
        import json

        known = json.loads(os.environ[database.URLS])
        return database.url_of(
            known["DATABASE_URL" if login == "owner" else f"{login.upper()}_DATABASE_URL"], self.name
        )

    @contextlib.contextmanager
    def alias(self, login):
        """Give Django an alias of this login for a while: ``owner`` or ``sealer``."""
        from config.settings import database as settings

        engine = "django_tenants.postgresql_backend" if login == "owner" else "django.db.backends.postgresql"
        given = settings._login(self.url(login), engine)
        connections.settings[login] = {**connections.settings["gate"], **given}
        try:
            yield login
        finally:
            connections[login].close()
            del connections.settings[login]
            with contextlib.suppress(AttributeError):
                del connections[login]


@pytest.fixture
def fresh_database(django_db_blocker):
    """A fresh copy of the template for tests with real commits; see Fresh."""
    name = f"{database.DATABASE}_fresh"
    connections.close_all()
    database.copy_template(name)
    database.empty_folders()
    # roles belong to the whole server: halls that a test opens get numbers of its own worker
    first = 1000 * (1 + int("0" + "".join(filter(str.isdigit, database.WORKER))))
    database.execute(
        f"SELECT setval(pg_get_serial_sequence('public.tenants_shared_hall', 'id'), {first})", database=name
    )
    before = {alias: connections.settings[alias]["NAME"] for alias in BOTH}
    for alias in BOTH:
        connections.settings[alias]["NAME"] = connections[alias].settings_dict["NAME"] = name
    with django_db_blocker.unblock():
        try:
            yield Fresh(name)
        finally:
            connections.close_all()
            for alias in BOTH:
                connections.settings[alias]["NAME"] = connections[alias].settings_dict["NAME"] = before[alias]
            database.drop(name)
