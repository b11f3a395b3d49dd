"""一件事 on the portal: what there is, which hall has how much of it; and what halls passed on of people's feedback."""

from uuid import uuid4

import pytest

from catalog.hall.queries import effective_item
from catalog.hall.services import feedback, overrides
from tenants.shared import scope
from tests.conftest import actor
from tests.template import BIRTH, LICENCE, NOW

URL = "/bundles/restaurant/"


@pytest.fixture
def staff():
    return actor("east_staff", ["branch_staff"])


def hide(hall, *codes, by):
    with scope.hall(hall):
        for code in codes:
            overrides.set_value(code, "hidden", True, by=by, reason="不归我们", now=NOW)


def test_the_halls_that_have_it_with_how_much(portal_client, east, west, staff):
    hide(east, LICENCE, by=staff)
    response = portal_client().get(URL)

    assert [(place["hall"].key, place["number"], place["url"]) for place in response.context["places"]] == [
        ("east", 1, f"http://east.city.localhost{URL}"),
        ("west", 2, f"http://west.city.localhost{URL}"),
    ]
    assert [(step["name"], step["when"]) for step in response.context["steps"]] == [
        ("出生登记", ""),
        ("小餐馆许可", "卖熟食的"),
    ]
    assert "2 个事项" in portal_client().get("/bundles/").content.decode()


def test_the_town_leads_to_its_hall(portal_client, east, west, staff):
    assert (
        f"http://west.city.localhost{URL}"
        in portal_client().get(f"{URL}?town=349902100").context["serving_url"]
    )
    hide(west, BIRTH, LICENCE, by=actor("west_staff", ["branch_staff"]))

    page = portal_client().get(f"{URL}?town=349902100").content.decode()
    assert "管西县西镇的大厅不办这件事" in page
    assert "http://west.city.localhost/bundles/" not in page


def test_what_no_hall_has_leads_on(portal_client, east, west, staff):
    hide(east, BIRTH, LICENCE, by=staff)
    hide(west, BIRTH, LICENCE, by=actor("west_staff", ["branch_staff"]))

    assert "还没有大厅办这件事" in portal_client().get(URL).content.decode()
    assert "还没有一件事" in portal_client().get("/bundles/").content.decode()
    assert "一件事，一次看清" not in portal_client().get("/").content.decode()


def test_by_api(portal_client):
    body = portal_client().get("/api/v1/bundles/restaurant/").json()

    assert body["halls"] == [
        {"key": "east", "name": "东县网上办事大厅", "url": f"http://east.city.localhost{URL}", "items": 2},
        {"key": "west", "name": "西县网上办事大厅", "url": f"http://west.city.localhost{URL}", "items": 2},
    ]
    assert [row["key"] for row in portal_client().get("/api/v1/bundles/").json()["results"]] == ["restaurant"]


def test_the_city_sees_what_halls_passed_on(portal_client, east, west):
    for hall, text in ((east, "东说名称不对"), (west, "西说依据旧了")):
        with scope.hall(hall):
            said = feedback.Said(uuid4(), "basis", text)
            by = actor(f"{hall.key}_staff", ["branch_staff"])
            made = feedback.submit(effective_item(LICENCE), said, address="unknown", by=by, now=NOW)
            feedback.answer(made.pk, is_right=True, words="请市里改", passes_on=True, by=by, now=NOW)
    client = portal_client("city_admin")

    page = client.get("/city/feedback/").content.decode()
    assert "东说名称不对" in page
    assert "西说依据旧了" in page
    assert [row.text for row in client.get("/city/feedback/?hall=west").context["page"].object_list] == [
        "西说依据旧了"
    ]
    assert client.get("/city/feedback/?hall=nowhere&page=9").context["page"].paginator.count == 2
    assert portal_client("lin").get("/city/feedback/").status_code == 403


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("?letter=d", ["档案查询"]),
        ("?online=1&audience=business", ["环境报告表审批"]),
        ("?department=市场监管局", ["小餐馆许可"]),
        ("?instant=1&hall=west", ["出生登记", "档案查询"]),
        ("?zero=1&theme=national_business:095", ["环境报告表审批"]),
    ],
)
def test_a_search_is_narrowed_as_a_halls_list_is(portal_client, query, names):
    response = portal_client().get(f"/search/{query}")

    assert [row.name for row in response.context["rows"]] == names
    body = portal_client().get(f"/api/v1/items/{query}").json()
    assert [row["name"] for row in body["results"]] == names


def test_a_search_says_how_many_each_choice_would_leave(portal_client):
    response = portal_client().get("/search/?audience=business&hall=west")

    # each item once, whatever the number of halls; the hall and all else kept
    assert response.context["department_choices"] == [
        ("生态环境局", "生态环境局", 1, False),
        ("市场监管局", "市场监管局", 1, False),
    ]
    assert [(name, number) for name, _label, number, _chosen in response.context["audience_choices"]] == [
        ("personal", 3),
        ("business", 2),
    ]
    assert [(chip["text"], chip["url"]) for chip in response.context["chips"]] == [
        ("西县", "?audience=business"),
        ("企业和组织", "?hall=west"),
    ]
