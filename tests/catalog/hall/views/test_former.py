"""Old links to shared items: a version, a successor, what is suspended or cancelled; in a hall and at the portal."""

from html import unescape

import pytest

from catalog.hall.models import Adoption
from catalog.shared.enums import Status
from catalog.shared.services.editions import Life
from tenants.shared import scope
from tests.catalog.shared.making import publish
from tests.template import BIRTH, GUIDE, LICENCE


def text(response, status=200):
    assert response.status_code == status, response.content.decode()
    return unescape(response.content.decode())


def city(**kwargs):
    with scope.city():
        publish(**kwargs)


@pytest.fixture(params=["hall", "portal"])
def client(request, hall_client, portal_client, east):
    return hall_client(east) if request.param == "hall" else portal_client()


def test_a_cancelled_item_leads_to_its_successor_for_good(client):
    city(life=Life(Status.CANCELLED, successor=BIRTH))

    response = client.get(f"/items/{LICENCE}/")

    assert (response.status_code, response["Location"]) == (301, f"/items/{BIRTH}/")


def test_a_chain_of_successors_is_followed_and_a_circle_ends(client):
    city(life=Life(Status.CANCELLED, successor=BIRTH))
    city(code=BIRTH, life=Life(Status.CANCELLED, successor=GUIDE))
    assert client.get(f"/items/{LICENCE}/")["Location"] == f"/items/{GUIDE}/"

    from catalog.shared.models import SharedItem

    with scope.city():
        SharedItem.objects.filter(code=BIRTH).update(successor=LICENCE)
    assert "已经取消" in text(client.get(f"/items/{LICENCE}/"), 410)


def test_a_cancelled_item_without_a_successor_says_since_when(client):
    city(life=Life(Status.CANCELLED))

    page = text(client.get(f"/items/{LICENCE}/"), 410)

    for said in ("“小餐馆许可”已经取消", "2026年3月2日", "不再办理", 'role="search"'):
        assert said in page


def test_a_suspended_item_says_so_and_comes_back(client):
    city(life=Life(Status.SUSPENDED))
    assert "“小餐馆许可”暂停办理" in text(client.get(f"/items/{LICENCE}/"))

    city(life=Life(Status.ACTIVE))
    assert "暂停办理" not in text(client.get(f"/items/{LICENCE}/"))


def test_a_successor_that_this_hall_does_not_offer_is_no_way_on(hall_client, east, west):
    from catalog.hall.services import offers

    with scope.hall(west):
        Adoption.objects.filter(code=BIRTH).delete()
        offers.sync([BIRTH])
    city(life=Life(Status.CANCELLED, successor=BIRTH))

    assert hall_client(east).get(f"/items/{LICENCE}/").status_code == 301
    assert "已经取消" in text(hall_client(west).get(f"/items/{LICENCE}/"), 410)


def test_what_never_was_is_404(client):
    for code in ("34999999999900", "x", "99200000000100"):
        assert client.get(f"/items/{code}/").status_code == 404


def test_a_published_version_is_the_citys_and_says_so(hall_client, east):
    city(promised_days=4)

    page = text(hall_client(east).get(f"/items/{LICENCE}/?version=1"))

    assert "这是市里的第 1 版，不一定是现在的" in page
    assert "5 个工作日" in page
    assert "开始办理" not in page
    assert "4 个工作日" in text(hall_client(east).get(f"/items/{LICENCE}/"))
    assert hall_client(east).get(f"/items/{LICENCE}/?version=9").status_code == 404


def test_a_version_of_what_this_hall_does_not_show_is_not_there(hall_client, west):
    with scope.hall(west):
        Adoption.objects.filter(code=LICENCE).delete()

    assert hall_client(west).get(f"/items/{LICENCE}/?version=1").status_code == 404
