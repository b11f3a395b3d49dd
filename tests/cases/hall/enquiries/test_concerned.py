"""A complaint is nothing to whom it is about: no list, no count, no page, no file, no act, no API, by no cover or claim."""

from datetime import date, timedelta

import pytest
from django.http import Http404
from django.utils import timezone

from cases.hall.services.enquiries import answering, asking, handling, publishing, sweeping
from tests.cases.hall import making as cases
from tests.cases.hall.enquiries.making import (
    POSTS,
    ask,
    complain,
    findings,
    messages,
    reload,
    seen_by,
    staff,
)
from tests.conftest import actor
from tests.template import LICENCE, NOW, PERSON_ID

pytestmark = pytest.mark.usefixtures("in_east")
TODAY = date(2026, 3, 2)


def test_complaints_are_the_leaders_alone_until_they_give_one_on():
    made = complain()
    assert {name for name in POSTS if made.number in seen_by(name)} == {"east_head", "east_admin"}
    handling.assign(made, PERSON_ID["east_approver"], by=staff("east_head"), now=NOW)
    assert made.number in seen_by("east_approver")
    assert made.number not in seen_by("east_window")


def test_somebody_named_sees_nothing_of_it():
    from cases.hall.queries import enquiries

    made = complain(about="staff", who="东管理，上午在大厅")
    assert {name for name in POSTS if made.number in seen_by(name)} == {"east_head"}
    counted = enquiries.counts(staff("east_admin"), TODAY)
    assert set(counted.values()) == {0}
    assert enquiries.counts(staff("east_head"), TODAY)["complaints"] == 1


ACTS = {
    "take": lambda found, **how: handling.take(found, **how),
    "release": lambda found, **how: handling.release(found, **how),
    "assign": lambda found, **how: handling.assign(found, PERSON_ID["east_window"], **how),
    "route": lambda found, **how: handling.route(found, "卫健委", **how),
    "name_party": lambda found, **how: handling.name_party(found, PERSON_ID["east_window"], **how),
    "note": lambda found, **how: handling.note(found, "备注", **how),
    "draft": lambda found, **how: handling.keep_draft(found, "草稿", **how),
    "extend": lambda found, **how: handling.extend(found, "原因", **how),
    "answer": lambda found, **how: answering.answer(found, "答复", **how),
    "publish": lambda found, **how: publishing.publish(found, "问", "答", **how),
    "withdraw": lambda found, **how: publishing.withdraw(found, "原因", **how),
}


@pytest.mark.parametrize("name", ACTS)
def test_every_act_of_theirs_is_refused_by_the_service_itself(name):
    made = complain(about="staff", who="东管理")
    with pytest.raises(Http404):
        ACTS[name](made, by=staff("east_admin"), now=NOW)
    assert reload(made).revision == made.revision


def test_of_the_head_who_is_not_named_no_head_sees_it():
    made = complain(about="head")
    assert {name for name in POSTS if made.number in seen_by(name)} == {"east_admin"}
    # where no head may, the hall's admin decides on more time
    handling.extend(made, "要核实", by=staff("east_admin"), now=NOW)
    assert reload(made).extended_at == NOW


def test_whoever_worked_on_the_case_in_dispute_does_not_handle_the_complaint():
    case = cases.at("granted", LICENCE)
    made = complain(about="case", case=case.number)
    # the window accepted and the approver granted
    handled = {"east_window", "east_approver"}
    for name in handled:
        with pytest.raises(Http404):
            answering.answer(made, "没错", by=staff(name), now=NOW)
    from cases.hall.queries import enquiries

    given = {post.username for post in enquiries.colleagues(made)}
    assert not given & handled
    assert "east_head" in given


def test_whoever_decides_it_afterwards_loses_it_too():
    case = cases.at("accepted", LICENCE)
    made = complain(about="case", case=case.number)
    handling.assign(made, PERSON_ID["east_approver"], by=staff("east_head"), now=NOW)
    assert made.number in seen_by("east_approver")
    cases.act(case, "review")
    assert made.number not in seen_by("east_approver")
    with pytest.raises(Http404):
        answering.answer(made, "没错", by=staff("east_approver"), now=NOW)


def test_whoever_holds_the_case_in_dispute_does_not_handle_it():
    from cases.hall.services import claims

    case = cases.submitted(LICENCE)
    claims.claim(case, by=actor("east_window", ["window"]), now=NOW)
    made = complain(about="case", case=case.number)
    handling.route(made, "卫健委", by=staff("east_head"), now=NOW)
    from tenants.hall.models import Department, Post

    Post.objects.filter(role="window").update(department=Department.objects.get(short_name="卫健委"))
    assert made.number not in seen_by("east_window")


def test_a_department_sees_what_is_routed_to_it_but_not_whom_it_is_about():
    from tenants.hall.models import Department, Post

    made = complain(about="staff", who="东审批")
    handling.route(made, "卫健委", by=staff("east_head"), now=NOW)
    Post.objects.filter(role__in=["window", "approver"]).update(
        department=Department.objects.get(short_name="卫健委")
    )
    assert made.number in seen_by("east_window")
    assert made.number not in seen_by("east_approver")


def test_who_is_found_out_later_loses_it_at_once():
    made = complain(about="staff", who="高个子")
    handling.assign(made, PERSON_ID["east_window"], by=staff("east_head"), now=NOW)
    handling.name_party(made, PERSON_ID["east_window"], by=staff("east_head"), now=NOW)
    assert reload(made).claimed_by is None
    assert made.number not in seen_by("east_window")
    with pytest.raises(Exception, match="被投诉的人不能办"):
        handling.assign(made, PERSON_ID["east_window"], by=staff("east_head"), now=NOW)


def test_standing_in_for_a_colleague_shows_nothing_about_oneself():
    from cases.hall.models import Cover

    made = complain(about="staff", who="东窗口")
    handling.assign(made, PERSON_ID["east_approver"], by=staff("east_head"), now=NOW)
    Cover.objects.create(
        person=PERSON_ID["east_approver"], name="东审批", by=PERSON_ID["east_window"], by_name="东窗口",
        first_day=TODAY, last_day=TODAY, made_by=PERSON_ID["east_admin"], made_by_name="东管理", made_at=NOW,
    )  # fmt: skip
    assert made.number not in seen_by("east_window")
    with pytest.raises(Http404):
        answering.answer(made, "没有的事", by=staff("east_window"), now=NOW)


def test_nobody_whom_it_is_about_is_told_that_it_is_late():
    complain(about="staff", who="东负责")
    sweeping.sweep(now=NOW + timedelta(days=20))
    assert messages("east_head") == []
    assert len(messages("east_admin")) == 2


def test_where_no_leader_is_left_the_city_is_told_and_a_new_head_takes_over():
    from cases.shared.models import EnquiryPointer
    from tenants.hall.models import Post

    made = complain(about="staff", who="东负责和东管理")
    assert (made.needs_city, EnquiryPointer.objects.get().needs_city) == (True, True)
    assert not any(made.number in seen_by(name) for name in POSTS)
    Post.objects.create(
        person=PERSON_ID["inspector"], name="监察", username="inspector", role="head", created_at=NOW
    )
    sweeping.sweep(now=NOW)
    assert EnquiryPointer.objects.get().needs_city is False
    answering.answer(made, "核实了", by=actor("inspector", ["head"]), now=NOW)
    assert findings() == []


def test_the_halls_log_tells_neither_who_complained_nor_of_which_number():
    from audit.models import Record

    made = complain(about="staff", who="东管理")
    asking.add(made, "还有", by=actor("lin"), now=NOW)
    rows = Record.objects.filter(action__startswith="enquiry.")
    assert {(row.actor, row.actor_name, row.object) for row in rows} == {(None, "", str(made.pk))}
    assert "东管理" not in str([row.detail for row in rows])
    asked = ask()
    assert Record.objects.filter(object=asked.number, actor_name="林小禾").count() == 1


def test_a_file_is_its_owners_and_theirs_who_may_handle_it():
    from cases.hall.queries import enquiries

    made = complain(about="staff", who="东管理")
    file = asking.add_file(made, cases.upload(), by=actor("lin"), now=NOW)

    def opens(by):
        try:
            return enquiries.file_for(by, made.number, file.pk, timezone.localdate(NOW)) == file
        except Http404:
            return False

    assert opens(actor("lin"))
    assert opens(staff("east_head"))
    assert not any(opens(staff(name)) for name in ("east_admin", "east_window", "east_staff"))
    assert not opens(actor("zhou"))


def test_lists_take_as_many_queries_with_three_rows_as_with_one(django_assert_num_queries):
    from cases.hall.queries import enquiries

    for number in range(1, 4):
        complain(username=("lin", "zhou", "agent")[number - 1])
        with django_assert_num_queries(4):
            assert len(enquiries.queue(staff("east_head"), "complaints", TODAY)) == number
        with django_assert_num_queries(4):
            assert enquiries.counts(staff("east_head"), TODAY)["complaints"] == number
