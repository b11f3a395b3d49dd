"""Two who write on the same field, an item that goes while its page is open, hiding, and nothing stored for nothing."""

import pytest

from catalog.hall import queries
from catalog.hall.models import Override
from catalog.hall.services import overrides
from catalog.shared.enums import Status
from catalog.shared.services.editions import Life
from tenants.shared import scope
from tests.template import BIRTH, LICENCE, NOW

PAGE = f"/staff/items/{LICENCE}/"
ADDRESS = f"{PAGE}fields/address/"


def stored(hall):
    with scope.hall(hall):
        return {row.field: (row.value, row.reason) for row in Override.objects.filter(code=LICENCE)}


def seen(client, field="address"):
    groups = client.get(f"{PAGE}?field={field}").context["groups"]
    return next(row.seen for _label, rows in groups for row in rows if row.field == field)


@pytest.fixture
def late(hall_client, east, staff):
    """Has the page open while a colleague sets the address."""
    client = hall_client(east, "east_admin")
    client.seen = seen(client)
    with scope.hall(east):
        overrides.set_value(LICENCE, "address", "新街 2 号", by=staff, reason="搬家", now=NOW)
    return client


def test_the_second_sees_both_values_and_loses_nothing(late, east):
    response = late.post(ADDRESS, {"value": "新街 3 号", "reason": "又搬了", "seen": late.seen})

    text = response.content.decode()
    assert response.status_code == 409
    for shown in (
        "新街 2 号",
        "东事项",
        "市里现在：城东路 1 号",
        'value="新街 3 号"',
        'value="又搬了"',
        "又有人改过",
    ):
        assert shown in text
    assert stored(east) == {"address": ("新街 2 号", "搬家")}

    again = late.post(ADDRESS, {"value": "新街 3 号", "reason": "又搬了", "seen": seen(late)})
    assert again.status_code == 302
    assert stored(east) == {"address": ("新街 3 号", "又搬了")}


def test_a_page_refused_for_its_words_still_stands_on_what_was_seen(late, east):
    empty = late.post(ADDRESS, {"value": "新街 3 号", "reason": "", "seen": late.seen})
    assert empty.status_code == 422
    assert f'name="seen" value="{late.seen}"' in empty.content.decode()

    assert late.post(ADDRESS, {"value": "新街 3 号", "reason": "搬", "seen": late.seen}).status_code == 409
    assert stored(east) == {"address": ("新街 2 号", "搬家")}


def test_what_a_colleague_set_is_not_given_back_unseen(late, east):
    response = late.post(ADDRESS, {"reset": "1", "seen": late.seen})

    assert (response.status_code, "还要恢复再点一次" in response.content.decode()) == (409, True)
    assert stored(east) == {"address": ("新街 2 号", "搬家")}
    assert late.post(ADDRESS, {"reset": "1", "seen": seen(late)}).status_code == 302
    assert stored(east) == {}


def test_a_change_of_the_citys_meanwhile_is_shown_too(hall_client, east, change_city):
    client = hall_client(east, "east_staff")
    before = seen(client)
    change_city(LICENCE, address="城西路 5 号")

    response = client.post(ADDRESS, {"value": "新街", "reason": "搬家", "seen": before})

    assert (response.status_code, "市里现在：城西路 5 号" in response.content.decode()) == (409, True)
    assert stored(east) == {}


def test_a_row_that_the_city_removed_meanwhile(hall_client, east, change_city):
    client = hall_client(east, "east_staff")
    before = seen(client, "materials.m2")
    change_city(LICENCE, materials=[])

    response = client.post(
        f"{PAGE}fields/materials.m2/", {"hidden": "yes", "reason": "系统里查得到", "seen": before}
    )

    text = response.content.decode()
    assert (response.status_code, "市里已经删去这一条" in text, "系统里查得到" in text) == (409, True, True)
    assert stored(east) == {}


@pytest.mark.parametrize(
    ("life", "sentences"),
    [
        (Life(status=Status.CANCELLED, successor=BIRTH), ("市里已经停用这一项", f"/staff/items/{BIRTH}/")),
        (Life(status=Status.SUSPENDED), ("市里暂停了这一项", "市里恢复以后，本厅的值照旧")),
    ],
)
def test_an_item_that_goes_while_its_page_is_open(hall_client, east, publish_city, life, sentences):
    client = hall_client(east, "east_staff")
    before = seen(client)
    publish_city(LICENCE, life=life)

    response = client.post(ADDRESS, {"value": "新街 3 号", "reason": "搬家了", "seen": before})

    text = response.content.decode()
    assert (
        response.status_code,
        [one for one in (*sentences, "新街 3 号", "搬家了") if one not in text],
    ) == (409, [])
    assert before not in text
    assert stored(east) == {}
    assert client.get(PAGE).status_code == 200
    assert client.get(f"/staff/items/{LICENCE[:-2]}99/").status_code == 404


def test_saving_unchanged_says_so_and_stores_nothing(hall_client, east):
    client = hall_client(east, "east_staff")
    client.post(ADDRESS, {"value": "新街 2 号", "reason": "搬家"})

    again = client.post(ADDRESS, {"value": "新街 2 号", "reason": "再存一次", "seen": seen(client)})

    assert "没有变：和本厅现在的值一样" in client.get(again["Location"]).content.decode()
    assert stored(east) == {"address": ("新街 2 号", "搬家")}


def test_the_citys_value_is_refused_and_the_way_back_offered(hall_client, east):
    client = hall_client(east, "east_staff")
    client.post(ADDRESS, {"value": "新街 2 号", "reason": "搬家"})

    refused = client.post(ADDRESS, {"value": "城东路 1 号", "reason": "搬回来", "seen": seen(client)})

    text = refused.content.decode()
    assert (refused.status_code, "和市里的一样，不用单独改" in text) == (422, True)
    assert "不要本厅的值，恢复市里的" in text
    assert stored(east) == {"address": ("新街 2 号", "搬家")}


def test_an_item_is_hidden_with_a_reason_and_shown_again(hall_client, east):
    client = hall_client(east, "east_staff")
    assert client.post(f"{PAGE}hide/", {"reason": ""}).status_code == 422
    assert stored(east) == {}

    assert client.post(f"{PAGE}hide/", {"reason": "归开发区办"}).status_code == 302

    assert stored(east) == {"hidden": (True, "归开发区办")}
    assert hall_client(east).get(f"/items/{LICENCE}/").status_code == 404
    text = client.get(PAGE).content.decode()
    assert ("归开发区办" in text, "重新显示" in text) == (True, True)
    client.post(f"{PAGE}fields/hidden/", {"reset": "1"})
    assert stored(east) == {}
    assert hall_client(east).get(f"/items/{LICENCE}/").status_code == 200


@pytest.mark.parametrize("path", ["hide/", "release/"])
def test_only_item_staff_hide_and_give_back(hall_client, east, path):
    assert hall_client(east, "east_window").post(PAGE + path, {"reason": "x"}).status_code == 403
    with scope.hall(east):
        assert queries.is_taken(LICENCE)
    assert stored(east) == {}


def test_the_policy_is_a_page(hall_client, east):
    page = hall_client(east, "east_window").get("/staff/policy/")

    rows = {row.field: row.freedom_words for row in page.context["rows"]}
    assert (rows["name"], rows["promised_days"], rows["address"]) == ("锁定", "只能更方便", "自由")
