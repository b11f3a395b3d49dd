"""我的办件: one citizen's cases of every hall, each with a way into its hall."""

import pytest

from tests.cases.hall import making
from tests.template import BIRTH, LICENCE, REPORT


def text(response):
    return response.content.decode()


def made(hall, name, *args, **given):
    """Return what a function of `making` returns in the scope of this hall."""
    from tenants.shared import scope

    with scope.hall(hall):
        return getattr(making, name)(*args, **given)


def test_whoever_has_not_signed_in_signs_in_first(portal_client):
    assert portal_client().get("/me/")["Location"] == "/sign-in/?next=%2Fme%2F"


def test_nobody_has_a_case_yet(portal_client):
    page = text(portal_client("zhou").get("/me/"))

    assert "您还没有办件。" in page
    assert '<a class="btn" href="/">找要办的事</a>' in page


def test_cases_of_every_hall_stand_by_whose_turn_it_is(east, west, portal_client):
    draft = made(east, "draft", BIRTH)
    waiting = made(west, "submitted", LICENCE)
    ready = made(east, "at", "delivering", REPORT)
    page = text(portal_client("lin").get("/me/"))

    parts = {name: page.index(f'<h2 id="{name}">') for name in ("yours", "running", "drafts")}
    assert parts["yours"] < parts["running"] < parts["drafts"]
    assert 'id="done"' not in page
    door = "city.localhost/come-in/?next=%2F"
    assert f"http://east.{door}cases%2F{ready.number}%2F" in page[parts["yours"] : parts["running"]]
    assert f"http://west.{door}cases%2F{waiting.number}%2F" in page[parts["running"] : parts["drafts"]]
    assert f"http://east.{door}drafts%2F{draft.pk}%2F" in page[parts["drafts"] :]


def test_another_citizens_cases_are_not_there(east, portal_client):
    case = made(east, "submitted")

    assert case.number[-5:] in text(portal_client("lin").get("/me/"))
    assert case.number[-5:] not in text(portal_client("zhou").get("/me/"))


def test_one_part_is_read_page_by_page(east, portal_client):
    for _ in range(6):
        made(east, "submitted")
    client = portal_client("lin")

    assert text(client.get("/me/")).count("/come-in/?next=") == 5
    assert text(client.get("/me/?show=running")).count("/come-in/?next=") == 6


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_costs_the_same_however_many(rows, east, portal_client):
    from django.db import connections
    from django.test.utils import CaptureQueriesContext

    for _ in range(rows):
        made(east, "submitted")
    client = portal_client("lin")
    client.get("/me/")
    with CaptureQueriesContext(connections["default"]) as seen:
        client.get("/me/")

    assert len([row for row in seen if "cases_shared_pointer" in row["sql"]]) == 4
