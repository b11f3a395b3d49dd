"""The pages of an application for several items, as a citizen, a proxy and a clerk see them."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from tests.cases.hall.bundles import making
from tests.cases.hall.making import BIRTH, LICENCE, act, actor, upload

START = "/bundles/restaurant/apply/"


def text(response):
    return response.content.decode()


@pytest.fixture
def inside(east):
    from tenants.shared import scope

    return lambda: scope.hall(east)


@pytest.fixture
def lin(east, hall_client):
    return hall_client(east, "lin")


@pytest.fixture
def filed(inside):
    """``filed()``: a parent and its children, filed today."""

    def make(**given):
        with inside():
            return making.filed(now=timezone.now() - timedelta(minutes=5), **given)

    return make


def test_from_the_bundle_to_the_receipt(lin, inside):
    from cases.hall.models import Case, ParentCase

    page = text(lin.get("/bundles/restaurant/"))
    assert f'href="{START}"' in page

    page = text(lin.get(START))
    assert "卖熟食的才要办" in page
    assert "在本地居住" in page
    parts = {f"part-{BIRTH}": "yes", f"part-{LICENCE}": "yes"}
    answer = lin.post(START, parts)
    draft = answer["Location"]
    page = text(lin.get(draft))
    assert "一起办 2 项" in page

    lin.post(f"{draft}form/1/", {"spouse": "李四"})
    page = text(lin.get(f"{draft}files/"))
    assert "用在：出生登记、小餐馆许可" in page
    lin.post(f"{draft}files/m1/add/", {"upload": upload()})
    lin.post(f"{draft}delivery/", {"method": "window"})
    page = text(lin.get(f"{draft}check/"))
    version = re.search(r'name="version" value="([^"]+)"', page)[1]
    key = re.search(r'name="key" value="([^"]+)"', page)[1]
    answer = lin.post(f"{draft}check/", {"version": version, "key": key, "is_true": "on"})

    with inside():
        parent = ParentCase.objects.get()
        numbers = list(Case.objects.order_by("number").values_list("number", flat=True))
    assert answer["Location"] == f"/cases/{parent.number}/receipt/"
    page = text(lin.get(answer["Location"]))
    assert "一共 2 项，各部门分别办" in page
    assert "收到的材料：身份证" in page
    # pressed again, and whatever page of the draft is asked for, it is the same
    assert lin.post(f"{draft}check/", {"version": version, "key": key, "is_true": "on"})["Location"].endswith(
        f"{parent.number}/receipt/"
    )
    page = text(lin.get(f"/cases/{parent.number}/"))
    assert "2 项中 0 项办结，都在办" in page
    assert all(f"/cases/{number}/" in page for number in numbers)
    assert f"/cases/{parent.number}/" in text(lin.get(f"/cases/{numbers[0]}/"))


def test_one_item_alone_is_refused_with_what_to_do(lin):
    page = lin.post(START, {f"part-{BIRTH}": "yes", f"part-{LICENCE}": "no"})
    assert "至少选两项" in text(page)
    page = lin.post(START, {f"part-{BIRTH}": "yes"})
    assert "请选一种" in text(page) or "必填" in text(page) or "这个字段" in text(page)


def test_what_the_hall_changed_is_shown_before_it_is_filed(lin, inside, east):
    from catalog.hall.services import overrides

    with inside():
        case = making.draft(now=timezone.now())
        overrides.set_value(
            LICENCE,
            "promised_days",
            3,
            by=actor("east_staff", ["branch_staff"]),
            reason="快些",
            now=timezone.now(),
        )
    page = lin.post(f"/drafts/{case.pk}/check/", {"version": case.item_version, "key": "k", "is_true": "on"})
    assert "事项刚改过：小餐馆许可：期限变为 3 个工作日" in text(page)


def test_a_hidden_item_is_named_and_the_rest_cannot_go_alone(lin, inside):
    from catalog.hall.services import overrides

    with inside():
        case = making.draft(now=timezone.now())
        overrides.set_value(
            LICENCE,
            "hidden",
            True,
            by=actor("east_staff", ["branch_staff"]),
            reason="不归我们",
            now=timezone.now(),
        )
    page = lin.post(f"/drafts/{case.pk}/check/", {"version": case.item_version, "key": "k", "is_true": "on"})
    assert "至少选两项" in text(page)
    page = text(lin.get(START))
    assert "不能在网上一起申请" in page
    assert "小餐馆许可" in page
    assert START not in text(lin.get("/bundles/restaurant/"))


def test_a_corrected_paper_is_given_on_by_one_button(lin, inside, filed):
    from cases.hall.models import CaseFile
    from cases.hall.services import corrections, transition

    parent, (birth, licence) = filed()
    with inside():
        points = [{"kind": "material", "key": "m1", "verdict": "unclear", "reason": "看不清"}]
        case = act(licence, "request_correction", timezone.now(), data={"points": points})
    page = text(lin.get(f"/cases/{parent.number}/"))
    assert "2 项中 0 项办结，轮到您：小餐馆许可" in page
    assert f"/cases/{licence.number}/correction/" in page
    with inside():
        by = actor("lin")
        corrections.add_file(case, material_key="m1", upload=upload(), actor=by, now=timezone.now())
        transition.apply(case, "resubmit", by=by, now=timezone.now())

    page = text(lin.get(f"/cases/{parent.number}/"))
    assert "“小餐馆许可”换了新的身份证，“出生登记”也要用。" in page
    url = re.search(r'action="(/cases/\d+/give/[^"]+)"', page)[1]
    assert lin.post(url)["Location"] == f"/cases/{parent.number}/"
    assert "也要用" not in text(lin.get(f"/cases/{parent.number}/"))
    assert lin.post(url).status_code == 409
    with inside():
        assert CaseFile.objects.filter(case=birth).count() == 2


def test_all_are_withdrawn_after_a_question(lin, inside, filed):
    parent, (birth, _licence) = filed()
    with inside():
        act(birth, "not_accept", timezone.now(), reason="不用办")

    page = text(lin.get(f"/cases/{parent.number}/withdraw/"))
    assert "这几项已经有结果，不受影响：出生登记" in page
    assert lin.post(f"/cases/{parent.number}/withdraw/")["Location"] == f"/cases/{parent.number}/"
    assert "2 项都办完了" in text(lin.get(f"/cases/{parent.number}/"))
    assert lin.get(f"/cases/{parent.number}/withdraw/").status_code == 302


def test_the_desk_sees_a_child_with_its_siblings_states_and_no_files(east, hall_client, inside, filed):
    from cases.hall.models import CaseFile

    parent, (birth, licence) = filed()
    window = hall_client(east, "east_window")
    assert "一件事" in text(window.get("/clerk/?queue=all"))

    page = text(window.get(f"/clerk/cases/{licence.number}/"))
    assert "另外 1 项办到哪了" in page
    assert "出生登记" in page
    assert birth.number not in page
    with inside():
        theirs = CaseFile.objects.get(case=birth)
    assert str(theirs.pk) not in page
    assert window.get(f"/cases/{licence.number}/files/{theirs.pk}/").status_code == 404
    assert window.get(f"/cases/{parent.number}/").status_code == 404


def test_number_and_code_show_all_of_them(east, hall_client, filed):
    parent, (birth, _licence) = filed()

    page = text(hall_client(east).post("/track/", {"number": parent.number, "code": birth.query_code}))
    assert "出生登记" in page
    assert "小餐馆许可" in page
    assert "李四" not in page


def test_me_shows_one_line_for_all(portal_client, inside, filed):
    parent, (_birth, licence) = filed()
    page = text(portal_client("lin").get("/me/"))
    assert page.count("开小餐馆一件事") == 1
    assert "2 项中 0 项办结" in page
    assert f"cases%2F{parent.number}" in page

    with inside():
        points = [{"kind": "material", "key": "m1", "verdict": "unclear", "reason": "看不清"}]
        act(licence, "request_correction", timezone.now(), data={"points": points})
    page = text(portal_client("lin").get("/me/"))
    assert "2 项中 0 项办结，轮到您：小餐馆许可" in page
    assert page.count("开小餐馆一件事") == 1


@pytest.mark.parametrize("number", [1, 2])
def test_the_statements_of_the_page_do_not_depend_on_how_many_children(lin, east, number, inside, filed):
    from django.db import connections
    from django.test.utils import CaptureQueriesContext

    parent, children = filed()
    if number == 1:
        with inside():
            from cases.hall.models import Case

            Case.objects.filter(pk=children[1].pk).update(parent=None, bundle="")
    lin.get(f"/cases/{parent.number}/")
    with CaptureQueriesContext(connections["default"]) as seen:
        lin.get(f"/cases/{parent.number}/")
    assert len([row for row in seen if row["sql"].startswith("SELECT")]) == STATEMENTS


STATEMENTS = 9


def test_a_proxy_begins_it_under_a_mandate_and_is_told_what_to_leave_out(east, hall_client, inside):
    from catalog.shared.models import Bundle, SharedItem
    from tenants.shared import scope
    from tests.cases.hall import mandating

    now = timezone.now()
    with scope.city():
        Bundle.objects.update(audience="personal")
    with inside():
        mandating.term(now=now)
        mandate = mandating.in_force(now=now)
    zhou = hall_client(east, "zhou")
    page = text(zhou.get(f"/proxy/{mandate.pk}/"))
    assert f"{START}?for={mandate.pk}" in page

    with scope.city():
        SharedItem.objects.filter(code=BIRTH).update(proxy_allowed=False)
    parts = {f"part-{BIRTH}": "yes", f"part-{LICENCE}": "yes"}
    answer = zhou.post(f"{START}?for={mandate.pk}", parts)
    assert "“出生登记”要本人办，不能代办，请去掉再办其余的" in text(answer)
    with scope.city():
        SharedItem.objects.filter(code=BIRTH).update(proxy_allowed=True)
    draft = zhou.post(f"{START}?for={mandate.pk}", parts)["Location"]
    assert "代陶老汉办" in text(zhou.get(draft))
