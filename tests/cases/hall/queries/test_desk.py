"""The desk's queues and filters: what is in which, what the counts say, what the archive costs."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

from tests.cases.hall.making import LICENCE, NOW, REPORT, act, at, submitted
from tests.conftest import actor
from tests.template import PERSON_ID

pytestmark = pytest.mark.usefixtures("in_east")
TODAY = timezone.localdate(NOW)
DAY = timedelta(days=1)
WINDOW, APPROVER = ["window"], ["approver"]


def clerk(name="east_window", posts=WINDOW):
    return actor(name, posts)


def numbers(queue, who=None, today=TODAY, **filters):
    from cases.hall.queries import desk
    from cases.hall.queries.narrowing import Filters

    found = desk.cases(who or clerk(), queue, Filters(**filters), today=today)
    return {case.number for case in found}


def in_correction():
    points = [
        {"kind": "material", "key": "m1", "verdict": "unclear"},
        {"kind": "field", "key": "spouse", "verdict": "wrong"},
    ]
    return act(submitted(), "request_correction", data={"points": points})


def corrected():
    from cases.hall.services import corrections, transition
    from tests.cases.hall.making import upload

    case = in_correction()
    lin = actor("lin")
    corrections.save_answers(case, {"spouse": "王五"}, actor=actor("lin"), now=NOW)
    corrections.add_file(case, material_key="m1", upload=upload(), actor=lin, now=NOW)
    case.refresh_from_db()
    return transition.apply(case, "resubmit", by=lin, now=NOW)


def paused():
    case = at("review")
    case.item = {**case.item, "special_procedures": [{"kind": "专家评审", "days": 10, "basis": "x"}]}
    case.save(update_fields=["item"])
    return act(case, "special", reason="要评审", data={"procedure": "专家评审", "days": "5"})


def asked(department="环保所"):
    data = {"department": department, "question": "可以吗", "days": "3"}
    return act(at("review"), "ask_opinion", data=data)


def test_each_queue_has_its_cases_and_the_counts_agree():
    from cases.hall.queries import desk

    waits = in_correction()
    cancelled = act(in_correction(), "cancel_correction", reason="不用了")
    cases = {
        "new": {submitted().number, cancelled.number},
        "corrected": {corrected().number},
        "to_review": {at("accepted").number},
        "to_confirm": {act(at("review"), "refuse", reason="理由").number},
        "paused": {paused().number},
        "to_deliver": {at("granted").number, at("delivering").number},
        "asked": {asked().number},
        "done": {at("not_accepted").number, at("delivered").number},
    }
    # one that was corrected is accepted like any other; one about which somebody is asked is decided
    cases["new"] |= cases["corrected"]
    cases["to_review"] |= cases["asked"]
    assert {queue: numbers(queue) for queue in cases} == cases
    assert numbers("all") == set.union(*cases.values(), {waits.number})

    counts, _colours = desk.counts(clerk(), TODAY)
    open_queues = {name: len(found) for name, found in cases.items() if name != "done"}
    assert {name: counts[name] for name in open_queues} == open_queues
    assert counts["mine"] == len(cases["new"] | cases["to_deliver"])


def test_a_proposal_on_an_ended_case_is_open_work():
    case = act(at("delivered"), "reissue", reason="遗失")
    assert numbers("to_confirm") == {case.number}
    assert numbers("done") == set()


def test_counts_by_colour_are_those_of_the_queue_and_each_leads_to_its_cases():
    from cases.hall.queries import desk
    from cases.hall.queries.narrowing import COLOURS

    made = {"left": submitted(), "paused": paused()}
    late = at("review", now=NOW - 30 * DAY)
    lawless = at("review", now=NOW - 60 * DAY)
    made |= {"over": late, "law": lawless, "today": submitted(now=NOW - 6 * DAY)}
    made["today"].refresh_from_db()
    assert made["today"].due_on == TODAY
    expected = submitted()
    expected.is_due_expected = True
    expected.save(update_fields=["is_due_expected"])
    made["expected"] = expected
    # its promise is long past and its day in law is to come
    late.statutory_due_on = TODAY + DAY
    late.save(update_fields=["statutory_due_on"])

    _counts, colours = desk.counts(clerk(), TODAY, queue="all")
    assert colours == dict.fromkeys(COLOURS, 1)
    for name, case in made.items():
        assert numbers("all", clock=name) == {case.number}, name
    assert numbers("overdue") == {late.number, lawless.number}
    _counts, colours = desk.counts(clerk(), TODAY, queue="to_review")
    assert {name for name, count in colours.items() if count} == {"over", "law"}


def test_a_colour_is_what_the_rows_own_tag_says():
    from cases.hall.queries import desk, progress
    from cases.hall.queries.narrowing import Filters

    kinds = {"law": "lawbreach", "over": "danger", "today": "warn", "paused": "paused"}
    for days in (0, 7, 12, 30, 60):
        submitted(now=NOW - days * DAY)
        at("review", now=NOW - days * DAY)
    paused()
    seen = 0
    for name, kind in kinds.items():
        for case in desk.cases(clerk(), "all", Filters(clock=name), today=TODAY):
            assert progress.tag(case, TODAY).kind == kind
            seen += 1
    assert seen >= 5


def test_filters_narrow_one_by_one_and_together():
    from cases.hall.services import claims

    food, report = submitted(LICENCE), submitted(REPORT, now=NOW - 3 * DAY)
    report.division = "341621113"
    report.save(update_fields=["division"])
    claims.claim(food, by=clerk(), now=NOW)

    for filters, found in (
        ({"q": food.number[:17]}, {food.number}),
        ({"q": "餐馆"}, {food.number}),
        ({"item": REPORT}, {report.number}),
        ({"department": "生态环境局"}, {report.number}),
        ({"division": "341621113"}, {report.number}),
        ({"holder": "me"}, {food.number}),
        ({"holder": "nobody"}, {report.number}),
        ({"holder": str(PERSON_ID["east_window"])}, {food.number}),
        ({"holder": str(uuid4())}, set()),
        ({"since": TODAY}, {food.number}),
        ({"until": TODAY - DAY}, {report.number}),
        ({"since": TODAY - 3 * DAY, "until": TODAY}, {food.number, report.number}),
        ({"item": REPORT, "holder": "me"}, set()),
    ):
        assert numbers("new", **filters) == found, filters
        assert numbers("all", **filters) == found, filters


def test_words_are_found_in_the_archive_by_item_and_by_the_beginning_of_a_company():
    done = at("not_accepted")
    done.company_name = "谯酿酒业有限公司"
    done.save(update_fields=["company_name"])

    assert (
        numbers("done", q="餐馆")
        == numbers("done", q="谯酿")
        == numbers("done", q=done.number)
        == {done.number}
    )
    assert numbers("done", q="酒业") == numbers("done", q="没有") == set()
    assert numbers("done", q="%") == set()


def test_mine_is_what_i_hold_and_what_nobody_holds():
    from cases.hall.services import claims
    from tests.cases.hall.services.test_claims import second_window

    free, own, others = submitted(), submitted(), submitted()
    other = second_window()
    claims.claim(own, by=clerk(), now=NOW)
    claims.claim(others, by=other, now=NOW)
    assert numbers("mine") == {free.number, own.number}
    assert numbers("mine", other) == {free.number, others.number}


def test_what_other_departments_are_asked_is_told_to_whom_it_concerns():
    from tenants.hall.models import Department, Post

    theirs, others = asked("环保所"), asked("消防大队")
    everything = {theirs.number, others.number}
    assert numbers("asked") == everything
    department = Department.objects.create(short_name="环保所", name="东区环保所")
    Post.objects.filter(person=PERSON_ID["east_window"]).update(department=department)
    assert numbers("asked") == {theirs.number}
    Post.objects.filter(person=PERSON_ID["east_window"]).update(
        department=Department.objects.get_or_create(
            short_name="市场监管局", defaults={"name": "东区市场监管局"}
        )[0]
    )
    # both cases are this department's own: it waits for the answers
    assert numbers("asked") == everything
    act(others, "record_opinion", data={"department": "消防大队", "opinion": "可以"})
    assert numbers("asked") == {theirs.number}


def test_whoever_has_no_post_at_the_desk_sees_nothing():
    submitted()
    assert numbers("all", actor("east_staff", ["branch_staff"])) == set()


def test_an_unknown_queue_is_told():
    from cases.hall.queries import desk

    with pytest.raises(desk.UnknownQueue):
        desk.cases(clerk(), "secret", today=TODAY)
    with pytest.raises(desk.UnknownQueue):
        desk.counts(clerk(), TODAY, queue="secret")


def explained(found):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        sql, values = found.query.sql_with_params()
        cursor.execute(f"EXPLAIN {sql}", values)
        return "\n".join(row for (row,) in cursor.fetchall())


@pytest.mark.parametrize("queue", ["mine", "new", "corrected", "to_confirm", "overdue", "asked"])
def test_open_work_is_read_from_its_own_index(queue):
    from cases.hall.queries import desk

    plan = explained(desk.cases(clerk(), queue, today=TODAY)[:20])
    assert "case_open_by_due" in plan or "case_by_state_due" in plan, plan
    assert "Seq Scan on cases_hall_case " not in plan
