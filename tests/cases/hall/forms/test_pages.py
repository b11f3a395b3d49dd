"""Applying with conditions and groups, without scripts."""

import pytest

from tests.cases.hall import making
from tests.cases.hall.forms.conftest import FORM, TWO, WHOLE, row
from tests.cases.hall.views.conftest import text
from tests.template import LICENCE

ABLE = {"able-of_age": "yes", "company": "self"}


def case_of():
    from cases.hall.models import Case

    return Case.objects.get()


@pytest.fixture
def begun(lin):
    """The address of a draft that was just begun."""
    return lin.post(f"/items/{LICENCE}/apply/", ABLE)["Location"]


def entries(*given):
    """A posted page of children."""
    found = {"children.rows": str(len(given))}
    for number, entry in enumerate(given):
        found |= {f"children.{number}.{name}": value for name, value in entry.items()}
    return found


def test_who_may_not_is_told_why_and_what_else_before_anything_is_filled_in(lin, inside):
    from cases.hall.models import Case

    path = f"/items/{LICENCE}/apply/"
    assert "满 18 岁了吗" in text(lin.get(path))
    refused = text(lin.post(path, {**ABLE, "able-of_age": "no"}))
    unanswered = text(lin.post(path, {"company": "self"}))

    assert "“满 18 岁了吗”您选的是“不是”。满 18 岁才能办，满了再来。" in refused
    assert '<a href="#id_able-of_age_0">' in unanswered
    with inside():
        assert Case.objects.count() == 0
    assert lin.post(path, ABLE)["Location"].startswith("/drafts/")
    # who has begun is not asked again
    assert "满 18 岁了吗" not in text(lin.get(path))


def test_a_closed_question_is_hidden_and_not_demanded_and_comes_when_it_is_opened(lin, begun, inside):
    page = f"{begun}form/1/"
    first = text(lin.get(page))
    assert 'data-when="has_children" data-values="[&quot;no&quot;]" hidden disabled' in first

    asked_again = lin.post(page, {"spouse": "李四", "has_children": "no"})
    assert asked_again["Location"] == f"{page}#id_why_none"
    second = text(lin.get(page))
    assert 'data-values="[&quot;no&quot;]" hidden' not in second
    missed = text(
        lin.post(page, {"spouse": "李四", "has_children": "no", "shown": "why_none", "why_none": ""})
    )
    assert "请填打算什么时候要" in missed
    done = lin.post(page, {"spouse": "李四", "has_children": "no", "shown": "why_none", "why_none": "明年"})
    assert done["Location"].startswith(f"{begun}")
    with inside():
        assert case_of().answers == {"spouse": "李四", "has_children": False, "why_none": "明年"}


def test_a_page_that_nothing_opens_is_no_task_and_cannot_be_opened(lin, begun):
    lin.post(
        f"{begun}form/1/", {"spouse": "李四", "has_children": "no", "shown": "why_none", "why_none": "明年"}
    )
    assert f'href="{begun}form/2/"' not in text(lin.get(begun))
    assert lin.get(f"{begun}form/2/")["Location"] == begun

    lin.post(f"{begun}form/1/", {"spouse": "李四", "has_children": "yes"})
    assert f'<a href="{begun}form/2/">孩子</a>' in text(lin.get(begun))


def test_entries_are_added_removed_and_kept_by_plain_posts(lin, begun, inside):
    lin.post(f"{begun}form/1/", {"spouse": "李四", "has_children": "yes"})
    page = f"{begun}form/2/"
    assert "第 1 个孩子" in text(lin.get(page))

    more = text(lin.post(page, {**entries({"child": "一", "adopted": "no"}), "act": "children:add:1"}))
    assert 'name="children.rows" value="2"' in more
    assert 'value="一"' in more
    assert "第 1 个孩子：一" in more
    with inside():
        assert case_of().answers["children"] == [{"child": "一", "adopted": False}]

    sent = entries({"child": "一", "adopted": "no"}, {"child": "二", "adopted": "yes"})
    assert lin.post(page, sent)["Location"] == f"{page}#id_children.1.adopted_on"
    day = {
        f"children.1.adopted_on_{part}": value
        for part, value in (("year", "2020"), ("month", "5"), ("day", "1"))
    }
    lin.post(page, {**sent, **day})
    with inside():
        assert case_of().answers["children"] == TWO

    less = text(lin.post(page, {**sent, **day, "act": "children:remove:0"}))
    assert 'name="children.rows" value="1"' in less
    assert 'value="二"' in less
    with inside():
        assert case_of().answers["children"] == TWO[1:]


def test_an_error_of_an_entry_stands_at_its_box_and_on_top(lin, begun):
    lin.post(f"{begun}form/1/", {"spouse": "李四", "has_children": "yes"})
    page = text(lin.post(f"{begun}form/2/", entries({"child": "", "child_id": "123", "adopted": "no"})))

    assert '<a href="#id_children.0.child_id">孩子身份证号：身份证号要 18 位，现在是 3 位</a>' in page
    assert '<a href="#id_children.0.child">' in page
    empty = text(lin.post(f"{begun}form/2/", entries({"child": "", "adopted": ""})))
    assert "请至少填 1 个孩子" in empty
    assert '<a href="#id_children.rows">' in empty


def test_the_last_look_and_the_case_say_each_entry_and_nothing_closed(lin, window, made, inside):
    case = made("draft")
    from cases.hall.services import drafts

    hidden = {**WHOLE, "why_none": "不会存"}
    with inside():
        drafts.save_answers(case, hidden, actor=making.actor("lin"), now=making.NOW)
        drafts.set_delivery(case, {"method": "window"}, actor=making.actor("lin"), now=making.NOW)
    page = text(lin.get(f"/drafts/{case.pk}/check/"))

    assert page.index("孩子：第 1 个") < page.index("孩子：第 2 个")
    assert "2020年5月1日" in page
    assert "不会存" not in page
    sent = {"version": case.item_version, "key": f"draft-{case.pk}", "is_true": "on"}
    receipt = lin.post(f"/drafts/{case.pk}/check/", sent)["Location"]
    with inside():
        filed = case_of()
        assert filed.answers == {**WHOLE, "contact_phone": making.applicant().phone}
        assert filed.to_check == {}
    # pressed again and again it is the same case
    assert {lin.post(f"/drafts/{case.pk}/check/", sent)["Location"] for _time in range(3)} == {receipt}
    assert "孩子：第 2 个" in text(window.get(f"/clerk/cases/{filed.number}/"))
    asked = text(window.get(f"/clerk/cases/{filed.number}/request_correction/"))
    assert "field__children__verdict" in asked
    assert "field__why_none__verdict" not in asked
    assert "field__child__verdict" not in asked


def test_what_changed_in_the_item_is_said_on_the_draft_and_taken_by_a_word(lin, publish, begun, inside):
    lin.post(
        f"{begun}form/1/", {"spouse": "李四", "has_children": "no", "shown": "why_none", "why_none": "明年"}
    )
    changed = [
        {**found, "label": "爱人姓名"} if found["name"] == "spouse" else found
        for found in FORM
        if found["name"] != "why_none"
    ]
    publish([*changed, row("job", "工作", "text")], promised_days=3, materials=[])
    page = text(lin.get(begun))

    for line in (
        "多了一个问题：工作",
        "不再问：打算什么时候要",
        "问题改过：爱人姓名",
        "少交一份材料：身份证",
        "期限变为 3 个工作日",
    ):
        assert line in page
    with inside():
        assert case_of().answers["why_none"] == "明年"
    assert lin.post(f"{begun}seen/")["Location"] == begun
    after = text(lin.get(begun))
    assert "事项刚改过" not in after
    assert "请看一遍" in after or "没填" in after
    assert "这个问题改过，请再看一遍" in text(lin.get(f"{begun}form/1/"))
    with inside():
        assert case_of().answers == {"spouse": "李四", "has_children": False}
        assert case_of().to_check == {"spouse": "changed"}


def test_an_item_that_is_gone_leads_on_and_what_was_typed_can_be_copied(lin, publish, begun):
    lin.post(
        f"{begun}form/1/", {"spouse": "李四", "has_children": "no", "shown": "why_none", "why_none": "明年"}
    )
    publish(status="cancelled", successor=making.BIRTH)
    page = text(lin.get(begun))

    assert "这个事项现在不能在网上办了" in page
    assert f'href="/items/{making.BIRTH}/"' in page
    assert "明年" in page


def test_a_draft_tells_a_week_before_that_it_goes(lin, begun, inside):
    from datetime import timedelta

    from django.utils import timezone

    from cases.hall.models import Case

    assert "就再留 90 天" not in text(lin.get(begun))
    with inside():
        Case.objects.update(updated_at=timezone.now() - timedelta(days=84))
    assert "就再留 90 天" in text(lin.get(begun))
