"""Cases that were filed together: their standing, a paper that one of them got new, all withdrawn, proxies."""

from datetime import timedelta

import pytest
from django.http import Http404

from accounts.actor import NOBODY
from cases.hall.enums import State
from cases.hall.models import CaseFile, Event
from cases.hall.queries import access, bundles
from cases.hall.services import authority, corrections, drafts, mandates, transition
from cases.hall.services.bundles import acting, filing, following
from cases.hall.services.refusals import NotOpen
from catalog.hall.models import EffectiveItem
from tests.cases.hall import mandating
from tests.cases.hall.bundles.making import BOTH, draft, filed
from tests.cases.hall.making import BIRTH, LICENCE, NOW, act, actor, upload

TODAY, LATER = NOW.date(), NOW + timedelta(hours=1)
pytestmark = pytest.mark.usefixtures("in_east")
LIN = "lin"


def standing(parent, username=LIN):
    _parent, children = bundles.parent_for(actor(username), parent.number)
    return bundles.standing(parent, children, TODAY)


def notice(case, key="m1"):
    points = [{"kind": "material", "key": key, "verdict": "unclear", "reason": "看不清"}]
    return act(case, "request_correction", data={"points": points})


def offered(parent):
    _parent, children = bundles.parent_for(actor(LIN), parent.number)
    return [(offer.case.item_code, offer.origin) for offer in bundles.offers(children)]


def answer(case):
    """A new file for what the notice asks, handed in."""
    corrections.add_file(
        case, material_key="m1", upload=upload("新的.jpg", (1, 1, 1)), actor=actor(LIN), now=LATER
    )
    case.refresh_from_db()
    return transition.apply(case, "resubmit", by=actor(LIN), now=LATER)


def test_one_sentence_says_how_far_and_whose_turn():
    parent, (birth, licence) = filed()
    assert bundles.summary(standing(parent)) == "2 项中 0 项办结，都在办，您不用做什么"

    notice(licence)
    assert bundles.summary(standing(parent)) == "2 项中 0 项办结，轮到您：小餐馆许可"
    act(birth, "not_accept", reason="不用办")
    assert bundles.summary(standing(parent)) == "2 项中 1 项办结，轮到您：小餐馆许可"


def test_one_that_is_not_accepted_leaves_the_other_going():
    parent, (birth, licence) = filed()
    act(birth, "not_accept", reason="不用办")
    act(licence, "accept")

    first, second = standing(parent)
    assert (first.is_done, first.decision.action) == (True, "not_accept")
    assert (second.case.state, second.case.promised_due_on.isoformat()) == (State.ACCEPTED, "2026-03-09")


def test_a_child_says_what_it_waits_for():
    parent, (birth, _licence) = filed()
    parent.waits = {LICENCE: [BIRTH]}
    assert [child.waits_for for child in standing(parent)] == [[], ["出生登记"]]

    act(birth, "complete")
    assert [(child.waits_for, child.lacks) for child in standing(parent)][1] == ([], [])


def test_what_it_waits_for_may_come_to_nothing():
    parent, (birth, _licence) = filed()
    parent.waits = {LICENCE: [BIRTH]}
    act(birth, "not_accept", reason="不用办")

    assert [(child.waits_for, child.lacks) for child in standing(parent)][1] == ([], ["出生登记"])


@pytest.mark.parametrize("username", ["", "zhou", "east_window"])
def test_the_whole_is_the_applicants_alone(username):
    parent, _children = filed()
    who = actor(username, ["window"] if username == "east_window" else []) if username else NOBODY

    assert len(bundles.parent_for(actor(LIN), parent.number)[1]) == 2
    with pytest.raises(Http404):
        bundles.parent_for(who, parent.number)


def test_a_clerk_opens_the_files_of_a_child_by_its_own_row():
    _parent, (birth, licence) = filed()

    rows = {row.case_id: row for row in CaseFile.objects.all()}
    clerk = actor("east_window", ["window"])
    assert access.file_for(clerk, rows[birth.pk].pk).case == birth
    assert access.file_for(clerk, rows[licence.pk].pk).case == licence
    assert rows[birth.pk].pk != rows[licence.pk].pk


def test_a_corrected_paper_is_offered_to_the_others_and_given_without_a_copy():
    parent, (birth, licence) = filed()
    assert offered(parent) == []
    answer(notice(licence))

    assert offered(parent) == [(BIRTH, "小餐馆许可")]
    offer = bundles.offers(bundles.parent_for(actor(LIN), parent.number)[1])[0]
    given = following.give_on(parent, birth.number, offer.file.pk, actor=actor(LIN), now=LATER)
    assert (given.case, given.path) == (birth, offer.file.path)
    assert Event.objects.filter(case=birth).latest("sequence").action == "add_file"
    assert offered(parent) == []
    with pytest.raises(NotOpen):
        following.give_on(parent, birth.number, offer.file.pk, actor=actor(LIN), now=LATER)


def test_a_corrected_paper_goes_into_the_answer_of_another_notice(django_capture_on_commit_callbacks):
    parent, (birth, licence) = filed()
    answer(notice(licence))
    notice(birth)

    assert offered(parent) == [(BIRTH, "小餐馆许可")]
    file = bundles.offers(bundles.parent_for(actor(LIN), parent.number)[1])[0].file
    given = following.give_on(parent, birth.number, file.pk, actor=actor(LIN), now=LATER)
    assert (given.case, given.correction.case) == (None, birth)
    assert offered(parent) == []

    # taken out again, it leaves the other child's content where it is
    with django_capture_on_commit_callbacks() as after:
        corrections.remove_file(birth, given.pk, actor=actor(LIN), now=NOW)
    assert after == []


def test_all_are_withdrawn_at_once_and_what_is_decided_stays():
    parent, (birth, licence) = filed()
    act(birth, "not_accept", reason="不用办")

    assert following.withdraw(parent, actor=actor(LIN), now=NOW) == [licence]
    assert [child.case.state for child in standing(parent)] == [State.NOT_ACCEPTED, State.WITHDRAWN]
    with pytest.raises(NotOpen):
        following.withdraw(parent, actor=actor(LIN), now=NOW)


def test_a_mandate_for_all_covers_every_item():
    mandating.term()
    mandate = mandating.in_force()
    case = draft(username="zhou", mandate=mandate.pk)
    parent = filing.submit_whole(
        case,
        actor=actor("zhou"),
        applicant=None,
        version=case.item_version,
        idempotency_key="k",
        now=NOW,
    )

    events = Event.objects.filter(action="submit")
    assert {event.mandate for event in events} == {mandate}
    assert {child.person for child in parent.children.all()} == {mandate.principal.person}


def test_one_mandate_for_each_item_does_too_and_without_one_it_says_which():
    mandating.term()
    first = mandating.in_force(item_code=BIRTH)
    with pytest.raises(authority.NotInMandate, match="委托里没有“小餐馆许可”"):
        draft(username="zhou", mandate=first.pk)

    second = mandating.in_force(item_code=LICENCE)
    case = draft(username="zhou", mandate=first.pk)
    parent = filing.submit_whole(
        case, actor=actor("zhou"), applicant=None, version=case.item_version, idempotency_key="k", now=NOW
    )
    assert [Event.objects.get(case=child).mandate for child in parent.children.order_by("number")] == [
        first,
        second,
    ]


def test_a_mandate_that_ends_meanwhile_stops_the_whole():
    mandating.term()
    first, second = mandating.in_force(item_code=BIRTH), mandating.in_force(item_code=LICENCE)
    case = draft(username="zhou", mandate=first.pk)
    mandates.end(second.pk, actor=actor("zhou"), now=NOW)

    with pytest.raises(authority.NotInMandate):
        drafts.save_answers(case, {"spouse": "王五"}, actor=actor("zhou"), now=NOW)


def test_an_item_that_nobody_may_do_for_another_is_named():
    mandating.term()
    mandate = mandating.in_force()
    items = list(EffectiveItem.objects.filter(code__in=BOTH).order_by("code"))
    items[0].proxy_allowed = False

    with pytest.raises(authority.NotInMandate, match=f"“{items[0].name}”要本人办，不能代办，请去掉"):
        acting.check_start(mandate.pk, actor("zhou"), items, now=NOW)
