"""What time alone does: deemed acceptance, abandonment, reminders, owed papers, the archive; late, twice, in any order."""

from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from tests.cases.hall.making import NOW, act, actor, at, submitted
from tests.cases.hall.services.test_lifecycle import in_order, listing, texts
from tests.cases.hall.services.test_transition import everything, fresh, steps

pytestmark = pytest.mark.usefixtures("in_east")

POINTS = {"points": [{"kind": "material", "key": "m2", "verdict": "missing"}]}


@pytest.fixture(autouse=True)
def _inside(in_east, monkeypatch):
    """The sweep opens a scope for each case; these tests are in east's already."""
    import contextlib

    from tenants.shared import scope

    monkeypatch.setattr(scope, "hall", lambda hall: contextlib.nullcontext())


def day(month, number, hour=10):
    return datetime(2026, month, number, hour, tzinfo=timezone.get_default_timezone())


def sweep(now):
    from cases.hall.services import lapses

    return lapses.sweep(None, now=now)


NOTHING = {"deem": 0, "abandon": 0, "remind": 0, "owed": 0, "on_the_way": 0, "archive": 0}


def test_on_the_last_day_nothing_lapses_and_after_it_acceptance_is_deemed():
    case = submitted()  # Monday 2 March: the last day is Monday 9 March

    assert sweep(day(3, 9, 23)) == NOTHING
    assert sweep(day(3, 10, 0)) == {**NOTHING, "deem": 1}
    case = fresh(case)

    # promised 5 and statutory 20 working days from the day of receipt, not from the sweep
    assert (case.state, case.promised_due_on, case.statutory_due_on) == (
        "deemed_accepted", date(2026, 3, 9), date(2026, 3, 30),
    )  # fmt: skip
    assert steps(case)[-1] == ("deem_accepted", "submitted", "deemed_accepted", "system")
    assert case.events.latest("sequence").data == {"lapsed_on": "2026-03-09"}
    assert texts(case)[-1] == "我们没按时答复，小餐馆许可依法算已受理，最晚3月9日给您结果。"
    in_order(case)


def ledger_of(case):
    return list(case.ledger.order_by("clock", "act").values_list("clock", "act", "day", "days"))


def test_a_week_in_which_everything_was_down_changes_no_date():
    soon, late = submitted(), submitted()

    sweep(day(3, 10, 0))
    first = ledger_of(fresh(soon))
    sweep(day(3, 17))

    assert ledger_of(fresh(soon)) == first == ledger_of(fresh(late))
    assert first[:2] == [("A", "start", date(2026, 3, 2), 5), ("A", "stop", date(2026, 3, 10), None)]


def test_a_sweep_a_week_late_dates_it_like_one_in_time():
    case = submitted()

    assert sweep(day(3, 17))["deem"] == 1

    assert ledger_of(fresh(case)) == [
        ("A", "start", date(2026, 3, 2), 5),
        ("A", "stop", date(2026, 3, 10), None),
        ("P", "start", date(2026, 3, 2), 5),
        ("S", "start", date(2026, 3, 2), 20),
    ]


def test_a_clerk_who_comes_before_a_late_sweep_cannot_undo_what_the_law_did():
    from cases.hall.services.transition import NotOpen

    case = submitted()
    before = everything(case)

    with pytest.raises(NotOpen, match="期限已过"):
        act(case, "not_accept", day(3, 10), reason="理由")

    assert everything(case) == before
    sweep(day(3, 11))
    assert act(fresh(case), "review", day(3, 11)).state == "review"


def test_what_is_only_expected_lapses_not():
    case = submitted()
    case.is_due_expected = True
    case.save(update_fields=["is_due_expected"])

    assert sweep(day(3, 20)) == NOTHING


def test_a_correction_that_nobody_answers_ends_the_case_after_fifteen_working_days():
    case = act(submitted(), "request_correction", data=POINTS)
    assert (case.due_on, case.due_clock, case.turn) == (date(2026, 3, 23), "C", "applicant")

    assert sweep(day(3, 23, 23))["abandon"] == 0
    assert sweep(day(3, 31))["abandon"] == 1
    case = fresh(case)

    assert (case.state, case.turn) == ("abandoned", "nobody")
    from cases.hall.queries import progress

    assert (
        progress.status(case, date(2026, 4, 1)).headline
        == "到3月23日 周一没补材料，这件结束了，可以重新申请。"
    )
    assert [row[:3] for row in ledger_of(case)][-1] == ("C", "stop", date(2026, 3, 24))
    in_order(case)


def test_reminders_come_once_at_seven_three_and_one_day_and_only_the_nearest_after_an_outage():
    case = act(submitted(), "request_correction", data=POINTS)  # until 23 March

    told = [sweep(day(3, number))["remind"] for number in range(14, 24)]

    assert told == [0, 0, 1, 0, 0, 0, 1, 0, 1, 0]
    assert texts(case)[-3:] == [
        f"轮到您：小餐馆许可还有{left}天补材料，最晚3月23日，过期这件会结束。" for left in (7, 3, 1)
    ]

    late = act(submitted(), "request_correction", data=POINTS)
    assert [sweep(day(3, number))["remind"] for number in (21, 21)] == [1, 0]
    assert texts(late)[-1] == "轮到您：小餐馆许可还有2天补材料，最晚3月23日，过期这件会结束。"


def test_an_owed_paper_is_reminded_of():
    case = submitted()
    later = [{**row, "necessity": "later", "grace_days": 5} if row["key"] == "m2" else row for row in case.item["materials"]]  # fmt: skip
    case = act(listing(case, materials=later), "accept")  # the paper is due on 9 March

    assert [sweep(day(3, number))["owed"] for number in (5, 6, 7, 8, 9)] == [0, 1, 0, 1, 0]
    assert texts(case)[-1] == "轮到您：小餐馆许可还差结婚证，请3月9日前补上，补齐了才能办好。"


@pytest.mark.parametrize("state", ["delivered", "not_accepted", "review"])
def test_what_has_ended_is_archived_after_thirty_days(state):
    case = at(state)

    assert sweep(NOW + timedelta(days=30))["archive"] == 0
    assert sweep(NOW + timedelta(days=31))["archive"] == (state == "delivered")
    assert fresh(case).state == {"delivered": "archived"}.get(state, state)


def test_a_second_sweep_does_nothing_and_their_order_does_not_matter():
    def life(days):
        made = [submitted(), act(submitted(), "request_correction", data=POINTS), at("delivered")]
        for now in days:
            sweep(now)
        return [(fresh(case).state, ledger_of(case), steps(case)) for case in made]

    often = life([day(3, 10), day(3, 10), day(3, 24), day(4, 10), day(4, 10)])
    once = life([day(4, 10)])

    assert often == once


def test_a_clock_that_was_set_back_lapses_nothing():
    case = submitted()

    assert sweep(NOW - timedelta(days=400)) == NOTHING
    assert fresh(case).state == "submitted"


def test_the_answer_in_the_last_minute_counts_and_one_minute_later_does_not():
    from cases.hall.services import corrections
    from cases.hall.services.transition import NotOpen
    from tests.cases.hall.making import upload

    case = act(submitted(), "request_correction", data=POINTS)
    last = day(3, 23, 23) + timedelta(minutes=59)
    corrections.add_file(case, material_key="m2", upload=upload(), actor=actor("lin"), now=last)

    def hand_in(now):
        from cases.hall.services import transition

        return transition.apply(case, "resubmit", by=actor("lin"), now=now)

    before = everything(case)
    with pytest.raises(NotOpen, match="期限已过"):
        hand_in(last + timedelta(minutes=1))
    assert everything(case) == before
    assert hand_in(last).state == "submitted"
    # a new time to answer counts from that day
    assert fresh(case).due_on == date(2026, 3, 30)


def test_a_case_that_cannot_be_acted_on_stops_no_other(caplog):
    from types import SimpleNamespace

    from cases.hall.models import Case
    from cases.hall.services import lapses

    broken, whole = submitted(), submitted()
    # resumed and never paused: no clock can be read from it
    Case.objects.filter(pk=broken.pk).update(due_on=date(2026, 3, 1))
    start = broken.ledger.get()
    type(start)(
        case=broken, event=start.event, clock="A", act="resume", day=date(2026, 3, 2), ground="x"
    ).save(force_insert=True)

    done = lapses.sweep(SimpleNamespace(key="east"), now=day(3, 10))

    assert done == {**NOTHING, "deem": 1}
    assert (fresh(broken).state, fresh(whole).state) == ("submitted", "deemed_accepted")
    assert "was left as it is: BrokenLedger" in caplog.text


def test_whoever_was_told_is_not_asked_for_again(django_assert_num_queries):
    """What was done is no part of the selection: a hall full of such cases costs six queries and no more."""
    case = act(submitted(), "request_correction", data=POINTS)
    near = day(3, 17)
    assert sweep(near) == {**NOTHING, "remind": 1}
    assert case.due_on == date(2026, 3, 23)

    with django_assert_num_queries(6):
        assert sweep(near) == NOTHING
