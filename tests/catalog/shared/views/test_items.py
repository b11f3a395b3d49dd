"""The city's pages of its catalogue: who may see them, what they show, and that a form ends in the service."""

import re
from html import unescape

import pytest

from catalog.hall.services import overrides
from catalog.shared.models import SharedDraft, SharedItem
from catalog.shared.services import items
from catalog.shared.services.editions import Life, Status
from tenants.shared import scope
from tests.catalog.shared.making import approver, editor, publish, save
from tests.template import BIRTH, LICENCE, NOW, PERSON_ID

PAGE = f"/city/items/{LICENCE}/"
NEW = {
    "name": "新的一项", "type": "20", "department": "卫健委", "audience": "personal", "kind": "instant", "promised_days": "0",
    "origin": "34", "guiding": "99", "main": "001", "sub": "000", "variant": "00",
}  # fmt: skip
LIMITS = {
    "revision": "0", "version": "1", "kind": "promised", "promised_days": "4", "promised_unit": "working", "statutory_days": "20",
    "statutory_unit": "working", "special_procedures-rows": "0",
}  # fmt: skip


@pytest.fixture
def second(portal_client):
    """A second city admin: the inspector's account with that role."""
    from accounts.models import Person

    Person.objects.filter(pk=PERSON_ID["inspector"]).update(city_role="city_admin")
    return portal_client("inspector")


@pytest.fixture
def client(portal_client):
    return portal_client("city_admin")


def text(response, status=200):
    assert response.status_code == status, response.content.decode()
    return unescape(response.content.decode())


def draft():
    with scope.city():
        return SharedDraft.objects.filter(code=LICENCE).first()


def form_of(response, status=200):
    """What a browser would send of an answer's form as it stands."""
    assert response.status_code == status, response.content.decode()
    return {
        name: value if isinstance(value, list) else unescape(value)
        for name, value in fields_of(response.content.decode()).items()
    }


def fields_of(page):
    """What a browser would send of a page's form as it stands."""
    sent = {}
    form = re.search(r"<form method=\"post\" action=\"\?section.*?</form>", page, re.S)[0]
    for tag in re.findall(r"<input[^>]*>", form):
        name, value = (re.search(rf' {key}="([^"]*)"', tag) for key in ("name", "value"))
        if name is None or name[1] == "csrfmiddlewaretoken":
            continue
        if 'type="checkbox"' in tag or 'type="radio"' in tag:
            if " checked" in tag:
                sent.setdefault(name[1], []).append(value[1] if value else "on")
        else:
            sent[name[1]] = value[1] if value else ""
    for name, value in re.findall(r'<textarea[^>]*name="([^"]*)"[^>]*>\n?(.*?)</textarea>', form, re.S):
        sent[name] = unescape(value)
    for name, inside in re.findall(r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', form, re.S):
        chosen = re.search(r'value="([^"]*)" selected', inside) or re.search(r'value="([^"]*)"', inside)
        sent[name] = chosen[1]
    return sent


@pytest.mark.parametrize(
    "path",
    [
        "/city/items/",
        PAGE,
        f"{PAGE}versions/",
        f"{PAGE}compare/?a=1&b=live",
        "/city/items/new/",
        f"{PAGE}edit/",
    ],
)
def test_the_pages_are_for_the_city(portal_client, hall_client, east, path):
    is_editing = path.endswith(("new/", "edit/"))
    assert portal_client("city_admin").get(path).status_code == 200
    assert portal_client("inspector").get(path).status_code == (403 if is_editing else 200)
    assert portal_client().get(path).status_code == 302
    assert portal_client("lin").get(path).status_code == 403
    assert portal_client("east_admin").get(path).status_code == 403
    assert hall_client(east, "east_admin").get(path).status_code == 404


@pytest.mark.parametrize("act", ["publish", "discard"])
def test_an_inspector_changes_nothing(portal_client, act):
    with scope.city():
        save(promised_days=4)

    assert portal_client("inspector").post(f"{PAGE}{act}/").status_code == 403
    assert draft().revision == 1


def test_the_list_shows_what_waits_first_and_is_searched(client):
    with scope.city():
        save(promised_days=4)
        items.create("34209900100000", {"name": "新的一项", "type": "20", "department": "卫健委", "audience": "personal", "kind": "instant"}, by=editor(), now=NOW)  # fmt: skip

    page = client.get("/city/items/")
    assert [row["name"] for row in page.context["rows"]] == [
        "小餐馆许可",
        "新的一项",
        "出生登记",
        "档案查询",
        "环境报告表审批",
    ]
    assert [number for _key, _label, number in page.context["pills"]] == [4, 2, 4, 0, 0]

    def names(query):
        return [row["name"] for row in client.get(f"/city/items/?{query}").context["rows"]]

    assert names("q=准生证") == ["出生登记"]
    assert names("q=新的") == ["新的一项"]
    assert names("q=3401") == ["小餐馆许可", "环境报告表审批"]
    assert names("department=卫健委&type=20") == ["新的一项", "出生登记", "档案查询"]
    assert names("status=draft") == ["小餐馆许可", "新的一项"]
    assert names("status=cancelled") == []
    assert names("status=nonsense&type=99&q=%00") == names("")


def test_a_new_item_begins_with_its_code(client):
    made = client.post("/city/items/new/", NEW)

    assert made["Location"] == "/city/items/34209900100000/"
    assert "新的一项" in text(client.get(made["Location"]))
    again = text(client.post("/city/items/new/", NEW), 422)
    assert "这个编码已经用过了，编码不能重复用，请换一个" in again
    assert "要 3 位数字" in text(client.post("/city/items/new/", NEW | {"main": "1"}), 422)
    with scope.city():
        assert SharedDraft.objects.count() == 1


@pytest.mark.parametrize(
    "section",
    [
        "basic",
        "limits",
        "steps",
        "materials",
        "fees",
        "basis",
        "result",
        "ways",
        "words",
        "form",
        "themes",
        "life",
    ],
)
def test_a_section_saved_unchanged_stores_nothing(client, section):
    path = f"{PAGE}edit/?section={section}"
    sent = form_of(client.get(path))

    response = client.post(path, sent)

    assert response.status_code == 302, text(response, 422)
    assert response["Location"] == f"{PAGE}?saved=same"
    assert draft() is None


def test_no_such_section_is_404(client):
    assert client.get(f"{PAGE}edit/?section=nothing").status_code == 404
    assert client.get("/city/items/34999999999900/edit/").status_code == 404
    assert client.get("/city/items/x/").status_code == 404


def test_every_editable_field_stands_on_one_page():
    from collections import Counter

    from catalog.shared.forms.sections import FIXED, SECTIONS
    from catalog.shared.services.editions import EDITED

    shown = Counter(column for section in SECTIONS for column in section.columns)
    assert set(shown) == set(EDITED) - set(FIXED)
    assert set(shown.values()) == {1}


def test_rows_are_added_moved_and_removed_without_scripts(client):
    path = f"{PAGE}edit/?section=materials"
    sent = form_of(client.get(path))

    added = form_of(client.post(path, sent | {"act": "materials:add:2"}))
    assert added["materials-rows"] == "3"
    assert draft() is None, "a row's button saves nothing"
    typed = added | {"materials-2-name": "户口簿", "materials-2-originals": "1"}
    moved = form_of(client.post(path, typed | {"act": "materials:up:2"}))
    assert [moved[f"materials-{at}-name"] for at in range(3)] == ["身份证", "户口簿", "结婚证"]
    removed = form_of(client.post(path, moved | {"act": "materials:remove:0"}))
    assert client.post(path, removed).status_code == 302

    assert [(row["key"], row["name"]) for row in draft().fields["materials"]] == [
        (draft().fields["materials"][0]["key"], "户口簿"),
        ("m2", "结婚证"),
    ]
    assert draft().fields["materials"][0] == {
        "key": draft().fields["materials"][0]["key"],
        "name": "户口簿",
        "originals": 1,
    }


def test_a_row_without_its_name_is_told_at_its_field(client):
    path = f"{PAGE}edit/?section=materials"
    sent = form_of(client.get(path)) | {"materials-0-name": ""}

    page = text(client.post(path, sent), 422)

    assert 'href="#id_materials-0-name"' in page
    assert "请填名称" in page
    assert draft() is None


def test_choices_of_a_question_are_lines(client):
    path = f"{PAGE}edit/?section=form"
    sent = form_of(client.get(path))
    sent |= {"form-0-type": "choice", "form-0-choices": "yes｜愿意\n不愿意"}

    client.post(path, sent)

    assert draft().fields["form"][0]["choices"] == [
        {"value": "yes", "label": "愿意"},
        {"value": "不愿意", "label": "不愿意"},
    ]


def test_two_editors_see_both_values_and_lose_nothing(client, second):
    path = f"{PAGE}edit/?section=limits"
    assert client.post(path, LIMITS).status_code == 302

    clash = text(second.post(path, LIMITS | {"promised_days": "3", "limit_note": "分两步"}), 422)

    assert "市管理刚保存过这份草稿，您填的还没有保存" in clash
    row = re.search(r"<tr role=\"row\"><td role=\"cell\" class=\"hd\">承诺时限</td>.*?</tr>", clash, re.S)[0]
    assert (">4</td>" in row, ">3</td>" in row) == (True, True)
    assert draft().fields["promised_days"] == 4
    kept = fields_of(clash)
    assert (kept["promised_days"], kept["limit_note"], kept["revision"]) == ("3", "分两步", "1")

    assert second.post(path, kept).status_code == 302
    assert (draft().fields["promised_days"], draft().edited_by_name) == (3, "监察")


def test_what_the_second_did_not_touch_stays_the_firsts(client, second):
    path = f"{PAGE}edit/?section=limits"
    first, other = form_of(client.get(path)), form_of(second.get(path))
    client.post(path, first | {"promised_days": "4", "statutory_note": "条例第三条"})

    kept = form_of(second.post(path, other | {"promised_days": "3", "limit_note": "分两步"}), 422)

    assert (kept["promised_days"], kept["limit_note"], kept["statutory_note"]) == (
        "3",
        "分两步",
        "条例第三条",
    )
    assert second.post(path, kept).status_code == 302
    stored = draft().fields
    assert (stored["promised_days"], stored["limit_note"], stored["statutory_note"]) == (
        3,
        "分两步",
        "条例第三条",
    )


def test_a_draft_that_was_published_meanwhile_is_told(client):
    path = f"{PAGE}edit/?section=limits"
    client.post(path, LIMITS)
    with scope.city():
        items.approve(LICENCE, by=approver(), now=NOW)

    page = text(client.post(path, LIMITS | {"revision": "1", "promised_days": "3"}), 422)

    assert "这份草稿刚被发布或删掉了，您填的还没有保存" in page
    kept = fields_of(page)
    assert (kept["revision"], kept["version"]) == ("0", "2")
    assert client.post(path, kept).status_code == 302
    assert draft().fields["promised_days"] == 3


def test_the_approver_sees_the_impact_and_publishes(client, second, east, staff):
    with scope.hall(east):
        overrides.set_value(LICENCE, "promised_days", 4, by=staff, reason="人手够", now=NOW)
    client.post(f"{PAGE}edit/?section=limits", LIMITS | {"promised_days": "3", "note": "新文件"})

    own = text(client.get(f"{PAGE}impact/"))
    assert "这是您编的，请另一位同事核对、发布" in own
    assert "核对无误，发布" not in own
    refused = text(client.post(f"{PAGE}publish/", {"revision": "1"}), 422)
    assert "谁编的谁不能发布，请另一位同事核对后发布" in refused

    page = text(second.get(f"{PAGE}impact/"))
    for said in ("对群众更方便", "东县：4 工作日", "不合规定", "新文件", "核对无误，发布"):
        assert said in page, said
    assert second.post(f"{PAGE}publish/", {"revision": "1"})["Location"] == PAGE
    with scope.city():
        assert (SharedItem.objects.get(code=LICENCE).version, draft_count()) == (2, 0)
    assert second.get(f"{PAGE}impact/").status_code == 404
    assert "没有等着发布的草稿" in text(second.post(f"{PAGE}publish/"), 422)


def draft_count():
    return SharedDraft.objects.count()


def test_what_was_not_read_is_not_published(client, second):
    client.post(f"{PAGE}edit/?section=limits", LIMITS)
    client.post(f"{PAGE}edit/?section=limits", LIMITS | {"revision": "1", "promised_days": "3"})

    assert "刚保存过这份草稿" in text(second.post(f"{PAGE}publish/", {"revision": "1"}), 422)
    with scope.city():
        assert SharedItem.objects.get(code=LICENCE).version == 1


def test_what_blocks_publishing_leads_to_its_page(client, second):
    path = f"{PAGE}edit/?section=fees"
    sent = form_of(client.get(path)) | {"fees-0-basis": ""}
    client.post(path, sent)

    page = text(client.get(PAGE))
    assert f'<a href="{PAGE}edit/?section=fees">收费“工本费”没有写依据，写明收费文件再发布</a>' in page
    assert "收费：收费“工本费”没有写依据" in text(second.post(f"{PAGE}publish/"), 422)
    assert second.post(f"{PAGE}discard/")["Location"] == PAGE
    assert draft() is None


def test_an_item_is_suspended_and_cancelled_with_a_successor(client, second):
    page = f"{PAGE}edit/?section=life"
    assert 'value="suspended"' in text(client.get(f"{page}&status=suspended"))
    sent = form_of(client.get(f"{page}&status=suspended"))
    assert sent["status"] == ["suspended"]
    assert client.post(page, sent).status_code == 302
    assert "这一项要暂停办理" in text(second.get(f"{PAGE}impact/"))
    second.post(f"{PAGE}publish/")
    assert "暂停办理，群众看得到暂停的说明" in text(client.get(PAGE))

    sent = form_of(client.get(f"{page}&status=cancelled")) | {"successor": BIRTH}
    client.post(page, sent)
    assert "取消马上对所有大厅生效" in text(second.get(f"{PAGE}impact/"))
    second.post(f"{PAGE}publish/")
    with scope.city():
        item = SharedItem.objects.get(code=LICENCE)
    assert (item.status, item.successor, item.version) == ("cancelled", BIRTH, 3)


def test_a_day_that_is_none_is_told(client):
    page = f"{PAGE}edit/?section=life"
    sent = form_of(client.get(page)) | {
        "effective_to_year": "2026",
        "effective_to_month": "2",
        "effective_to_day": "30",
    }

    assert "没有这一天" in text(client.post(page, sent), 422)
    assert draft() is None


def test_any_two_versions_are_compared(client):
    with scope.city():
        publish(promised_days=4)
        publish(visits=0, life=Life(Status.ACTIVE))
        save(promised_days=2)

    versions = text(client.get(f"{PAGE}versions/"))
    assert all(f"第 {n} 版" in versions for n in (1, 2, 3))
    page = client.get(f"{PAGE}compare/?a=1&b=3")
    assert [(line.field, line.before, line.after) for line in page.context["lines"]] == [
        ("promised_days", "5", "4"),
        ("visits", "1", "0"),
    ]
    assert "<del>5</del>" in text(page)
    usual = client.get(f"{PAGE}compare/")
    assert [(line.field, line.before, line.after) for line in usual.context["lines"]] == [
        ("promised_days", "4", "2")
    ]
    for query in ("a=9&b=1", "a=x&b=1", "a=1&b="):
        assert client.get(f"{PAGE}compare/?{query}").status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(
    ("path", "queries"), [("/city/items/?q=多出来", 9), (PAGE, 9), (f"{PAGE}versions/", 9)]
)
def test_the_number_of_queries_does_not_depend_on_the_rows(
    client, east, rows, path, queries, django_assert_num_queries
):
    from tests.catalog.making import more_items

    more_items(east, number=rows)
    with scope.city():
        for number in range(rows):
            publish(notes=f"第 {number} 次")
    client.get("/city/items/")

    with django_assert_num_queries(queries):
        client.get(path)
