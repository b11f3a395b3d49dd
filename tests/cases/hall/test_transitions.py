"""The table of steps, exhaustively: every state, every post, every action."""

import itertools
from datetime import date

import pytest

from cases.hall import messages, transitions
from cases.hall.enums import Clock, State
from cases.hall.services.serials import DOCUMENT_MARKS
from cases.hall.states import ENDED, STATES, TAKING_FILES

POSTS = ("applicant", "window", "approver", "head", "system", "branch_staff", "hall_admin", "department")
_WINDOW = {"mend", "accept", "not_accept", "request_correction", "offer_transfer"}
_REVIEW = {"grant", "refuse", "ask_opinion", "terminate"}
# DOMAIN section 3, written down by hand: (state, post) → the steps that are open when no fact is true
OPEN = {
    ("draft", "applicant"): {"submit"},
    ("draft", "system"): {"arrive"},
    ("submitted", "applicant"): {"withdraw"},
    ("submitted", "window"): {*_WINDOW, "pre_review"},
    ("pre_review", "applicant"): {"withdraw"},
    ("pre_review", "window"): _WINDOW,
    ("correction", "applicant"): {"resubmit", "withdraw"},
    ("correction", "window"): {"cancel_correction", "terminate"},
    ("accepted", "applicant"): {"withdraw"},
    ("accepted", "approver"): {"review"},
    ("deemed_accepted", "applicant"): {"withdraw"},
    ("deemed_accepted", "approver"): {"review"},
    ("review", "applicant"): {"withdraw"},
    ("review", "approver"): _REVIEW,
    ("special", "applicant"): {"withdraw"},
    ("special", "approver"): {"end_special", "ask_opinion", "terminate"},
    ("extended", "applicant"): {"withdraw"},
    ("extended", "approver"): {"continue_review", "ask_opinion"},
    **{(state, post): {"hand_over"} for state in ("granted", "refused") for post in ("window", "department")},
    ("delivering", "window"): {"deliver"},
    ("delivering", "department"): {"deliver"},
    ("delivered", "system"): {"archive"},
    ("withdrawn", "system"): {"archive"},
    ("abandoned", "system"): {"archive"},
    ("terminated", "system"): {"archive"},
}
# a fact → what it opens more, and what it closes, by (state, post)
_BOTH = ("submitted", "pre_review")
_OVER = ("delivered", "archived")
_UNDER_REVIEW = ("review", "special", "extended")
_DECIDING = {"pre_review", *_WINDOW}
_OWING = ("accepted", "deemed_accepted", *_UNDER_REVIEW)
_EVER_AFTER = (
    *_OWING,
    "granted",
    "refused",
    "delivering",
    "delivered",
    "withdrawn",
    "terminated",
    "archived",
)
MORE = {
    "fee_to_set": {(state, post): {"charge"} for state in _OWING for post in ("window", "approver")}
    | {(state, "head"): {"waive"} for state in _OWING}
    | {(state, "system"): {"charge_fixed"} for state in _OWING},
    "unpaid": {(state, "window"): {"record_payment"} for state in _OWING}
    | {(state, "head"): {"waive"} for state in _OWING},
    "charged": {(state, "system"): {"send_back", "refunded"} for state in _EVER_AFTER}
    | {(state, "system"): {"pay", "send_back", "refunded"} for state in _OWING},
    "paid": {(state, post): {"refund"} for state in _EVER_AFTER for post in ("window", "approver")},
    "refund_proposed": {
        (state, post): {"return_refund"} for state in _EVER_AFTER for post in ("approver", "head")
    },
    "instant": {(state, "window"): {"complete", "complete_here"} for state in _BOTH}
    | {(state, "approver"): {"complete"} for state in _BOTH},
    "corrected": {(state, "head"): {"order_correction"} for state in _BOTH},
    "lists_special": {("review", "approver"): {"special"}},
    "has_limit": {("review", "approver"): {"extend"}},
    "refuse_proposed": {("review", "head"): {"refuse", "return_refusal"}},
    "extend_proposed": {("review", "head"): {"extend", "return_extension"}},
    "opinion_asked": {(state, "approver"): {"record_opinion"} for state in _UNDER_REVIEW},
    "lapsed": {(state, "system"): {"deem_accepted"} for state in _BOTH}
    | {("correction", "system"): {"abandon"}},
    "transfer_offered": {(state, "applicant"): {"agree_transfer", "decline_transfer"} for state in _BOTH},
    "transfer_agreed": {(state, "system"): {"transfer", "return_transfer"} for state in _BOTH},
    "issued": {
        (state, post): {"reissue", "correct", "revoke"} for state in _OVER for post in ("window", "approver")
    },
}
# where a result is, what was chosen, and who decides
_TO_BE_POSTED = (*_BOTH, "accepted", "deemed_accepted", *_UNDER_REVIEW, "granted", "refused")
_HERE = ("delivering", "window")
_OWN = ("delivering", "applicant")
MORE |= {
    "post_chosen": {(state, "applicant"): {"choose_window"} for state in _TO_BE_POSTED},
    "posted": {_HERE: {"mail_returned"}},
    "posted_again": {_HERE: {"mail_returned"}},
    "in_post": {_HERE: {"correct_number"}},
    "returned": {_HERE: {"post_again"}, _OWN: {"choose_window"}},
    "may_go_to_window": {_HERE: {"to_window"}},
    "at_window": {_HERE: {"to_locker", "hand_out"}},
    "in_locker": {_HERE: {"open_locker"}, _OWN: {"resend_code"}, ("delivering", "system"): {"empty_locker"}},
    "online": {_OWN: {"acknowledge"}, ("delivering", "system"): {"arrive_online"}},
    "mirrored": {
        **{(state, "department"): {"accept", "not_accept", "request_correction"} for state in _BOTH},
        **{(state, "department"): {"review"} for state in ("accepted", "deemed_accepted")},
        ("correction", "department"): {"terminate"},
        ("review", "department"): {"grant", "refuse", "terminate"},
        ("special", "department"): {"end_special", "terminate"},
        ("extended", "department"): {"continue_review"},
        **{(state, "head"): {"take_back"} for state in (*_TO_BE_POSTED[:-2], "correction")},
    },
}
_NOT_NOW = {(state, post): _DECIDING for state in _BOTH for post in ("window", "head")}
_PROPOSED = {
    ("review", "approver"): {"grant", "refuse", "terminate"},
    ("special", "approver"): {"terminate"},
}
LESS = {
    "refuse_proposed": _PROPOSED,
    "extend_proposed": _PROPOSED,
    "refund_proposed": _PROPOSED,
    "fee_to_set": {("review", "approver"): {"grant"}},
    "unpaid": {("review", "approver"): {"grant"}},
    "owes_papers": {("review", "approver"): {"grant"}},
    "lapsed": _NOT_NOW
    | {("correction", "window"): {"cancel_correction", "terminate"}, ("correction", "applicant"): {"resubmit"}},
    "in_locker": {_HERE: {"deliver"}, ("delivering", "department"): {"deliver"}},
    "mirrored": {
        **{(state, "approver"): {"review"} for state in ("accepted", "deemed_accepted")},
        ("review", "approver"): _REVIEW,
        ("special", "approver"): {"end_special", "ask_opinion", "terminate"},
        ("extended", "approver"): {"continue_review", "ask_opinion"},
        ("correction", "window"): {"terminate"},
    },
    "transfer_offered": _NOT_NOW,
    "transfer_agreed": _NOT_NOW
    | {(state, "applicant"): {"withdraw"} for state, post in OPEN if post == "applicant"},
}  # fmt: skip
FACTS = ("", *dict.fromkeys([*MORE, *LESS]))


@pytest.mark.parametrize(("state", "fact"), list(itertools.product(State.values, FACTS)))
def test_exactly_these_steps_are_open(state, fact):
    """Every state × action × post, with each fact that opens or closes something."""
    found = {
        post: {step.name for step in transitions.open_to(state, {post}, {fact} - {""})} for post in POSTS
    }

    def expected(post):
        more, less = (table.get(fact, {}).get((state, post), set()) for table in (MORE, LESS))
        return OPEN.get((state, post), set()) - less | more

    assert found == {post: expected(post) for post in POSTS}


@pytest.mark.parametrize("name", ["reissue", "correct", "revoke"])
@pytest.mark.parametrize("state", _OVER)
def test_what_happens_to_a_result_afterwards_is_asked_and_then_confirmed(state, name):
    facts = {"issued", f"{name}_proposed"}

    def logged(post):
        return {step.logged_as for step in transitions.open_to(state, {post}, facts)} - {"archive"}

    assert logged("window") == set()
    assert logged("approver") == logged("head") == {name, f"return_{name}"}
    asking = {step.logged_as for step in transitions.open_to(state, {"window"}, {"issued"})}
    assert f"propose_{name}" in asking


def test_the_one_refusal_is_a_proposal_and_its_confirmation():
    def refusal(facts):
        (step,) = (
            step
            for step in transitions.open_to("review", {"approver", "head"}, facts)
            if step.name == "refuse"
        )
        return step

    proposal, confirmation = refusal(set()), refusal({"refuse_proposed"})

    assert (proposal.to, proposal.logged_as, proposal.clocks) == (None, "propose_refusal", ())
    assert (confirmation.to, confirmation.logged_as) == (State.REFUSED, "refuse")


def test_an_extension_is_granted_once_and_by_the_head():
    assert not any(
        step.name == "extend"
        for step in transitions.open_to("review", {"approver"}, {"has_limit", "extended"})
    )
    assert [
        step.to for step in transitions.open_to("review", {"head"}, {"extend_proposed"}) if step.name == "extend"
    ] == [State.EXTENDED]  # fmt: skip


def test_every_clock_effect_names_its_ground():
    effects = [(step.name, effect) for step in transitions.TABLE for effect in step.clocks]

    assert len(effects) == 72
    assert all(effect.ground for _, effect in effects)


def test_clocks_start_only_where_the_state_that_follows_lets_them_run():
    for step in transitions.TABLE:
        for effect in step.clocks:
            if effect.act == "start":
                assert effect.clock in STATES[State(step.to)].clocks, step.name


def test_every_message_has_a_text_and_every_text_a_step():
    assert {step.message for step in transitions.TABLE} - {""} | messages.TIMED == messages.KINDS


def test_every_document_of_a_step_has_a_mark_of_its_own():
    assert {step.document for step in transitions.TABLE} - {""} == set(DOCUMENT_MARKS)
    assert len(set(DOCUMENT_MARKS.values())) == len(DOCUMENT_MARKS)


def test_nobody_but_the_desk_the_applicant_the_job_and_departments_has_a_step():
    assert {post for step in transitions.TABLE for post in step.who} == {
        "applicant",
        "system",
        "department",
        *transitions.DESK,
    }


def test_every_state_is_declared_reached_and_left_unless_it_ends():
    reached = {step.to for step in transitions.TABLE} - {None}
    left = {state for step in transitions.TABLE for state in step.frm if step.to}

    assert set(STATES) == set(State)
    assert reached == set(State) - {State.DRAFT}
    assert set(State) - left == {State.TRANSFERRED, State.NOT_ACCEPTED, State.ARCHIVED}
    assert set(State) - left <= ENDED
    assert not TAKING_FILES & ENDED


def test_a_name_is_no_longer_than_the_log_keeps():
    assert max(len(step.logged_as) for step in transitions.TABLE) <= 20


def test_a_chain_is_made_of_known_steps_that_follow_each_other():
    for step in transitions.TABLE:
        for start in step.frm if step.chain else ():
            state = start
            for name in step.chain:
                row = transitions.row(name)
                assert state in row.frm
                state = row.to
            assert state == step.to


def test_the_words_of_every_state_name_only_what_is_filled():
    values = dict.fromkeys(
        ("day", "kept", "n", "days", "procedure", "hall", "new_number", "window", "remedy", "statutory",
         "lapsed", "department"),
        "x",
    )  # fmt: skip
    for row in STATES.values():
        assert "%" not in str(row.headline) % values + str(row.following) % values
    assert {clock for row in STATES.values() for clock in row.clocks} == set(Clock)


def test_the_document_of_a_cases_life_is_current():
    from django.core.management import call_command

    call_command("case_life", check=True)


FACTS_OF_A_MESSAGE = {
    "n": 3, "days": 10, "procedure": "听证", "hall": "西县网上办事大厅", "new_number": "349902260302000010", "paper": "消防意见",
    "by": "12月31日", "money": "120.5 元", "label": "题" * 20, "number": "349901260302000010", "query_code": "7KM4XQ", "tracking": "E" * 20, "window": "窗" * 20, "method": "ems",
    "locker": "柜" * 20, "code": "123456", "until": date(2026, 12, 31),
}  # fmt: skip


@pytest.mark.parametrize("kind", sorted(messages.KINDS))
def test_no_message_is_longer_than_sixty_four_characters_with_its_sign(kind):
    day = date(2026, 12, 31)
    text = messages.text(
        kind,
        {**FACTS_OF_A_MESSAGE, "item": "名" * 40, "due_on": day, "statutory_due_on": day},
    )

    assert "%" not in text
    assert len(f"【示例政务】{text}") <= 64, text


@pytest.mark.parametrize(
    ("kind", "facts", "text"),
    [
        (
            "delivering",
            {"method": "window", "window": "3 号窗口"},
            "轮到您：一二三四五六七八九十甲乙办好了，请带身份证到3 号窗口取。",
        ),
        ("delivering", {"method": "ems", "tracking": "EX1"}, "一二三四五六七八九十甲乙已寄出，EMSEX1。"),
        ("delivering", {"method": "proxy"}, "一二三四五六七八九十甲乙办好了，代办员会送到家。"),
        ("delivered", {}, "一二三四五六七八九十甲乙已办好。"),
        ("refused", {}, "一二三四五六七八九十甲乙没有同意，理由和您的权利见决定书。"),
        ("special", {"procedure": "听证", "days": 20}, "一二三四五六七八九十甲乙需要先听证，约20天，不计入办理时间。"),
        ("withdrawn", {}, "一二三四五六七八九十甲乙已按您的要求撤回，可以重新申请。"),
    ],
)  # fmt: skip
def test_messages_cut_the_items_name_and_follow_the_way_of_delivery(kind, facts, text):
    assert messages.text(kind, {"item": "一二三四五六七八九十甲乙丙丁", **facts}) == text
