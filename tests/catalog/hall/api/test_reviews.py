"""Deciding on what the city changed, by API."""

from datetime import timedelta

import pytest

from catalog.hall.models import Override
from catalog.hall.services import overrides
from tenants.shared import scope
from tests.template import LICENCE, NOW

QUEUE = "staff/reviews/"
PROMISE = f"{QUEUE}{LICENCE}/promised_days/"
ADDRESS = f"{QUEUE}{LICENCE}/address/"
SHAPE = {"detail", "code", "fields"}


def limit(days):
    return {"days": days, "unit": "working"}


@pytest.fixture
def two(east, staff, publish_city):
    """The promise, which the city made shorter than ours, and the address wait in east."""
    with scope.hall(east):
        overrides.set_value(LICENCE, "promised_days", 4, by=staff, reason="人手够", now=NOW)
        overrides.set_value(LICENCE, "address", "新街 2 号", by=staff, reason="搬家", now=NOW)
    publish_city(LICENCE, promised_days=2, address="城东路 9 号")


def stored(hall):
    with scope.hall(hall):
        return {row.field: (row.base, row.value) for row in Override.objects.all()}


def rows(api):
    return {row["field"]: row for row in api("get", "east", QUEUE, username="east_staff").json()["results"]}


def test_the_queue_has_the_three_values(api, two):
    found = rows(api)

    row = found["promised_days"]
    assert (row["before"], row["now"], row["ours"], row["is_in_force"]) == (
        limit(5),
        limit(2),
        limit(4),
        False,
    )
    assert (row["name"], row["department"], row["due_on"], row["is_overdue"]) == (
        "小餐馆许可",
        "市场监管局",
        "2026-03-17",
        True,
    )
    assert found["address"]["is_in_force"]
    for query, number in (
        ("?department=卫健委", 0),
        (f"?code={LICENCE}", 2),
        ("?overdue=1", 2),
        ("?page_size=1", 2),
    ):
        assert api("get", "east", QUEUE + query, username="east_staff").json()["count"] == number
    assert api("get", "west", QUEUE, username="west_staff").json()["count"] == 0


def test_one_is_accepted_one_kept_one_edited(api, east, two):
    seen = rows(api)["address"]["seen"]
    kept = api("post", "east", ADDRESS, {"decision": "keep", "reason": "在新街", "seen": seen}, "east_staff")
    assert (kept.status_code, kept.json()) == (200, {"code": LICENCE, "field": "address", "decision": "keep"})
    edited = api("post", "east", PROMISE, {"decision": "edit", "value": 1, "reason": "快"}, "east_staff")
    assert edited.status_code == 200
    assert stored(east) == {
        "promised_days": (limit(2), limit(1)),
        "address": ("城东路 9 号", "新街 2 号"),
    }
    gone = api("post", "east", ADDRESS, {"decision": "accept"}, "east_staff")
    assert (gone.status_code, gone.json()["code"]) == (409, "not_waiting")


def test_accepting_by_api(api, east, two):
    assert api("post", "east", PROMISE, {"decision": "accept"}, "east_staff").status_code == 200
    assert list(stored(east)) == ["address"]


@pytest.mark.parametrize(
    ("body", "status", "code", "named"),
    [
        ({"decision": "keep", "reason": "照旧"}, 400, "breaks_policy", ["decision"]),
        ({"decision": "keep"}, 400, "invalid", ["reason"]),
        ({"decision": "edit", "value": 3, "reason": "快"}, 400, "breaks_policy", ["value"]),
        ({"decision": "edit", "value": 2, "reason": "快"}, 400, "same_as_city", ["value"]),
        ({"decision": "edit", "value": 1}, 400, "invalid", ["reason"]),
        ({"decision": "drop"}, 400, "invalid", ["decision"]),
        ({}, 400, "invalid", ["decision"]),
        (
            {"decision": "accept", "seen": "0" * 16},
            409,
            "changed_meanwhile",
            ["before", "now", "ours", "seen"],
        ),
    ],
)
def test_a_refusal_names_what_is_wrong_and_changes_nothing(api, east, two, body, status, code, named):
    before = stored(east)

    response = api("post", "east", PROMISE, body, "east_staff")

    answer = response.json()
    assert (response.status_code, answer["code"], list(answer["fields"]), set(answer)) == (
        status,
        code,
        named,
        SHAPE,
    )
    assert stored(east) == before


def test_what_changed_again_is_told_with_the_present_values(api, two, publish_city):
    seen = rows(api)["address"]["seen"]
    publish_city(LICENCE, NOW + timedelta(days=2), address="城西路 5 号")

    told = api("post", "east", ADDRESS, {"decision": "accept", "seen": seen}, "east_staff").json()

    assert told["fields"]["now"] == "城西路 5 号"
    assert told["fields"]["seen"] == rows(api)["address"]["seen"]
    again = {"decision": "accept", "seen": told["fields"]["seen"]}
    assert api("post", "east", ADDRESS, again, "east_staff").status_code == 200


def test_many_are_decided_with_an_outcome_each(api, east, two):
    many = [{"code": LICENCE, "field": field} for field in ("promised_days", "address", "phone")]
    body = {"decision": "keep", "reason": "照旧", "reviews": many}

    outcomes = api("post", "east", QUEUE, body, "east_staff").json()["outcomes"]

    assert [(row["field"], row["done"], row["problem"]) for row in outcomes] == [
        ("promised_days", False, "breaks_policy"),
        ("address", True, ""),
        ("phone", False, "not_waiting"),
    ]
    assert stored(east)["address"] == ("城东路 9 号", "新街 2 号")
    accepted = api("post", "east", QUEUE, {"decision": "accept", "reviews": many[:1]}, "east_staff").json()
    assert [row["done"] for row in accepted["outcomes"]] == [True]
    assert list(stored(east)) == ["address"]


@pytest.mark.parametrize(
    "body", [{}, {"decision": "accept"}, {"decision": "accept", "reviews": []}, {"decision": "accept", "reviews": [{"code": "x"}]}, {"decision": "keep", "reviews": [{"code": LICENCE, "field": "address"}]}],
)  # fmt: skip
def test_a_bad_batch_changes_nothing(api, east, two, body):
    before = stored(east)

    response = api("post", "east", QUEUE, body, "east_staff")

    assert (response.status_code, set(response.json()), stored(east)) == (400, SHAPE, before)


@pytest.mark.parametrize(
    ("hall", "username", "status"),
    [("east", None, 401), ("east", "lin", 403), ("east", "east_window", 403), ("west", "east_staff", 403), ("west", "west_staff", 404)],
)  # fmt: skip
def test_only_the_halls_own_item_staff_decide(api, east, west, two, hall, username, status):
    before = stored(east)
    with scope.hall(west):
        from catalog.hall.models import Adoption

        Adoption.objects.filter(code=LICENCE).delete()

    response = api("post", hall, PROMISE, {"decision": "accept"}, username)

    assert (response.status_code, stored(east)) == (status, before)


def test_the_fields_of_an_item_with_whose_they_are(api, two):
    response = api("get", "east", f"staff/items/{LICENCE}/overrides/", username="east_window")

    found = {row["field"]: row for row in response.json()["fields"]}
    promise, address, phone = found["promised_days"], found["address"], found["phone"]
    assert (promise["source"], promise["value"], promise["city_value"], promise["is_in_force"], promise["freedom"]) == (
        "shared", limit(4), limit(2), False, "tighten",
    )  # fmt: skip
    assert (address["source"], address["by"], address["reason"], address["needs_review"]) == (
        "hall",
        "东事项",
        "搬家",
        True,
    )
    assert (phone["source"], phone["value"], phone["made_at"], phone["needs_review"]) == (
        "shared",
        None,
        None,
        False,
    )
    assert "name" not in found
    assert "materials.m1" in found
    assert (
        api("get", "east", "staff/items/34999999999900/overrides/", username="east_staff").status_code == 404
    )
    assert api("get", "east", f"staff/items/{LICENCE}/overrides/", username="lin").status_code == 403


def test_two_who_set_the_same_field(api, east):
    path = f"staff/items/{LICENCE}/overrides/"
    fields = api("get", "east", path, username="east_staff").json()["fields"]
    seen = next(row["seen"] for row in fields if row["field"] == "address")
    first = {"value": "新街 2 号", "reason": "搬家", "seen": seen}
    assert api("put", "east", f"{path}address/", first, "east_staff").status_code == 200

    second = api("put", "east", f"{path}address/", {**first, "value": "新街 3 号"}, "east_admin")

    told = second.json()
    assert (second.status_code, told["code"]) == (409, "changed_meanwhile")
    assert (told["fields"]["value"], told["fields"]["city_value"], told["fields"]["by"]) == (
        "新街 2 号",
        "城东路 1 号",
        "东事项",
    )
    assert api("delete", "east", f"{path}address/?seen={seen}", None, "east_admin").status_code == 409
    assert stored(east) == {"address": ("城东路 1 号", "新街 2 号")}
    deliberate = {**first, "value": "新街 3 号", "seen": told["fields"]["seen"]}
    assert api("put", "east", f"{path}address/", deliberate, "east_admin").status_code == 200
    assert stored(east) == {"address": ("城东路 1 号", "新街 3 号")}
