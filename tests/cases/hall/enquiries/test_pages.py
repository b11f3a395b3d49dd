"""The pages and the API of questions and complaints: one question a page, nothing lost on the way, nothing shown to whom it is about."""

import json
import re

import pytest
from django.utils import timezone

from tests.cases.hall.enquiries.making import answered, ask, complain, reload, staff
from tests.conftest import _hall
from tests.template import BIRTH, LICENCE, NOW


@pytest.fixture(autouse=True)
def _stopped(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW)


def in_east(make):
    from tenants.shared import scope

    with scope.hall(_hall("east")):
        return make()


def text(answer, status=200):
    assert answer.status_code == status
    return answer.content.decode()


def hidden(page):
    """What the form carries on."""
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page)
    return {name: value for name, value in found if name != "csrfmiddlewaretoken"}


def test_a_question_from_a_guide_is_asked_page_by_page(hall_client, east):
    client = hall_client(east, "lin")
    first = text(client.get(f"/ask/?item={BIRTH}"))
    assert "出生登记" in first
    assert "3 个工作日内答复" in first
    second = text(client.post("/ask/", {**hidden(first), "text": "<b>怎么办</b>\n第二行"}))
    assert 'name="may_publish"' in second
    assert "错误" not in second
    third = text(
        client.post("/ask/", {**hidden(second), "text": "<b>怎么办</b>\n第二行", "may_publish": "yes"})
    )
    assert "看一遍再提交" in third
    assert "&lt;b&gt;怎么办&lt;/b&gt;<br>第二行" in third
    assert "2026年3月5日（星期四）" in third
    sent = {**hidden(third), "text": "<b>怎么办</b>\n第二行", "hotline_number": "WO-2026-1"}
    answer = client.post("/ask/", sent)
    assert answer.status_code == 302
    receipt = text(client.get(answer["Location"]))
    assert "您的咨询收到了" in receipt
    assert "最晚 2026年3月5日（星期四）答复" in receipt
    assert "WO-2026-1" in receipt
    # pressed again it is the same one
    assert client.post("/ask/", sent)["Location"] == answer["Location"]
    assert "出生登记" in text(client.get("/enquiries/"))


def test_back_keeps_what_was_written(hall_client, east):
    client = hall_client(east, "lin")
    key = hidden(text(client.get("/ask/")))["key"]
    back = text(client.post("/ask/", {"step": "public", "key": key, "text": "几点开门", "back": "1"}))
    assert ">\n几点开门</textarea>" in back


@pytest.mark.parametrize(
    ("written", "said"),
    [("", "请填您想问什么"), ("\u200b\x01", "请填您想问什么"), ("长" * 10_000, "最多 2000 个字")],
)
def test_what_cannot_be_asked_is_said_beside_the_field(hall_client, east, written, said):
    client = hall_client(east, "lin")
    page = text(client.post("/ask/", {"step": "text", "key": "k", "text": written}), 422)
    assert said in page
    assert 'id="errors"' in page


def test_a_step_that_was_skipped_is_asked_for(hall_client, east):
    page = text(hall_client(east, "lin").post("/ask/", {"step": "check", "key": "k", "text": "几点"}), 422)
    assert 'name="may_publish"' in page


def test_a_complaint_asks_which_one_only_where_there_is_one(hall_client, east):
    client = hall_client(east, "lin")
    first = text(client.get("/complain/"))
    key = hidden(first)["key"]
    which = text(client.post("/complain/", {"step": "about", "key": key, "about": "window"}))
    assert ">综合窗口<" in which
    told = text(client.post("/complain/", {"step": "about", "key": key, "about": "service"}))
    assert 'name="text"' in told
    missing = {"step": "which", "key": key, "about": "staff", "who": ""}
    text(client.post("/complain/", missing), 422)
    made = {"step": "check", "key": key, "about": "window", "window": "综合窗口", "text": "没人"}
    answer = client.post("/complain/", made)
    assert "综合窗口" in text(client.get(answer["Location"]))


def test_a_complaint_about_a_case_begins_from_it(hall_client, east):
    from tests.cases.hall.making import submitted

    case = in_east(lambda: submitted(LICENCE))
    client = hall_client(east, "lin")
    shown = text(client.get(f"/cases/{case.number}/"))
    assert f"/complain/?case={case.number}" in shown
    first = text(client.get(f"/complain/?case={case.number}"))
    assert re.search(r'value="case"[^>]*checked', first)


def test_a_file_and_words_are_added_and_a_bad_file_is_told(hall_client, east):
    from tests.cases.hall.making import upload

    made, client = in_east(ask), hall_client(east, "lin")
    url = f"/enquiries/{made.number}/"
    assert client.post(f"{url}add/", {"text": "还有", "upload": upload()}).status_code == 302
    page = text(client.get(url))
    assert "还有" in page
    link = re.search(rf'{url}files/[^"]+', page).group()
    answer = client.get(link)
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"].startswith("attachment")
    list(answer.streaming_content)
    from django.core.files.uploadedfile import SimpleUploadedFile

    bad = SimpleUploadedFile("a.png", b"MZ")
    assert "只能传 JPG、PNG、HEIC、PDF" in text(client.post(f"{url}add/", {"upload": bad}), 422)
    assert "请写几句，或选一个文件" in text(client.post(f"{url}add/", {}), 422)


def test_who_asked_reads_no_note_and_no_name_of_the_staff(hall_client, east):
    from cases.hall.services.enquiries import handling

    def make():
        made = ask()
        handling.take(made, by=staff("east_window"), now=NOW)
        handling.note(made, "他来过三次", by=staff("east_window"), now=NOW)
        return made

    made = in_east(make)
    page = text(hall_client(east, "lin").get(f"/enquiries/{made.number}/"))
    assert "他来过三次" not in page
    assert "东窗口" not in page
    seen = text(hall_client(east, "east_staff").get(f"/clerk/enquiries/{made.number}/"))
    assert "他来过三次" in seen
    assert "林*" in seen
    assert "林小禾" not in seen


def test_one_rates_and_asks_once_more(hall_client, east):
    made, client = in_east(answered), hall_client(east, "lin")
    url = f"/enquiries/{made.number}/"
    assert "解决了吗" in text(client.get(url))
    client.post(f"{url}rate/", {"solved": "no"})
    assert f"{url}reopen/" in text(client.get(url))
    text(client.post(f"{url}reopen/", {"text": " "}), 422)
    assert client.post(f"{url}reopen/", {"text": "没说带什么"}).status_code == 302
    assert "最晚 2026年3月5日" in text(client.get(url))
    text(client.post(f"{url}rate/", {"solved": "yes"}), 409)


def test_the_desk_keeps_a_draft_answers_and_publishes_after_a_look(hall_client, east):
    made = in_east(lambda: ask("我叫林小禾，电话13912345678，几点开门"))
    client = hall_client(east, "east_window")
    url = f"/clerk/enquiries/{made.number}/"
    assert made.number in text(client.get("/clerk/enquiries/"))
    client.post(f"{url}answer/", {"text": "九点", "keep": "1"})
    assert "东窗口存的草稿" in text(client.get(url))
    client.post(f"{url}answer/", {"text": "九点开门"})
    assert made.number in text(client.get("/clerk/enquiries/?queue=answered"))
    preview = text(client.get(f"{url}publish/"))
    assert "我叫林*，电话***，几点开门" in preview
    given = {"question": "几点开门", "answer": "九点开门"}
    assert "请看一遍，再打勾" in text(client.post(f"{url}publish/", given), 422)
    assert client.post(f"{url}publish/", {**given, "is_seen": "on"}).status_code == 302
    anybody = hall_client(east)
    assert "几点开门" in text(anybody.get("/answers/?q=开门"))
    link = re.search(r"/answers/[0-9a-f-]{36}/", text(anybody.get("/answers/"))).group()
    assert "九点开门" in text(anybody.get(link))
    client.post(f"{url}withdraw/", {"text": "改了时间"})
    assert anybody.get(link).status_code == 404


def test_whom_a_complaint_is_about_finds_nothing_of_it(hall_client, east):
    made = in_east(lambda: complain(about="staff", who="东管理"))
    url = f"/clerk/enquiries/{made.number}/"
    admin, head = hall_client(east, "east_admin"), hall_client(east, "east_head")
    for queue in ("new", "mine", "department", "late", "complaints", "answered"):
        page = text(admin.get(f"/clerk/enquiries/?queue={queue}"))
        assert made.number not in page
        assert "投诉 0" in page
    assert "投诉 1" in text(head.get("/clerk/enquiries/?queue=complaints"))
    assert admin.get(url).status_code == 404
    for name in ("take", "answer", "note", "extend", "assign", "name_party"):
        assert admin.post(f"{url}{name}/", {"text": "没有的事"}).status_code == 404
    assert "他们看不到，也不能办" in text(head.get(url))
    assert in_east(lambda: reload(made)).revision == made.revision
    api = admin.get("/api/v1/clerk/enquiries/?queue=complaints").json()
    assert (api["count"], api["results"]) == (0, [])
    assert admin.get(f"/api/v1/clerk/enquiries/{made.number}/").status_code == 404
    acted = admin.post(
        f"/api/v1/clerk/enquiries/{made.number}/actions/answer/",
        json.dumps({"text": "没有的事"}),
        content_type="application/json",
    )
    assert acted.status_code == 404
    assert made.number not in text(admin.get("/staff/audit/"))
    assert made.number not in text(admin.get("/staff/notices/"))


def test_a_refusal_at_the_desk_is_said_with_what_was_written(hall_client, east):
    made = in_east(ask)
    hall_client(east, "east_window").post(f"/clerk/enquiries/{made.number}/take/")
    page = text(
        hall_client(east, "east_staff").post(f"/clerk/enquiries/{made.number}/answer/", {"text": "九点"}), 409
    )
    assert "东窗口正在办" in page
    assert ">\n九点</textarea>" in page


def test_the_head_hands_on_routes_names_and_extends_by_page(hall_client, east):
    made = in_east(complain)
    head, url = hall_client(east, "east_head"), f"/clerk/enquiries/{made.number}/"
    from tests.template import PERSON_ID

    assert head.post(f"{url}extend/", {"text": "要核实"}).status_code == 302
    assert head.post(f"{url}name_party/", {"to": str(PERSON_ID["east_window"])}).status_code == 302
    text(head.post(f"{url}assign/", {"to": str(PERSON_ID["east_window"])}), 422)
    assert head.post(f"{url}assign/", {"to": str(PERSON_ID["east_staff"])}).status_code == 302
    assert made.number in text(hall_client(east, "east_staff").get("/clerk/enquiries/?queue=mine"))
    text(head.post(f"{url}route/", {"department": "没有的"}), 422)
    found = in_east(lambda: reload(made))
    assert (str(found.due_on), found.claimed_name) == ("2026-03-30", "东事项")


def test_my_page_and_the_citys_console_show_what_they_should(portal_client):
    made = in_east(lambda: complain(about="staff", who="东负责和东管理"))
    page = text(portal_client("lin").get("/me/"))
    assert f"%2Fenquiries%2F{made.number}%2F" in page
    assert "等答复" in page
    assert made.number not in text(portal_client("zhou").get("/me/"))
    assert "东县网上办事大厅有 1 件投诉，本厅的负责人都不能办" in text(
        portal_client("city_admin").get("/city/")
    )


def test_the_api_asks_answers_and_lists(hall_client, east):
    client, clerk = hall_client(east, "lin"), hall_client(east, "east_window")

    def post(by, path, body, **headers):
        return by.post(f"/api/v1{path}", json.dumps(body), content_type="application/json", headers=headers)

    body = {"kind": "ask", "text": "几点开门\u202e", "may_publish": True}
    made = post(client, "/enquiries/", body, **{"Idempotency-Key": "k"})
    assert (made.status_code, made.json()["due_on"], made.json()["text"]) == (201, "2026-03-05", "几点开门")
    number = made.json()["code"]
    again = post(client, "/enquiries/", {**body, "text": "别的"}, **{"Idempotency-Key": "k"})
    assert (again.status_code, again.json()["code"]) == (422, "idempotency_key_reused")
    wrong = post(client, "/enquiries/", {"kind": "complain", "text": "吵"}, **{"Idempotency-Key": "l"})
    assert (wrong.status_code, list(wrong.json()["fields"])) == (400, ["about"])
    long = post(client, "/enquiries/", {**body, "text": "长" * 10_000}, **{"Idempotency-Key": "m"})
    assert (long.status_code, list(long.json()["fields"])) == (400, ["text"])

    path = f"/clerk/enquiries/{number}/actions"
    assert post(clerk, f"{path}/fly/", {}).status_code == 404
    assert post(clerk, f"{path}/answer/", {"text": "九点"}).status_code == 204
    late = post(clerk, f"{path}/answer/", {"text": "十点"})
    assert (late.status_code, late.json()["code"]) == (409, "not_open")
    assert post(clerk, f"{path}/publish/", {"question": "几点", "answer": "九点"}).status_code == 204
    shown = hall_client(east).get("/api/v1/answers/?q=九点").json()
    assert [row["answer"] for row in shown["results"]] == ["九点"]
    told = client.get(f"/api/v1/enquiries/{number}/").json()
    assert (told["state"], told["answer"]) == ("answered", "九点")
    assert clerk.get("/api/v1/clerk/enquiries/?queue=nothing").status_code == 400
