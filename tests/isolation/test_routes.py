"""Every page of a hall and of the portal, asked for by everybody: exactly the right answers, and a refusal changes nothing."""

import pytest

from tests.isolation import hall_routes, portal_routes
from tests.isolation.askers import (
    ADMIN,
    HEAD,
    NOBODY,
    OTHER,
    OWNER,
    PROXY,
    WINDOW,
    hall_asker,
    never_existed,
    portal_asker,
    undone,
)
from tests.isolation.asking import HALL, PORTAL, answers, ask, check_foreign, kwargs_of, pages_of, same
from tests.isolation.world import prepare


@pytest.mark.parametrize(("urlconf", "table"), [(HALL, hall_routes.ROUTES), (PORTAL, portal_routes.ROUTES)])
def test_every_page_has_a_row_here(urlconf, table):
    assert {route.name for route in table} == pages_of(urlconf)


# preparing a world takes as long as asking a hundred pages
SHARES = [list(hall_routes.PARTS)[first::3] for first in range(3)]


@pytest.mark.parametrize("parts", SHARES, ids=",".join)
def test_a_hall_answers_each_asker_exactly(parts, world):
    routes = [route for part in parts for route in hall_routes.PARTS[part]]
    assert answers(routes, world, HALL, hall_asker) == {str(route): route.answers for route in routes}


def test_the_portal_answers_each_asker_exactly(world):
    routes = portal_routes.ROUTES
    assert answers(routes, world, PORTAL, portal_asker) == {str(route): route.answers for route in routes}


OF_THE_DESK = {
    "review",
    "act",
    "ask-correction",
    "order-correction",
    "clerk-filter-remove",
    "clerk-cover-end",
    "export-file",
    "claim",
    "release",
    "pass-on",
    "mend",
    "case-picture",
    "case-file-compare",
    "clerk-batch-job",
    "case-systems",
    "queue-ticket",
}
OF_THE_ADMIN = {"appeal"}
OF_THE_HEAD = {"staff-trail", "clerk-enquiry", "clerk-enquiry-act", "clerk-enquiry-publish"}


def _whose(route):
    """Who of east may ask for what this route shows."""
    if route.name in OF_THE_ADMIN or (route in hall_routes.SYSTEM_ROUTES and route.name not in OF_THE_DESK):
        return ADMIN
    if route.name in OF_THE_HEAD:
        return HEAD
    return WINDOW if route.name in OF_THE_DESK else OWNER


def test_another_halls_object_is_like_one_that_never_was(world, west):
    """The same person filed cases in both halls: even to them, west's number is nothing at east."""
    there = prepare(west)
    for route in hall_routes.OF_OBJECTS:
        check_foreign(route, there, hall_asker(_whose(route)))
    for route in hall_routes.PROXY_ROUTES:
        if route in hall_routes.OF_OBJECTS:
            check_foreign(route, there, hall_asker(PROXY))


def test_a_file_of_the_other_hall_is_nothing_under_a_case_of_this_one(world, west):
    there = prepare(west)
    for route in hall_routes.OF_FILES:
        with undone():
            _ask_for_the_others_file(route, world, there)


def _ask_for_the_others_file(route, world, there):
    client = hall_asker(_whose(route))
    foreign = {key: value for key, value in kwargs_of(route, there).items() if key in {"file_pk", "event_pk"}}
    mixed = kwargs_of(route, world) | foreign
    invented = mixed | {key: never_existed(value) for key, value in foreign.items()}
    answered, nothing = ask(client, route, world, HALL, mixed), ask(client, route, world, HALL, invented)
    assert (str(route), answered.status_code, nothing.status_code) == (str(route), 404, 404)
    assert same(answered, mixed) == same(nothing, invented)
    assert ask(client, route, world, HALL).status_code in (200, 302), str(route)


def test_my_page_shows_my_cases_of_every_hall_and_nobody_elses(world, west):
    there = prepare(west)
    client = portal_asker(OWNER)
    mine = "".join(client.get(url).content.decode() for url in ("/me/", "/me/?show=running"))
    theirs = portal_asker(OTHER).get("/me/").content.decode()
    assert [
        case.number
        for case in (world.case, world.decided, there.case, there.decided)
        if f"%2Fcases%2F{case.number}%2F" not in mine
    ] == []
    assert [
        booking.number
        for booking in (world.booking, there.booking)
        if f"%2Fbookings%2F{booking.number}%2F" not in mine
    ] == []
    assert "%2Fbookings%2F" not in theirs
    assert [draft for draft in (world.draft, there.draft) if f"%2Fdrafts%2F{draft.pk}%2F" not in mine] == []
    assert "您还没有办件" in theirs


def test_a_tracked_number_of_the_other_hall_is_a_wrong_one(world, west):
    there, client = prepare(west), hall_asker(NOBODY)
    foreign = client.post(
        "/track/", {"number": there.case.number, "code": there.case.query_code}
    ).content.decode()
    right = client.post(
        "/track/", {"number": world.case.number, "code": world.case.query_code}
    ).content.decode()
    assert there.case.item_name not in foreign
    assert "编号或查询码不对，还能试 4 次" in foreign
    assert world.case.item_name in right
