"""The pages of a hall's own items: the same as the city's, with the hall's own second person."""

import re
from html import unescape

import pytest

from catalog.hall.models import LocalDraft, LocalItem
from catalog.hall.services import local
from catalog.shared.enums import Status
from catalog.shared.services.editions import Life
from tenants.shared import scope
from tests.template import BIRTH, NOW

NEW = {
    "name": "芍药节摊位报名",
    "type": "20",
    "department": "卫健委",
    "audience": "personal",
    "kind": "promised",
    "promised_days": "3",
}
FIELDS = {**NEW, "promised_days": 3, "materials": [{"name": "身份证"}]}


@pytest.fixture
def author(hall_client, east):
    return hall_client(east, "east_staff")


@pytest.fixture
def other(hall_client, east):
    return hall_client(east, "east_admin")


@pytest.fixture
def public(hall_client, east):
    return hall_client(east)


def text(response, status=200):
    assert response.status_code == status, response.content.decode()
    return unescape(response.content.decode())


def draft(east):
    with scope.hall(east):
        return LocalDraft.objects.first()


@pytest.fixture
def published(east, staff, second):
    """The code of a local item that the public sees."""
    with scope.hall(east):
        code = local.draft(FIELDS, by=staff, now=NOW).code
        local.publish(code, by=second, now=NOW)
    return code


def turn(east, staff, second, code, life):
    with scope.hall(east):
        local.edit(code, {}, life=life, by=staff, now=NOW)
        local.publish(code, by=second, now=NOW)


def test_from_first_questions_to_the_public(author, other, public, hall_client, east):
    made = author.post("/staff/items/new/", NEW)
    page = made["Location"].removesuffix("local/")
    code = draft(east).code
    assert made["Location"] == f"/staff/items/{code}/local/"
    sent = {
        "revision": "1", "version": "0", "materials-rows": "2", "materials-0-name": "身份证", "materials-1-name": "摊位照片",
        "materials-1-originals": "1",
    }  # fmt: skip
    assert author.post(f"{page}edit/?section=materials", sent).status_code == 302
    assert [row["name"] for row in draft(east).fields["materials"]] == ["身份证", "摊位照片"]
    assert public.get(f"/items/{code}/").status_code == 404
    assert "等另一位同事发布的" in text(author.get("/staff/items/"))

    assert "谁编的谁不能发布，请另一位同事核对后发布" in text(author.post(f"{page}publish/"), 422)
    assert hall_client(east, "east_window").post(f"{page}publish/").status_code == 403
    assert "请核对，没问题就发布" in text(other.get(f"{page}local/"))
    assert other.post(f"{page}publish/", {"revision": "2"}).status_code == 302

    guide = text(public.get(f"/items/{code}/"))
    assert "摊位照片" in guide
    assert "3 个工作日" in guide


@pytest.mark.parametrize(
    ("change", "sentence"),
    [({"name": ""}, "请填名称"), ({"promised_days": "-1"}, "错误："), ({"department": "没有的局"}, "错误：")],
)
def test_a_bad_beginning_is_told_where(author, east, change, sentence):
    assert sentence in text(author.post("/staff/items/new/", NEW | change), 422)
    assert draft(east) is None


def test_the_second_editor_sees_both_values(author, other, east, published):
    path = f"/staff/items/{published}/edit/?section=words"
    sent = {"revision": "0", "version": "1", "guide_text": "带上笔", "notes": "", "faq-rows": "0"}
    assert author.post(path, sent).status_code == 302

    clash = text(other.post(path, sent | {"guide_text": "带上照片"}), 422)

    assert "东事项刚保存过这份草稿" in clash
    assert "带上笔" in clash
    assert "带上照片" in clash
    assert draft(east).fields["guide_text"] == "带上笔"
    assert other.post(path, sent | {"guide_text": "带上照片", "revision": "1"}).status_code == 302
    assert draft(east).fields["guide_text"] == "带上照片"


def test_versions_are_compared(author, east, staff, second, published):
    with scope.hall(east):
        local.edit(published, {"promised_days": 2}, by=staff, now=NOW)
        local.publish(published, by=second, now=NOW)

    assert "第 2 版" in text(author.get(f"/staff/items/{published}/versions/"))
    compared = author.get(f"/staff/items/{published}/compare/?a=1&b=2")
    assert [(line.field, line.before, line.after) for line in compared.context["lines"]] == [
        ("promised_days", "3", "2")
    ]


def test_the_other_hall_sees_none_of_it(hall_client, west, published, east, staff):
    with scope.hall(east):
        local.edit(published, {"name": "改名"}, by=staff, now=NOW)
    client = hall_client(west, "west_staff")

    for path in ("local/", "edit/", "versions/", "compare/?a=live&b=draft"):
        assert client.get(f"/staff/items/{published}/{path}").status_code == 404
    for act in ("publish", "discard"):
        assert client.post(f"/staff/items/{published}/{act}/").status_code in (404, 422)
    assert "改名" not in text(client.get("/staff/items/"))
    assert draft(east).fields["name"] == "改名"


def test_a_draft_is_thrown_away_and_what_holds_stays(author, east, published):
    author.post(
        f"/staff/items/{published}/edit/?section=words",
        {"revision": "0", "version": "1", "notes": "新", "faq-rows": "0"},
    )

    assert author.post(f"/staff/items/{published}/discard/")["Location"] == f"/staff/items/{published}/local/"
    assert draft(east) is None
    author.post("/staff/items/new/", NEW)
    assert author.post(f"/staff/items/{draft(east).code}/discard/")["Location"] == "/staff/items/"


def test_an_old_link_leads_to_the_successor_or_says_since_when(
    public, author, east, staff, second, published
):
    turn(east, staff, second, published, Life(Status.SUSPENDED))
    assert "“芍药节摊位报名”暂停办理" in text(public.get(f"/items/{published}/"))
    assert "停用的本地事项" in text(author.get("/staff/items/"))

    turn(east, staff, second, published, Life(Status.CANCELLED))
    page = text(public.get(f"/items/{published}/"), 410)
    assert "已经取消" in page
    assert "2026年3月2日" in page
    assert re.search(r'<form class="search"[^>]*action="/items/"', page)

    with scope.hall(east):
        following = local.draft(FIELDS | {"name": "新的报名"}, by=staff, now=NOW).code
        local.publish(following, by=second, now=NOW)
    turn(east, staff, second, published, Life(Status.CANCELLED, successor=following))
    response = public.get(f"/items/{published}/")
    assert (response.status_code, response["Location"]) == (301, f"/items/{following}/")


def test_an_old_version_is_read_plainly_marked(public, east, staff, second, published):
    with scope.hall(east):
        local.edit(published, {"name": "改名"}, by=staff, now=NOW)
        local.publish(published, by=second, now=NOW)
        assert LocalItem.objects.get().version == 2

    page = text(public.get(f"/items/{published}/?version=1"))

    assert "这是本厅的第 1 版，不一定是现在的" in page
    assert "芍药节摊位报名" in page
    for number in ("3", "x", "", "%00"):
        assert public.get(f"/items/{published}/?version={number}").status_code == 404
    assert public.get(f"/items/{BIRTH}/?version=1").status_code == 200
