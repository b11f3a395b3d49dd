"""What every page gets: names, navigation, notices, and the reader's display choice."""

from uuid import uuid4

import pytest
from django.template.loader import render_to_string

from accounts.actor import Actor
from theming.context import look

STAFF = Actor(person_id=uuid4(), display_name="李明", posts=frozenset({"window"}))


def nav(context):
    return [(link.url, link.label, link.current) for link in context["nav"]]


def test_hall_page_has_its_name_theme_and_links(page_request, hall):
    context = look(page_request("/items/11/", hall=hall))

    assert context["hall_name"] == "东县网上办事大厅"
    assert context["theme_url"] == "/theme-0123456789ab.css"
    assert context["motif_paths"] == ["M8 80h4"]
    assert nav(context) == [
        ("/items/", "办事", True),
        ("/bookings/", "预约", False),
        ("/track/", "查进度", False),
        ("http://city.test/me/", "我的办件", False),
    ]


def test_portal_page_has_the_neutral_look_until_one_is_published(page_request):
    context = look(page_request("/me/"))

    assert (context["hall_name"], context["theme_url"]) == ("东山市网上办事大厅", "")
    assert nav(context) == [("/", "办事", False), ("/me/", "我的办件", True)]


def test_staff_navigate_among_their_pages(page_request, hall):
    context = look(page_request("/clerk/", hall=hall, actor=STAFF))

    assert nav(context) == [
        ("/clerk/", "工作台", True),
        ("/clerk/queue/", "叫号", False),
        ("/clerk/enquiries/", "咨询", False),
        ("/staff/notices/", "提醒", False),
        ("/staff/items/", "事项", False),
        ("/staff/people/", "人员", False),
        ("/staff/windows/", "窗口", False),
    ]


@pytest.mark.parametrize(("path", "current"), [("/clerk/cases/1/", "工作台"), ("/clerk/queue/next/", "叫号")])
def test_a_page_below_two_entries_is_the_nearer_ones(page_request, hall, path, current):
    context = look(page_request(path, hall=hall, actor=STAFF))

    assert [label for _url, label, is_current in nav(context) if is_current] == [current]


@pytest.mark.parametrize(
    ("path", "is_top", "is_items"),
    [("/staff/", True, False), ("/staff/items/", False, True), ("/staff/people/", False, False)],
)
def test_who_fits_items_has_a_first_page(page_request, hall, path, is_top, is_items):
    actor = Actor(person_id=uuid4(), may_hold_posts=True, posts=frozenset({"branch_staff"}))
    context = look(page_request(path, hall=hall, actor=actor))

    assert nav(context) == [
        ("/staff/", "待办", is_top),
        ("/clerk/enquiries/", "咨询", False),
        ("/staff/notices/", "提醒", False),
        ("/staff/items/", "事项", is_items),
        ("/staff/people/", "人员", path == "/staff/people/"),
        ("/staff/windows/", "窗口", False),
    ]


def test_city_staff_find_their_console_on_the_portal(page_request):
    context = look(page_request("/", actor=Actor(person_id=uuid4(), city_role="city_admin")))

    assert ("/city/", "各大厅", False) in nav(context)


@pytest.mark.parametrize(
    ("state", "words"),
    [("open", ""), ("frozen", "本厅暂停收件"), ("rehearsal", "试运行"), ("closing", "正在关闭")],
)
def test_a_hall_that_is_not_simply_open_says_so(page_request, hall, state, words):
    notice = look(page_request("/", hall=hall, state=state))["hall_notice"]

    assert (notice == "") if not words else (words in notice)


@pytest.mark.parametrize(
    ("cookie", "path", "classes"),
    [
        ("", "/", ""),
        ("elder", "/", "elder"),
        ("hc elder", "/", "elder hc"),
        ('"><script>', "/", ""),
        ("", "/?print=1", "print"),
    ],
)
def test_display_choice_becomes_classes_and_nothing_else(page_request, cookie, path, classes):
    assert look(page_request(path, cookie=cookie))["display"] == classes


def test_base_page(page_request, hall):
    html = render_to_string(
        "404.html", request=page_request("/items/99/?a=1&b=2", hall=hall, cookie="elder", actor=STAFF)
    )

    assert '<html lang="zh-Hans" class="elder">' in html
    assert "<title>没有这个页面 - 东县网上办事大厅</title>" in html
    assert '<a class="skip" href="#main">跳到正文</a>' in html
    assert '<link rel="stylesheet" href="/theme-0123456789ab.css">' in html
    assert 'name="next" value="/items/99/?a=1&amp;b=2"' in html
    assert "普通版" in html
    assert "李明" in html
    assert html.count('class="btn"') == 1
    assert " style=" not in html


def test_error_pages_need_nothing():
    for name in ("500.html", "403_csrf.html", "errors/no_hall.html"):
        html = render_to_string(name)
        assert "/static/theming/site.css" in html
        assert '<a class="btn"' in html


def test_no_hall_leads_to_the_portal(page_request):
    html = render_to_string("errors/no_hall.html", request=page_request("/"))

    assert '<a class="btn" href="http://city.test/#halls">选大厅</a>' in html
