"""A hall's home and its list of items."""

import re

import pytest

from catalog.hall.models import Adoption
from catalog.hall.services import overrides
from tenants.shared import scope
from tests.catalog.making import more_items
from tests.template import BIRTH, LICENCE, NOW

NAMES = re.compile(r'<h2><a href="/items/\d{14}/">([^<]*)</a></h2>')


def names(client, query=""):
    response = client.get(f"/items/{query}")
    assert response.status_code == 200
    return NAMES.findall(response.content.decode())


def test_all_items_by_name(hall_client, east):
    assert names(hall_client(east)) == ["出生登记", "小餐馆许可", "档案查询", "环境报告表审批"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?q=登记", ["出生登记"]),
        ("?q=准生证", ["出生登记"]),
        ("?q=审批 环境", ["环境报告表审批"]),
        ("?q=审批 出生", []),
        ("?q=%25", []),
        ("?q=_", []),
        ("?q=%00", ["出生登记", "小餐馆许可", "档案查询", "环境报告表审批"]),
        ("?department=市场监管局", ["小餐馆许可"]),
        ("?department=没有的局", []),
        ("?audience=business", ["小餐馆许可", "环境报告表审批"]),
        ("?audience=personal", ["出生登记", "小餐馆许可", "档案查询"]),
        ("?audience=nobody", ["出生登记", "小餐馆许可", "档案查询", "环境报告表审批"]),
        ("?theme=national_business:095", ["环境报告表审批"]),
        ("?theme=article_personal:AP01", ["出生登记", "档案查询"]),
        ("?theme=national_personal:005&q=档案", ["档案查询"]),
        ("?page=99", ["出生登记", "小餐馆许可", "档案查询", "环境报告表审批"]),
        ("?page=abc", ["出生登记", "小餐馆许可", "档案查询", "环境报告表审批"]),
    ],
)
def test_filters(hall_client, east, query, found):
    assert names(hall_client(east), query) == found


def test_the_name_that_was_asked_for_comes_first(hall_client, east):
    more_items(east, number=1, name="甲：出生登记证明", aliases=[])
    more_items_first = names(hall_client(east), "?q=出生登记")

    assert more_items_first == ["出生登记", "甲：出生登记证明000"]


def test_an_overridden_or_hidden_item_is_listed_as_it_is_here(hall_client, east, west, staff):
    with scope.hall(east):
        overrides.set_value(BIRTH, "hidden", True, by=staff, reason="不归我们", now=NOW)
        overrides.set_value(LICENCE, "promised_days", 3, by=staff, reason="人手够", now=NOW)

    page = hall_client(east).get("/items/").content.decode()
    assert "出生登记" not in NAMES.findall(page)
    assert "3 个工作日，跑 1 次，20 元" in page
    assert "5 个工作日，跑 1 次，20 元" in hall_client(west).get("/items/").content.decode()


@pytest.mark.parametrize("rows", [1, 45])
@pytest.mark.parametrize(("path", "queries"), [("/items/?q=多出来", 6), ("/", 5)])
def test_the_number_of_queries_does_not_depend_on_the_rows(hall_client, east, rows, path, queries, django_assert_num_queries):
    more_items(east, number=rows)
    client = hall_client(east)
    client.get("/items/")

    # savepoint, scope, leave and release are the test's own transaction
    with django_assert_num_queries(0, using="gate"), django_assert_num_queries(queries):
        client.get(path)


def test_a_long_list_has_pages_that_keep_the_filter(hall_client, east):
    more_items(east, number=45, name="很长很长的一个事项名称" * 8)
    client = hall_client(east)

    page = client.get("/items/?q=很长&page=2").content.decode()

    assert len(NAMES.findall(page)) == 20
    assert "第 2 页，共 3 页" in page
    assert "page=3" in page
    assert "%E5%BE%88%E9%95%BF" in page


def test_nothing_found_leads_on(hall_client, east):
    page = hall_client(east).get("/items/?q=没有的东西").content.decode()

    assert "没找到“没有的东西”。换个说法，或按事情找，或打 12345" in page
    assert "在所有大厅里找" in page


def test_a_hall_without_items_says_so(hall_client, east):
    with scope.hall(east):
        Adoption.objects.all().delete()

    assert "这个大厅还没有事项。" in hall_client(east).get("/").content.decode()
    assert "没有这样的事项。" in hall_client(east).get("/items/").content.decode()


def test_home_counts_the_items_of_each_theme(hall_client, east):
    page = hall_client(east).get("/").content.decode()

    assert "看全部 4 项" in page
    assert re.findall(r'theme=([a-z_]+:\d+)">[^<]*</a> <small>(\d+) 项', page) == [
        ("national_personal:005", "2"),
        ("national_business:010", "1"),
        ("national_business:095", "1"),
    ]


def test_one_halls_counts_are_not_kept_for_another(hall_client, east, west):
    more_items(east, number=3)

    assert "看全部 7 项" in hall_client(east).get("/").content.decode()
    assert "看全部 4 项" in hall_client(west).get("/").content.decode()


@pytest.mark.parametrize("path", ["/", "/items/", f"/items/{LICENCE}/", f"/items/{LICENCE}/book/"])
def test_a_first_load_is_small(hall_client, east, path):
    from pathlib import Path

    more_items(east, number=45, name="很长很长的一个事项名称" * 8)
    style = Path(__file__).resolve().parents[4] / "theming/static/theming/site.css"

    assert len(hall_client(east).get(path).content) + style.stat().st_size < 50_000
