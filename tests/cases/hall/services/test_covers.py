"""请假代办: who sees a colleague's cases, in whose name they act, and what stays with two persons."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.cases.hall.making import LICENCE, NOW, at, submitted
from tests.conftest import actor
from tests.template import PERSON_ID

pytestmark = pytest.mark.usefixtures("in_east")
TODAY = timezone.localdate(NOW)
DAY = timedelta(days=1)


@pytest.fixture
def deputy():
    """East's head has the posts of window and approver besides."""
    from tenants.hall.models import Post

    for role in ("window", "approver"):
        Post.objects.create(
            person=PERSON_ID["east_head"], name="东负责", username="east_head", role=role, created_at=NOW
        )
    return actor("east_head", ["window", "approver"])


def arrange(absent="east_approver", by="east_head", first=TODAY, last=TODAY + 5 * DAY, who=None):
    from cases.hall.services import covers

    who = who or actor(absent, ["approver"])
    return covers.arrange(PERSON_ID[absent], PERSON_ID[by], first, last, by=who, now=NOW)


def mine(who, today=TODAY):
    from cases.hall.queries import desk

    return {case.pk for case in desk.cases(who, "mine", today=today)}


def test_the_deputy_sees_the_cases_of_who_is_away_for_those_days_alone(deputy):
    from cases.hall.services import claims, covers

    case = claims.claim(at("review"), by=actor("east_approver", ["approver"]), now=NOW)
    assert case.pk not in mine(deputy)
    cover = arrange()
    assert case.pk in mine(deputy)
    assert case.pk not in mine(deputy, TODAY + 6 * DAY)
    covers.end(cover, by=deputy, now=NOW)
    assert case.pk not in mine(deputy)


def test_the_deputy_acts_in_their_own_name_and_the_event_says_for_whom(deputy):
    from cases.hall.services import claims, transition

    case = claims.claim(at("review"), by=actor("east_approver", ["approver"]), now=NOW)
    arrange()
    case = transition.apply(case, "grant", by=deputy, now=NOW)
    event = case.events.get(action="grant")
    assert (event.actor, event.actor_name) == (PERSON_ID["east_head"], "东负责")
    assert event.data["for"] == "代东审批"
    other = transition.apply(at("review"), "grant", by=deputy, now=NOW)
    assert "for" not in other.events.get(action="grant").data


def test_who_accepts_does_not_decide_neither_as_a_deputy_nor_by_one(deputy):
    from cases.hall.services import claims, transition

    arrange()
    own = transition.apply(submitted(LICENCE), "accept", by=deputy, now=NOW)
    own = transition.apply(own, "review", by=actor("east_approver", ["approver"]), now=NOW)
    own = claims.claim(own, by=actor("east_approver", ["approver"]), now=NOW)
    with pytest.raises(transition.NotAllowed, match="您受理的"):
        transition.apply(own, "grant", by=deputy, now=NOW)

    both = actor("east_approver", ["window", "approver"])
    theirs = transition.apply(submitted(LICENCE), "accept", by=both, now=NOW)
    theirs = claims.claim(transition.apply(theirs, "review", by=both, now=NOW), by=both, now=NOW)
    with pytest.raises(transition.NotAllowed, match="东审批受理的"):
        transition.apply(theirs, "grant", by=deputy, now=NOW)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"by": "east_window"}, "by"),
        ({"by": "east_staff"}, "by"),
        ({"last": TODAY - DAY}, "last"),
        ({"first": TODAY - 9 * DAY, "last": TODAY - DAY}, "last"),
        ({"last": TODAY + 400 * DAY}, "last"),
    ],
)
def test_what_cannot_be_is_told_by_its_field(given, field, deputy):
    from cases.hall.services.refusals import DataNeeded

    with pytest.raises(DataNeeded) as told:
        arrange(**given)
    assert list(told.value.fields) == [field]


def test_one_is_covered_by_one_at_a_time_and_others_by_the_admin_alone(deputy):
    from cases.hall.services.refusals import DataNeeded, NotAllowed

    with pytest.raises(NotAllowed):
        arrange(who=actor("east_window", ["window"]))
    arrange(who=actor("east_admin", ["hall_admin"]))
    with pytest.raises(DataNeeded) as told:
        arrange(first=TODAY + 5 * DAY, last=TODAY + 7 * DAY)
    assert list(told.value.fields) == ["first"]
    arrange(first=TODAY + 6 * DAY, last=TODAY + 7 * DAY)
