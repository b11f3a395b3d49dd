"""A draft, page by page."""

import pytest

from tests.cases.hall.views.conftest import text
from tests.template import LICENCE

PAGES = ("", "form/1/", "files/", "delivery/", "check/")


@pytest.mark.parametrize("page", PAGES)
def test_a_draft_is_its_owners_alone(page, made, east, west, lin, zhou, window, hall_client):
    case = made("draft")
    path = f"/drafts/{case.pk}/{page}"

    assert lin.get(path).status_code == 200
    assert zhou.get(path).status_code == 404
    assert window.get(path).status_code == 404
    assert hall_client(west, "lin").get(path).status_code == 404
    assert hall_client(east).get(path)["Location"].startswith("/come-in/?next=%2Fdrafts%2F")


@pytest.mark.parametrize("page", PAGES)
def test_a_page_of_a_filed_draft_leads_to_its_receipt(page, made, lin):
    case = made("submitted")

    assert lin.get(f"/drafts/{case.pk}/{page}")["Location"] == f"/cases/{case.number}/receipt/"


def test_the_task_list_tells_what_is_left(lin):
    url = lin.post(f"/items/{LICENCE}/apply/", {"company": ""})["Location"]
    page = text(lin.get(url))

    assert page.count('<span class="tag warn">没填</span>') == 3
    assert "等前一步" in page
    assert "前不提交会删除" in page


def test_an_empty_form_gets_an_error_at_each_field_and_one_on_top(lin, made):
    case = made("draft")
    page = text(
        lin.post(
            f"/drafts/{case.pk}/form/1/", {"spouse": "", "married_on_year": "2026", "married_on_month": "13"}
        )
    )

    assert "<title>错误：双方" in page
    assert '<a href="#id_spouse">请填配偶姓名</a>' in page
    assert '<a href="#id_married_on_year">' in page
    assert "没有这一天，例如 2026 年 3 月 12 日" in page


def test_what_is_good_is_kept_although_something_else_is_wrong(lin, made, inside):
    from cases.hall.models import Case

    case = made("draft")
    wrong = {"married_on_year": "2026", "married_on_month": "13", "married_on_day": "1"}
    page = text(lin.post(f"/drafts/{case.pk}/form/1/", {"spouse": "王小花", **wrong}))

    assert 'value="13"' in page
    with inside():
        assert Case.objects.get().answers == {"spouse": "王小花"}


def test_an_emptied_answer_is_gone(lin, made, inside):
    from cases.hall.models import Case

    case = made("draft")
    day = {"married_on_year": "2020", "married_on_month": "2", "married_on_day": "9"}
    lin.post(f"/drafts/{case.pk}/form/1/", {"spouse": "李四", **day})
    with inside():
        assert Case.objects.get().answers == {"spouse": "李四", "married_on": "2020-02-09"}
    lin.post(f"/drafts/{case.pk}/form/1/", {"spouse": "李四"})
    with inside():
        assert Case.objects.get().answers == {"spouse": "李四"}


def test_going_on_leads_to_the_next_step_or_back_to_the_last_look(lin, made):
    case = made("draft")
    lin.post(f"/drafts/{case.pk}/delivery/", {"method": "window"})
    path = f"/drafts/{case.pk}/form/1/"

    assert lin.post(path, {"spouse": "李四"})["Location"] == f"/drafts/{case.pk}/files/"
    assert lin.post(f"{path}?back=check", {"spouse": "李四"})["Location"] == f"/drafts/{case.pk}/check/"
    assert lin.post(path, {"spouse": "", "later": "1"})["Location"] == f"/drafts/{case.pk}/"


def test_a_parcel_needs_an_address_and_the_window_needs_nothing(lin, made, inside):
    from cases.hall.models import Case

    case = made("draft")
    path = f"/drafts/{case.pk}/delivery/"

    assert "请填收件地址" in text(lin.post(path, {"method": "ems"}))
    assert "请选一种" in text(lin.post(path, {"method": "pigeon"}))
    assert lin.post(path, {"method": "ems", "address": "城西路 2 号"}).status_code == 302
    with inside():
        assert Case.objects.get().delivery == {"method": "ems", "address": "城西路 2 号"}
    lin.post(path, {"method": "window", "address": "忘了删的地址", "phone": "1"})
    with inside():
        assert Case.objects.get().delivery == {"method": "window"}


def test_discarding_is_the_owners_and_a_post(lin, zhou, made, inside):
    from cases.hall.models import Case

    case = made("draft")
    path = f"/drafts/{case.pk}/discard/"

    assert zhou.post(path).status_code == 404
    assert lin.get(path).status_code == 405
    with inside():
        assert Case.objects.count() == 1
    assert lin.post(path)["Location"] == f"/items/{LICENCE}/apply/"
    with inside():
        assert Case.objects.count() == 0


def test_a_form_of_more_than_seven_fields_is_cut_where_sections_end():
    from cases.hall.forms.questions import pages

    def fields(section, count):
        return [{"name": f"{section}{n}", "section": section, "type": "text"} for n in range(count)]

    found = pages([*fields("甲", 4), *fields("乙", 3), *fields("丙", 2), *fields("丁", 9)])

    assert [(page.title, len(page.fields)) for page in found] == [
        ("填表（1/4）", 7),
        ("丙", 2),
        ("丁", 7),
        ("丁", 2),
    ]
