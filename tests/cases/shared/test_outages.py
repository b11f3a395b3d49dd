"""What stood still is told and recorded, and moves no date."""

from datetime import timedelta

import pytest

from tests.cases.hall import making
from tests.cases.hall.making import NOW, act, submitted
from tests.conftest import actor

HOUR = timedelta(hours=1)


def note(hall, start, end=None, what="交不了费", now=NOW):
    from cases.shared.services import outages

    return outages.note(hall, starts_at=start, ends_at=end, what=what, by=actor("east_admin"), now=now)


@pytest.mark.parametrize(
    ("start", "end", "field"),
    [
        (NOW - timedelta(days=40), None, "starts_at"),
        (NOW + timedelta(days=100), None, "starts_at"),
        (NOW, NOW, "ends_at"),
        (NOW, NOW - HOUR, "ends_at"),
        (NOW, NOW + timedelta(days=100), "ends_at"),
    ],
)
def test_times_that_cannot_be_are_refused(in_east, east, start, end, field):
    from cases.shared.models import HallOutage
    from cases.shared.services import outages

    with pytest.raises(outages.WrongTime) as refusal:
        note(east, start, end)
    assert refusal.value.field == field
    assert not HallOutage.objects.exists()


def test_an_end_is_written_once(in_east, east):
    from cases.shared.models import HallOutage
    from cases.shared.services import outages

    row = note(east, NOW - HOUR)
    outages.end(HallOutage, row.pk, by=actor("east_admin"), now=NOW)
    with pytest.raises(outages.AlreadyEnded):
        outages.end(HallOutage, row.pk, by=actor("east_admin"), now=NOW + HOUR)
    assert HallOutage.objects.get().ends_at == NOW
    with pytest.raises(outages.WrongTime):
        outages.end(HallOutage, note(east, NOW + HOUR).pk, by=actor("east_admin"), now=NOW)


def test_a_hall_reads_the_citys_and_its_own_and_not_anothers(east, west):
    from cases.shared.queries import outages
    from tenants.shared import scope

    with scope.hall(west):
        note(west, NOW - HOUR, what="西厅停电")
    with scope.city():
        note(None, NOW - HOUR, what="短信晚到")
    with scope.hall(east):
        note(east, NOW - 2 * HOUR, NOW - HOUR, what="交不了费")
        assert [row.what for row in outages.between(NOW - 5 * HOUR, NOW)] == ["交不了费", "短信晚到"]
        assert [row.what for row in outages.between(NOW - 30 * HOUR, NOW - 3 * HOUR)] == []


def test_a_worker_that_did_not_run_for_a_quarter_of_an_hour_was_an_outage():
    from cases.shared.models import Outage
    from cases.shared.services import outages
    from tenants.shared import scope

    with scope.city():
        moments = [0, 1, 16, 16, 32, 10, 33]
        found = [outages.beat(now=NOW + timedelta(minutes=minute)) for minute in moments]
        # sixteen minutes on from the last is more, fifteen is not; an earlier clock changes nothing
        assert [bool(row) for row in found] == [False, False, False, False, True, False, False]
        row = Outage.objects.get()
    assert (row.starts_at, row.ends_at, row.noted_by) == (
        NOW + timedelta(minutes=16),
        NOW + timedelta(minutes=32),
        None,
    )


def test_the_workers_round_beats(fresh_database):
    from cases.hall.services import rounds
    from cases.shared.models import Heartbeat, Outage
    from tenants.shared import scope

    rounds.sweep(now=lambda: NOW)
    rounds.sweep(now=lambda: NOW + timedelta(minutes=40))

    with scope.city():
        assert Heartbeat.objects.get().at == NOW + timedelta(minutes=40)
        assert Outage.objects.get().starts_at == NOW


def test_an_outage_of_days_moves_no_date_and_lets_time_pass(east, in_east):
    from cases.hall.queries import calendar, ledger

    quiet = act(submitted(now=NOW), "accept")
    before = ledger.cached(quiet)
    note(east, NOW, NOW + timedelta(days=4))

    assert ledger.facts(ledger.entries(quiet), calendar.current()) == before
    during = act(submitted(now=NOW + HOUR), "accept", NOW + HOUR)
    assert ledger.cached(during) == before


def test_a_case_that_nobody_answered_during_an_outage_is_accepted_by_law_all_the_same(fresh_database):
    from cases.hall.services import lapses
    from tenants.shared import scope
    from tests.conftest import _hall

    hall = _hall("east")
    with scope.hall(hall):
        case = submitted(now=NOW)
        note(hall, NOW, NOW + timedelta(days=20))
    done = lapses.sweep(hall, now=NOW + timedelta(days=21))
    assert done["deem"] == 1
    with scope.hall(hall):
        case.refresh_from_db()
        assert case.state == "deemed_accepted"
        # the promise counts from the day of receipt: 5 working days from Monday 2 March
        assert str(case.promised_due_on) == "2026-03-09"


def test_people_are_told_while_it_lasts_and_why_no_date_moved(east, west, hall_client, portal_client):
    from django.utils import timezone

    from tenants.shared import queries, scope

    now = timezone.now()
    with scope.hall(east):
        case = making.submitted(now=now - HOUR)
        note(east, now - HOUR, now + HOUR, what="交不了费", now=now)
        note(east, now - 3 * HOUR, now - 2 * HOUR, what="早就好了", now=now)
    with scope.city():
        note(None, now - HOUR, what="短信晚到", now=now)
    queries.forget()

    pages = {
        "home": hall_client(east).get("/").content.decode(),
        "west": hall_client(west).get("/").content.decode(),
        "portal": portal_client().get("/").content.decode(),
        "clock": hall_client(east, "lin").get(f"/cases/{case.number}/clock/").content.decode(),
    }

    assert "交不了费。预计" in pages["home"]
    assert "早就好了" not in pages["home"]
    assert {name for name, page in pages.items() if "短信晚到。恢复了会在这里告诉您" in page} == set(pages)
    assert "交不了费" not in pages["west"] + pages["portal"]
    assert "停用不影响法定时限，上面的日期没有因为停用往后推。" in pages["clock"]


def test_an_administrator_records_it_on_a_page(east, hall_client):
    from cases.shared.models import HallOutage
    from tenants.shared import scope

    admin = hall_client(east, "east_admin")
    wrong = admin.post("/staff/outages/", {"what": "", "first_time": "25:00", "last_time": "8:00"})
    assert wrong.status_code == 422
    for words in ("请填", "写成 8:30 这样", "恢复的日期和时间要一起写"):
        assert words in wrong.content.decode()
    assert "错误：" in wrong.content.decode()
    with scope.hall(east):
        assert not HallOutage.objects.exists()
