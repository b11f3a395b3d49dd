"""The guide of an item, when to come for it, and what is said where another hall has it."""

import pytest

from catalog.hall.models import Adoption
from catalog.hall.services import local, overrides
from tenants.hall.models import Office
from tenants.shared import scope
from tenants.shared.enums import HallState
from tests.template import BIRTH, GUIDE, LICENCE, NOW


def read(client, path, status=200):
    response = client.get(path)
    assert response.status_code == status, response.content.decode()
    return response.content.decode()


def test_a_guide_says_who_how_long_how_much_and_where(hall_client, east):
    page = read(hall_client(east), f"/items/{LICENCE}/")

    for said in ("小餐馆许可", "5 个工作日", "20 元", "跑 1 次", "核对原件", "个人、企业都能办", "身份证", "原件 1 份", "城东路 1 号", "周一至周五 8:30–12:00"):
        assert said in page
    assert "本厅</span>" not in page, "whose value it is concerns staff"


def test_a_guide_without_an_address_falls_back_to_the_office(hall_client, east):
    assert "东县政务服务中心" in read(hall_client(east), f"/items/{BIRTH}/")


def test_nobody_asks_two_queries_and_none_of_the_gate(hall_client, east, django_assert_num_queries):
    client = hall_client(east)
    client.get("/items/")

    with django_assert_num_queries(0, using="gate"), django_assert_num_queries(6):
        # savepoint, scope, item, office, leave, release: the item and the office are what a guide asks
        read(client, f"/items/{LICENCE}/")


def test_staff_see_whose_each_value_is(hall_client, east, staff):
    with scope.hall(east):
        overrides.set_value(LICENCE, "promised_days", 3, by=staff, reason="人手够", now=NOW)

    page = read(hall_client(east, "east_staff"), f"/items/{LICENCE}/")

    assert "3 个工作日" in page
    assert page.count('<span class="tag info no-print">本厅</span>') == 1
    assert page.count('<span class="tag neutral no-print">市里</span>') > 5


def test_only_an_item_that_can_be_applied_for_in_an_open_hall_has_the_button(hall_client, east):
    assert "开始办理" in read(hall_client(east), f"/items/{LICENCE}/")
    assert "开始办理" not in read(hall_client(east), f"/items/{GUIDE}/")


@pytest.mark.parametrize(("state", "is_taking"), [("open", True), ("trial", True), ("frozen", False), ("closing", False)])
def test_a_hall_that_takes_nothing_has_no_button(rf, east, state, is_taking, settings):
    from catalog.hall.queries import effective_item
    from catalog.hall.views import guide

    settings.ROOT_URLCONF = settings.HALL_URLCONF
    request = rf.get("/")
    request.hall_state = HallState(state)
    with scope.hall(east):
        item = effective_item(LICENCE)

    assert bool(guide.apply_url(request, item)) is is_taking


def test_demonstration_values_are_marked(hall_client, east, change_city):
    assert "演示数据" not in read(hall_client(east), f"/items/{LICENCE}/")
    change_city(LICENCE, demonstration=["promised_days", "materials"])

    page = read(hall_client(east), f"/items/{LICENCE}/")

    assert page.count("演示数据") == 3
    assert "承诺时限、材料" in page


def test_a_hidden_item_is_for_staff_alone(hall_client, east, west, staff):
    with scope.hall(east):
        overrides.set_value(LICENCE, "hidden", True, by=staff, reason="不归我们", now=NOW)

    for client in (hall_client(east), hall_client(east, "lin"), hall_client(east, "west_staff")):
        assert "本厅不办“小餐馆许可”" in read(client, f"/items/{LICENCE}/", 404)
        assert "本厅不办“小餐馆许可”" in read(client, f"/items/{LICENCE}/book/", 404)
    assert "只有工作人员能看" in read(hall_client(east, "east_staff"), f"/items/{LICENCE}/")
    read(hall_client(west), f"/items/{LICENCE}/")


def test_in_the_wrong_hall_the_town_leads_to_the_right_one(hall_client, east):
    with scope.hall(east):
        Adoption.objects.filter(code=LICENCE).delete()
    client = hall_client(east)

    asked = read(client, f"/items/{LICENCE}/", 404)
    assert "西镇" in asked
    assert "去这个大厅" not in asked
    found = read(client, f"/items/{LICENCE}/?town=349902100", 404)
    assert "西县西镇归西县网上办事大厅" in found
    assert f"http://west.city.localhost/items/{LICENCE}/" in found
    assert "归本厅，但这一项不在本厅办" in read(client, f"/items/{LICENCE}/?town=349901100", 404)
    assert "去这个大厅" not in read(client, f"/items/{LICENCE}/?town=1", 404)


@pytest.mark.parametrize("code", ["34999999999900", "abc", "99200000000100"])
def test_what_no_catalogue_knows_is_a_plain_404(hall_client, east, code):
    assert "没有这个页面" in read(hall_client(east), f"/items/{code}/", 404)


def test_a_local_item_of_one_hall_is_nothing_in_another(hall_client, east, west, staff, second):
    fields = {"name": "芍药节摊位报名", "type": "20", "department": "卫健委", "audience": "personal", "kind": "instant", "promised_days": 0}
    with scope.hall(east):
        code = local.draft(fields, by=staff, now=NOW).code
    assert hall_client(west).get(f"/items/{code}/").status_code == 404
    with scope.hall(east):
        local.publish(code, by=second, now=NOW)

    assert "芍药节摊位报名" in read(hall_client(east), f"/items/{code}/")
    assert "芍药节" not in read(hall_client(west), f"/items/{code}/", 404)


def test_booking_says_where_and_when(hall_client, east):
    page = read(hall_client(east), f"/items/{LICENCE}/book/")

    assert "城东路 1 号" in page
    assert "8:30–12:00" in page
    assert "身份证" in page


def test_a_hall_without_an_office_still_shows_its_guide(hall_client, east):
    with scope.hall(east):
        Office.objects.all().delete()

    read(hall_client(east), f"/items/{BIRTH}/")
    read(hall_client(east), "/")
