"""Taking the city's items into the hall, on its pages."""

import pytest

from catalog.hall.models import Adoption
from catalog.hall.services import overrides
from catalog.shared.models import Offer, SharedItem
from tenants.shared import scope
from tests.catalog.making import more_items
from tests.template import LICENCE, NOW

PAGE = "/staff/catalog/"


@pytest.fixture
def three():
    """Three items that nobody has taken, the last of the city's level."""
    codes = more_items(number=3, department="城管局")
    with scope.city():
        SharedItem.objects.filter(code=codes[0]).update(levels=["city"])
    return codes


def taken(hall):
    with scope.hall(hall):
        codes = set(Adoption.objects.values_list("code", flat=True))
        assert codes == set(
            Offer.objects.filter(hall_id=hall.role, is_local=False).values_list("code", flat=True)
        )
    return codes


def test_what_fits_the_halls_level_comes_first(hall_client, east, three):
    page = hall_client(east, "east_staff").get(PAGE)

    assert [row["code"] for row in page.context["rows"]] == [three[1], three[2], three[0]]
    assert page.context["departments"] == [{"department": "城管局", "number": 3, "fitting": 2}]
    assert "不是本厅级别" in page.content.decode()


@pytest.mark.parametrize(
    ("query", "found"),
    [("?q=事项002", [2]), ("?q=34980000010000", [1]), ("?q=没有", []), ("?department=城管局", [1, 2, 0]), ("?q=%00", [1, 2, 0]), ("?department=x", [])],
)  # fmt: skip
def test_the_catalogue_is_searched(hall_client, east, three, query, found):
    page = hall_client(east, "east_staff").get(PAGE + query)

    assert [row["code"] for row in page.context["rows"]] == [three[number] for number in found]


def test_the_ticked_ones_are_taken(hall_client, east, west, three):
    client = hall_client(east, "east_staff")
    before = taken(east)

    response = client.post(PAGE, {"code": [three[0], three[2], "x"]})

    assert response["Location"] == f"{PAGE}?taken=2"
    assert taken(east) - before == {three[0], three[2]}
    assert "认领了 2 项" in client.get(response["Location"]).content.decode()
    assert hall_client(east).get(f"/items/{three[0]}/").status_code == 200
    assert three[0] not in taken(west)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [({}, "请先勾上要认领的"), ({"code": "34999999999900"}, "市里没有在用的这些事项：34999999999900")],
)
def test_what_cannot_be_taken_is_told(hall_client, east, three, data, sentence):
    before = taken(east)

    response = hall_client(east, "east_staff").post(PAGE, data)

    assert (response.status_code, sentence in response.content.decode(), taken(east)) == (422, True, before)


@pytest.mark.parametrize(("which", "number"), [("fitting", 2), ("all", 3)])
def test_a_department_is_looked_at_and_taken(hall_client, east, three, which, number):
    client, before = hall_client(east, "east_staff"), taken(east)
    preview = client.get(f"{PAGE}department/?department=城管局")
    assert "本厅还没有的 3 项，其中适合本厅级别的 2 项" in preview.content.decode()
    assert taken(east) == before

    response = client.post(f"{PAGE}department/", {"department": "城管局", "which": which})

    assert response["Location"] == f"{PAGE}?taken={number}"
    assert len(taken(east) - before) == number


def test_a_department_without_items_is_nothing(hall_client, east):
    assert hall_client(east, "east_staff").get(f"{PAGE}department/?department=x").status_code == 404


def test_a_hall_that_has_everything_is_told(hall_client, east):
    assert "市里的事项本厅都有了" in hall_client(east, "east_staff").get(PAGE).content.decode()


def test_an_item_is_given_back_once_it_is_the_citys_again(hall_client, east, staff):
    client = hall_client(east, "east_staff")
    with scope.hall(east):
        overrides.set_value(LICENCE, "address", "新街", by=staff, reason="搬家", now=NOW)
    kept = client.post(f"/staff/items/{LICENCE}/release/")
    assert (kept.status_code, "本厅改过 1 处，先恢复市里的值再退回" in kept.content.decode()) == (409, True)
    assert LICENCE in taken(east)
    with scope.hall(east):
        overrides.reset(LICENCE, "address", by=staff, now=NOW)

    assert client.post(f"/staff/items/{LICENCE}/release/")["Location"] == f"{PAGE}?released={LICENCE}"

    assert LICENCE not in taken(east)
    assert client.post(f"/staff/items/{LICENCE}/release/").status_code == 404
    assert client.get(f"/staff/items/{LICENCE}/").status_code == 404


def test_only_item_staff_take(hall_client, east, three):
    before = taken(east)
    window = hall_client(east, "east_window")
    assert window.get(PAGE).status_code == 200
    for path, data in ((PAGE, {"code": three}), (f"{PAGE}department/", {"department": "城管局"})):
        assert window.post(path, data).status_code == 403
    assert taken(east) == before


@pytest.mark.parametrize("number", [1, 3])
def test_the_number_of_queries_does_not_depend_on_the_items(
    hall_client, east, number, django_assert_num_queries
):
    more_items(number=number)
    client = hall_client(east, "east_staff")
    client.get(PAGE)

    with django_assert_num_queries(8):
        client.get(PAGE)
