"""Every address of the API, asked for by everybody: exactly the right answers, and a refusal changes nothing."""

import pytest

from tests.isolation import api_routes
from tests.isolation.askers import (
    NOBODY,
    OWNER,
    PROXY,
    WEST_TOKEN,
    WINDOW,
    hall_asker,
    portal_asker,
    token_of,
    undone,
)
from tests.isolation.asking import HALL, PORTAL, answers, api_of, ask, check_foreign
from tests.isolation.world import prepare


@pytest.mark.parametrize(
    ("urlconf", "table"), [(HALL, api_routes.HALL_ROUTES), (PORTAL, api_routes.PORTAL_ROUTES)]
)
def test_every_address_of_the_api_has_a_row_here(urlconf, table):
    assert {route.name for route in table} == api_of(urlconf)


def test_a_halls_api_answers_each_asker_exactly(world):
    routes = api_routes.HALL_ROUTES
    assert answers(routes, world, HALL, hall_asker) == {str(route): route.answers for route in routes}


def test_the_portals_api_answers_each_asker_exactly(world):
    routes = api_routes.PORTAL_ROUTES
    assert answers(routes, world, PORTAL, portal_asker) == {str(route): route.answers for route in routes}


def test_another_halls_case_is_like_one_that_never_was(world, west):
    there = prepare(west)
    for route in api_routes.OF_CASES:
        # the other hall's clerk and the applicant of both: at east the case is nothing to either
        for asker in (WINDOW, OWNER):
            check_foreign(route, there, hall_asker(asker))


def test_another_halls_mandate_is_like_one_that_never_was(world, west):
    there = prepare(west)
    for route in api_routes.OF_MANDATES:
        # the proxy of both halls, the principal of both
        for asker in (PROXY, OWNER):
            check_foreign(route, there, hall_asker(asker))


def test_every_error_has_the_one_shape(world):
    for route in api_routes.HALL_ROUTES + api_routes.PORTAL_ROUTES:
        urlconf, asker_of = (HALL, hall_asker) if route in api_routes.HALL_ROUTES else (PORTAL, portal_asker)
        for name, expected in route.answers.items():
            # what also changes something is said in words
            if isinstance(expected, str) or expected < 400:
                continue
            with undone():
                body = ask(asker_of(name), route, world, urlconf).json()
            assert (str(route), name, set(body)) == (str(route), name, {"detail", "code", "fields"})
            assert body["detail"]


def test_a_token_opens_the_hall_that_gave_it_and_no_other(world, west):
    """The same clerk, the same token: at west it opens the desk, at east and at the portal it is a wrong one."""
    there = {"HTTP_AUTHORIZATION": f"Token {token_of('west_window', 'west')}"}
    client = hall_asker(NOBODY)
    at_west = client.get("/api/v1/clerk/cases/", headers={"host": "west.city.localhost"}, **there)
    at_east = hall_asker(WEST_TOKEN).get("/api/v1/clerk/cases/")
    at_portal = portal_asker(WEST_TOKEN).get("/api/v1/halls/")
    assert (at_west.status_code, at_east.status_code, at_portal.status_code) == (200, 401, 401)


def test_a_token_of_the_api_opens_no_page(world):
    """Pages are asked for by a session: a token must not be worth more than it was made for."""
    client = hall_asker(NOBODY)
    client.defaults["HTTP_AUTHORIZATION"] = f"Token {token_of('east_window', 'east')}"
    assert client.get("/api/v1/clerk/cases/").status_code == 200
    assert client.get("/clerk/")["Location"].startswith("/sign-in/")
