"""The staff's pages of wordings and of notices."""

import pytest
from django.utils import timezone

from tests.cases.hall.views.conftest import text
from tests.template import LICENCE

WORDING = {
    "seen": "0",
    "title": "",
    "body": "您申请的{事项}收下了。",
    "note": "",
    "head": "red",
    "size": "normal",
}


@pytest.fixture
def staff(east, hall_client):
    return hall_client(east, "east_staff")


@pytest.fixture
def admin(east, hall_client):
    return hall_client(east, "east_admin")


def test_one_edits_looks_at_the_sample_and_another_publishes(staff, admin, window, made, lin):
    assert "市里的标准" in text(staff.get("/staff/papers/"))
    assert staff.post("/staff/papers/accept/", WORDING)["Location"] == "/staff/papers/accept/?saved=1"

    sample = staff.get("/staff/papers/accept/sample.pdf")
    assert (sample["Content-Type"], sample.content[:5]) == ("application/pdf", b"%PDF-")
    assert "等核对" in text(window.get("/staff/papers/"))
    page = text(admin.get("/staff/papers/accept/"))
    assert "请核对，没问题就发布" in page
    assert (
        admin.post("/staff/papers/accept/publish/", {"seen": "1"})["Location"]
        == "/staff/papers/accept/?published=1"
    )
    assert "本厅第 1 版" in text(staff.get("/staff/papers/"))

    case = made("at", "accepted", now=timezone.now())
    answer = lin.get(f"/cases/{case.number}/papers/{made_event(case)}/")
    assert "您申请的小餐馆许可收下了。" in _words(answer.content)


def made_event(case):
    from tenants.shared import queries, scope

    hall = next(hall for hall in queries.halls() if hall.key == "east")
    with scope.hall(hall):
        return case.events.get(action="accept").pk


def _words(content):
    from io import BytesIO

    from pypdf import PdfReader

    return "".join("".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages).split())


def test_an_unknown_variable_is_refused_at_its_field_and_what_was_typed_stays(staff):
    answer = staff.post("/staff/papers/accept/", {**WORDING, "body": "好\n{没有的}"})
    page = text(answer)

    assert answer.status_code == 422
    assert "第 2 行：没有“{没有的}”" in page
    assert "{承诺日期}" in page
    assert "好\n{没有的}" in page


def test_an_item_has_a_wording_of_its_own(staff):
    assert (
        staff.get(f"/staff/papers/item/?kind=accept&item={LICENCE}")["Location"]
        == f"/staff/papers/accept/?item={LICENCE}"
    )
    assert "没有这个事项" in text(staff.get("/staff/papers/item/?kind=accept&item=1"))
    address = f"/staff/papers/accept/?item={LICENCE}"
    staff.post(address, WORDING)

    assert "小餐馆许可" in text(staff.get("/staff/papers/"))
    assert "小餐馆许可" in text(staff.get(address))


def test_a_notice_is_read_and_seen_to(east, inside, made, window):
    from cases.hall.paperwork import NoticeKind
    from cases.hall.services import staff_notices
    from tests.template import NOW

    case = made("submitted")
    with inside():
        told = {"title": "受理通知书", "document_no": "示(东)受〔2026〕00001号", "variable": "依据"}
        staff_notices.tell(NoticeKind.LAYOUT, "1", case, data=told, now=NOW)
        staff_notices.tell(NoticeKind.PAPER, "2", case, data=told, now=NOW)
        staff_notices.tell(
            NoticeKind.OPINION, "3", case, data={"department": "住建局", "due_on": "2026-03-05"}, now=NOW
        )
        pk = staff_notices.StaffNotice.objects.get(subject="1").pk
    page = text(window.get("/staff/notices/"))
    for words in ("这件没有“依据”", "文件还没做出来", "住建局该在3月5日 周四前答复"):
        assert words in page

    assert window.post(f"/staff/notices/{pk}/done/")["Location"] == "/staff/notices/"
    assert "这件没有“依据”" not in text(window.get("/staff/notices/"))
    assert "东窗口" in text(window.get("/staff/notices/?done=1"))


def test_a_paper_that_is_being_made_says_so_to_its_applicant(made, lin, monkeypatch):
    from cases.hall.services import papers
    from cases.shared import signing

    def away(*_args, **_given):
        raise signing.CannotSign("TokenNotPresent")

    monkeypatch.setattr(papers.signing, "sign", away)
    monkeypatch.setattr(papers.signing, "is_near", lambda: False)
    case = made("at", "granted")
    answer = lin.get(f"/cases/{case.number}/result.pdf")

    assert answer.status_code == 202
    assert "决定已经作出，文件正在盖章" in text(answer)
    assert "准予决定书正在制作" in text(lin.get(f"/cases/{case.number}/"))
