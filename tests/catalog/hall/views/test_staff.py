"""The staff's pages: who may see them, what they show, and that a form ends in the service."""

import pytest

from catalog.hall.models import Override
from catalog.hall.services import local, overrides
from tenants.shared import scope
from tests.catalog.making import more_items
from tests.template import BIRTH, LICENCE, NOW

PAGE = f"/staff/items/{LICENCE}/"


def stored(hall):
    with scope.hall(hall):
        return {row.field: row.value for row in Override.objects.filter(code=LICENCE)}


@pytest.mark.parametrize("path", ["/staff/items/", PAGE, "/staff/items/new/", "/staff/people/"])
def test_the_pages_are_for_the_halls_own_staff(hall_client, east, path):
    assert hall_client(east, "east_staff").get(path).status_code == 200
    assert hall_client(east).get(path).status_code == 302
    assert hall_client(east, "lin").get(path).status_code == 403
    assert hall_client(east, "west_staff").get(path).status_code == 403
    assert hall_client(east, "east_staff", by_ticket=True).get(path).status_code == 403


def test_a_clerk_reads_and_does_not_change(hall_client, east):
    client = hall_client(east, "east_window")

    page = client.get(PAGE).content.decode()
    assert "承诺时限" in page
    assert "?field=" not in page
    assert client.post(f"{PAGE}fields/promised_days/", {"value": "3", "reason": "人手够"}).status_code == 403
    assert client.get("/staff/items/new/").status_code == 403
    assert stored(east) == {}


def test_a_value_is_changed_and_given_back(hall_client, east):
    client = hall_client(east, "east_staff")
    assert 'name="value"' in client.get(f"{PAGE}?field=promised_days").content.decode()

    saved = client.post(
        f"{PAGE}fields/promised_days/", {"value": "3", "reason": "人手够"}, follow=True
    ).content.decode()

    assert stored(east) == {"promised_days": {"days": 3, "unit": "working"}}
    assert "已保存：承诺时限" in saved
    assert "东事项" in saved
    assert "人手够" in saved
    assert "市里的值：5 个工作日" in saved
    back = client.post(f"{PAGE}fields/promised_days/", {"reset": "1"}, follow=True).content.decode()
    assert "承诺时限已恢复市里的值" in back
    assert stored(east) == {}


@pytest.mark.parametrize(
    ("field", "data", "sentence"),
    [
        ("promised_days", {"value": "6", "reason": "忙"}, "承诺时限不能比市里长（市里 5 个工作日）"),
        ("promised_days", {"value": "5", "reason": "忙"}, "和市里的一样，不用单独改"),
        ("promised_days", {"value": "3", "reason": ""}, "请填为什么改"),
        ("promised_days", {"value": "三", "reason": "忙"}, "错误："),
        ("materials.m1", {"hidden": "no", "exempt": "no", "reason": "忙"}, "和市里的一样，不用单独改"),
        (
            "fees.f1",
            {"hidden": "no", "amount": "25", "standard": "20 元", "reason": "忙"},
            "收费不能比市里高（市里 20 元）",
        ),
    ],
)
def test_a_refusal_stands_by_its_field_and_stores_nothing(hall_client, east, field, data, sentence):
    response = hall_client(east, "east_staff").post(f"{PAGE}fields/{field}/", data)

    assert response.status_code == 422
    page = response.content.decode()
    assert sentence in page
    assert 'id="errors"' in page
    assert "<title>错误：" in page
    assert stored(east) == {}


@pytest.mark.parametrize(
    ("field", "data", "value"),
    [
        ("materials.m1", {"hidden": "yes", "exempt": "no"}, {"hidden": True}),
        (
            "materials.m1",
            {"hidden": "no", "exempt": "yes", "position": "2", "note": "带来看一眼"},
            {"exempt": True, "position": 2, "note": "带来看一眼"},
        ),
        ("fees.f1", {"hidden": "no", "amount": "12.50", "standard": "20 元"}, {"amount": 12.5}),
        ("windows.w1", {"hidden": "no", "name": "三号窗口"}, {"name": "三号窗口"}),
        ("delivery", {"value": ["window", "proxy"]}, ["window", "proxy"]),
        ("delivery", {}, []),
        ("can_book", {"value": "no"}, False),
        ("address", {"value": ""}, ""),
        ("visits", {"value": "0"}, 0),
    ],
)
def test_each_shape_of_value_has_its_form(hall_client, east, field, data, value):
    client = hall_client(east, "east_staff")
    assert f'id="v-{field}"' in client.get(f"{PAGE}?field={field}").content.decode()

    response = client.post(f"{PAGE}fields/{field}/", {**data, "reason": "这样好"})

    assert response.status_code == 302, response.content.decode()
    assert stored(east) == {field: value}


def test_questions_are_written_as_lines(hall_client, east):
    text = "能代办吗？\r\n能。\r\n带委托书。\r\n\r\n要钱吗？\r\n不要。"
    hall_client(east, "east_staff").post(f"{PAGE}fields/faq/", {"value": text, "reason": "常问"})

    rows = stored(east)["faq"]
    assert [(row["question"], row["answer"]) for row in rows] == [
        ("能代办吗？", "能。\n带委托书。"),
        ("要钱吗？", "不要。"),
    ]


@pytest.mark.parametrize("field", ["name", "materials", "materials.m9", "no_such"])
def test_a_locked_field_has_no_form(hall_client, east, field):
    client = hall_client(east, "east_staff")

    assert 'name="reason"' not in client.get(f"{PAGE}?field={field}").content.decode()
    assert client.post(f"{PAGE}fields/{field}/", {"value": "x", "reason": "y"}).status_code == 404
    assert stored(east) == {}


def test_an_override_that_the_city_overtook_says_so(hall_client, east, staff, change_city):
    with scope.hall(east):
        overrides.set_value(LICENCE, "promised_days", 4, by=staff, reason="人手够", now=NOW)
    change_city(LICENCE, promised_days=2)

    page = hall_client(east, "east_staff").get(PAGE).content.decode()

    assert "不起作用" in page
    assert "2 个工作日" in page


@pytest.mark.parametrize(
    ("source", "found"),
    [("changed", ["小餐馆许可"]), ("local", ["芍药节摊位报名"]), ("hidden", ["出生登记"]), ("", None)],
)
def test_the_list_is_filtered_by_source(hall_client, east, staff, second, source, found):
    with scope.hall(east):
        overrides.set_value(LICENCE, "address", "新街", by=staff, reason="搬家", now=NOW)
        overrides.set_value(BIRTH, "hidden", True, by=staff, reason="不归我们", now=NOW)
        fields = {
            "name": "芍药节摊位报名",
            "type": "20",
            "department": "卫健委",
            "audience": "personal",
            "kind": "instant",
            "promised_days": 0,
        }
        local.publish(local.draft(fields, by=staff, now=NOW).code, by=second, now=NOW)

    response = hall_client(east, "east_staff").get(f"/staff/items/?source={source}")

    names = [row["name"] for row in response.context["rows"]]
    assert names == (found if found is not None and source != "changed" else names)
    assert response.context["counts"] == {"all": 5, "changed": 2, "local": 1, "hidden": 1}
    if source == "changed":
        assert names == ["出生登记", "小餐馆许可"]


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(
    ("path", "queries"), [("/staff/items/?q=多出来", 14), (PAGE, 9), ("/staff/people/", 8)]
)
def test_the_number_of_queries_does_not_depend_on_the_rows(
    hall_client, east, staff, rows, path, queries, django_assert_num_queries
):
    more_items(east, number=rows)
    with scope.hall(east):
        for number in range(rows):
            field = ("address", "hours", "phone")[number]
            overrides.set_value(LICENCE, field, "新的", by=staff, reason="搬家", now=NOW)
    client = hall_client(east, "east_staff")
    client.get("/staff/items/")

    with django_assert_num_queries(queries):
        client.get(path)
