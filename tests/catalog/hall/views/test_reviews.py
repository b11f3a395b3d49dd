"""The pages of what waits for the hall's decision."""

from datetime import timedelta

import pytest
from django.utils import timezone

from catalog.hall.models import Override, Review
from catalog.hall.services import overrides
from tenants.shared import scope
from tests.template import BIRTH, LICENCE, NOW

QUEUE = "/staff/reviews/"


@pytest.fixture
def two(east, staff, publish_city):
    """Two fields of east wait: the promise, which the city made shorter than ours, and the address."""
    with scope.hall(east):
        overrides.set_value(LICENCE, "promised_days", 4, by=staff, reason="人手够", now=NOW)
        overrides.set_value(LICENCE, "address", "新街 2 号", by=staff, reason="搬家", now=NOW)
    publish_city(LICENCE, promised_days=2, address="城东路 9 号")
    with scope.hall(east):
        return {row.field: row.pk for row in Review.objects.all()}


def stored(hall):
    with scope.hall(hall):
        return {row.field: (row.base, row.value, row.reason) for row in Override.objects.all()}


def picks(page):
    return [f"{row.pk}:{row.seen}" for row in page.context["rows"]]


def limit(days):
    return {"days": days, "unit": "working"}


def test_the_queue_shows_three_values_and_what_differs(hall_client, east, two):
    page = hall_client(east, "east_staff").get(QUEUE)

    rows = {row.field: row for row in page.context["rows"]}
    assert {field: (row.before, row.ours, row.is_in_force) for field, row in rows.items()} == {
        "promised_days": ("5 个工作日", "4 个工作日", False),
        "address": ("城东路 1 号", "新街 2 号", True),
    }
    text = page.content.decode()
    assert (
        '<del><span class="vh">删去：</span>5</del><ins><span class="vh">新增：</span>2</ins> 个工作日'
        in text
    )
    assert text.count("不合规定，现在按市里的办") == 1
    assert "最晚 3月17日 周二 定" in text


@pytest.mark.parametrize(
    ("query", "fields"),
    [
        ("", ["address", "promised_days"]),
        ("?department=市场监管局", ["address", "promised_days"]),
        ("?department=卫健委", []),
        (f"?code={BIRTH}", []),
        (f"?code={LICENCE}", ["address", "promised_days"]),
        ("?overdue=1", ["address", "promised_days"]),
        ("?code=x&page=99", ["address", "promised_days"]),
    ],
)
def test_the_queue_is_filtered(hall_client, east, two, query, fields):
    page = hall_client(east, "east_staff").get(QUEUE + query)

    assert sorted(row.field for row in page.context["rows"]) == fields
    assert page.context["counts"] == {"all": 2, "overdue": 2}


def test_what_came_today_is_not_overdue(hall_client, east, staff, publish_city):
    now = timezone.now()
    with scope.hall(east):
        overrides.set_value(
            LICENCE, "promised_days", 2, by=staff, reason="人手够", now=now - timedelta(days=30)
        )
    publish_city(LICENCE, now - timedelta(days=13), promised_days=4)

    page = hall_client(east, "east_staff").get(QUEUE)

    assert page.context["counts"] == {"all": 1, "overdue": 0}
    assert hall_client(east, "east_staff").get(f"{QUEUE}?overdue=1").context["rows"] == []


def test_the_ticked_ones_take_the_citys(hall_client, east, two):
    client = hall_client(east, "east_staff")
    ticked = picks(client.get(QUEUE))

    response = client.post(QUEUE, {"decision": "accept", "pick": ticked, "reason": ""})

    assert (response.status_code, response["Location"]) == (302, f"{QUEUE}?did=accept&n=2&left=")
    assert "2 项用了市里的" in client.get(response["Location"]).content.decode()
    assert stored(east) == {}


def test_the_ticked_ones_are_kept_but_for_what_the_policy_forbids(hall_client, east, two):
    client = hall_client(east, "east_staff")
    ticked = picks(client.get(QUEUE))

    response = client.post(QUEUE, {"decision": "keep", "pick": [*ticked, "999:x", "bad"], "reason": "照旧"})

    page = client.get(response["Location"]).content.decode()
    assert "1 项保留了我们的" in page
    assert "有 2 项没有定" in page
    assert "不合现在的规定，不能保留" in page
    assert stored(east) == {
        "promised_days": (limit(5), limit(4), "人手够"),
        "address": ("城东路 9 号", "新街 2 号", "照旧"),
    }


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"decision": "keep", "reason": " "}, "请写明为什么保留"),
        ({"decision": "accept", "pick": []}, "请先勾上要定的"),
        ({"decision": "other"}, "请点“用市里的”或“保留我们的”"),
        ({"decision": "keep", "reason": "长" * 301}, "最多 300 个字"),
    ],
)
def test_a_batch_without_what_it_needs_changes_nothing(hall_client, east, two, data, sentence):
    client = hall_client(east, "east_staff")
    ticked = picks(client.get(QUEUE))
    before = stored(east)

    response = client.post(QUEUE, {"pick": ticked, "reason": "", **data})

    assert (response.status_code, sentence in response.content.decode()) == (422, True)
    assert stored(east) == before


def test_one_is_decided_on_its_page(hall_client, east, two):
    client = hall_client(east, "east_staff")
    page = f"{QUEUE}{two['address']}/"
    seen = client.get(page).context["waiting"].seen
    empty = client.post(page, {"decision": "keep", "seen": seen, "reason": ""})
    assert (empty.status_code, "请填为什么" in empty.content.decode()) == (422, True)

    kept = client.post(page, {"decision": "keep", "seen": seen, "reason": "我们在新街"})

    assert kept["Location"] == f"{QUEUE}?did=keep&n=1"
    assert stored(east)["address"] == ("城东路 9 号", "新街 2 号", "我们在新街")
    assert client.get(page).status_code == 404
    again = client.post(page, {"decision": "accept", "seen": seen})
    assert "已经不用定了" in client.get(again["Location"]).content.decode()


def test_another_value_is_set_on_its_page(hall_client, east, two):
    client = hall_client(east, "east_staff")
    page = f"{QUEUE}{two['promised_days']}/"
    text = client.get(page).content.decode()
    assert "不能保留：请用市里的，或另改一个" in text
    assert 'value="keep"' not in text
    seen = client.get(page).context["waiting"].seen

    refused = client.post(page, {"decision": "edit", "seen": seen, "value": "3", "reason": "快"})
    assert (refused.status_code, "承诺时限不能比市里长（市里 2 个工作日）" in refused.content.decode()) == (
        422,
        True,
    )
    kept = client.post(page, {"decision": "keep", "seen": seen, "reason": "快"})
    assert (kept.status_code, "不能保留" in kept.content.decode()) == (422, True)
    assert stored(east)["promised_days"] == (limit(5), limit(4), "人手够")

    assert (
        client.post(page, {"decision": "edit", "seen": seen, "value": "1", "reason": "快"}).status_code == 302
    )
    assert stored(east)["promised_days"] == (limit(2), limit(1), "快")


def test_who_saw_other_values_is_shown_the_present_ones(hall_client, east, two, publish_city):
    client = hall_client(east, "east_staff")
    page = f"{QUEUE}{two['address']}/"
    seen = client.get(page).context["waiting"].seen
    publish_city(LICENCE, NOW + timedelta(days=2), address="城西路 5 号")

    response = client.post(page, {"decision": "keep", "seen": seen, "reason": "我们在新街"})

    text = response.content.decode()
    assert (response.status_code, response.context["waiting"].before) == (409, "城东路 1 号")
    assert "您看过以后，这一项又变了，请看过现在的值再定" in text
    assert 'value="我们在新街"' in text
    assert stored(east)["address"] == ("城东路 1 号", "新街 2 号", "搬家")
    deliberate = response.context["waiting"].seen
    assert (
        client.post(page, {"decision": "keep", "seen": deliberate, "reason": "我们在新街"}).status_code == 302
    )


def test_the_desk_may_look_and_not_decide(hall_client, east, west, two):
    window = hall_client(east, "east_window")
    text = window.get(QUEUE).content.decode()
    assert ("城东路" in text, 'name="decision"' in text) == (True, False)
    before = stored(east)
    for path in (QUEUE, f"{QUEUE}{two['address']}/"):
        assert window.post(path, {"decision": "accept", "pick": f"{two['address']}:"}).status_code == 403
    assert hall_client(west, "west_staff").get(f"{QUEUE}{two['address']}/").status_code == 404
    assert stored(east) == before


def test_the_first_page_counts_what_waits(hall_client, east, two):
    page = hall_client(east, "east_staff").get("/staff/")

    assert page.context["reviews"] == {"all": 2, "overdue": 2}
    assert page.context["counts"] == {"all": 4, "changed": 1, "local": 0, "hidden": 0}
    assert "2 处过期没定" in page.content.decode()


def test_the_first_page_says_when_nothing_waits(hall_client, east):
    assert "没有要定的" in hall_client(east, "east_staff").get("/staff/").content.decode()


def test_the_item_page_says_what_waits(hall_client, east, two):
    text = hall_client(east, "east_staff").get(f"/staff/items/{LICENCE}/").content.decode()

    assert "市里改了 2 项，等您定" in text
    assert f'href="{QUEUE}{two["address"]}/"' in text


@pytest.mark.parametrize("fields", [("address",), ("address", "hours", "phone")], ids=["1", "3"])
@pytest.mark.parametrize(("path", "queries"), [(QUEUE, 9), ("/staff/", 10), (f"/staff/items/{LICENCE}/", 9)])
def test_the_number_of_queries_does_not_depend_on_the_reviews(
    hall_client, east, staff, publish_city, fields, path, queries, django_assert_num_queries
):
    with scope.hall(east):
        for field in fields:
            overrides.set_value(LICENCE, field, "新街", by=staff, reason="搬家", now=NOW)
    publish_city(LICENCE, **dict.fromkeys(fields, "市里的"))
    client = hall_client(east, "east_staff")
    client.get(path)

    with django_assert_num_queries(queries):
        client.get(path)
