"""The whole life of a case beside its straight way: special procedures, extension, withdrawal, ends, what comes after."""

from datetime import date, timedelta

import pytest

from tests.cases.hall.making import BIRTH, NOW, act, actor, at, submitted, upload
from tests.cases.hall.services.test_transition import everything, fresh, refused, steps

pytestmark = pytest.mark.usefixtures("in_east")

MENDED = {"field": "married_on", "value": "2020-05-20", "consent": "here"}
HEARING = [{"key": "p1", "kind": "听证", "days": 20, "basis": "示例条例第五条"}]


def listing(case, **facts):
    """Give the case an item that says this."""
    case.item = {**case.item, **facts}
    case.save(update_fields=["item"])
    return case


def texts(case):
    from cases.hall.models import Outbox

    return [row.text for row in Outbox.objects.filter(event__case=case).order_by("event__sequence")]


def in_order(case):
    from cases.hall import checks
    from cases.hall.queries import calendar, ledger

    case = fresh(case)
    assert ledger.cached(case) == ledger.facts(ledger.entries(case), calendar.current())
    assert list(checks.states_follow_events(None)) == []
    assert list(checks.pointers_follow_cases(None)) == []
    assert list(checks.marks_follow_rows(None)) == []
    return case


def by_applicant(case, action, now=NOW, **given):
    from cases.hall.services import transition

    return transition.apply(case, action, by=actor("lin"), now=now, **given)


def test_a_special_procedure_pauses_both_clocks_and_the_days_left_come_back():
    case = listing(at("review"), special_procedures=HEARING)

    case = act(
        case,
        "special",
        NOW + timedelta(days=1),
        reason="利害关系人要求",
        data={"procedure": "听证", "days": 15},
    )
    assert (case.state, case.due_on, case.turn) == ("special", None, "hall")
    case = act(case, "end_special", NOW + timedelta(days=15))

    # one of five days was used by 3 March; four are left from Tuesday 17 March
    assert (case.state, case.promised_due_on, case.statutory_due_on) == (
        "review", date(2026, 3, 23), date(2026, 4, 14),
    )  # fmt: skip
    assert case.events.get(action="special").document_no == "示(东)特〔2026〕00001号"
    assert texts(case)[-2:] == [
        "小餐馆许可需要先听证，约15天，不计入办理时间。",
        "小餐馆许可的听证已完成，最晚3月23日给您结果。",
    ]
    in_order(case)


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"procedure": "鉴定", "days": 5}, "procedure"),
        ({"procedure": "听证", "days": 21}, "days"),
        ({"procedure": "听证", "days": "几天"}, "days"),
        ({}, "procedure"),
    ],
)
def test_only_what_the_item_lists_pauses_a_clock_and_no_longer_than_it_says(data, field):
    from cases.hall.services.transition import DataNeeded

    case = listing(at("review"), special_procedures=HEARING)
    before = everything(case)

    with pytest.raises(DataNeeded) as raised:
        act(case, "special", reason="理由", data=data)

    assert field in raised.value.fields
    assert everything(case) == before


def test_an_item_that_lists_no_special_procedure_has_none():
    refused("special", "review", "NotOpen", reason="理由", data={"procedure": "听证", "days": 5})


def test_an_extension_is_asked_for_approved_by_the_head_and_given_once():
    from cases.hall.services.transition import NotOpen

    case = act(at("review"), "extend", reason="要等省里的数据", data={"days": 10})
    assert (case.state, case.pending, texts(case)[-1]) == (
        "review",
        "extend",
        "小餐馆许可已受理，最晚3月9日给您结果。",
    )
    with pytest.raises(NotOpen, match="等负责人批准"):
        act(case, "grant")

    case = act(case, "confirm_extension")

    # 20 and 10 working days from 2 March
    assert (case.state, case.statutory_due_on, case.promised_due_on) == (
        "extended", date(2026, 4, 14), date(2026, 3, 9),
    )  # fmt: skip
    event = case.events.get(action="extend")
    assert (event.actor_post, event.reason, event.data, event.document_no) == (
        "head", "要等省里的数据", {"days": 10}, "示(东)延〔2026〕00001号",
    )  # fmt: skip
    assert texts(case)[-1] == "小餐馆许可延长10个工作日，最晚4月14日，原因见延期告知书。"
    case = act(case, "continue_review")
    with pytest.raises(NotOpen, match="已经延过一次"):
        act(case, "extend", reason="再等", data={"days": 1})
    in_order(case)


@pytest.mark.parametrize(("item", "days", "is_taken"), [({}, 11, False), ({"joint_bodies": [{"name": "住建局"}]}, 15, True), ({"joint_bodies": [{"name": "住建局"}]}, 16, False)])  # fmt: skip
def test_ten_days_and_fifteen_when_several_bodies_decide_together(item, days, is_taken):
    from cases.hall.services.transition import DataNeeded

    case = listing(at("review"), **item)

    if is_taken:
        assert act(case, "extend", reason="理由", data={"days": days}).pending == "extend"
    else:
        with pytest.raises(DataNeeded):
            act(case, "extend", reason="理由", data={"days": days})


def test_an_extension_that_is_not_approved_leaves_the_clock_alone():
    case = act(at("review"), "extend", reason="理由", data={"days": 5})
    due = case.statutory_due_on

    case = act(case, "return_extension", reason="可以按时办")

    assert (case.state, case.pending, case.statutory_due_on) == ("review", "", due)
    assert act(case, "grant").state == "granted"


@pytest.mark.parametrize("state", ["submitted", "accepted", "review"])
def test_the_applicant_withdraws_until_the_decision(state):
    case = by_applicant(at(state), "withdraw")

    assert (case.state, case.due_on, case.turn) == ("withdrawn", None, "nobody")
    assert texts(case)[-1] == "小餐馆许可已按您的要求撤回，可以重新申请。"
    in_order(case)


def test_nobody_withdraws_a_decided_case_or_one_of_somebody_else():
    from cases.hall.services.transition import NotAllowed, NotOpen, apply

    case = at("granted")
    before = everything(case)
    with pytest.raises(NotOpen):
        by_applicant(case, "withdraw")
    with pytest.raises(NotAllowed):
        apply(case, "withdraw", by=actor("zhou"), now=NOW)

    assert everything(case) == before


def test_a_case_whose_applicant_has_died_is_terminated_with_reason_and_remedy():
    """行政许可法 70: 赋予公民特定资格的行政许可，该公民死亡. Proposals that stood are gone, all clocks stop."""
    case = act(at("review"), "terminate", reason="申请人已去世", data={"remedy": "由继承人另行申请"})

    assert (case.state, case.due_on) == ("terminated", None)
    event = case.events.get(action="terminate")
    assert (event.reason, event.data) == ("申请人已去世", {"remedy": "由继承人另行申请"})
    from cases.hall.queries import progress

    assert progress.status(case, date(2026, 3, 2)).next == "您可以由继承人另行申请。"
    in_order(case)


def test_an_opinion_has_a_last_day_of_its_own_and_moves_no_clock():
    case = at("review")
    due = case.due_on

    case = act(case, "ask_opinion", data={"department": "住建局", "days": 3, "question": "能不能开"})
    opinion = case.opinions.get()
    assert (case.due_on, opinion.due_on, case.marks) == (due, date(2026, 3, 5), ["opinion_asked"])
    assert "opinion" not in " ".join(texts(case))

    case = act(case, "record_opinion", data={"department": "住建局", "opinion": "可以"})
    opinion.refresh_from_db()
    assert (opinion.opinion, opinion.answered_at, case.marks) == ("可以", NOW, [])


def test_a_paper_that_follows_is_owed_and_nothing_is_granted_before_it_comes():
    from cases.hall.services import attachments
    from cases.hall.services.transition import NotOpen

    case = submitted()
    later = [{**row, "necessity": "later", "grace_days": 3} if row["key"] == "m2" else row for row in case.item["materials"]]  # fmt: skip
    case = act(act(listing(case, materials=later), "accept"), "review")

    paper = case.owed_papers.get()
    assert (paper.name, paper.due_on, case.marks) == ("结婚证", date(2026, 3, 5), ["owes_papers"])
    before = everything(case)
    with pytest.raises(NotOpen, match="还没补齐"):
        act(case, "grant")
    assert everything(case) == before

    attachments.add_later(case, material_key="m2", upload=upload(), actor=actor("lin"), now=NOW)
    case = fresh(case)
    assert (case.marks, case.owed_papers.get().received_at) == ([], NOW)
    assert act(case, "grant").state == "granted"


def test_an_item_done_on_the_spot_is_not_done_while_a_paper_is_missing():
    case = submitted(BIRTH)
    later = [{**row, "necessity": "later"} if row["key"] == "m2" else row for row in case.item["materials"]]
    case = listing(case, materials=later)
    before = everything(case)
    from cases.hall.services.transition import NotOpen

    with pytest.raises(NotOpen, match="还缺结婚证"):
        act(case, "complete")

    assert everything(case) == before


def test_on_the_spot_in_one_screen_writes_every_row_to_the_end():
    case = act(submitted(BIRTH), "complete_here")

    assert [row[0] for row in steps(case)] == ["submit", "accept", "review", "grant", "hand_over", "deliver"]
    assert (case.state, case.due_on, case.turn) == ("delivered", None, "nobody")
    assert case.events.get(action="hand_over").data == {"method": "window", "window": "综合窗口"}
    in_order(case)


def verification(case):
    from cases.shared.models import Verification

    papers = case.results.order_by("issued_at", "document_no")
    codes = {paper.verification_code: paper.document_no for paper in papers}
    return {
        codes[row.code]: row.state for row in Verification.objects.filter(code__in=codes).order_by("code")
    }


@pytest.mark.parametrize("archived", [False, True])
def test_a_paper_given_again_replaces_the_old_one_by_a_second_person(archived):
    from cases.hall.services import transition

    case = at("delivered")
    if archived:
        case = fresh(case)
        assert transition.apply_system(case, "archive", now=NOW)
    case = act(case, "reissue", reason="证件丢了")
    assert verification(case) == {"示(东)准〔2026〕00001号": "valid"}

    case = act(case, "confirm_reissue", NOW + timedelta(hours=1))

    assert verification(case) == {"示(东)准〔2026〕00001号": "replaced", "示(东)补〔2026〕00001号": "valid"}
    assert case.state == ("archived" if archived else "delivered")
    in_order(case)


def test_a_correction_after_the_fact_changes_the_one_fact():
    case = act(at("delivered"), "correct", reason="印错了", data={"field": "holder", "value": "林小河"})
    case = act(case, "confirm_correct", NOW + timedelta(hours=1))

    old, new = case.results.order_by("issued_at")
    assert (old.facts["holder"], new.facts["holder"]) == ("林小禾", "林小河")
    assert new.facts["replaces"] == old.document_no


def test_a_revocation_names_its_ground_and_leaves_nothing_valid():
    from cases.hall.services.transition import NotOpen

    case = act(at("delivered"), "revoke", reason="材料是假的", data={"ground": "行政许可法第六十九条"})
    case = act(case, "confirm_revoke")

    assert verification(case) == {"示(东)准〔2026〕00001号": "revoked"}
    with pytest.raises(NotOpen):
        act(case, "reissue", reason="理由")


@pytest.mark.parametrize("name", ["reissue", "revoke"])
def test_whoever_asks_does_not_approve(name):
    from cases.hall.services.transition import NotAllowed

    case = act(at("delivered"), name, reason="理由", data={"ground": "第六十九条"}, username="east_approver", posts=["approver"])  # fmt: skip
    before = everything(case)

    with pytest.raises(NotAllowed, match="您建议的"):
        act(case, f"confirm_{name}", username="east_approver", posts=["approver"])

    assert everything(case) == before


def test_a_clock_that_was_set_back_moves_nothing_back():
    case = act(submitted(), "accept", NOW - timedelta(days=3))

    assert [event.at for event in case.events.order_by("sequence")] == [NOW, NOW]
    assert case.promised_due_on == date(2026, 3, 9)
    in_order(case)


@pytest.mark.parametrize("state", ["submitted", "accepted", "review", "granted", "delivering", "delivered"])
def test_every_action_of_every_post_is_taken_or_refused_and_a_refusal_writes_nothing(state):
    """The interpreter agrees with the table on every action × post, on a real case."""
    from django.db import transaction

    from cases.hall import transitions
    from cases.hall.queries import facts
    from cases.hall.services import transition

    case = at(state)
    data = {"procedure": "听证", "days": 1, "department": "住建局", "question": "问", "opinion": "答", "to_hall": "west", "field": "holder",
            "value": "甲", "ground": "条", "locker": "1 号柜", "id_number": "11010519491231002X", "points": [{"kind": "material", "key": "m2", "verdict": "missing"}]}  # fmt: skip
    cast = {"window": "west_window", "approver": "west_approver", "head": "west_head", "branch_staff": "west_staff", "system": "zhou", "applicant": "lin"}  # fmt: skip
    before = everything(case)
    taken = set()
    for name in sorted(transitions.NAMES):
        for post, username in cast.items():
            by = actor(username, [post])
            given = data | (MENDED if name == "mend" else {})
            try:
                with transaction.atomic():
                    transition.apply(fresh(case), name, by=by, now=NOW, reason="理由", data=given)
                    taken.add((name, post))
                    transaction.set_rollback(True)
            except (transition.NotAllowed, transition.DataNeeded):
                pass
    assert everything(case) == before
    open_now = {
        (step.name, post)
        for post in cast
        for step in transitions.open_to(state, {post}, facts.of(case))
        if step.name in transitions.ASKED_FOR
    }
    assert taken == open_now
