"""Applying by API: files, an application, the same one again."""

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.template import BIRTH, GUIDE, LICENCE, REPORT, USCC


def rows():
    """Return how many cases, events, messages and pointers there are in east."""
    from cases.hall.models import Case, Event, Outbox
    from cases.shared.models import Pointer
    from tenants.shared import scope
    from tests.conftest import _hall

    with scope.hall(_hall("east")):
        return Case.objects.count(), Event.objects.count(), Outbox.objects.count(), Pointer.objects.count()


def test_an_application_gets_a_receipt(api):
    from cases.hall import numbers

    answer = api("lin").file()

    assert numbers.check(answer["number"])
    assert answer["number"].startswith("349901")
    assert len(answer["query_code"]) == 6
    assert answer["state"] == "submitted"
    assert rows() == (1, 1, 1, 1)


def test_the_same_application_again_is_the_same_case(api):
    lin, east_window = api("lin"), api("east_window")
    body, key = lin.body(), {"idempotency-key": "k1"}
    first = lin.post("cases/", body, **key)
    assert first.status_code == 201

    assert east_window.act(first.json()["number"], "accept").status_code == 200
    again = lin.post("cases/", body, **key)

    assert (again.status_code, again.json()) == (201, first.json())
    assert rows()[0] == 1


def test_another_body_under_the_same_key_is_refused(api):
    lin = api("lin")
    body = lin.body()
    lin.post("cases/", body, **{"idempotency-key": "k1"})
    before = rows()

    answer = lin.post("cases/", {**body, "answers": {"spouse": "王五"}}, **{"idempotency-key": "k1"})

    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_reused")
    assert rows() == before


def test_a_key_is_its_persons(api):
    first = api("lin").file(key="k1")

    assert api("zhou").file(key="k1")["number"] != first["number"]


@pytest.mark.parametrize("headers", [{}, {"idempotency-key": " "}, {"idempotency-key": "x" * 81}])
def test_without_a_key_nothing_is_filed(api, headers):
    lin = api("lin")

    answer = lin.post("cases/", lin.body(), **headers)

    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency_key_missing")
    assert rows()[0] == 0


@pytest.mark.parametrize(
    ("given", "fields"),
    [
        ({"answers": {}}, {"spouse": "请填配偶姓名"}),
        (
            {"answers": {"spouse": "李四", "married_on": "2026-02-30"}},
            {"married_on": "没有这一天，例如 2026 年 3 月 12 日"},
        ),
        ({"answers": {"spouse": "李四", "extra": 1}}, {"extra": "这个事项不用填这一项，请去掉"}),
        ({"files": {}}, {"m1": "请上传身份证"}),
        ({"files": {"m9": [str(uuid.UUID(int=1))]}}, {"m9": "这个事项不要这份材料"}),
        ({"files": {"m1": [str(uuid.UUID(int=1))]}}, {"m1": "没有这份文件，请重新上传"}),
        ({"answers": {}, "files": {}}, {"spouse": "请填配偶姓名", "m1": "请上传身份证"}),
        ({"delivery": "pigeon"}, {"delivery": "请选一种"}),
        ({"delivery": {"method": "ems"}}, {"delivery": "请填收件地址"}),
        ({"company": USCC}, {"company": "您没有登记替这家企业办事，请先登记"}),
        ({"item": GUIDE}, {"item": "这个事项不能在网上申请"}),
        ({"item": "99999999999999"}, {"item": "这个事项不能在网上申请"}),
    ],
)
def test_what_is_wrong_is_said_all_at_once_and_nothing_is_filed(api, given, fields):
    lin = api("lin")

    answer = lin.post("cases/", lin.body(**given), **{"idempotency-key": "k1"})

    assert (answer.status_code, answer.json()["fields"]) == (400, fields)
    assert rows() == (0, 0, 0, 0)


@pytest.mark.parametrize(
    "body",
    [
        [],
        {"item": 5},
        {"item": LICENCE, "answers": [], "files": {"m1": "x"}},
        {"item": LICENCE, "answers": {"spouse": {"a": 1}}},
        {"item": LICENCE, "answers": {"\ud800": "\ud800"}, "files": {"\ud800": []}},
        {"item": LICENCE, "answers": {"spouse": "\x00"}, "delivery": ["window"], "company": "\x00"},
    ],
)
def test_a_malformed_body_is_400_and_never_500(api, body):
    answer = api("lin").post("cases/", body, **{"idempotency-key": "k1"})

    assert answer.status_code == 400
    assert answer.json().keys() == {"detail", "code", "fields"}


def test_a_company_is_applied_for_by_who_acts_for_it(api):
    from cases.hall.models import Case
    from tenants.shared import scope
    from tests.conftest import _hall

    receipt = api("agent").file(REPORT, company=USCC)

    with scope.hall(_hall("east")):
        case = Case.objects.get(number=receipt["number"])
        assert (case.company_uscc, case.company_name, case.applicant_masked) == (
            USCC,
            "示例酿酒有限公司",
            "示例酿酒有限公司",
        )


def test_a_personal_item_is_not_for_companies(api):
    agent = api("agent")

    answer = agent.post("cases/", agent.body(BIRTH, company=USCC), **{"idempotency-key": "k1"})

    assert answer.json()["fields"] == {"company": "这个事项只给个人办，请用您自己的名义申请"}


def test_a_file_is_its_owners_alone_and_goes_to_one_case(api):
    lin, zhou = api("lin"), api("zhou")
    body = lin.body()
    stolen = zhou.post("cases/", body, **{"idempotency-key": "k1"})
    first = lin.post("cases/", body, **{"idempotency-key": "k1"})
    second = lin.post("cases/", body, **{"idempotency-key": "k2"})

    assert (stolen.status_code, first.status_code, second.status_code) == (400, 201, 400)
    assert second.json()["fields"] == {"m1": "没有这份文件，请重新上传"}


@pytest.mark.parametrize(
    ("file", "text"),
    [
        (SimpleUploadedFile("a.jpg", b""), "这份是空的，请重新选"),
        (SimpleUploadedFile("a.jpg", b"MZ\x90" * 100), "只能传 JPG、PNG、HEIC、PDF"),
        (SimpleUploadedFile("a.jpg", b"\xff\xd8\xff" + b"x" * 50), "这个文件打不开，请重新拍"),
    ],
)
def test_a_bad_file_is_refused_by_its_content(api, file, text):
    file.seek(0)
    answer = api("lin").upload(file=file)

    assert (answer.status_code, answer.json()["fields"]["file"]) in [(400, text), (400, [text])]


def test_a_file_says_what_it_is(api):
    answer = api("lin").upload(material="m1").json()

    assert (answer["name"], answer["content_type"], answer["material"]) == ("照片.jpg", "image/jpeg", "m1")


def test_nobody_files_nothing(api):
    nobody = api()

    assert nobody.upload().status_code == 401
    assert nobody.post("cases/", {"item": LICENCE}, **{"idempotency-key": "k"}).status_code == 401
    assert rows() == (0, 0, 0, 0)


def test_a_paper_may_follow_until_the_decision(api):
    lin, zhou, window = api("lin"), api("zhou"), api("east_window")
    number = lin.file(BIRTH)["number"]

    added = lin.upload(f"cases/{number}/files/", material="m2")
    assert added.status_code == 201
    assert lin.upload(f"cases/{number}/files/", material="m9").status_code == 400
    assert zhou.upload(f"cases/{number}/files/", material="m2").status_code == 404
    assert window.upload(f"cases/{number}/files/", material="m2").status_code == 403
    seen = lin.get(f"cases/{number}/").json()
    assert [(file["material"], file["id"]) for file in seen["files"]][1:] == [("m2", added.json()["id"])]
    assert [event["action"] for event in seen["events"]] == ["submit", "add_file"]

    window.act(number, "complete")
    late = lin.upload(f"cases/{number}/files/", material="m2")
    assert (late.status_code, late.json()["code"]) == (409, "not_open")
    assert len(lin.get(f"cases/{number}/").json()["files"]) == 2
