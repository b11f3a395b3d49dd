"""A year's notice: read strictly, approved by a second person, then every date is counted again and people are told."""

from datetime import date, timedelta

import pytest

from tests.cases.hall.making import NOW, act, submitted
from tests.cases.shared.notices import NOTICE, ROWS
from tests.conftest import actor


@pytest.fixture
def other():
    """A second administrator of the city."""
    from dataclasses import replace

    return replace(actor("inspector"), city_role="city_admin")


@pytest.fixture
def in_city():
    from tenants.shared import scope

    with scope.city():
        yield


def propose(rows=ROWS, year=2027, notice=NOTICE, **given):
    from cases.shared.services import calendars

    return calendars.propose(year, notice, rows, by=given.get("by", actor("city_admin")), now=NOW)


def test_nothing_holds_before_a_second_person_approves(in_city, other):
    from cases.shared.models import CalendarDay, CalendarDraft, CalendarYear
    from cases.shared.services import calendars

    propose()
    assert not CalendarYear.objects.filter(year=2027).exists()
    with pytest.raises(calendars.NotAllowed, match="您录入的"):
        calendars.approve(2027, by=actor("city_admin"), now=NOW)
    assert not CalendarDay.objects.filter(day__year=2027).exists()

    calendars.approve(2027, by=other, now=NOW)

    days = dict(CalendarDay.objects.filter(day__year=2027).values_list("day", "is_workday"))
    assert len(days) == 365
    assert [days[date(2027, 2, day)] for day in (4, 5, 12, 13, 14)] == [True, False, False, True, False]
    found = CalendarYear.objects.get(year=2027)
    assert (found.is_published, found.notice, found.imported_at) == (True, NOTICE, NOW)
    assert not CalendarDraft.objects.exists()


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ({"date": "2026-12-31", "is_workday": "0"}, "不在 2027 年"),
        ({"date": "2027-02-30", "is_workday": "0"}, "没有这一天"),
        ({"date": "2027-01-01", "is_workday": "0"}, "写了两次"),
        ({"date": "2027-03-02", "is_workday": "1"}, "本来就上班"),
        ({"date": "2027-03-02", "is_workday": "休"}, "填 1 或 0"),
    ],
)
def test_a_wrong_date_is_named_by_row_and_nothing_is_kept(in_city, row, problem):
    from cases.shared.models import CalendarDraft
    from cases.shared.services import calendars

    with pytest.raises(calendars.WrongNotice) as raised:
        propose([*ROWS, row])

    assert len(raised.value.problems) == 1
    assert raised.value.problems[0].startswith(f"第 {len(ROWS) + 1} 行：")
    assert problem in raised.value.problems[0]
    assert not CalendarDraft.objects.exists()


def test_a_year_without_its_national_day_or_with_too_few_days_cannot_be_right(in_city):
    from cases.shared.services import calendars

    with pytest.raises(calendars.WrongNotice, match="2027-10-01是法定节假日"):
        propose([row for row in ROWS if not row["date"].startswith("2027-10")])
    lost = [{"date": f"2027-03-{day:02d}", "is_workday": "0"} for day in range(1, 13)]
    with pytest.raises(calendars.WrongNotice, match="个工作日"):
        propose([*ROWS, *lost])


@pytest.mark.parametrize("username", ["inspector", "lin", "east_admin"])
def test_nobody_else_enters_a_notice(in_city, username):
    from cases.shared.services import calendars

    with pytest.raises(calendars.NotAllowed):
        propose(by=actor(username))


def test_a_date_beyond_the_calendar_is_counted_again_and_who_is_concerned_is_told(east, other):
    """Accepted on 1 February 2027 for five working days: the Spring Festival is longer than the law's four days."""
    from django.utils import timezone

    from cases.hall.models import Case, Outbox
    from cases.hall.queries import calendar, progress
    from cases.hall.services import recount
    from cases.shared.services import calendars
    from tenants.shared import scope

    calendar.forget()
    winter = timezone.datetime(2027, 2, 1, 10, tzinfo=timezone.get_default_timezone())
    with scope.city():
        from cases.shared.models import CalendarDay

        CalendarDay.objects.bulk_create(
            CalendarDay(day=date(2027, 2, day), is_workday=False, name="春节") for day in (5, 6, 7, 8)
        )
    with scope.hall(east):
        case = act(submitted(now=winter), "accept", winter)
        assert (case.due_on, case.is_due_expected) == (date(2027, 2, 10), True)
        assert (
            progress.status(case, date(2027, 2, 2)).next
            == "最晚预计 2027年2月10日（放假安排公布后再核）给您结果。"
        )
    with scope.city():
        propose()
        calendars.approve(2027, by=other, now=winter)

    # other processes may count with the old calendar for some minutes: not before
    assert recount.follow_calendar(east, now=winter + timedelta(minutes=1)) == 0
    later = winter + timedelta(minutes=10)
    assert recount.follow_calendar(east, now=later) == 1

    with scope.hall(east):
        from cases.hall import checks

        case = Case.objects.get(pk=case.pk)
        assert (case.due_on, case.is_due_expected, case.state) == (date(2027, 2, 15), False, "accepted")
        event = case.events.latest("sequence")
        assert (event.action, event.data) == (
            "move_date",
            {"before": "2027年2月10日（星期三）", "after": "2027年2月15日（星期一）"},
        )
        assert Outbox.objects.get(event=event).text == "因放假安排公布，小餐馆许可的日期改为2月15日。"
        assert list(checks.dues_follow_ledger(east)) == []
        assert list(checks.pointers_follow_cases(east)) == []
    assert recount.follow_calendar(east, now=later) == 0
    calendar.forget()


def test_the_command_enters_and_another_approves(tmp_path, capsys):
    from django.core.management import CommandError, call_command

    file = tmp_path / "2027.csv"
    lines = [f"{row['date']},{row['is_workday']},{row['name']}" for row in ROWS]
    file.write_text("\n".join(["date,is_workday,name", *lines]), encoding="utf-8")

    call_command("calendar_year", "propose", "2027", by="city_admin", file=str(file), notice=NOTICE)
    assert "waits for a second person" in capsys.readouterr().out
    with pytest.raises(CommandError, match="您录入的"):
        call_command("calendar_year", "approve", "2027", by="city_admin")
    with pytest.raises(CommandError, match="市级管理员"):
        call_command("calendar_year", "approve", "2027", by="lin")
    with pytest.raises(CommandError, match="nobody has entered 2028"):
        call_command("calendar_year", "discard", "2028", by="city_admin")
