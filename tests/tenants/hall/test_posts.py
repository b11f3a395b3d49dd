"""Posts: their term, what they act on, who gives and ends them, and what is kept of it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from accounts.actor import WHOLE, Posts, Reach
from tests.conftest import actor
from tests.template import LICENCE, NOW, PERSON_ID

pytestmark = pytest.mark.usefixtures("in_east")
TODAY = date(2026, 3, 2)


def admin(name="east_admin"):
    return actor(name, ["hall_admin"])


def give(name="lin", role="window", by=None, **term):
    from tenants.hall.services import posts

    return posts.give(
        PERSON_ID[name],
        username=name,
        name=name,
        wanted=posts.Wanted(role, **term),
        reason="补人",
        by=by or admin(),
        now=NOW,
    )


def test_a_term_ends_at_midnight_in_the_city():
    from tenants.hall.queries import posts_of

    give(starts_on=date(2026, 7, 1), ends_on=date(2026, 7, 31))
    person = PERSON_ID["lin"]
    moments = {
        datetime(2026, 6, 30, 15, 59, 59, tzinfo=UTC): set(),
        datetime(2026, 6, 30, 16, 0, tzinfo=UTC): {"window"},
        datetime(2026, 7, 31, 15, 59, 59, tzinfo=UTC): {"window"},
        datetime(2026, 7, 31, 16, 0, tzinfo=UTC): set(),
    }
    assert {moment: set(posts_of(person, moment)) for moment in moments} == moments


def test_the_databases_clock_decides_when_nobody_tells_it():
    from django.utils import timezone

    from tenants.hall.models import Post
    from tenants.hall.queries import posts_of

    today, person = timezone.localdate(), PERSON_ID["east_window"]
    mine = Post.objects.filter(person=person)
    for starts, ends, holds in (
        (None, today, True),
        (None, today - timedelta(days=1), False),
        (today, None, True),
        (today + timedelta(days=1), None, False),
    ):
        mine.update(starts_on=starts, ends_on=ends)
        assert bool(posts_of(person)) is holds, (starts, ends)


def test_an_ended_post_gives_nothing_and_stays():
    from tenants.hall.models import Post
    from tenants.hall.queries import posts_of
    from tenants.hall.services import posts

    post = give()
    posts.end(post.pk, reason="调走", by=admin(), now=NOW)
    posts.end(post.pk, reason="again", by=admin(), now=NOW)
    again = give()

    kept = Post.objects.filter(person=PERSON_ID["lin"]).order_by("pk")
    assert [(row.is_active, row.end_reason, row.given_by_name) for row in kept] == [
        (False, "调走", "东管理"),
        (True, "", "东管理"),
    ]
    assert posts_of(PERSON_ID["lin"], NOW) == {"window"}
    with pytest.raises(posts.Refused, match="已经有"):
        give()
    # the hall's role may not delete: who acted under it must be found
    from django.db import DatabaseError, transaction

    with pytest.raises(DatabaseError), transaction.atomic():
        again.delete()


def test_nobody_gives_or_widens_their_own():
    from tenants.hall.models import Post
    from tenants.hall.services import posts

    with pytest.raises(posts.Refused, match="不能给自己"):
        give("east_admin", "head", by=admin())
    own = Post.objects.get(person=PERSON_ID["east_admin"], role="hall_admin")
    with pytest.raises(posts.Refused, match="不能改自己"):
        posts.change(own.pk, wanted=posts.Wanted("hall_admin"), reason="x", by=admin(), now=NOW)
    with pytest.raises(PermissionDenied):
        give(by=actor("east_head", ["head"]))


@pytest.mark.parametrize(
    ("held", "wanted", "may"),
    [
        ({}, {}, False),
        ({"departments": ("卫健委",)}, {"departments": ("市场监管局",)}, True),
        ({"departments": ("卫健委",)}, {"departments": ("卫健委", "市场监管局")}, False),
        ({"departments": ("卫健委",)}, {"items": (LICENCE,)}, False),
    ],
)
def test_who_takes_in_does_not_decide_the_same_work(held, wanted, may):
    from tenants.hall.services import posts

    give("lin", "window", **held)
    if may:
        assert give("lin", "approver", **wanted).pk
    else:
        with pytest.raises(posts.Refused, match="受理和审批要分开"):
            give("lin", "approver", **wanted)


@pytest.mark.parametrize(
    ("term", "told"),
    [
        ({"starts_on": TODAY, "ends_on": TODAY - timedelta(days=1)}, "不能早于"),
        ({"ends_on": date(2020, 1, 1)}, "不能早于"),
        ({"ends_on": date(2099, 1, 1)}, "十年"),
        ({"departments": ("无此局",)}, "没有这个部门"),
        ({"items": ("99999999999999",)}, "没有这些事项"),
        ({"role": "king"}, "选一种岗位"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_written(term, told):
    from tenants.hall.models import Post
    from tenants.hall.services import posts

    with pytest.raises(posts.Refused, match=told):
        give(**term)
    assert not Post.objects.filter(person=PERSON_ID["lin"]).exists()


def test_a_proxy_is_not_at_the_desk():
    from cases.hall.models import ProxyTerm
    from tenants.hall.services import posts

    ProxyTerm.objects.create(
        person=PERSON_ID["lin"], name="林", username="lin", phone_index="x", town="349901100", since=TODAY,
        until=date(2099, 1, 1), appointed_name="x",
    )  # fmt: skip
    with pytest.raises(posts.Refused, match="代办员"):
        give()
    assert give(role="branch_staff").pk


def test_the_last_admin_stays_and_a_second_lets_one_go():
    from tenants.hall.models import Post
    from tenants.hall.services import posts

    last = Post.objects.get(person=PERSON_ID["east_admin"], role="hall_admin")
    for act in (
        lambda: posts.end(last.pk, reason="x", by=admin(), now=NOW),
        lambda: posts.suspend(
            PERSON_ID["east_admin"], hall="east", reason="x", by=admin("east_staff"), now=NOW
        ),
        lambda: posts.change(
            last.pk,
            wanted=posts.Wanted("hall_admin", ends_on=date(2026, 4, 1)),
            reason="x",
            by=admin("east_staff"),
            now=NOW,
        ),
    ):
        with pytest.raises(posts.Refused, match="最后一位"):
            act()
    # one that has not begun saves nobody
    second = give("east_staff", "hall_admin", starts_on=date(2026, 9, 1))
    with pytest.raises(posts.Refused, match="最后一位"):
        posts.end(last.pk, reason="x", by=admin(), now=NOW)
    posts.change(second.pk, wanted=posts.Wanted("hall_admin"), reason="提前", by=admin(), now=NOW)
    assert not posts.end(last.pk, reason="退休", by=admin(), now=NOW).is_active


def test_suspension_is_of_all_posts_here_and_of_this_halls_sessions(hall_client, west, east):
    from accounts.models import Session
    from tenants.hall.queries import posts_of
    from tenants.hall.services import posts

    hall_client(east, "east_window"), hall_client(west, "east_window", by_ticket=True)
    assert posts.suspend(PERSON_ID["east_window"], hall="east", reason="调查", by=admin(), now=NOW) == 1
    left = Session.objects.filter(person_id=PERSON_ID["east_window"]).values_list("hall", flat=True)
    assert (set(posts_of(PERSON_ID["east_window"], NOW)), list(left)) == (set(), ["west"])
    with pytest.raises(posts.Refused, match="停用着"):
        give("east_window", "branch_staff")
    assert posts.reopen(PERSON_ID["east_window"], reason="查清了", by=admin(), now=NOW) == 1
    assert posts_of(PERSON_ID["east_window"], NOW) == {"window"}


def test_history_says_who_changed_what_when_and_why():
    from tenants.hall.queries import post_history
    from tenants.hall.services import posts

    post = give(ends_on=date(2026, 6, 30))
    posts.change(
        post.pk,
        wanted=posts.Wanted("window", ends_on=date(2026, 12, 31)),
        reason="延长",
        by=admin(),
        now=NOW + timedelta(days=1),
    )
    rows = list(post_history(PERSON_ID["lin"]))
    assert [(row.action, row.actor_name, row.detail["reason"]) for row in rows] == [
        ("post.change", "东管理", "延长"),
        ("post.give", "东管理", "补人"),
    ]
    assert (rows[0].detail["before"]["to"], rows[0].detail["to"]) == ("2026-06-30", "2026-12-31")


def test_of_a_post_held_twice_the_wider_reach_counts():
    one, other = Reach(frozenset({"a"})), Reach(frozenset(), frozenset({"1"}))
    both = Posts.of([("window", one), ("window", other), ("head", WHOLE)])
    assert both == {"window", "head"}
    assert both.reaches["window"] == Reach(frozenset({"a"}), frozenset({"1"}))
    assert Posts.of([("window", one), ("window", WHOLE)]).reaches["window"].is_whole


def narrowed(role="window", **reach):
    """The clerk of the hall with a narrower post, as a request would know them."""
    from tenants.hall.models import Post
    from tenants.hall.queries import posts_of

    name = {"window": "east_window", "approver": "east_approver"}[role]
    Post.objects.filter(person=PERSON_ID[name], role=role).update(**reach)
    return replace(actor(name), posts=posts_of(PERSON_ID[name]))


def test_outside_its_reach_a_post_neither_lists_opens_claims_nor_acts():
    from django.http import Http404

    from cases.hall.queries import access, desk
    from cases.hall.services import claims, transition
    from cases.hall.services.refusals import NotAllowed
    from tests.cases.hall.making import submitted

    case = submitted(LICENCE)
    outside, inside = narrowed(departments=["卫健委"]), None
    with pytest.raises(Http404):
        access.case_for(outside, case.number)
    assert not desk.cases(outside, "new", today=TODAY).filter(pk=case.pk).exists()
    assert transition.open_actions(case, outside) == []
    for act in (
        lambda by: claims.claim(case, by=by, now=NOW),
        lambda by: transition.apply(case, "accept", by=by, now=NOW),
    ):
        with pytest.raises(NotAllowed):
            act(outside)
    for reach in ({"departments": [case.department]}, {"departments": [], "items": [LICENCE]}):
        inside = narrowed(**reach)
        assert access.case_for(inside, case.number).pk == case.pk
    assert transition.apply(case, "accept", by=inside, now=NOW).state == "accepted"


def test_whoever_stands_in_reaches_what_their_colleague_does():
    from django.utils import timezone

    from audit.models import Record
    from cases.hall.services import claims, covers, transition
    from cases.hall.services.refusals import NotAllowed
    from tenants.hall.queries import posts_of
    from tests.cases.hall.making import submitted

    now = timezone.now()
    today = timezone.localdate(now)
    case = submitted(LICENCE, "zhou", now)
    by = narrowed(departments=["卫健委"])
    give("lin", "window", departments=(case.department,))
    colleague = replace(actor("lin"), posts=posts_of(PERSON_ID["lin"]))
    claims.claim(case, by=colleague, now=now)
    case.refresh_from_db()
    with pytest.raises(NotAllowed):
        transition.apply(case, "accept", by=by, now=now)
    covers.arrange(PERSON_ID["lin"], by.person_id, today, today, by=admin(), now=now)
    done = transition.apply(case, "accept", by=by, now=now)

    assert done.state == "accepted"
    assert done.events.get(action="accept").data["for"] == "代lin"
    told = Record.objects.get(action="case.accept", object=done.number).detail
    assert told["for_person"] == str(PERSON_ID["lin"])


def test_nobody_stands_in_whose_post_ends_before():
    from cases.hall.services import covers
    from cases.hall.services.refusals import DataNeeded

    give("lin", "window", ends_on=date(2026, 3, 5))
    with pytest.raises(DataNeeded):
        covers.arrange(
            PERSON_ID["east_window"], PERSON_ID["lin"], TODAY, date(2026, 3, 9), by=admin(), now=NOW
        )
    assert covers.arrange(
        PERSON_ID["east_window"], PERSON_ID["lin"], TODAY, date(2026, 3, 5), by=admin(), now=NOW
    ).pk
