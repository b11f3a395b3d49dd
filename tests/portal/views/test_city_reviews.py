"""What the halls have not decided on, as the city sees it."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from catalog.hall.services import overrides, reviews
from catalog.shared.services import items
from tenants.shared import scope
from tests.conftest import actor
from tests.isolation.askers import portal_asker, token_of
from tests.template import LICENCE, NOW

PAGE = "/city/reviews/"


@pytest.fixture
def waiting(east, west):
    """East has two overdue, west one that came today."""
    today = timezone.now()
    for hall, fields, made_at in (
        (east, ("address", "phone"), NOW),
        (west, ("hours",), today - timedelta(days=1)),
    ):
        staff = actor(f"{hall.key}_staff", ["branch_staff"])
        with scope.hall(hall):
            for field in fields:
                overrides.set_value(LICENCE, field, "我们的", by=staff, reason="不同", now=made_at)
    changes = (
        (NOW + timedelta(days=1), {"address": "市里的", "phone": "0500-9"}),
        (today, {"hours": "市里的"}),
    )
    for published_at, fields in changes:
        with scope.city():
            items.save(LICENCE, fields, by=actor("city_admin"), now=published_at)
            items.approve(LICENCE, by=actor("inspector"), now=published_at)


def test_the_city_counts_what_waits_and_what_is_overdue(portal_client, waiting):
    page = portal_client("inspector").get(PAGE)

    assert [(row["hall"].key, row["reviews"], row["overdue"]) for row in page.context["counts"]] == [
        ("east", 2, 2),
        ("west", 1, 0),
    ]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["address", "phone", "hours"]),
        ("?hall=east", ["address", "phone"]),
        ("?hall=west&overdue=1", []),
        ("?overdue=1", ["address", "phone"]),
        ("?hall=nobody", ["address", "phone", "hours"]),
    ],
)
def test_the_rows_behind_the_counts(portal_client, waiting, query, found):
    labels = {"地址": "address", "咨询电话": "phone", "办理时间": "hours"}

    rows = portal_client("city_admin").get(PAGE + query).context["rows"]

    assert [labels[row["label"]] for row in rows] == found


def test_what_a_hall_decides_is_gone_for_the_city(portal_client, east, waiting):
    with scope.hall(east):
        asked = reviews.Asked(LICENCE, "address")
        reviews.accept(asked, by=actor("east_staff", ["branch_staff"]), now=timezone.now())

    rows = portal_client("city_admin").get(f"{PAGE}?hall=east").context["rows"]

    assert [row["label"] for row in rows] == ["咨询电话"]


@pytest.mark.parametrize(
    ("username", "status"),
    [(None, 302), ("lin", 403), ("east_admin", 403), ("city_admin", 200), ("inspector", 200)],
)
def test_only_the_city_sees_it(portal_client, waiting, username, status):
    assert portal_client(username).get(PAGE).status_code == status


def test_nothing_waits(portal_client):
    assert "没有大厅有没定的" in portal_client("city_admin").get(PAGE).content.decode()


def test_the_api_says_the_same(waiting):
    client = portal_asker("nobody")
    assert client.get("/api/v1/city/reviews/").status_code == 401
    for username, status in (("lin", 403), ("inspector", 200)):
        token = {"authorization": f"Token {token_of(username, '')}"}
        response = client.get("/api/v1/city/reviews/?hall=east&overdue=1", headers=token)
        assert response.status_code == status
    found = json.loads(response.content)
    assert (found["count"], [row["field"] for row in found["results"]]) == (2, ["address", "phone"])
    row = found["results"][0]
    assert (row["hall"], row["before"], row["now"], row["ours"], row["is_overdue"]) == (
        "east",
        "城东路 1 号",
        "市里的",
        "我们的",
        True,
    )
