"""Legal time: the ledger that a due date is recomputed from, its explanation and its tag.

Pure: no database, no present time. Whoever calls reads the clock and the rows and passes them in.
Limits of the permit law are working days (行政许可法 82), paused days do not count (45).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum

from django.utils.translation import gettext as _

from cases.hall.enums import Act, Clock
from cases.hall.workdays import SATURDAY, Calendar, DueDate, days_after
from catalog.shared.enums import Unit

ACCEPTANCE_DAYS = 5  # 行政许可法 32: from the day of receipt
DELIVERY_DAYS = 10  # 行政许可法 44: from the decision
CORRECTION_DAYS = 15  # the law gives no number: what the notice sets, in working days

# Due has a field of the same name
_Date = date

# of several rows of one day and position, in this order
_RANK: dict[str, int] = {act: rank for rank, act in enumerate(Act)}


class BrokenLedger(ValueError):
    """The rows of a clock cannot have happened in this order (a pause before a start, two starts)."""


@dataclass(frozen=True)
class Entry:
    """One row of a case's ledger.

    `days` of `unit`: the limit (start), what is added (extend), what is planned (pause). `ground` is the law,
    `label` what happened. `position` tells which of several rows of one day came first: its event's sequence.
    """

    clock: str
    act: str
    day: date
    days: int | None = None
    unit: str = ""
    ground: str = ""
    label: str = ""
    position: int = 0


@dataclass(frozen=True)
class Due:
    """Where a clock stands. `date` is None while it is paused: then `remaining` days are left.

    `total` is the limit with its extensions, in `unit`. A case keeps these fields as a cache.
    """

    clock: str
    date: _Date | None
    expected: bool
    total: int
    unit: Unit
    remaining: int | None = None
    paused_on: _Date | None = None
    stopped_on: _Date | None = None

    def is_missed(self, today: _Date) -> bool:
        """Whether the last day had passed when the clock stopped, or has passed today."""
        return self.date is not None and (self.stopped_on or today) > self.date


@dataclass
class Run:
    """One running of a clock, from its start to its stop."""

    start: Entry
    total: int
    unit: Unit
    entries: list[Entry] = field(default_factory=list)
    # (first row, second row or None): the days after the first up to and with the second do not count
    pauses: list[tuple[Entry, Entry | None]] = field(default_factory=list)
    stop: Entry | None = None

    @property
    def is_paused(self) -> bool:
        """Whether the last pause has no end yet."""
        return bool(self.pauses) and self.pauses[-1][1] is None


def ordered(entries: Iterable[Entry], clock: str) -> list[Entry]:
    """Return the clock's rows in legal order, whatever order they come in."""
    mine = [entry for entry in entries if entry.clock == clock]
    return sorted(mine, key=lambda entry: (entry.day, entry.position, _RANK[entry.act]))


def runs(entries: Iterable[Entry], clock: str) -> list[Run]:
    """Return the clock's runs: a correction ends one and the resubmission starts the next.

    Raises BrokenLedger when the rows cannot have happened in this order.
    """
    found: list[Run] = []
    for entry in ordered(entries, clock):
        current = found[-1] if found and found[-1].stop is None else None
        if entry.act == Act.START:
            if current or entry.days is None or entry.days < 0 or not entry.unit:
                raise BrokenLedger(f"{clock} cannot start on {entry.day}")
            current = Run(entry, entry.days, Unit(entry.unit))
            found.append(current)
        elif current is None:
            raise BrokenLedger(f"{clock} does not run: no {entry.act} on {entry.day}")
        else:
            _apply(current, entry)
        current.entries.append(entry)
    return found


def _apply(run: Run, entry: Entry) -> None:
    if entry.act == Act.EXTEND and entry.unit == run.unit and (entry.days or 0) > 0:
        run.total += entry.days or 0
    elif entry.act == Act.PAUSE and not run.is_paused:
        run.pauses.append((entry, None))
    elif entry.act == Act.RESUME and run.is_paused:
        run.pauses[-1] = (run.pauses[-1][0], entry)
    elif entry.act == Act.STOP:
        run.stop = entry
    else:
        raise BrokenLedger(f"{entry.clock}: no {entry.act} is possible on {entry.day}")


@dataclass(frozen=True)
class _Reckoning:
    """What counting a run gave: the counted stretches (from, to], and the end of the last."""

    stretches: tuple[tuple[date, date], ...]
    end: DueDate | None
    remaining: int


def _reckon(run: Run, calendar: Calendar) -> _Reckoning:
    """Count the run's days around its pauses. A pause after the last day comes too late to change it."""
    position, remaining, expected = run.start.day, run.total, False
    stretches: list[tuple[date, date]] = []
    for pause, resume in run.pauses:
        if pause.day > calendar.add(position, remaining, run.unit).date:
            break
        stretches.append((position, pause.day))
        used = calendar.days_between(position, pause.day, run.unit)
        # natural days may lie between the last one and the working day that it moved on to
        remaining = max(0, remaining - used)
        if run.unit == Unit.WORKING:
            expected = expected or not all(map(calendar.is_published, days_after(position, pause.day)))
        if resume is None:
            return _Reckoning(tuple(stretches), None, remaining)
        position = resume.day
    end = calendar.add(position, remaining, run.unit)
    stretches.append((position, end.date))
    return _Reckoning(tuple(stretches), DueDate(end.date, end.expected or expected), remaining)


def due(entries: Iterable[Entry], clock: str, calendar: Calendar) -> Due | None:
    """Recompute where the clock stands from the ledger's rows, in whatever order they come.

    None when it never started. Raises BrokenLedger.
    """
    found = runs(entries, clock)
    if not found:
        return None
    run = found[-1]
    reckoning = _reckon(run, calendar)
    stopped_on = run.stop.day if run.stop else None
    running = Due(clock, None, False, run.total, run.unit, stopped_on=stopped_on)
    if reckoning.end is None:
        return replace(running, remaining=reckoning.remaining, paused_on=run.pauses[-1][0].day)
    return replace(running, date=reckoning.end.date, expected=reckoning.end.expected)


def end_of(run: Run, calendar: Calendar) -> date | None:
    """Return a run's last day, None while it is paused."""
    end = _reckon(run, calendar).end
    return end.date if end else None


@dataclass(frozen=True)
class Line:
    """One line of the explanation: the day, a plain sentence, the legal ground (may be empty)."""

    date: date
    text: str
    ground: str


def explain(entries: Iterable[Entry], clock: str, calendar: Calendar) -> list[Line]:
    """Return, line by line, why the clock's last day is what it is. Raises BrokenLedger."""
    lines: list[Line] = []
    for run in runs(entries, clock):
        reckoning = _reckon(run, calendar)
        steps = [_entry_line(entry, run, calendar) for entry in run.entries]
        if run.unit == Unit.WORKING:
            steps += _rest_lines(reckoning.stretches, calendar)
            # the act first, then what the calendar says of the days from there on
            steps.sort(key=lambda line: line.date)
        lines += steps
        lines += _end_lines(run, reckoning, calendar)
    return lines


def days_text(number: int, unit: Unit) -> str:
    """Return 5 个工作日 or 60 天（含节假日）."""
    if unit == Unit.WORKING:
        return _("%(number)d 个工作日") % {"number": number}
    return _("%(number)d 天（含节假日）") % {"number": number}


def date_text(day: date) -> str:
    """Return 2026年3月4日（星期三）, as dates stand on a page."""
    weekday = (_("一"), _("二"), _("三"), _("四"), _("五"), _("六"), _("日"))[day.weekday()]
    return _("%(year)d年%(month)d月%(day)d日（星期%(weekday)s）") % {
        "year": day.year,
        "month": day.month,
        "day": day.day,
        "weekday": weekday,
    }


def short_date_text(day: date) -> str:
    """Return 3月4日, as dates stand where the year is plain."""
    return _("%(month)d月%(day)d日") % {"month": day.month, "day": day.day}


def _entry_line(entry: Entry, run: Run, calendar: Calendar) -> Line:
    days = days_text(entry.days or 0, run.unit)
    if entry.act == Act.START and entry.days == 0:
        text = _("开始计时：当天办好")
    elif entry.act == Act.START:
        text = _("开始计时：%(days)s，当天不算") % {"days": days}
    elif entry.act == Act.EXTEND:
        text = _("延长 %(days)s") % {"days": days}
    elif entry.act == Act.PAUSE:
        text = _("暂停计时，从第二天起不算")
    elif entry.act == Act.RESUME:
        pause = next(first for first, second in run.pauses if second is entry)
        left_out = days_text(calendar.days_between(pause.day, entry.day, run.unit), run.unit)
        text = _("接着计时，中间的 %(days)s不算") % {"days": left_out}
    else:
        text = _("停止计时")
    return Line(entry.day, f"{entry.label}，{text}" if entry.label else text, entry.ground)


def _rest_lines(stretches: Sequence[tuple[date, date]], calendar: Calendar) -> list[Line]:
    """Say which weekdays were not worked, which weekend days were, and from where on it is a guess."""
    lines = []
    for start, end in stretches:
        days = list(days_after(start, end))
        lines += [_break_line(rest, calendar) for rest in _breaks(days, calendar)]
        for day in days:
            if calendar.is_workday(day) and day.weekday() >= SATURDAY:
                name = calendar.name(day) or _("调休上班")
                values = {"day": short_date_text(day), "name": name}
                lines.append(Line(day, _("%(day)s%(name)s，算 1 天") % values, calendar.notice(day)))
        if unknown := next((day for day in days if not calendar.is_published(day)), None):
            lines.append(Line(unknown, _("从这天起的放假安排还没公布，先按预计的算"), ""))
    return lines


def _breaks(days: Sequence[date], calendar: Calendar) -> list[list[date]]:
    """Return the stretches of rest days that are more than a weekend."""
    found: list[list[date]] = [[]]
    for day in days:
        if calendar.is_workday(day):
            found.append([])
        else:
            found[-1].append(day)
    return [rest for rest in found if any(day.weekday() < SATURDAY for day in rest)]


def _break_line(rest: Sequence[date], calendar: Calendar) -> Line:
    named = next(day for day in rest if day.weekday() < SATURDAY)
    values = {
        "first": short_date_text(rest[0]),
        "last": short_date_text(rest[-1]),
        "name": calendar.name(named),
    }
    if len(rest) == 1:
        return Line(rest[0], _("%(first)s%(name)s放假，不算") % values, calendar.notice(named))
    return Line(rest[0], _("%(first)s至%(last)s%(name)s放假，不算") % values, calendar.notice(named))


def _end_lines(run: Run, reckoning: _Reckoning, calendar: Calendar) -> list[Line]:
    if reckoning.end is None:
        day = run.pauses[-1][0].day
        days = days_text(reckoning.remaining, run.unit)
        return [] if run.stop else [Line(day, _("还剩 %(days)s，恢复后接着算") % {"days": days}, "")]
    lines = []
    end = reckoning.end
    last = reckoning.stretches[-1][0] + timedelta(days=reckoning.remaining)
    if run.unit == Unit.NATURAL and last != end.date:
        values = {"last": short_date_text(last), "end": short_date_text(end.date)}
        text = _("最后一天%(last)s不上班，顺延到%(end)s") % values
        lines.append(Line(last, text, _("《民法典》第二百零三条")))
    if end.expected:
        text = _("预计 %(date)s（放假安排公布后再核）") % {"date": date_text(end.date)}
    else:
        text = _("最晚%(date)s") % {"date": date_text(end.date)}
    return [*lines, Line(end.date, text, "")]


class Kind(StrEnum):
    """How a clock's tag looks."""

    OK = "ok"
    WARN = "warn"
    DANGER = "danger"
    LAWBREACH = "lawbreach"
    PAUSED = "paused"
    EXPECTED = "expected"
    STOPPED = "stopped"


_SHAPES = {
    Kind.OK: "●",
    Kind.WARN: "◆",
    Kind.DANGER: "▲",
    Kind.LAWBREACH: "▲",
    Kind.PAUSED: "■",
    Kind.EXPECTED: "◎",
    Kind.STOPPED: "○",
}


@dataclass(frozen=True)
class Mark:
    """A clock's tag: its kind and its words."""

    kind: Kind
    label: str

    @property
    def shape(self) -> str:
        """The sign before the words, so that colour never speaks alone."""
        return _SHAPES[self.kind]


def colour(due: Due, today: date, calendar: Calendar) -> Mark:
    """Return the tag of a clock today. It warns at 30 % or one day left, in the limit's own unit.

    A day that has come or passed outweighs that it was only expected: waiting would not help anybody.
    """
    if due.stopped_on is not None:
        return Mark(Kind.STOPPED, _("已停"))
    if due.date is None:
        return Mark(Kind.PAUSED, _("暂停"))
    left = calendar.days_between(today, due.date, due.unit)
    if today > due.date:
        # on a rest day after the last day no unit has passed yet, and still it is late
        values = {"number": max(1, -left)}
        if due.clock == Clock.STATUTORY:
            return Mark(Kind.LAWBREACH, _("超法定 %(number)d 天") % values)
        return Mark(Kind.DANGER, _("超 %(number)d 天") % values)
    if today == due.date:
        return Mark(Kind.WARN, _("今天到期"))
    if left <= 1 or left * 10 <= due.total * 3:
        return Mark(Kind.WARN, _("剩 %(number)d 天") % {"number": left})
    if due.expected:
        return Mark(Kind.EXPECTED, _("预计"))
    return Mark(Kind.OK, _("剩 %(number)d 天") % {"number": left})
