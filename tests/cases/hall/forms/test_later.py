"""Conditions and groups after submission: corrections in a copy, mending at the window, the API."""

import pytest

from tests.cases.hall import making
from tests.cases.hall.api.conftest import Api
from tests.cases.hall.forms.conftest import FORM, TWO, WHOLE
from tests.cases.hall.views.conftest import text
from tests.template import LICENCE, NOW

NONE_YET = {"spouse": "李四", "has_children": False, "why_none": "明年"}


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    from django.utils import timezone

    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.fixture
def filed(made, inside):
    from cases.hall.services import drafts, submit

    def file(answers):
        with inside():
            case = making.draft()
            drafts.save_answers(case, answers, actor=making.actor("lin"), now=NOW)
            drafts.set_delivery(case, {"method": "window"}, actor=making.actor("lin"), now=NOW)
            return submit.submit(
                case,
                actor=making.actor("lin"),
                applicant=making.applicant(),
                version=case.item_version,
                idempotency_key="k",
                now=NOW,
            )

    return file


def ask(case, *points):
    from cases.hall.services import transition

    wrong = [{"kind": "field", "key": key, "verdict": "wrong", "reason": "不对"} for key in points]
    return transition.apply(
        case,
        "request_correction",
        by=making.actor("east_window", ["window"]),
        now=NOW,
        data={"points": wrong},
    )


def answers_of(case):
    case.refresh_from_db()
    return {name: value for name, value in case.answers.items() if name != "contact_phone"}


def test_a_corrected_answer_opens_its_followers_and_closes_what_it_had_opened(filed, lin, inside):
    case = filed(NONE_YET)
    with inside():
        case = ask(case, "has_children", "why_none")
    path = f"/cases/{case.number}/correction/"
    lin.post(path, {"has_children": "yes", "shown": "why_none", "why_none": "明年"})
    page = text(lin.get(path))
    assert "改了以后还要填" in page
    assert "改了别的，这一项不用填了。" in page
    assert "改了以后还要填孩子" in text(lin.post(f"{path}send/"))
    with inside():
        assert answers_of(case) == NONE_YET

    child = {"children.rows": "1", "children.0.child": "一", "children.0.adopted": "no"}
    sent = lin.post(path, {"has_children": "yes", **child, "send": "1"})
    assert sent["Location"] == f"/cases/{case.number}/"
    with inside():
        assert answers_of(case) == {**WHOLE, "children": TWO[:1]}


def test_a_group_is_corrected_whole_and_both_lists_are_kept_side_by_side(filed, lin, window, inside):
    case = filed(WHOLE)
    with inside():
        case = ask(case, "children")
    path = f"/cases/{case.number}/correction/"
    sent = {"children.rows": "2"}
    for number, entry in enumerate(TWO):
        sent |= {f"children.{number}.child": entry["child"], f"children.{number}.adopted": "no"}
    page = text(lin.post(path, {**sent, "act": "children:add:2"}))
    assert 'name="children.rows" value="3"' in page
    lin.post(path, {**sent, "send": "1"})
    desk = text(window.get(f"/clerk/cases/{case.number}/"))

    assert "第 2 个：孩子姓名 二，是收养的吗 是，收养日期 2020年5月1日" in desk
    assert "第 2 个：孩子姓名 二，是收养的吗 不是" in desk
    with inside():
        assert answers_of(case)["children"][1] == {"child": "二", "adopted": False}


def test_mending_at_the_window_opens_nothing_that_the_applicant_must_answer(filed, inside):
    from cases.hall.services import mending, refusals

    case = filed(WHOLE)
    with inside():
        # no name, no list of people, nothing that is closed
        assert set(mending.mendable(case)) == {"has_children", "contact_phone"}
        with pytest.raises(refusals.DataNeeded) as refusal:
            mending.clean(case, {"field": "has_children", "value": "no", "consent": "here"}, NOW)
    assert refusal.value.fields == {"value": "改了以后还要填打算什么时候要，请要求补材料"}


def test_the_form_by_api_says_conditions_and_groups():
    form = Api().get(f"items/{LICENCE}/form/").json()
    by_name = {row["name"]: row for row in form["fields"]}

    assert form["eligibility"] == [{"question": "满 18 岁了吗", "otherwise": "满 18 岁才能办，满了再来。"}]
    assert list(by_name) == ["spouse", "has_children", "why_none", "contact_phone", "children"]
    assert by_name["why_none"]["when"] == {"question": "has_children", "values": ["no"]}
    assert by_name["children"]["repeat"] == {"min": 1, "max": 3, "label": "孩子"}
    assert [row["name"] for row in by_name["children"]["fields"]] == [
        "child",
        "child_id",
        "adopted",
        "adopted_on",
    ]
    assert by_name["spouse"]["repeat"] is None


def test_filing_by_api_drops_what_is_closed_and_names_what_is_wrong_in_an_entry(inside):
    from cases.hall.models import Case

    api = Api("lin")
    body = api.body(answers={**WHOLE, "why_none": "不会存"})
    wrong = {**body, "answers": {**WHOLE, "children": [TWO[0], {"child": "二", "adopted": True, "x": 1}]}}
    refusal = api.post("cases/", wrong, **{"idempotency-key": "a"})
    assert refusal.status_code == 400
    assert refusal.json()["fields"] == {
        "children.1.adopted_on": "请填收养日期",
        "children.1.x": "这个事项不用填这一项，请去掉",
    }
    version = api.get(f"items/{LICENCE}/form/").json()["version"]
    old = api.post("cases/", {**body, "version": "0"}, **{"idempotency-key": "b"})
    assert (old.status_code, old.json()["code"]) == (409, "item_changed")
    first = api.post("cases/", {**body, "version": version}, **{"idempotency-key": "c"})
    for _time in range(5):
        assert (
            api.post("cases/", {**body, "version": version}, **{"idempotency-key": "c"}).json()
            == first.json()
        )
    with inside():
        assert [case.answers for case in Case.objects.all()] == [WHOLE]


def test_staff_see_ids_within_groups_masked_until_they_ask(filed, inside):
    number = "349901200001010015"
    from accounts.validators import id_problem

    if id_problem(number, NOW.date()):
        number = next(
            f"34990120000101001{last}"
            for last in "0123456789X"
            if not id_problem(f"34990120000101001{last}", NOW.date())
        )
    case = filed({**WHOLE, "children": [{**TWO[0], "child_id": number}]})
    seen = Api("east_window").get(f"cases/{case.number}/").json()["answers"]["children"][0]["child_id"]
    whole = (
        Api("east_window").get(f"cases/{case.number}/applicant/").json()["answers"]["children"][0]["child_id"]
    )

    assert "*" in seen
    assert whole == number
    assert Api("lin").get(f"cases/{case.number}/").json()["answers"]["children"][0]["child_id"] == number


def test_a_draft_by_api_is_begun_found_again_and_checked(publish, inside):
    from cases.hall.models import Case

    api = Api("lin")
    first = api.post("drafts/", {"item": LICENCE}).json()
    assert api.post("drafts/", {"item": LICENCE}).json()["id"] == first["id"]
    assert first["missing"] == ["spouse", "has_children"]
    path = f"/api/v1/drafts/{first['id']}/"

    def patch(**body):
        return api.client.patch(path, body, content_type="application/json")

    wrong = patch(answers={"spouse": "李四", "has_children": True, "children": [{"child_id": "1"}]})
    assert wrong.status_code == 400
    assert list(wrong.json()["fields"]) == ["children.0.child_id"]
    with inside():
        assert "spouse" not in Case.objects.get().answers
    good = patch(
        answers={"spouse": "李四", "has_children": True, "why_none": "不会存"}, delivery="window"
    ).json()
    assert good["missing"] == ["children"]
    assert good["delivery"] == {"method": "window"}
    assert "why_none" not in good["answers"]
    assert "spouse" not in patch(answers={"spouse": None}).json()["answers"]

    publish([row for row in FORM if row["name"] != "why_none"])
    told = api.get(f"drafts/{first['id']}/").json()
    assert told["changes"] == ["不再问：打算什么时候要"]
    assert patch(seen="another").status_code == 409
    seen = patch(seen=told["version_now"]).json()
    assert (seen["changes"], seen["version"]) == ([], told["version_now"])
    assert Api("zhou").get(f"drafts/{first['id']}/").status_code == 404
    assert api.client.delete(path).status_code == 204
    assert api.get(f"drafts/{first['id']}/").status_code == 404
