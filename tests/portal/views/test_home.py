"""The city's front door: halls, towns, themes, figures."""

import pytest

from catalog.hall.models import Adoption
from catalog.hall.services import overrides
from tenants.shared import queries as city_queries
from tenants.shared import scope
from tests.catalog.making import more_items
from tests.conftest import actor
from tests.template import BIRTH, GUIDE, LICENCE, NOW


@pytest.fixture
def staff():
    return actor("east_staff", ["branch_staff"])


def read(client, path, status=200):
    response = client.get(path)
    assert response.status_code == status
    return response.content.decode()


def test_the_front_door_leads_to_halls_themes_and_search(portal_client):
    page = read(portal_client(), "/")

    for said in (
        "您要办什么事？",
        "http://east.city.localhost/",
        "http://west.city.localhost/",
        'action="/search/"',
        "按乡镇找",
    ):
        assert said in page
    assert '<a href="/search/?theme=article_personal:AP01">生育</a> <small>2 项</small>' in page
    assert "两个大厅，8 项能在网上申请或预约" in page


def test_figures_and_counts_are_of_what_is_offered(portal_client, east, staff):
    with scope.hall(east):
        overrides.set_value(GUIDE, "can_book", False, by=staff, reason="人少", now=NOW)
        overrides.set_value(BIRTH, "hidden", True, by=staff, reason="不归我们", now=NOW)

    page = read(portal_client(), "/")

    assert "两个大厅，6 项" in page
    assert "生育</a> <small>2 项" in page, "the other hall still has it"


@pytest.mark.parametrize("rows", [1, 40])
def test_the_front_door_asks_the_same_whatever_there_is(
    portal_client, east, west, rows, django_assert_num_queries
):
    more_items(east, west, number=rows)
    client = portal_client()
    client.get("/halls/")

    with django_assert_num_queries(0, using="gate"), django_assert_num_queries(8):
        client.get("/")
    with django_assert_num_queries(4):
        client.get("/")


@pytest.mark.parametrize(
    ("town", "said"),
    [("349901100", "东县东镇归东县网上办事大厅"), ("349902100", "西县西镇归西县网上办事大厅")],
)
def test_a_town_leads_to_its_hall(portal_client, town, said):
    page = read(portal_client(), f"/halls/?town={town}")

    assert said in page
    assert "去这个大厅" in page


@pytest.mark.parametrize("town", ["", "1", "%00", "349901100'"])
def test_an_unknown_town_asks_again(portal_client, town):
    page = read(portal_client(), f"/halls/?town={town}")

    assert "去这个大厅" not in page
    assert "东镇" in page


@pytest.mark.parametrize(
    ("state", "is_shown"),
    [("frozen", True), ("closing", True), ("preparing", False), ("rehearsal", False), ("archived", False)],
)
def test_only_halls_for_the_public_are_shown(portal_client, monkeypatch, state, is_shown):
    halls = city_queries.halls()
    halls[0].state = state

    pages = [read(portal_client(), path) for path in ("/", "/halls/", "/search/?q=登记")]

    assert [("http://east.city.localhost/" in page) for page in pages] == [is_shown] * 3


def test_an_item_of_the_portal_names_its_halls_and_the_towns(portal_client, west):
    with scope.hall(west):
        from catalog.hall.services import offers

        Adoption.objects.filter(code=LICENCE).delete()
        offers.sync([LICENCE])

    page = read(portal_client(), f"/items/{LICENCE}/?town=349901100")
    assert "东县东镇归东县网上办事大厅" in page
    assert f"http://west.city.localhost/items/{LICENCE}/" not in page
    assert "管西县西镇的大厅不办这一项" in read(portal_client(), f"/items/{LICENCE}/?town=349902100")
    read(portal_client(), "/items/34999999999900/", 404)
    read(portal_client(), "/items/abc/", 404)


@pytest.mark.parametrize("path", ["/", "/halls/", "/search/", f"/items/{BIRTH}/"])
def test_a_first_load_is_small(portal_client, east, west, path):
    from pathlib import Path

    more_items(east, west, number=60, name="很长很长的一个事项名称" * 8)
    style = Path(__file__).resolve().parents[3] / "theming/static/theming/site.css"

    assert len(portal_client().get(path).content) + style.stat().st_size < 50_000
