"""Looking for an item in all halls: each item once, its halls named."""

import pytest

from catalog.hall.services import local, overrides
from tenants.shared import scope
from tests.catalog.making import more_items
from tests.conftest import actor
from tests.template import BIRTH, LICENCE, NOW


@pytest.fixture
def staff():
    return actor("east_staff", ["branch_staff"])


def found(client, query):
    response = client.get(f"/search/{query}")
    assert response.status_code == 200
    return [(row.name, [place.hall.key for place in row.places]) for row in response.context["rows"]]


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("?q=登记", [("出生登记", ["east", "west"])]),
        ("?q=准生证", [("出生登记", ["east", "west"])]),
        ("?q=登记&hall=west", [("出生登记", ["west"])]),
        ("?q=登记&hall=nowhere", [("出生登记", ["east", "west"])]),
        ("?theme=article_personal:AP01&q=档案", [("档案查询", ["east", "west"])]),
        ("?audience=business&q=许可", [("小餐馆许可", ["east", "west"])]),
        ("?audience=business&q=登记", []),
        ("?q=没有的", []),
        ("?q=%00登记", [("出生登记", ["east", "west"])]),
    ],
)
def test_each_item_once(portal_client, query, rows):
    assert found(portal_client(), query) == rows


def test_a_hidden_item_is_found_in_the_other_hall_alone(portal_client, east, staff):
    with scope.hall(east):
        overrides.set_value(BIRTH, "hidden", True, by=staff, reason="不归我们", now=NOW)

    assert found(portal_client(), "?q=准生证") == [("出生登记", ["west"])]


def test_where_halls_differ_each_says_what_it_takes(portal_client, east, staff):
    assert "5 个工作日，跑 1 次" in portal_client().get("/search/?q=小餐馆").content.decode()
    with scope.hall(east):
        overrides.set_value(LICENCE, "promised_days", 3, by=staff, reason="人手够", now=NOW)

    page = portal_client().get("/search/?q=小餐馆").content.decode()

    assert "3 个工作日</a>" in page
    assert "5 个工作日</a>" in page


def test_local_items_of_one_code_are_two_items(portal_client, east, west, staff):
    fields = {
        "type": "20",
        "department": "卫健委",
        "audience": "personal",
        "kind": "instant",
        "promised_days": 0,
    }
    for hall, name in ((east, "芍药节甲"), (west, "芍药节乙")):
        with scope.hall(hall):
            author, second = (actor(f"{hall.key}_{post}", ["branch_staff"]) for post in ("staff", "head"))
            item = local.draft(fields | {"name": name}, by=author, now=NOW)
            local.publish(item.code, by=second, now=NOW)
            assert item.code == "99200000000100"

    assert found(portal_client(), "?q=芍药节") == [("芍药节甲", ["east"]), ("芍药节乙", ["west"])]


@pytest.mark.parametrize("rows", [1, 45])
def test_a_search_is_three_queries_whatever_it_finds(
    portal_client, east, west, rows, django_assert_num_queries
):
    more_items(east, west, number=rows)
    client = portal_client()
    client.get("/search/?theme=national_personal:005")

    with django_assert_num_queries(10):
        response = client.get("/search/?q=多出来")

    assert len(response.context["rows"]) == min(rows, 20)
    assert response.context["page"].paginator.count == rows


def test_nothing_found_says_what_else_to_do(portal_client):
    assert (
        "没找到“没有的”。换个说法，或按事情找，或打 12345"
        in portal_client().get("/search/?q=没有的").content.decode()
    )
