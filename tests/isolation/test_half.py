"""Whoever has said a right password and not proved the second factor is nobody: to every page and every address of the API."""

import pytest

from accounts.sessions import HALF, SessionStore
from tests.conftest import client_for
from tests.isolation import api_routes, hall_routes, portal_routes, security_routes
from tests.isolation.askers import NOBODY, undone
from tests.isolation.asking import HALL, PORTAL, _answer, ask
from tests.template import PERSON_ID
from tests.template import PORTAL as PORTAL_HOST

EAST = f"east.{PORTAL_HOST}"
# the pages that a half session is for, and what signs in or out whoever asks
ITS_OWN = {name for name in security_routes.QUIET if name.startswith("sign-in")}


def half_client(host, username, hall):
    """A client whose session stopped after the password, as the sign-in page leaves it."""
    from django.conf import settings

    client = client_for(host)
    session = SessionStore(hall=hall)
    session[HALF] = {"person": str(PERSON_ID[username]), "stages": ["prove"], "onward": "/"}
    session.create()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    return client


def walked(routes, world, urlconf, client_of):
    """What each route answers a half session, where it is not what nobody gets."""
    other = {}
    for route in routes:
        if route.name in ITS_OWN:
            continue
        with undone():
            got = _answer(ask(client_of(), route, world, urlconf), route.answers[NOBODY])
        # what nobody may change by a form answers 403 either way
        if got != route.answers[NOBODY]:
            other[str(route)] = (got, route.answers[NOBODY])
    return other


@pytest.mark.parametrize("username", ["east_head", "east_admin"])
def test_staff_half_in_are_nobody_in_their_hall(world, username):
    routes = [*hall_routes.ROUTES, *api_routes.HALL_ROUTES]
    assert walked(routes, world, HALL, lambda: half_client(EAST, username, "east")) == {}


def test_the_city_half_in_is_nobody_at_the_portal(world):
    routes = [*portal_routes.ROUTES, *api_routes.PORTAL_ROUTES]
    assert walked(routes, world, PORTAL, lambda: half_client(PORTAL_HOST, "city_admin", "")) == {}
