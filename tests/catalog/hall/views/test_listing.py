"""A hall's home and its list of items."""

import re

import pytest

from catalog.hall.models import Adoption
from catalog.hall.services import offers, overrides
from tenants.shared import scope
from tests.catalog.making import more_items
from tests.template import BIRTH, GUIDE, LICENCE, NOW, REPORT

NAMES = re.compile(r'<h2><a href="/items/\d{14}/">([^<]*)</a></h2>')


def names(client, query=""):
    response = client.get(f"/items/{query}")
    assert response.status_code == 200
    return NAMES.findall(response.content.decode())


def test_all_items_by_name(hall_client, east):
    assert names(hall_client(east)) == ["出生登记", "档案查询", "环境报告表审批", "小餐馆许可"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?q=出生", ["出生登记"]),
        ("?q=准生证", ["出生登记"]),
        ("?q=审批 环境", ["环境报告表审批"]),
        ("?q=审批 出生", []),
        ("?q=%25", []),
        ("?q=_", []),
        ("?q=%00", ["出生登记", "档案查询", "环境报告表审批", "小餐馆许可"]),
        ("?department=市场监管局", ["小餐馆许可"]),
        ("?department=没有的局", []),
        ("?audience=business", ["环境报告表审批", "小餐馆许可"]),
        ("?audience=personal", ["出生登记", "档案查询", "小餐馆许可"]),
        ("?audience=nobody", ["出生登记", "档案查询", "环境报告表审批", "小餐馆许可"]),
        ("?theme=national_business:095", ["环境报告表审批"]),
        ("?theme=article_personal:AP01", ["出生登记", "档案查询"]),
        ("?theme=national_personal:005&q=档案", ["档案查询"]),
        ("?theme=nothing", ["出生登记", "档案查询", "环境报告表审批", "小餐馆许可"]),
        ("?letter=d", ["档案查询"]),
        ("?letter=Z", []),
        ("?letter=0", []),
        ("?letter=DD", ["出生登记", "档案查询", "环境报告表审批", "小餐馆许可"]),
        ("?online=1", ["出生登记", "环境报告表审批"]),
        ("?zero=1", ["出生登记", "档案查询", "环境报告表审批"]),
        ("?instant=1", ["出生登记", "档案查询"]),
        ("?instant=yes", ["出生登记", "档案查询", "环境报告表审批", "小餐馆许可"]),
        ("?zero=1&online=1&audience=business", ["环境报告表审批"]),
        ("?page=99", ["出生登记", "档案查询", "环境报告表审批", "小餐馆许可"]),
        ("?page=abc", ["出生登记", "档案查询", "环境报告表审批", "小餐馆许可"]),
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
@pytest.mark.parametrize(
    ("path", "queries"),
    [("/items/?q=多出来", 10), ("/items/?zero=1", 7), ("/", 4), ("/departments/", 4), ("/items/az/", 4)],
)
def test_the_number_of_queries_does_not_depend_on_the_rows(
    hall_client, east, rows, path, queries, django_assert_num_queries
):
    more_items(east, number=rows)
    client = hall_client(east)
    client.get("/")

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
        offers.sync([BIRTH, LICENCE, REPORT, GUIDE])

    for path in ("/", "/departments/", "/items/az/"):
        assert "这个大厅还没有事项。" in hall_client(east).get(path).content.decode()
    assert "这个大厅还没有一件事。" in hall_client(east).get("/bundles/").content.decode()
    assert "没有这样的事项。" in hall_client(east).get("/items/").content.decode()


def test_home_counts_the_items_of_each_theme(hall_client, east):
    page = hall_client(east).get("/").content.decode()

    assert "看全部 4 项" in page
    assert re.findall(r'theme=([a-z_]+:\d+)">[^<]*</a> <small>(\d+) 项', page) == [
        ("national_personal:005", "2"),
        ("national_business:010", "1"),
        ("national_business:095", "1"),
    ]
    assert re.findall(r'\?(\w+)=1">[^<]*<b>(\d+)</b>', page) == [
        ("online", "2"),
        ("zero", "3"),
        ("instant", "2"),
    ]
    assert 'href="/bundles/restaurant/">开小餐馆一件事</a> <small>2 项' in page


def test_one_halls_counts_are_not_kept_for_another(hall_client, east, west):
    more_items(east, number=3)

    assert "看全部 7 项" in hall_client(east).get("/").content.decode()
    assert "看全部 4 项" in hall_client(west).get("/").content.decode()


@pytest.fixture
def events(change_city):
    """Two life events of one name, and one of its own."""
    from catalog.shared.models import Theme
    from catalog.shared.services.offers import project_city

    with scope.city():
        Theme.objects.bulk_create(
            Theme(list=name, code=code, name=label, audience=audience, position=1)
            for name, code, label, audience in (
                ("life_event_personal", "LP01", "出生", "personal"),
                ("life_event_personal", "LP16", "纳税", "personal"),
                ("life_event_business", "LB07", "纳税", "business"),
            )
        )
    for code, names in (
        (BIRTH, ["出生"]),
        (LICENCE, ["纳税"]),
        (REPORT, ["纳税", "出生"]),
        (GUIDE, ["纳税"]),
    ):
        change_city(code, life_events=names)
    with scope.city():
        project_city([BIRTH, LICENCE, REPORT, GUIDE])


@pytest.mark.parametrize(
    ("event", "found"),
    [
        # a name of one list is asked for whoever it serves, a name of both lists by whom it serves
        ("life_event_personal:LP01", ["出生登记", "环境报告表审批"]),
        ("life_event_personal:LP16", ["档案查询", "小餐馆许可"]),
        ("life_event_business:LB07", ["环境报告表审批", "小餐馆许可"]),
        ("life_event_business:LB99", ["出生登记", "档案查询", "环境报告表审批", "小餐馆许可"]),
        ("national_personal:005", ["出生登记", "档案查询", "环境报告表审批", "小餐馆许可"]),
    ],
)
def test_life_events(hall_client, east, events, event, found):
    assert names(hall_client(east), f"?event={event}") == found


def test_home_counts_the_items_of_each_life_event(hall_client, east, events):
    page = hall_client(east).get("/").content.decode()

    assert re.findall(r'event=([a-z_]+:\w+)">[^<]*</a> <small>(\d+) 项', page) == [
        ("life_event_personal:LP01", "2"),
        ("life_event_personal:LP16", "2"),
        ("life_event_business:LB07", "2"),
    ]


def choices(page, name):
    """The numbers beside the choices of one dimension, those alone that find something."""
    select = re.search(rf'<select name="{name}".*?</select>', page).group()
    return re.findall(r'<option value="[^"]+"[^>]*>([^<]*)（(\d+)）', select)


def test_each_choice_says_how_many_it_would_leave(hall_client, east):
    page = hall_client(east).get("/items/?audience=business&zero=1").content.decode()

    # of one's own dimension every choice, of another what the rest leaves
    assert choices(page, "audience") == [("个人", "2"), ("企业和组织", "1")]
    assert choices(page, "theme") == [("环保绿化", "1")]
    assert choices(page, "department") == [("生态环境局", "1")]
    assert choices(page, "letter") == [("H", "1")]
    assert re.findall(r"<span>([^<]*)（(\d+)）</span>", page) == [
        ("全程网上办", "1"), ("一次不用跑", "1"), ("当场办好", "0")
    ]  # fmt: skip
    for query, found in (("audience=personal&zero=1", 2), ("audience=business&zero=1&letter=H", 1)):
        assert len(names(hall_client(east), f"?{query}")) == found


def test_a_search_counts_what_it_found(hall_client, east):
    page = hall_client(east).get("/items/?q=登记").content.decode()

    assert choices(page, "department") == [("卫健委", "1")]


def test_what_is_chosen_can_be_taken_away_one_by_one(hall_client, east):
    page = hall_client(east).get("/items/?q=审批&audience=business&zero=1&page=2").content.decode()

    assert re.findall(r'<li><a href="(/items/[^"]*)">([^<]*?)　?<', page) == [
        ("/items/?audience=business&amp;zero=1", "“审批”"),
        ("/items/?q=%E5%AE%A1%E6%89%B9&amp;zero=1", "企业和组织"),
        ("/items/?q=%E5%AE%A1%E6%89%B9&amp;audience=business", "一次不用跑"),
        ("/items/", "清除筛选"),
    ]


def test_departments_and_letters_lead_to_their_items(hall_client, east):
    client = hall_client(east)

    page = client.get("/departments/").content.decode()
    assert re.findall(r"<li><a href=\"/items/\?department=[^\"]*\">([^<]*)</a> <small>(\d) 项", page) == [
        ("生态环境局", "1"), ("市场监管局", "1"), ("卫健委", "2")
    ]  # fmt: skip
    page = client.get("/items/az/").content.decode()
    assert re.findall(r'\?letter=(.)">.<b>(\d)</b>', page) == [("C", "1"), ("D", "1"), ("H", "1"), ("X", "1")]


def test_what_begins_with_a_digit_is_found_under_none_of_the_letters(hall_client, east):
    more_items(east, number=1, name="12345 热线", sort_key="12345 re xian")

    assert names(hall_client(east), "?letter=0") == ["12345 热线000"]
    assert "数字、符号开头<b>1</b>" in hall_client(east).get("/items/az/").content.decode()


@pytest.mark.parametrize(
    "query", ["?event=<script>", "?letter='", "?department=%22><script>alert(1)</script>"]
)
def test_an_address_writes_nothing_into_the_page(hall_client, east, query):
    assert "<script>" not in hall_client(east).get(f"/items/{query}").content.decode()


@pytest.mark.parametrize("path", ["/", "/items/", f"/items/{LICENCE}/", f"/items/{LICENCE}/book/"])
def test_a_first_load_is_small(hall_client, east, path):
    from pathlib import Path

    more_items(east, number=45, name="很长很长的一个事项名称" * 8)
    style = Path(__file__).resolve().parents[4] / "theming/static/theming/site.css"

    assert len(hall_client(east).get(path).content) + style.stat().st_size < 50_000
