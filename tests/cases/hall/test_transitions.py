"""The table of steps, exhaustively: every state, every post, every action."""

import itertools

import pytest

from cases.hall import messages, transitions
from cases.hall.enums import State

POSTS = ("applicant", "window", "approver", "head", "branch_staff", "hall_admin")
# (state, post): the steps that are open for an item done in days, without and with a proposed refusal
OPEN = {
    ("draft", "applicant"): ({"submit"}, {"submit"}),
    ("submitted", "window"): ({"accept", "not_accept"}, {"accept", "not_accept"}),
    ("accepted", "approver"): ({"review"}, {"review"}),
    ("review", "approver"): ({"grant", "refuse"}, set()),
    ("review", "head"): (set(), {"refuse", "return_refusal"}),
    ("granted", "window"): ({"hand_over"}, {"hand_over"}),
    ("refused", "window"): ({"hand_over"}, {"hand_over"}),
    ("delivering", "window"): ({"deliver"}, {"deliver"}),
}


@pytest.mark.parametrize(("state", "post"), list(itertools.product(State.values, POSTS)))
@pytest.mark.parametrize("proposed", [False, True])
def test_exactly_these_steps_are_open(state, post, proposed):
    steps = transitions.open_to(state, {post}, "promised", is_refusal_proposed=proposed)

    assert {step.name for step in steps} == OPEN.get((state, post), (set(), set()))[proposed]


@pytest.mark.parametrize(("state", "post"), list(itertools.product(State.values, POSTS)))
def test_an_item_done_on_the_spot_has_one_step_more(state, post):
    promised = {step.name for step in transitions.open_to(state, {post}, "promised")}
    instant = {step.name for step in transitions.open_to(state, {post}, "instant")}

    more = {"complete"} if state == "submitted" and post in {"window", "approver"} else set()
    assert instant - promised == more


def test_the_one_refusal_is_a_proposal_and_its_confirmation():
    def refusal(**given):
        (step,) = (step for step in transitions.open_to("review", {"approver", "head"}, "", **given) if step.name == "refuse")
        return step

    proposal, confirmation = refusal(), refusal(is_refusal_proposed=True)

    assert (proposal.to, proposal.logged_as, proposal.clocks) == (State.REVIEW, "propose_refusal", ())
    assert (confirmation.to, confirmation.logged_as) == (State.REFUSED, "refuse")


def test_every_clock_effect_names_its_ground():
    effects = [(step.name, effect) for step in transitions.TABLE for effect in step.clocks]

    assert len(effects) == 12
    assert all(effect.ground for _, effect in effects)


def test_every_message_has_a_text_and_every_text_a_step():
    assert {step.message for step in transitions.TABLE} - {""} == messages.KINDS


def test_nobody_but_the_desk_and_the_applicant_has_a_step():
    assert {post for step in transitions.TABLE for post in step.who} == {"applicant", *transitions.DESK}


def test_a_chain_is_made_of_known_steps_that_follow_each_other():
    for step in transitions.TABLE:
        state = next(iter(step.frm))
        for name in step.chain:
            row = transitions.row(name)
            assert state in row.frm
            state = row.to
        assert not step.chain or state == step.to


@pytest.mark.parametrize(
    ("kind", "facts", "text"),
    [
        (
            "delivering",
            {"method": "window", "window": "3 号窗口"},
            "一二三四五六七八九十甲乙办好了，请带身份证到3 号窗口取。",
        ),
        ("delivering", {"method": "ems", "tracking": "EX1"}, "一二三四五六七八九十甲乙已寄出，EMSEX1。"),
        ("delivering", {"method": "proxy"}, "一二三四五六七八九十甲乙办好了，代办员会送到家。"),
        ("delivered", {}, "一二三四五六七八九十甲乙已办好。"),
        ("refused", {}, "一二三四五六七八九十甲乙没有同意，理由和您的权利见决定书。"),
    ],
)
def test_messages_cut_the_items_name_and_follow_the_way_of_delivery(kind, facts, text):
    assert messages.text(kind, {"item": "一二三四五六七八九十甲乙丙丁", **facts}) == text
