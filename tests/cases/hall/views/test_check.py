"""看一遍再提交: once is once, and a changed item is never filed unseen."""

from tests.cases.hall.views.conftest import text
from tests.template import LICENCE


def sent(case, **given):
    return {"version": case.item_version, "key": f"draft-{case.pk}", "is_true": "on", **given}


def test_the_last_look_shows_everything_with_a_way_to_change_it(lin, made):
    case = made("draft")
    page = text(lin.get(f"/drafts/{case.pk}/check/"))

    assert '<span class="num"><span>110105</span><span>19491231</span><span>002X</span></span>' in page
    assert f'href="/drafts/{case.pk}/form/1/?back=check#id_spouse">改<span class="vh">配偶姓名</span>' in page
    assert f'href="/drafts/{case.pk}/files/#m-m1">换一份' in page
    assert f'href="/drafts/{case.pk}/delivery/?back=check">改' in page


def test_pressed_three_times_it_is_one_case(lin, made, inside):
    from cases.hall.models import Case, Event

    case = made("draft")
    path = f"/drafts/{case.pk}/check/"
    answers = [lin.post(path, sent(case)) for _ in range(3)]

    with inside():
        filed = Case.objects.get()
        assert Event.objects.count() == 1
    assert filed.state == "submitted"
    assert {answer["Location"] for answer in answers} == {f"/cases/{filed.number}/receipt/"}


def test_without_the_promise_nothing_is_filed(lin, made, inside):
    from cases.hall.models import Case

    case = made("draft")
    page = text(lin.post(f"/drafts/{case.pk}/check/", sent(case, is_true="")))

    assert "看过没错，请勾上" in page
    with inside():
        assert Case.objects.get().state == "draft"


def test_what_is_missing_is_said_all_at_once(lin, inside):
    from cases.hall.models import Case

    url = lin.post(f"/items/{LICENCE}/apply/")["Location"]
    with inside():
        case = Case.objects.get()
    page = text(lin.post(f"{url}check/", sent(case)))

    assert "请填配偶姓名" in page
    assert "请上传身份证" in page
    with inside():
        assert Case.objects.get().state == "draft"


def test_an_item_that_changed_is_shown_again_with_everything_typed(lin, made, inside):
    from cases.hall.models import Case
    from catalog.shared.models import SharedItem
    from tenants.shared import scope

    case = made("draft")
    with scope.city():
        SharedItem.objects.filter(code=LICENCE).update(promised_days=3, version=2)
    page = text(lin.post(f"/drafts/{case.pk}/check/", sent(case)))

    assert "事项刚改过：期限变为 3 个工作日。您填的都在，请看一眼。" in page
    assert "李四" in page
    with inside():
        fresh = Case.objects.get()
    assert (fresh.state, fresh.item["promised_days"]) == ("draft", 3)
    assert lin.post(f"/drafts/{case.pk}/check/", sent(fresh)).status_code == 302
    with inside():
        assert Case.objects.get().state == "submitted"


def test_nobody_files_a_draft_of_somebody_else(zhou, made, inside):
    from cases.hall.models import Case

    case = made("draft")

    assert zhou.post(f"/drafts/{case.pk}/check/", sent(case)).status_code == 404
    with inside():
        assert Case.objects.get().state == "draft"
