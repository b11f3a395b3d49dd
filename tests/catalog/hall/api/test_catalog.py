"""Taking the city's items into a hall by API, and giving them back."""

import pytest

from catalog.hall.models import Adoption
from catalog.hall.services import overrides
from catalog.shared.models import SharedItem
from tenants.shared import scope
from tests.catalog.making import more_items
from tests.template import LICENCE, NOW

PATH = "staff/catalog/"


@pytest.fixture
def three():
    """Three items that nobody has taken, the first of the city's level."""
    codes = more_items(number=3, department="城管局")
    with scope.city():
        SharedItem.objects.filter(code=codes[0]).update(levels=["city"])
    return codes


def taken(hall):
    with scope.hall(hall):
        return set(Adoption.objects.values_list("code", flat=True))


def test_the_catalogue_is_listed(api, three):
    found = api("get", "east", PATH, username="east_window").json()

    assert [(row["code"], row["fits"]) for row in found["results"]] == [
        (three[1], True),
        (three[2], True),
        (three[0], False),
    ]
    assert api("get", "east", f"{PATH}?q=事项001", username="east_staff").json()["count"] == 1
    assert api("get", "east", f"{PATH}?department=x", username="east_staff").json()["count"] == 0


@pytest.mark.parametrize(
    ("body", "numbers"),
    [
        (lambda codes: {"codes": codes[:1]}, {0}),
        (lambda codes: {"codes": [*codes, codes[0]]}, {0, 1, 2}),
        (lambda _: {"department": "城管局"}, {0, 1, 2}),
        (lambda _: {"department": "城管局", "fitting": True}, {1, 2}),
        (lambda _: {"department": "没有的局"}, set()),
    ],
)
def test_items_are_taken_by_code_or_by_department(api, east, west, three, body, numbers):
    before = taken(east), taken(west)

    response = api("post", "east", PATH, body(three), "east_staff")

    assert (response.status_code, response.json()) == (200, {"taken": len(numbers)})
    assert (taken(east) - before[0], taken(west)) == ({three[number] for number in numbers}, before[1])


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "invalid"),
        ({"codes": ["x"]}, "invalid"),
        ({"codes": ["34999999999900"]}, "unknown_item"),
        ({"codes": [LICENCE], "department": "城管局"}, "invalid"),
    ],
)
def test_what_cannot_be_taken_is_told(api, east, three, body, code):
    before = taken(east)

    response = api("post", "east", PATH, body, "east_staff")

    assert (response.status_code, response.json()["code"], taken(east)) == (400, code, before)


def test_an_item_is_given_back_unless_the_hall_changed_it(api, east, staff):
    with scope.hall(east):
        overrides.set_value(LICENCE, "address", "新街", by=staff, reason="搬家", now=NOW)
    kept = api("delete", "east", f"{PATH}{LICENCE}/", None, "east_staff")
    assert (kept.status_code, kept.json()["code"], LICENCE in taken(east)) == (409, "has_overrides", True)
    with scope.hall(east):
        overrides.reset(LICENCE, "address", by=staff, now=NOW)

    assert api("delete", "east", f"{PATH}{LICENCE}/", None, "east_staff").status_code == 204
    assert LICENCE not in taken(east)
    assert api("delete", "east", f"{PATH}{LICENCE}/", None, "east_staff").status_code == 404


@pytest.mark.parametrize(
    ("hall", "username", "status"),
    [("east", None, 401), ("east", "lin", 403), ("east", "east_window", 403), ("west", "east_staff", 403)],
)
def test_only_the_halls_own_item_staff_take(api, east, west, three, hall, username, status):
    before = taken(east), taken(west)
    for method, path in (("post", PATH), ("delete", f"{PATH}{LICENCE}/")):
        assert api(method, hall, path, {"codes": three}, username).status_code == status
    assert (taken(east), taken(west)) == before
