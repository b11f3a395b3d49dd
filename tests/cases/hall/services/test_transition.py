"""The interpreter: one step with all that belongs to it, or nothing at all."""

from datetime import date, timedelta

import pytest

from tests.cases.hall.making import BIRTH, LICENCE, NOW, REPORT, act, actor, at, submitted

pytestmark = pytest.mark.usefixtures("in_east")


def fresh(case):
    from cases.hall.models import Case

    return Case.objects.get(pk=case.pk)


def everything(case):
    """Return all that a step may write, to see that a refused one wrote nothing."""
    from cases.hall.models import Outbox, Result, Serial
    from cases.shared.models import Doorbell, Pointer, Verification

    row = fresh(case)
    return (
        {field.attname: getattr(row, field.attname) for field in row._meta.fields},
        list(case.events.order_by("sequence").values_list("id", flat=True)),
        list(case.ledger.order_by("id").values_list("id", flat=True)),
        list(Outbox.objects.order_by("id").values_list("id", flat=True)),
        list(Result.objects.values_list("id", flat=True)),
        dict(Serial.objects.values_list("key", "last")),
        list(Pointer.objects.order_by("case").values_list("case", "state", "due_on", "turn")),
        list(Verification.objects.values_list("code", flat=True)),
        Doorbell.objects.count(),
    )


def steps(case):
    return list(
        case.events.order_by("sequence").values_list("action", "from_state", "to_state", "actor_post")
    )


def test_a_case_goes_from_submission_to_delivery():
    case = at("delivered")

    assert steps(case) == [
        ("submit", "draft", "submitted", "applicant"),
        ("accept", "submitted", "accepted", "window"),
        ("review", "accepted", "review", "approver"),
        ("grant", "review", "granted", "approver"),
        ("hand_over", "granted", "delivering", "window"),
        ("deliver", "delivering", "delivered", "window"),
    ]
    assert (case.state, case.turn, case.due_on, case.due_clock) == ("delivered", "nobody", None, "")
    # promised 5 working days and 20 by law, from Monday 2 March
    assert (case.promised_due_on, case.statutory_due_on) == (date(2026, 3, 9), date(2026, 3, 30))


@pytest.mark.parametrize(
    ("state", "due_on", "due_clock", "turn"),
    [
        ("submitted", date(2026, 3, 9), "A", "hall"),
        ("accepted", date(2026, 3, 9), "P", "hall"),
        ("review", date(2026, 3, 9), "P", "hall"),
        ("granted", date(2026, 3, 16), "D", "hall"),
        ("refused", date(2026, 3, 16), "D", "hall"),
        # at the window, and its holder told: the hall has done what it had to
        ("delivering", None, "", "applicant"),
        ("not_accepted", None, "", "nobody"),
    ],
)
def test_each_state_has_its_clock_and_its_turn(state, due_on, due_clock, turn):
    case = fresh(at(state))

    assert (case.due_on, case.due_clock, case.turn) == (due_on, due_clock, turn)


@pytest.mark.parametrize(
    "state",
    ["submitted", "accepted", "not_accepted", "review", "granted", "refused", "delivering", "delivered"],
)
@pytest.mark.parametrize("item", [LICENCE, BIRTH, REPORT])
def test_what_the_case_keeps_is_what_its_ledger_says(state, item):
    from cases.hall.queries import calendar, ledger

    case = fresh(at(state, item))

    assert ledger.cached(case) == ledger.facts(ledger.entries(case), calendar.current())


@pytest.mark.parametrize("state", ["submitted", "accepted", "review", "granted", "delivered"])
def test_the_public_pointer_says_what_the_case_says(state):
    from cases.shared.models import Pointer

    case = at(state)

    pointer = Pointer.objects.get(case=case.pk)
    assert (pointer.person, pointer.number, pointer.item_name, pointer.state, pointer.due_on, pointer.turn) == (
        case.person, case.number, case.item_name, case.state, case.due_on, case.turn,
    )  # fmt: skip


def test_each_message_is_written_with_its_step():
    from cases.hall.models import Outbox

    case = at("delivered")

    texts = [message.text for message in Outbox.objects.order_by("event__sequence")]
    assert texts == [
        f"小餐馆许可已提交，编号{case.number}，查询码{case.query_code}。最晚3月9日答复。",
        "小餐馆许可已受理，最晚3月9日给您结果。",
        "小餐馆许可已批准，最晚3月16日把证件给您。",
        "轮到您：小餐馆许可办好了，请带身份证到综合窗口取。",
        "小餐馆许可已办好。",
    ]


def test_on_the_spot_one_act_writes_every_row():
    case = act(submitted(BIRTH), "complete")

    assert steps(case)[1:] == [
        ("accept", "submitted", "accepted", "window"),
        ("review", "accepted", "review", "window"),
        ("grant", "review", "granted", "window"),
    ]
    rows = case.ledger.order_by("event__sequence", "clock").values_list("clock", "act")
    # an item without a limit in law has no statutory clock
    assert list(rows) == [("A", "start"), ("A", "stop"), ("P", "start"), ("D", "start"), ("P", "stop")]
    assert case.revision == 4


def test_a_days_item_is_not_done_on_the_spot():
    from cases.hall.services.transition import NotOpen

    case = submitted()
    before = everything(case)

    with pytest.raises(NotOpen):
        act(case, "complete")

    assert everything(case) == before


def test_a_grant_can_be_verified_by_anybody():
    from cases.hall.models import Result
    from cases.shared.models import Verification

    case = at("granted")

    result = Result.objects.get(case=case)
    found = Verification.objects.get(code=result.verification_code)
    assert result.document_no == "示(东)准〔2026〕00001号"
    assert (found.document_no, found.item_name, found.holder_masked, found.state) == (
        result.document_no,
        "小餐馆许可",
        "林*",
        "valid",
    )
    assert len(result.verification_code) >= 22  # 128 bits


def test_a_refusal_is_proposed_then_confirmed_by_the_head():
    case = act(act(at("accepted"), "review"), "refuse", reason="缺消防意见")
    assert (case.state, case.proposed_refusal) == ("review", "缺消防意见")

    case = act(case, "confirm")

    assert (case.state, case.proposed_refusal) == ("refused", "")
    event = case.events.get(action="refuse")
    assert (event.reason, event.actor_post, event.document_no) == (
        "缺消防意见",
        "head",
        "示(东)不准〔2026〕00001号",
    )


def test_a_returned_proposal_opens_the_grant_again():
    case = act(at("review"), "refuse", reason="缺消防意见")

    case = act(case, "return_refusal", reason="已有意见")

    assert (case.state, case.proposed_refusal) == ("review", "")
    assert act(case, "grant").state == "granted"


def refused(action, state, error, *, item=LICENCE, prepare=lambda case: case, **given):
    from cases.hall.services import transition

    case = prepare(at(state, item))
    before = everything(case)

    with pytest.raises(getattr(transition, error)) as raised:
        act(case, action, **given)

    assert everything(case) == before
    return str(raised.value)


@pytest.mark.parametrize(
    ("action", "state", "error", "given"),
    [
        ("accept", "delivered", "NotOpen", {}),
        ("grant", "accepted", "NotOpen", {}),
        ("confirm", "review", "NotOpen", {"reason": "没人建议"}),
        ("accept", "submitted", "NotAllowed", {"username": "east_approver", "posts": ["approver"]}),
        ("grant", "review", "NotAllowed", {"username": "east_head", "posts": ["head"]}),
        (
            "accept",
            "submitted",
            "NotAllowed",
            {"username": "east_staff", "posts": ["branch_staff", "hall_admin"]},
        ),
        ("not_accept", "submitted", "ReasonNeeded", {"reason": "  "}),
        ("refuse", "review", "ReasonNeeded", {}),
        ("hand_over", "granted", "DataNeeded", {"data": {"method": "ems"}}),
        ("hand_over", "granted", "DataNeeded", {"data": {"method": "pigeon"}}),
    ],
)
def test_a_refused_step_changes_nothing(action, state, error, given):
    refused(action, state, error, **given)


def test_whoever_accepted_does_not_decide():
    both = {"username": "east_window", "posts": ["window", "approver"]}

    assert "您受理的" in refused("grant", "review", "NotAllowed", **both)
    assert "您受理的" in refused("refuse", "review", "NotAllowed", reason="理由", **both)


def test_on_the_spot_one_person_accepts_and_decides():
    case = act(at("review", BIRTH), "grant", username="east_window", posts=["window", "approver"])

    assert case.state == "granted"


def test_whoever_proposed_a_refusal_does_not_confirm_it():
    text = refused(
        "confirm",
        "review",
        "NotAllowed",
        prepare=lambda case: act(case, "refuse", reason="理由"),
        username="east_approver",
        posts=["approver", "head"],
    )

    assert "您建议的" in text


def test_nobody_is_clerk_of_a_case_of_their_own():
    from cases.hall.services import transition

    case = submitted(username="east_window")
    before = everything(case)

    with pytest.raises(transition.NotAllowed, match="您自己"):
        act(case, "accept")

    assert everything(case) == before
    # as the applicant one may do what any applicant may
    opened = transition.open_actions(case, actor("east_window", ["window"]))
    assert [step.name for step in opened] == ["withdraw"]
    assert act(case, "accept", username="west_window").state == "accepted"


def test_nobody_is_clerk_of_a_case_of_their_company():
    from accounts.models import Agency, Company
    from cases.hall.services import transition
    from tests.template import PERSON_ID, USCC

    company = Company.objects.get(uscc=USCC)
    case = submitted(REPORT, "agent", company=company)
    Agency.objects.create(company=company, person_id=PERSON_ID["east_window"], created_at=NOW)

    with pytest.raises(transition.NotAllowed, match="您自己"):
        act(case, "accept")

    assert transition.open_actions(case, actor("east_window", ["window"])) == []


def test_a_case_seen_before_somebody_acted_is_a_conflict_that_names_them():
    from cases.hall.services import transition

    case = submitted()
    act(case, "accept")
    before = everything(case)

    with pytest.raises(transition.SomebodyWasFaster, match="东窗口刚处理了这件：受理") as raised:
        act(case, "not_accept", reason="理由")

    assert (raised.value.name, raised.value.action, raised.value.at) == ("东窗口", "受理", NOW)
    assert everything(case) == before


def test_the_buttons_are_what_may_be_done():
    from cases.hall.services import transition

    case = at("review")

    def names(username, *posts):
        return [step.name for step in transition.open_actions(case, actor(username, posts))]

    assert names("east_approver", "approver") == ["grant", "refuse", "extend", "ask_opinion", "terminate"]
    # who accepted may ask and extend, and decides nothing
    assert names("east_window", "window", "approver") == ["extend", "ask_opinion"]
    assert names("east_head", "head") == []
    assert names("lin") == ["withdraw"]


def test_promised_and_statutory_days_count_from_the_day_of_acceptance():
    case = act(submitted(REPORT), "accept", NOW + timedelta(days=2))

    # accepted on Wednesday 4 March: 4 working days, and 30 natural days
    assert (case.promised_due_on, case.statutory_due_on) == (date(2026, 3, 10), date(2026, 4, 3))


def test_grounds_follow_the_type_of_the_item():
    def grounds(case):
        return dict(case.ledger.filter(act="start").values_list("clock", "ground"))

    licence, birth = grounds(at("granted")), grounds(at("granted", BIRTH))
    assert licence["S"] == "《中华人民共和国行政许可法》第四十二条"
    assert licence["A"] == "《中华人民共和国行政许可法》第三十二条"
    assert birth["A"] == "参照《中华人民共和国行政许可法》第三十二条"


def test_an_audit_row_is_written_with_each_step(fresh_audit):
    at("accepted")

    assert fresh_audit() == ["case.submit", "case.accept"]
