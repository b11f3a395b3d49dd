"""领取 and 移交: who works on a case, until when, and what it does not change."""

import pytest

from tests.cases.hall.making import NOW, act, at, submitted
from tests.conftest import actor
from tests.template import PERSON_ID

pytestmark = pytest.mark.usefixtures("in_east")


def window():
    return actor("east_window", ["window"])


def second_window(name="east_head"):
    """Give somebody else of the cast the window's post."""
    from tenants.hall.models import Post

    Post.objects.create(person=PERSON_ID[name], name="东二窗", username=name, role="window", created_at=NOW)
    return actor(name, ["window"])


def open_claims(case):
    return list(case.claims.filter(until=None).values_list("name", flat=True))


def test_a_claim_is_a_row_an_audit_row_and_no_step(fresh_audit):
    from cases.hall.services import claims

    case = submitted()
    revision, events = case.revision, case.events.count()
    claimed = claims.claim(case, by=window(), now=NOW)
    claims.claim(case, by=window(), now=NOW)

    assert (claimed.claimed_by, claimed.claimed_name) == (PERSON_ID["east_window"], "东窗口")
    assert open_claims(case) == ["东窗口"]
    assert fresh_audit().count("case.claim") == 1
    case.refresh_from_db()
    assert (case.revision, case.events.count()) == (revision, events)


def test_the_second_reads_who_was_first():
    from cases.hall.services import claims

    case = claims.claim(submitted(), by=window(), now=NOW)
    with pytest.raises(claims.AlreadyClaimed, match="东窗口正在办这件") as told:
        claims.claim(case, by=second_window(), now=NOW)
    assert told.value.name == "东窗口"


def test_what_is_not_of_ones_post_or_ones_own_is_not_claimed():
    from cases.hall.services import claims
    from cases.hall.services.refusals import NotAllowed

    for case, by in (
        (submitted(), actor("east_approver", ["approver"])),
        (submitted(username="east_window"), window()),
        (at("not_accepted"), window()),
    ):
        with pytest.raises(NotAllowed):
            claims.claim(case, by=by, now=NOW)
        assert open_claims(case) == []


def test_another_of_the_post_may_act_and_the_step_that_leads_on_ends_the_claim():
    from cases.hall.services import claims

    case = claims.claim(submitted(), by=second_window(), now=NOW)
    case = act(case, "pre_review")
    assert case.claimed_name == actor("east_head").display_name
    case = act(case, "accept")
    assert (case.claimed_by, open_claims(case)) == (None, [])
    case.refresh_from_db()
    assert case.claimed_by is None


def test_a_case_that_waits_for_its_applicant_or_the_head_stays_with_its_clerk():
    from cases.hall.services import claims

    points = [{"kind": "field", "key": "spouse", "verdict": "wrong"}]
    case = claims.claim(submitted(), by=window(), now=NOW)
    case = act(case, "request_correction", data={"points": points})
    assert open_claims(case) == ["东窗口"]

    approver = actor("east_approver", ["approver"])
    case = claims.claim(at("review"), by=approver, now=NOW)
    case = act(act(case, "refuse", reason="理由"), "return_refusal", reason="再看")
    assert open_claims(case) == ["东审批"]
    case = act(act(case, "refuse", reason="理由"), "confirm")
    assert open_claims(case) == []


def test_handing_on_needs_a_reason_and_a_colleague_of_the_post(fresh_audit):
    from cases.hall.services import claims
    from cases.hall.services.refusals import DataNeeded, NotAllowed

    case = claims.claim(submitted(), by=window(), now=NOW)
    other = second_window()
    for to, reason, field in (
        (other.person_id, " ", "reason"),
        (PERSON_ID["east_approver"], "请假", "to"),
        (PERSON_ID["east_window"], "请假", "to"),
    ):
        with pytest.raises(DataNeeded) as told:
            claims.pass_on(case, to, reason, by=window(), now=NOW)
        assert list(told.value.fields) == [field]
    with pytest.raises(NotAllowed):
        claims.pass_on(case, other.person_id, "x", by=actor("east_approver", ["approver"]), now=NOW)
    case = claims.pass_on(case, other.person_id, "我去培训", by=window(), now=NOW)

    assert case.claimed_by == other.person_id
    assert open_claims(case) == ["东二窗"]
    row = case.claims.get(until=None)
    assert (row.given_by_name, row.reason) == ("东窗口", "我去培训")
    assert "case.pass_on" in fresh_audit()


def test_only_the_holder_puts_a_case_back():
    from cases.hall.services import claims
    from cases.hall.services.refusals import NotAllowed

    case = claims.claim(submitted(), by=window(), now=NOW)
    with pytest.raises(NotAllowed):
        claims.release(case, by=second_window(), now=NOW)
    case = claims.release(case, by=window(), now=NOW)
    assert (case.claimed_by, open_claims(case)) == (None, [])


def test_check_halls_compares_holder_and_claim(east):
    from cases.hall import checks
    from cases.hall.models import Case
    from cases.hall.services import claims

    case = claims.claim(submitted(), by=window(), now=NOW)
    assert list(checks.claims_follow_rows(east)) == []
    Case.objects.filter(pk=case.pk).update(claimed_by=None)
    assert list(checks.claims_follow_rows(east)) == [
        f"case {case.pk}: a claim is open on it and nobody holds it"
    ]
