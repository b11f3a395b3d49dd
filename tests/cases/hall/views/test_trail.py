"""The trail of a case: whole and sealed for the head, in plain words for the applicant; each reading is on it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.cases.hall import making
from tests.cases.hall.views.conftest import content, text
from tests.template import LICENCE, NOW


@pytest.fixture
def head(east, hall_client):
    return hall_client(east, "east_head")


@pytest.fixture
def case(made):
    """A case that was accepted, reviewed and granted."""
    return made("at", "granted")


def lines(response):
    return [(line["kind"], line["what"], line["who"]) for line in response.context["lines"]]


def trail(client, case, query="", at="/clerk/cases/{}/trail/"):
    response = client.get(at.format(case.number) + query)
    assert response.status_code == 200, text(response)
    return response


def test_everything_that_was_written_stands_there_in_order(head, case):
    seen = lines(trail(head, case))

    steps = [(what, who) for kind, what, who in seen if kind == "step"]
    assert [who for _what, who in steps] == [
        "申请人",
        "东窗口（窗口受理）",
        "东审批（审批）",
        "东审批（审批）",
    ]
    # A start; A stop, P and S start; P and S stop, D start
    assert len([1 for kind, *_ in seen if kind == "clock"]) == 7
    assert [who for kind, _what, who in seen if kind == "message"] == ["系统"] * 3
    assert [(what, who) for kind, what, who in seen if kind == "file"] == [("传了材料", "申请人")]


def test_each_line_names_the_audit_row_that_was_written_with_it(head, case, inside):
    from audit.models import Record

    response = trail(head, case)

    with inside():
        written = {
            record.pk: record.detail["sequence"]
            for record in Record.objects.filter(object=case.number, action__startswith="case.")
        }
    named = {line["record"].pk for line in response.context["lines"] if line["record"]}
    assert named == set(written)
    assert all(line["record"] for line in response.context["lines"])
    assert all(line["seal"] is None for line in response.context["lines"])
    assert "等封存" in text(response)


def test_looking_at_a_file_at_the_data_and_at_the_trail_is_on_the_trail(head, window, lin, case, inside):
    with inside():
        file = case.files.get()
    content(window.get(f"/cases/{case.number}/files/{file.pk}/"))
    content(lin.get(f"/cases/{case.number}/files/{file.pk}/"))
    assert window.get(f"/clerk/cases/{case.number}/").status_code == 200
    trail(head, case)

    seen = [line for line in lines(trail(head, case)) if line[0] in {"reading", "export", "other"}]

    # its owner may look at a file without anybody's note
    assert ("reading", "打开了材料", "东窗口（窗口受理）") in seen
    assert ("reading", "看了这件的全部记录", "东负责（负责人）") in seen
    assert not [line for line in seen if line[2] == "申请人"]


def test_the_list_is_narrowed_by_kind_person_and_day(head, case):
    from tests.template import PERSON_ID

    everything = lines(trail(head, case))

    assert {kind for kind, *_ in lines(trail(head, case, "?kind=clock"))} == {"clock"}
    assert {kind for kind, *_ in lines(trail(head, case, "?kind=reading"))} == {"reading"}
    by = lines(trail(head, case, f"?who={PERSON_ID['east_window']}"))
    assert {who for kind, _what, who in by if kind == "step"} == {"东窗口（窗口受理）"}
    day = timezone.localdate(NOW)
    made = {"step", "clock", "message", "file"}
    on_the_day = f"?first={day}&last={day}"
    assert {line[0] for line in lines(trail(head, case, on_the_day))} <= made
    assert len(lines(trail(head, case, on_the_day))) == len([line for line in everything if line[0] in made])
    before = day - timedelta(days=1)
    nothing = trail(head, case, f"?last={before}")
    assert lines(nothing) == []
    assert "这样的记录没有" in text(nothing)
    assert trail(head, case, "?kind=nothing&who=x&first=31").context["form"].errors.keys() == {
        "kind",
        "who",
        "first",
    }


def test_pages_follow_each_other_without_a_gap(head, case, monkeypatch):
    from cases.hall.views import trail as views

    whole = lines(trail(head, case, "?kind=clock"))
    monkeypatch.setattr(views, "PAGE_SIZE", 3)

    pages = [lines(trail(head, case, f"?kind=clock&page={number}")) for number in (1, 2, 3)]

    assert [len(page) for page in pages] == [3, 3, 1]
    assert [line for page in pages for line in page] == whole


def test_the_applicant_reads_who_acted_and_who_looked_and_no_more(lin, head, window, made, inside):
    from cases.hall.models import Event

    case = made("at", "review")
    with inside():
        making.act(case, "ask_opinion", NOW, data={"department": "卫健委", "days": 3, "question": "可以吗"})
    with inside():
        asked = Event.objects.get(case=case, action="ask_opinion")
    trail(head, case)

    response = trail(lin, case, at="/cases/{}/trail/")

    seen, page = lines(response), text(response)
    assert {kind for kind, *_ in seen} <= {"step", "message", "reading", "export", "other"}
    assert ("reading", "看了这件的全部记录", "东负责（负责人）") in seen
    # what is asked inside the hall is not the applicant's to read
    assert len([1 for kind, *_ in seen if kind == "step"]) == 3
    assert asked.actor_name in page
    for private in ("east_head", "13900000", "110105", "封存值", "可以吗"):
        assert private not in page


def test_the_trail_is_neither_the_windows_nor_a_strangers(window, zhou, case):
    assert window.get(f"/clerk/cases/{case.number}/trail/").status_code == 403
    assert window.get(f"/cases/{case.number}/trail/").status_code == 404
    assert zhou.get(f"/cases/{case.number}/trail/").status_code == 404


def test_no_method_changes_a_trail(head, case, inside):
    from audit.models import Record

    def written():
        with inside():
            return set(Record.objects.exclude(action__startswith="read_").values_list("pk", "at", "action"))

    before = written()
    for method in ("post", "put", "patch", "delete"):
        getattr(head, method)(f"/clerk/cases/{case.number}/trail/")
        getattr(head, method)("/staff/audit/")
    assert written() == before


def test_the_log_of_the_hall_shows_every_row_with_filters_and_notes_its_reader(east, hall_client, made):
    made("at", "accepted")
    admin = hall_client(east, "east_admin")
    day = timezone.localdate(NOW)

    page = admin.get(f"/staff/audit/?kind=case&first={day}")

    actions = [row["record"].action for row in page.context["rows"]]
    # the newest first; both were written at one moment
    assert sorted(actions) == ["case.accept", "case.submit"]
    own = admin.get("/staff/audit/?kind=reading")
    assert {(row["what"], row["record"].actor_name) for row in own.context["rows"]} == {
        ("看了操作记录", "东管理")
    }


def test_the_api_tells_the_same(east, made, head):
    from tests.cases.hall.api.conftest import Api

    case = made("at", "accepted", LICENCE)
    whole = Api("east_head").get(f"cases/{case.number}/trail/", page_size=50).json()
    own = Api("lin").get(f"cases/{case.number}/trail/", page_size=50).json()
    wrong = Api("east_head").get(f"cases/{case.number}/trail/", kind="x")

    assert {line["kind"] for line in whole["results"]} >= {"step", "clock", "message", "file"}
    assert {line["kind"] for line in own["results"]} <= {"step", "message", "reading"}
    assert (wrong.status_code, set(wrong.json()["fields"])) == (400, {"kind"})
    log = Api("east_admin").get("staff/audit/", kind="reading").json()
    assert [line["action"] for line in log["results"]][:1] == ["read_trail"]
