"""The ledger: the last day is a function of its rows alone, and it can be explained."""

import random
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.hall.clock import (
    ACCEPTANCE_DAYS,
    BrokenLedger,
    Due,
    Entry,
    Kind,
    Mark,
    colour,
    date_text,
    due,
    explain,
)
from cases.hall.enums import Act, Clock
from catalog.shared.enums import Unit
from tests.cases.hall.calendars import CALENDAR, PROPERTY

WORKING, NATURAL = Unit.WORKING, Unit.NATURAL


def day(text):
    return date.fromisoformat(text)


def row(act, on, days=None, unit="", clock=Clock.PROMISED, position=0, **words):
    return Entry(clock, act, day(on), days, unit, position=position, **words)


def promised(on, days, unit=WORKING, **kept):
    return row(Act.START, on, days, unit, **kept)


def last_day(*entries, clock=Clock.PROMISED):
    found = due(entries, clock, CALENDAR)
    return found.date if found else None


def test_a_clock_that_never_started_has_no_last_day():
    assert due([promised("2026-03-02", 5)], Clock.STATUTORY, CALENDAR) is None
    assert explain([], Clock.PROMISED, CALENDAR) == []


def test_the_first_day_does_not_count():
    assert last_day(promised("2026-03-02", 5)) == day("2026-03-09")


def test_acceptance_counts_from_the_day_of_receipt_whatever_day_it_is():
    # received on the first day of the Spring Festival: day 1 is 24 February
    received = row(Act.START, "2026-02-15", ACCEPTANCE_DAYS, WORKING, clock=Clock.ACCEPTANCE)

    # 28 February is a make-up Saturday
    assert last_day(received, clock=Clock.ACCEPTANCE) == day("2026-02-28")


def test_done_on_the_spot_is_due_the_same_day():
    assert last_day(promised("2026-03-02", 0)) == day("2026-03-02")
    assert last_day(promised("2026-02-16", 0)) == day("2026-02-24")


def test_pause_across_the_spring_festival():
    rows = [promised("2026-02-11", 5), row(Act.PAUSE, "2026-02-13"), row(Act.RESUME, "2026-02-26")]

    # two days were used (12, 13); three are left after 26: 27, make-up 28, Monday 2 March
    assert last_day(*rows) == day("2026-03-02")


def test_paused_clock_has_no_last_day_but_days_left():
    found = due([promised("2026-03-02", 5), row(Act.PAUSE, "2026-03-04")], Clock.PROMISED, CALENDAR)

    assert (found.date, found.remaining, found.paused_on) == (None, 3, day("2026-03-04"))
    assert not found.is_missed(day("2027-01-01"))


def test_pause_and_resumption_on_one_day_cost_nothing():
    rows = [promised("2026-03-02", 5), row(Act.PAUSE, "2026-03-04"), row(Act.RESUME, "2026-03-04")]

    assert last_day(*rows) == day("2026-03-09")


def test_pause_on_the_last_day_leaves_the_day_of_resumption():
    rows = [promised("2026-03-02", 5), row(Act.PAUSE, "2026-03-09")]

    assert due(rows, Clock.PROMISED, CALENDAR).remaining == 0
    assert last_day(*rows, row(Act.RESUME, "2026-03-20")) == day("2026-03-20")


def test_pause_after_the_last_day_comes_too_late():
    rows = [promised("2026-03-02", 5), row(Act.PAUSE, "2026-03-10"), row(Act.RESUME, "2026-03-20")]

    assert last_day(*rows) == day("2026-03-09")


def test_two_pauses():
    rows = [
        promised("2026-03-02", 10),
        row(Act.PAUSE, "2026-03-04"),
        row(Act.RESUME, "2026-03-09"),
        row(Act.PAUSE, "2026-03-10"),
        row(Act.RESUME, "2026-03-12"),
    ]

    # used 3, 4 and 10; seven left after 12 March
    assert last_day(*rows) == day("2026-03-23")


def test_natural_days_pause_and_move_on():
    # 10 days from 15 April is 25 April, a Saturday
    assert last_day(promised("2026-04-15", 10, NATURAL)) == day("2026-04-27")
    # five used by 20 April, five left after 26 April: 1 May is a holiday until 5 May
    paused = [row(Act.PAUSE, "2026-04-20"), row(Act.RESUME, "2026-04-26")]
    assert last_day(promised("2026-04-15", 10, NATURAL), *paused) == day("2026-05-06")


def test_natural_days_paused_while_the_last_day_moves_on():
    # the last day 25 April moved to Monday 27; paused that Monday, resumed on Wednesday
    rows = [row(Act.PAUSE, "2026-04-27"), row(Act.RESUME, "2026-04-29")]

    assert last_day(promised("2026-04-15", 10, NATURAL), *rows) == day("2026-04-29")


def test_extension_adds_days_of_the_same_unit():
    start = row(Act.START, "2026-03-02", 20, WORKING, clock=Clock.STATUTORY)
    extension = row(Act.EXTEND, "2026-03-20", 10, WORKING, clock=Clock.STATUTORY)

    assert last_day(start, extension, clock=Clock.STATUTORY) == CALENDAR.add_workdays(start.day, 30).date
    assert due([start, extension], Clock.STATUTORY, CALENDAR).total == 30


def test_stopped_clock_keeps_its_last_day():
    kept = due([promised("2026-03-02", 5), row(Act.STOP, "2026-03-09")], Clock.PROMISED, CALENDAR)
    late = due([promised("2026-03-02", 5), row(Act.STOP, "2026-03-10")], Clock.PROMISED, CALENDAR)

    assert (kept.date, kept.stopped_on) == (day("2026-03-09"), day("2026-03-09"))
    # how late it was does not grow after it stopped
    assert not kept.is_missed(day("2026-05-01"))
    assert late.is_missed(day("2026-03-10"))


def test_correction_and_resubmission_on_one_day_start_anew():
    rows = [
        row(Act.START, "2026-03-02", 5, WORKING, position=1),
        row(Act.STOP, "2026-03-04", position=2),
        row(Act.START, "2026-03-04", 5, WORKING, position=3),
    ]

    assert last_day(*rows) == day("2026-03-11")
    assert due(rows, Clock.PROMISED, CALENDAR).stopped_on is None


def test_everything_on_one_day_without_positions_runs_and_stops():
    found = due([row(Act.STOP, "2026-03-04"), promised("2026-03-04", 0)], Clock.PROMISED, CALENDAR)

    assert (found.date, found.stopped_on) == (day("2026-03-04"), day("2026-03-04"))


@pytest.mark.parametrize(
    "rows",
    [
        [row(Act.PAUSE, "2026-03-02")],
        [row(Act.STOP, "2026-03-02")],
        [promised("2026-03-02", 5), promised("2026-03-03", 5)],
        [promised("2026-03-02", 5), row(Act.RESUME, "2026-03-03")],
        [promised("2026-03-02", 5), row(Act.PAUSE, "2026-03-03"), row(Act.PAUSE, "2026-03-04")],
        [promised("2026-03-02", 5), row(Act.STOP, "2026-03-03"), row(Act.PAUSE, "2026-03-04")],
        [promised("2026-03-02", 5), row(Act.EXTEND, "2026-03-03", 10, NATURAL)],
        [promised("2026-03-02", 5), row(Act.EXTEND, "2026-03-03", -1, WORKING)],
        [row(Act.START, "2026-03-02", None, WORKING)],
        [row(Act.START, "2026-03-02", -1, WORKING)],
        [row(Act.START, "2026-03-02", 5)],
    ],
)
def test_rows_that_cannot_have_happened_are_refused(rows):
    with pytest.raises(BrokenLedger):
        due(rows, Clock.PROMISED, CALENDAR)


def test_days_beyond_the_published_year_are_expected():
    assert due([promised("2026-12-30", 1)], Clock.PROMISED, CALENDAR).expected is False
    assert due([promised("2026-12-30", 2)], Clock.PROMISED, CALENDAR).expected is True
    # counted over unknown days before a pause: still expected after it
    rows = [promised("2027-03-01", 5), row(Act.PAUSE, "2027-03-03"), row(Act.RESUME, "2027-03-10")]
    assert due(rows, Clock.PROMISED, CALENDAR).expected is True


# a plausible ledger: gaps in days between the acts start, pause, resume, pause, resume
gaps = st.lists(st.integers(0, 20), min_size=1, max_size=5)
starts = st.dates(date(2025, 1, 1), date(2026, 5, 31))


def ledger(start, total, gaps, unit):
    acts = [Act.START, Act.PAUSE, Act.RESUME, Act.PAUSE, Act.RESUME]
    rows, when = [], start
    for position, (act, gap) in enumerate(zip(acts, gaps, strict=False)):
        when += timedelta(days=0 if act == Act.START else gap)
        start_row = act == Act.START
        rows.append(Entry(Clock.PROMISED, act, when, total if start_row else None, unit, position=position))
    return rows


@PROPERTY
@given(starts, st.integers(0, 40), gaps, st.sampled_from(Unit), st.randoms(use_true_random=False))
def test_last_day_does_not_depend_on_the_order_of_the_rows(start, total, gaps, unit, dice):
    rows = ledger(start, total, gaps, unit)
    other_clock = [replace(entry, clock=Clock.STATUTORY) for entry in rows]
    shuffled = random.sample([*rows, *other_clock], k=2 * len(rows))
    dice.shuffle(shuffled)

    assert due(shuffled, Clock.PROMISED, CALENDAR) == due(rows, Clock.PROMISED, CALENDAR)
    assert explain(shuffled, Clock.PROMISED, CALENDAR) == explain(rows, Clock.PROMISED, CALENDAR)


@PROPERTY
@given(starts, st.integers(1, 40), gaps)
def test_counted_days_are_the_limit_whatever_the_pauses(start, total, gaps):
    rows = ledger(start, total, gaps, WORKING)
    found = due(rows, Clock.PROMISED, CALENDAR)
    effective = [
        (pause.day, resume.day if resume else None)
        for pause, resume in zip(rows[1::2], [*rows[2::2], None], strict=False)
    ]

    if found.date is None:
        pauses = [(first, second) for first, second in effective if second]
        used = CALENDAR.workdays_between(start, effective[-1][0])
        used -= sum(CALENDAR.workdays_between(first, second) for first, second in pauses)
        assert used + found.remaining == total
    else:
        counted = CALENDAR.workdays_between(start, found.date)
        counted -= sum(
            CALENDAR.workdays_between(first, second)
            for first, second in effective
            if second and second <= found.date and first <= found.date
        )
        # resumed on a rest day with nothing left, the last day is the next working day: one more
        assert counted in {total, total + 1}
        assert counted == total or any(not CALENDAR.is_workday(second) for _, second in effective if second)


@PROPERTY
@given(starts, st.integers(0, 40), gaps, st.integers(1, 10), st.sampled_from(Unit))
def test_an_extension_never_shortens(start, total, gaps, more, unit):
    rows = ledger(start, total, gaps, unit)
    if len(rows) % 2 == 0:
        rows.pop()
    extension = Entry(Clock.PROMISED, Act.EXTEND, rows[-1].day, more, unit, position=9)

    before, after = (due(found, Clock.PROMISED, CALENDAR) for found in (rows, [*rows, extension]))
    assert after.total == total + more
    assert after.date >= before.date


def test_explained_line_by_line():
    rows = [
        promised("2026-02-11", 5, label="受理", ground="《行政许可法》第四十二条"),
        row(Act.PAUSE, "2026-02-24", label="听证", ground="《行政许可法》第四十五条"),
        row(Act.RESUME, "2026-02-26", label="听证已完成"),
    ]

    assert [
        (line.date.isoformat(), line.text, line.ground) for line in explain(rows, Clock.PROMISED, CALENDAR)
    ] == [
        ("2026-02-11", "受理，开始计时：5 个工作日，当天不算", "《行政许可法》第四十二条"),
        ("2026-02-14", "2月14日春节调休上班，算 1 天", "国务院办公厅 2026 年放假通知"),
        ("2026-02-15", "2月15日至2月23日春节放假，不算", "国务院办公厅 2026 年放假通知"),
        ("2026-02-24", "听证，暂停计时，从第二天起不算", "《行政许可法》第四十五条"),
        ("2026-02-26", "听证已完成，接着计时，中间的 2 个工作日不算", ""),
        ("2026-02-27", "最晚2026年2月27日（星期五）", ""),
    ]


def texts(*rows):
    return [line.text for line in explain(rows, Clock.PROMISED, CALENDAR)]


def test_explanation_of_a_day_that_moved_on_names_the_law():
    lines = explain([promised("2026-04-01", 30, NATURAL)], Clock.PROMISED, CALENDAR)

    assert [line.text for line in lines] == [
        "开始计时：30 天（含节假日），当天不算",
        "最后一天5月1日不上班，顺延到5月6日",
        "最晚2026年5月6日（星期三）",
    ]
    assert lines[1].ground == "《民法典》第二百零三条"


def test_explanation_of_what_is_not_published():
    assert texts(promised("2026-12-30", 2))[-2:] == [
        "从这天起的放假安排还没公布，先按预计的算",
        "预计 2027年1月4日（星期一）（放假安排公布后再核）",
    ]


def test_explanation_of_a_pause_an_extension_and_a_stop():
    assert (
        texts(promised("2026-03-02", 5), row(Act.PAUSE, "2026-03-04"))[-1] == "还剩 3 个工作日，恢复后接着算"
    )
    assert texts(promised("2026-03-02", 0))[0] == "开始计时：当天办好"
    extended = [promised("2026-03-02", 5), row(Act.EXTEND, "2026-03-03", 5, WORKING, label="经批准")]
    assert texts(*extended, row(Act.STOP, "2026-03-05"))[1:3] == ["经批准，延长 5 个工作日", "停止计时"]


def test_date_text():
    assert date_text(day("2026-03-04")) == "2026年3月4日（星期三）"


def tag(on, last="2026-03-16", total=10, unit=WORKING, clock=Clock.PROMISED, **more):
    standing = Due(clock, last and day(last), more.pop("expected", False), total, unit, **more)
    return colour(standing, day(on), CALENDAR)


@pytest.mark.parametrize(
    ("mark", "kind", "label"),
    [
        (tag("2026-03-10"), Kind.OK, "剩 4 天"),
        # 30 % of ten days
        (tag("2026-03-11"), Kind.WARN, "剩 3 天"),
        (tag("2026-03-13", total=3), Kind.WARN, "剩 1 天"),
        (tag("2026-03-12", total=3), Kind.OK, "剩 2 天"),
        # from Saturday and Sunday to Monday one working day is left
        (tag("2026-03-15", total=3), Kind.WARN, "剩 1 天"),
        (tag("2026-03-16"), Kind.WARN, "今天到期"),
        (tag("2026-03-17"), Kind.DANGER, "超 1 天"),
        (tag("2026-03-14", last="2026-03-13"), Kind.DANGER, "超 1 天"),
        (tag("2026-03-24"), Kind.DANGER, "超 6 天"),
        (tag("2026-03-24", unit=NATURAL), Kind.DANGER, "超 8 天"),
        (tag("2026-03-17", clock=Clock.STATUTORY), Kind.LAWBREACH, "超法定 1 天"),
        (tag("2026-03-17", last=None, remaining=2), Kind.PAUSED, "暂停"),
        (tag("2026-03-02", last="2027-01-04", expected=True), Kind.EXPECTED, "预计"),
        (tag("2027-01-04", last="2027-01-04", expected=True), Kind.WARN, "今天到期"),
        (tag("2027-01-05", last="2027-01-04", expected=True), Kind.DANGER, "超 1 天"),
        (tag("2026-03-24", stopped_on=day("2026-03-23")), Kind.STOPPED, "已停"),
    ],
)
def test_tag(mark, kind, label):
    assert mark == Mark(kind, label)


def test_each_kind_has_a_shape_of_its_own_but_the_two_that_are_late():
    shapes = [Mark(kind, "").shape for kind in Kind]

    assert shapes == ["●", "◆", "▲", "▲", "■", "◎", "○"]
