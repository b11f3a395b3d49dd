"""One-time correction on pages: the clerk's form, the applicant's copy, the old beside the new; the explained date."""

import pytest

from tests.cases.hall.making import NOW, actor, upload
from tests.cases.hall.views.conftest import text

NOTICE = {
    "material__m1__verdict": "unclear",
    "material__m1__reason": "",
    "material__m1__where": "四个角",
    "material__m2__verdict": "",
    "field__spouse__verdict": "wrong",
    "field__spouse__reason": "和结婚证不一样",
    "field__married_on__verdict": "",
}


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    from django.utils import timezone

    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.fixture
def case(made):
    return made("submitted")


def of(case):
    from cases.hall.models import Case

    return Case.objects.get(pk=case.pk)


def ask(window, case, **given):
    return window.post(
        f"/clerk/cases/{case.number}/request_correction/", {"seen": case.revision, **NOTICE, **given}
    )


def test_a_clerk_gives_a_verdict_on_each_material_and_answer(window, case, inside):
    page = text(window.get(f"/clerk/cases/{case.number}/request_correction/"))
    for name in ("身份证", "结婚证", "配偶姓名", "结婚日期"):
        assert f"<h2>{name}</h2>" in page

    assert ask(window, case).url == f"/clerk/cases/{case.number}/?done=request_correction"

    with inside():
        case = of(case)
        points = case.corrections.get().points.order_by("position")
        assert [(p.key, p.verdict, p.where) for p in points] == [
            ("m1", "unclear", "四个角"),
            ("spouse", "wrong", ""),
        ]


def test_a_notice_without_a_point_is_refused_on_the_page(window, case, inside):
    answer = ask(window, case, material__m1__verdict="", field__spouse__verdict="")

    assert "请至少指出一处" in text(answer)
    with inside():
        assert of(case).state == "submitted"


def test_the_second_clerk_sees_what_the_first_did_and_loses_no_typing(window, case, inside):
    from cases.hall.services import transition

    with inside():
        transition.apply(case, "pre_review", by=actor("west_window", ["window"]), now=NOW)
    answer = ask(window, case)

    assert answer.status_code == 409
    assert "西窗口刚处理了这件：开始看材料" in text(answer)
    assert "和结婚证不一样" in text(answer)
    # sent again from the page as it is now, it counts
    with inside():
        seen = of(case).revision
    assert ask(window, case, seen=seen).status_code == 302


def test_the_applicant_answers_in_a_copy_and_hands_it_in_once(window, lin, case, inside):
    ask(window, case)
    assert f"/cases/{case.number}/correction/" in text(lin.get(f"/cases/{case.number}/"))
    url = f"/cases/{case.number}/correction/"
    page = text(lin.get(url))
    assert "补 2 处材料" in page
    assert "还有 2 处没补" in page

    # typed and kept, not sent
    assert lin.post(url, {"spouse": "王五"}).status_code == 302
    lin.post(f"{url}m1/add/", {"upload": upload("清楚.jpg")})
    page = text(lin.get(url))
    assert page.count("还没交") == 3
    with inside():
        assert of(case).answers == {"spouse": "李四"}

    assert lin.post(url, {"spouse": "王五", "send": "1"}).url == f"/cases/{case.number}/"
    with inside():
        assert (of(case).state, of(case).answers) == ("submitted", {"spouse": "王五"})
    # pressed again it leads to the case
    assert lin.post(f"{url}send/").url == f"/cases/{case.number}/"

    shown = text(window.get(f"/clerk/cases/{case.number}/"))
    assert "补正改了什么" in shown
    for words in ("李四", "王五", "照片.jpg", "清楚.jpg", "和结婚证不一样"):
        assert words in shown


def test_what_is_missing_is_said_and_nothing_is_sent(window, lin, case, inside):
    ask(window, case)

    answer = lin.post(f"/cases/{case.number}/correction/", {"spouse": "王五", "send": "1"})

    assert (answer.status_code, "身份证看不清" in text(answer)) == (422, True)
    with inside():
        assert of(case).state == "correction"


def test_a_file_is_taken_out_of_the_copy_again(window, lin, zhou, case, inside):
    ask(window, case)
    url = f"/cases/{case.number}/correction/"
    lin.post(f"{url}m1/add/", {"upload": upload()})
    with inside():
        from cases.hall.models import CaseFile

        pk = CaseFile.objects.get(case=None, correction__case=case).pk

    assert zhou.post(f"{url}{pk}/remove/").status_code == 404
    assert lin.post(f"{url}{pk}/remove/").url == url
    with inside():
        assert CaseFile.objects.get(pk=pk).removed_at == NOW


def test_a_case_is_withdrawn_on_a_page_of_its_own(lin, zhou, case, inside):
    url = f"/cases/{case.number}/act/withdraw/"
    assert "不能恢复" in text(lin.get(url))
    assert zhou.post(url).status_code == 404

    assert lin.post(url).url == f"/cases/{case.number}/"
    with inside():
        assert of(case).state == "withdrawn"
    assert lin.get(url).url == f"/cases/{case.number}/"


def test_a_date_is_explained_line_by_line_with_its_ground(lin, window, zhou, case):
    for client in (lin, window):
        page = text(client.get(f"/cases/{case.number}/clock/"))
        assert "开始计时：5 个工作日，当天不算" in page
        assert "《中华人民共和国行政许可法》第三十二条" in page
    assert zhou.get(f"/cases/{case.number}/clock/").status_code == 404


def test_the_steps_beside_the_straight_way_have_their_forms(made, east, hall_client, inside):
    case = made("at", "review")
    approver = hall_client(east, "east_approver")

    page = text(approver.get(f"/clerk/cases/{case.number}/"))
    for label in ("申请延期", "问别的部门", "终止"):
        assert label in page
    assert "几天" in text(approver.get(f"/clerk/cases/{case.number}/extend/"))
    sent = {"seen": case.revision, "reason": "等数据", "days": "5"}
    assert approver.post(f"/clerk/cases/{case.number}/extend/", sent).status_code == 302

    head = hall_client(east, "east_head")
    page = text(head.get(f"/clerk/cases/{case.number}/"))
    assert "申请的理由：等数据" in page
    assert head.post(f"/clerk/cases/{case.number}/extend/", {"seen": case.revision + 1}).status_code == 302
    with inside():
        assert of(case).state == "extended"
