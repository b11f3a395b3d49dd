"""The law's clock under every order of events: recomputed from the ledger it is what a replay gives."""

from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.hall import clock
from cases.hall.clock import Entry
from cases.hall.services.lapses import step_of
from catalog.shared.enums import Unit
from tests.cases.hall.calendars import CALENDAR, PROPERTY

FIRST, LAST = date(2025, 1, 2), date(2026, 9, 30)
# month and year ends, the Spring Festival, make-up Saturdays and Sundays, the National Day
EDGES = [
    date(2025, 1, 26), date(2025, 1, 27), date(2025, 2, 8), date(2025, 9, 28), date(2025, 9, 30), date(2025, 10, 11), date(2025, 12, 31),
    date(2026, 1, 4), date(2026, 2, 13), date(2026, 2, 14), date(2026, 2, 28), date(2026, 5, 9),
]  # fmt: skip
DAYS = st.one_of(st.sampled_from(EDGES), st.dates(FIRST, LAST))
UNITS = st.sampled_from(list(Unit))


@st.composite
def lives(draw):
    """Return the rows of a clock: a start, then pauses, resumptions and an extension, some on one day."""
    day, unit = draw(DAYS), draw(UNITS)
    rows = [Entry("S", "start", day, draw(st.integers(0, 40)), unit)]
    paused, extended = False, False
    for position in range(1, draw(st.integers(1, 7))):
        day += timedelta(days=draw(st.integers(0, 12)))
        act = "resume" if paused else draw(st.sampled_from(["pause", "pause", "extend"]))
        if act == "extend" and extended:
            continue
        extended = extended or act == "extend"
        paused = act == "pause" or (paused and act != "resume")
        days = draw(st.integers(1, 10)) if act == "extend" else None
        rows.append(Entry("S", act, day, days, unit if act == "extend" else "", position=position))
    return rows


@PROPERTY
@given(lives(), st.integers(0, 1000))
def test_recomputing_from_rows_in_any_order_is_replaying_them(rows, seed):
    shuffled = list(rows)
    Random(seed).shuffle(shuffled)
    replayed: list[Entry] = []
    for row in rows:
        replayed.append(row)
        last = clock.due(replayed, "S", CALENDAR)

    assert clock.due(shuffled, "S", CALENDAR) == last
    assert clock.explain(shuffled, "S", CALENDAR) == clock.explain(rows, "S", CALENDAR)


def counted(rows):
    """Count day by day, with no arithmetic: which days the clock ran, until its limit was used up."""
    start, unit = rows[0], rows[0].unit
    total = rows[0].days + sum(row.days for row in rows if row.act == "extend")
    day, left, paused = start.day, total, False
    acts = rows[1:]
    while True:
        for row in [row for row in acts if row.day == day]:
            paused = {"pause": True, "resume": False}.get(row.act, paused)
        if not paused and left <= 0 and CALENDAR.is_workday(day):
            return day
        if paused and not any(row.day > day and row.act == "resume" for row in acts):
            return None
        day += timedelta(days=1)
        if not paused and (unit == Unit.NATURAL or CALENDAR.is_workday(day)):
            left -= 1


@PROPERTY
@given(DAYS, st.integers(0, 40), UNITS, st.integers(0, 30), st.integers(0, 40))
def test_a_pause_counts_as_if_its_days_had_not_been(day, limit, unit, after, length):
    """Against a calendar that is counted on the fingers: month ends, holidays and make-up days inside the pause too."""
    pause = day + timedelta(days=after)
    rows = [
        Entry("S", "start", day, limit, unit),
        Entry("S", "pause", pause, position=1),
        Entry("S", "resume", pause + timedelta(days=length), position=2),
    ]
    plain = clock.due(rows[:1], "S", CALENDAR)

    due = clock.due(rows, "S", CALENDAR)

    if pause > plain.date:
        assert due.date == plain.date
    else:
        assert due.date == counted(rows)
        assert due.date >= plain.date


@PROPERTY
@given(DAYS, st.integers(1, 60))
def test_natural_days_end_on_no_holiday_and_not_before_their_number(day, number):
    end = CALENDAR.add_natural(day, number).date

    assert CALENDAR.is_workday(end)
    assert end >= day + timedelta(days=number)
    assert not any(
        CALENDAR.is_workday(day + timedelta(days=number + offset))
        for offset in range((end - day).days - number)
    )


@PROPERTY
@given(DAYS)
def test_a_promise_of_no_days_ends_the_same_day_or_the_next_one_worked(day):
    due = clock.due([Entry("P", "start", day, 0, Unit.WORKING)], "P", CALENDAR)

    assert due.date == (day if CALENDAR.is_workday(day) else CALENDAR.add_workdays(day, 1).date)


@PROPERTY
@given(DAYS, st.integers(0, 60))
def test_no_outage_stops_a_clock(day, down):
    """A lapse that is written late carries the day it was due on: whenever the sweep comes, the rows are the same."""
    run = clock.runs([Entry("A", "start", day, clock.ACCEPTANCE_DAYS, Unit.WORKING)], "A")[-1]
    end = clock.end_of(run, CALENDAR)
    swept = end + timedelta(days=1 + down)
    stop = Entry("A", "stop", end + timedelta(days=1), position=1)

    due = clock.due([run.start, stop], "A", CALENDAR)

    assert (due.date, due.stopped_on, due.is_missed(swept)) == (end, end + timedelta(days=1), True)


@PROPERTY
@given(st.lists(st.integers(0, 10), unique=True))
def test_reminders_are_told_at_most_once_each_whatever_days_were_swept(swept):
    """A sweep on any subset of days tells each threshold at most once, and always the nearest."""
    told: list[int] = []
    for left in sorted(swept, reverse=True):
        reached = step_of((7, 3, 1), left, told[-1] if told else None)
        if reached is not None:
            told.append(reached)
            assert reached == min(day for day in (7, 3, 1) if left <= day)

    assert told == sorted(set(told), reverse=True)


@pytest.mark.parametrize(
    ("day", "number", "end"),
    [
        (date(2026, 2, 13), 1, date(2026, 2, 14)),
        (date(2026, 2, 13), 2, date(2026, 2, 24)),
        (date(2025, 9, 26), 1, date(2025, 9, 28)),
        (date(2025, 9, 30), 1, date(2025, 10, 9)),
        (date(2025, 9, 30), 3, date(2025, 10, 11)),
    ],
)
def test_a_special_procedure_over_the_holidays_gives_back_every_day(day, number, end):
    """Paused the day it starts and resumed the same day, the clock ends where it would have ended."""
    rows = [
        Entry("S", "start", day, number, Unit.WORKING),
        Entry("S", "pause", day, position=1),
        Entry("S", "resume", day, position=2),
    ]

    assert clock.due(rows, "S", CALENDAR).date == end
