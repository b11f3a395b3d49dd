"""一件事 in a hall: made from its own effective items, so that one override changes the whole."""

import pytest

from catalog.hall.models import Adoption
from catalog.hall.services import offers, overrides
from catalog.shared.models import Bundle
from tenants.shared import scope
from tenants.shared.queries import forget
from tests.template import BIRTH, GUIDE, LICENCE, NOW, REPORT

URL = "/bundles/restaurant/"


def read(client, path=URL, status=200):
    response = client.get(path)
    assert response.status_code == status
    return response


def papers(client):
    return {
        row["name"]: (row["originals"], row["copies"], row["items"], row["exempt_words"])
        for row in read(client).context["papers"]
    }


def test_the_list_says_how_much_of_each_this_hall_has(hall_client, east, west, staff):
    with scope.hall(east):
        overrides.set_value(BIRTH, "hidden", True, by=staff, reason="不归我们", now=NOW)

    assert "1 个事项" in read(hall_client(east), "/bundles/").content.decode()
    assert "2 个事项" in read(hall_client(west), "/bundles/").content.decode()


def test_what_its_items_ask_for_together(hall_client, east):
    response = read(hall_client(east))
    page = response.content.decode()

    assert [(step["name"], step["when"]) for step in response.context["steps"]] == [
        ("出生登记", ""),
        ("小餐馆许可", "卖熟食的"),
    ]
    shown = {name: response.context[name] for name in ("took", "paid", "visited", "missing")}
    assert shown == {"took": "5 个工作日", "paid": "20 元", "visited": "跑 1 次", "missing": []}
    assert papers(hall_client(east)) == {
        "身份证": (1, 0, ["出生登记", "小餐馆许可"], ""),
        "结婚证": (0, 1, ["出生登记", "小餐馆许可"], ""),
    }
    assert [row["label"] for row in response.context["questions"]] == ["配偶姓名", "结婚日期"]
    assert 'href="/bundles/restaurant/apply/">一次办几项' in page
    assert page.count('class="btn"') == 1


def test_an_override_of_one_item_changes_the_list_at_once(hall_client, east, west, staff):
    before = papers(hall_client(west))
    with scope.hall(east):
        overrides.set_value(LICENCE, "materials.m1", {"hidden": True}, by=staff, reason="能查到", now=NOW)
        overrides.set_value(BIRTH, "materials.m2", {"hidden": True}, by=staff, reason="能查到", now=NOW)
        overrides.set_value(LICENCE, "promised_days", 2, by=staff, reason="人手够", now=NOW)
        overrides.set_value(LICENCE, "visits", 0, by=staff, reason="能寄", now=NOW)

    assert papers(hall_client(east)) == {
        "身份证": (1, 0, ["出生登记"], ""),
        "结婚证": (0, 1, ["小餐馆许可"], ""),
    }
    response = read(hall_client(east))
    assert (response.context["took"], response.context["visited"]) == ("2 个工作日", "不用跑")
    assert papers(hall_client(west)) == before


def test_a_paper_that_one_item_spares_is_still_listed_and_one_that_all_spare_is_not_asked_for(
    hall_client, east, staff
):
    for code, words in ((BIRTH, ""), (LICENCE, "数据共享")):
        with scope.hall(east):
            overrides.set_value(
                code,
                "materials.m1",
                {"exempt": True, "exempt_by": "数据共享"},
                by=staff,
                reason="能查到",
                now=NOW,
            )
        assert papers(hall_client(east))["身份证"][3] == words


def test_a_hidden_item_is_left_out_and_named(hall_client, east, staff):
    with scope.hall(east):
        overrides.set_value(LICENCE, "hidden", True, by=staff, reason="不归我们", now=NOW)

    response = read(hall_client(east))
    assert [step["code"] for step in response.context["steps"]] == [BIRTH]
    assert response.context["missing"] == [{"code": LICENCE, "name": "小餐馆许可"}]
    assert f'href="http://city.localhost/items/{LICENCE}/"' in response.content.decode()


def test_a_hall_with_nothing_of_it_leads_to_the_others(hall_client, east):
    with scope.hall(east):
        Adoption.objects.filter(code__in=[BIRTH, LICENCE]).delete()
        offers.sync([BIRTH, LICENCE])

    assert "本厅不办这件事里的任何一项" in read(hall_client(east)).content.decode()
    assert "这个大厅还没有一件事" in read(hall_client(east), "/bundles/").content.decode()


def test_an_item_that_the_city_has_no_more_is_not_named(hall_client, east):
    with scope.city():
        Bundle.objects.update(steps=[{"code": BIRTH, "when": ""}, {"code": "34999999999900", "when": ""}])
    forget()

    assert read(hall_client(east)).context["missing"] == []


def test_questions_that_each_item_asks_for_itself(hall_client, east):
    with scope.city():
        Bundle.objects.update(own_questions=["spouse"])
    forget()

    assert [row["label"] for row in read(hall_client(east)).context["questions"]] == [
        "配偶姓名",
        "结婚日期",
        "配偶姓名",
    ]


@pytest.mark.parametrize("number", [1, 4])
def test_a_bundle_is_one_query_whatever_it_holds(hall_client, east, number, django_assert_num_queries):
    with scope.city():
        Bundle.objects.update(
            steps=[{"code": code, "when": ""} for code in (BIRTH, LICENCE, REPORT, GUIDE)[:number]]
        )
    forget()
    client = hall_client(east)
    read(client)

    # savepoint, scope, items, leave, release
    with django_assert_num_queries(5), django_assert_num_queries(0, using="gate"):
        read(client)


def test_long_names_and_markup_stay_text(hall_client, east):
    with scope.city():
        Bundle.objects.update(
            name="一" * 60, summary="<script>alert(1)</script>" * 8, conditions=["<b>x</b>"]
        )
    forget()
    page = read(hall_client(east)).content.decode()

    assert "<script>alert" not in page
    assert "<b>x</b>" not in page


@pytest.mark.parametrize("path", ["/bundles/nothing/", "/bundles/a%00b/", "/bundles/' OR 1/"])
def test_what_is_no_bundle_is_a_404(hall_client, east, path):
    read(hall_client(east), path, 404)


def test_by_api(api, east, staff):
    with scope.hall(east):
        overrides.set_value(LICENCE, "materials.m2", {"hidden": True}, by=staff, reason="能查到", now=NOW)

    assert api("get", "east", "bundles/").json()["results"] == [
        {
            "key": "restaurant",
            "name": "开小餐馆一件事",
            "summary": "开店要办的",
            "audience": "business",
            "items": 2,
        }
    ]
    body = api("get", "east", "bundles/restaurant/").json()
    assert body == {
        "key": "restaurant", "name": "开小餐馆一件事", "summary": "开店要办的", "audience": "business", "conditions": ["有店面"],
        "steps": [
            {"code": BIRTH, "name": "出生登记", "when": ""},
            {"code": LICENCE, "name": "小餐馆许可", "when": "卖熟食的"},
        ],
        "missing": [], "limit": "5 个工作日", "fees": "20 元", "visits": 1,
        "materials": [
            {"key": "m1", "name": "身份证", "originals": 1, "copies": 0, "necessity": "required", "exempt": False, "items": ["出生登记", "小餐馆许可"]},
            {"key": "m2", "name": "结婚证", "originals": 0, "copies": 1, "necessity": "optional", "exempt": False, "items": ["出生登记"]},
        ],
        "form": [
            {"name": "spouse", "label": "配偶姓名", "type": "text", "required": True, "items": ["出生登记", "小餐馆许可"]},
            {"name": "married_on", "label": "结婚日期", "type": "date", "required": False, "items": ["出生登记", "小餐馆许可"]},
        ],
    }  # fmt: skip
    assert api("get", "east", "bundles/nothing/").status_code == 404
