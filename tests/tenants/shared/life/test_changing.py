"""Steps of a hall's life: one interpreter, each step whole, told and written down, whatever kills it."""

import threading
import time
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connections, transaction
from django.utils import timezone

from audit.models import Record
from tenants.shared import jobs, queries, scope
from tenants.shared.life import changing
from tenants.shared.models import HallJob, HallTransition
from tests.conftest import client_for
from tests.template import PORTAL
from tests.tenants.shared.operating import ask, do, hall_of, operator_dies, states, step


@pytest.fixture
def owner(fresh_database):
    with fresh_database.alias("owner"):
        yield connections["owner"]


def history(hall):
    found = HallTransition.objects.using("owner").filter(hall=hall).order_by("pk")
    return list(found.values_list("name", "before", "after", "by_name", "reason"))


def state_in_schema(hall):
    with scope.hall(hall) as entered:
        return entered.state, entered.staff_may_finish


def test_a_step_is_row_identity_history_and_both_audits(owner, east):
    hall = step(east, "freeze", "系统升级")
    assert hall.state == "frozen"
    assert state_in_schema(hall) == ("frozen", True)
    assert history(hall) == [("freeze", "open", "frozen", "市管理", "系统升级")]
    with scope.hall(hall):
        row = Record.objects.get(action="hall.state")
        assert (row.actor_name, row.detail) == (
            "市管理",
            {"from": "open", "to": "frozen", "reason": "系统升级"},
        )
    with scope.city():
        assert list(Record.objects.order_by("at").values_list("action", flat=True)) == [
            "hall_job.ask",
            "hall_job.done",
        ]


def test_the_whole_way_and_back(owner, east):
    for name, state in (
        ("freeze", "frozen"),
        ("reopen", "open"),
        ("close", "closing"),
        ("archive", "archived"),
        ("unarchive", "closing"),
        ("reopen", "open"),
    ):
        east = step(east, name)
        assert (east.state, state_in_schema(east)[0]) == (state, state)


def test_whether_the_staff_may_finish_is_kept_with_the_freezing(owner, east):
    frozen = step(east, "freeze", staff_may_finish=False)
    assert (frozen.staff_may_finish, state_in_schema(frozen)) == (False, ("frozen", False))
    again = step(frozen, "reopen")
    assert (again.staff_may_finish, state_in_schema(again)) == (True, ("open", True))


def test_an_impossible_step_changes_nothing_and_says_which_are_possible(owner, east):
    job = do("state", east, step="unarchive")
    assert job.state == "failed"
    assert "冻结（frozen）" in job.error
    assert (hall_of(east.pk).state, history(east)) == ("open", [])


def test_a_step_that_hurts_needs_a_reason(owner, east):
    job = do("state", east, reason="", step="freeze")
    assert (job.state, job.error, hall_of(east.pk).state) == ("failed", "请写明原因", "open")


def test_a_hall_with_running_cases_is_not_archived(owner, east, now):
    from tests.cases.hall import making

    with scope.hall(east):
        making.submitted(making.LICENCE, "lin", now)
    closing = step(east, "close")
    job = do("state", closing, step="archive")
    assert job.state == "failed"
    assert "没办完的件还有 1 个" in job.error
    assert hall_of(east.pk).state == "closing"


def waiting(owner, number):
    """Wait until so many wait for a lock."""
    for _ in range(600):
        with owner.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted AND relation IS NOT NULL")
            if cursor.fetchone()[0] >= number:
                return
        time.sleep(0.05)
    pytest.fail("nobody waits")


def test_what_began_before_the_step_ends_before_it(owner, east, monkeypatch):
    """Whoever is inside is waited for; whoever comes meanwhile waits, and finds the new state."""
    monkeypatch.setattr(changing, "LOCK_TIMEOUT", "60s")
    order, inside, leave = [], threading.Event(), threading.Event()

    def work():
        with scope.hall(east) as entered:
            inside.set()
            leave.wait(60)
            order.append(("inside", entered.state))

    def change():
        step(east, "freeze")

    def come_later():
        with scope.hall(east) as entered:
            order.append(("later", entered.state))

    def apart(target):
        def run():
            try:
                target()
            finally:
                connections.close_all()

        thread = threading.Thread(target=run)
        thread.start()
        return thread

    threads = [apart(work)]
    inside.wait(60)
    threads.append(apart(change))
    waiting(owner, 1)
    threads.append(apart(come_later))
    waiting(owner, 2)
    leave.set()
    for thread in threads:
        thread.join(60)
    assert order == [("inside", "open"), ("later", "frozen")]


def test_a_hall_that_is_busy_for_too_long_is_left_as_it_is(owner, east, monkeypatch):
    monkeypatch.setattr(changing, "LOCK_TIMEOUT", "50ms")
    monkeypatch.setattr(changing, "TRIES", 2)
    monkeypatch.setattr(changing, "PAUSE_SECONDS", 0)
    job = ask("state", east, step="freeze")
    done = []

    def operate():
        try:
            jobs.run(job)
        finally:
            connections.close_all()
            done.append(True)

    with scope.hall(east):
        thread = threading.Thread(target=operate)
        thread.start()
        thread.join(20)
    assert done
    assert HallJob.objects.using("owner").get(pk=job.pk).error.startswith("大厅里有事一直没办完")
    assert hall_of(east.pk).state == "open"


@pytest.mark.parametrize(
    ("at", "after"),
    [
        *(("tenants.shared.jobs._mark", number) for number in range(4)),
        *(("tenants.shared.jobs._attempt", number) for number in range(2)),
        ("tenants.shared.life.changing.note", 0),
    ],
)
def test_killed_anywhere_the_step_is_taken_once(owner, fresh_database, east, at, after):
    job = ask("state", east, step="freeze")
    operator_dies(fresh_database, at, after)
    jobs.follow(job)
    assert HallJob.objects.using("owner").get(pk=job.pk).state == "done"
    assert states(job) == {"check": "done", "change": "done"}
    hall = hall_of(east.pk)
    assert (hall.state, state_in_schema(hall)) == ("frozen", ("frozen", True))
    assert history(hall) == [("freeze", "open", "frozen", "市管理", "试试")]


def test_the_command_takes_a_step_and_refuses_with_the_steps_that_are_possible(owner, east, capsys):
    call_command("hall_state", "east")
    assert capsys.readouterr().out.splitlines()[0] == "east: open"
    call_command("hall_state", "east", "frozen", "--reason", "升级", "--staff-may-not-finish")
    assert capsys.readouterr().out == "east: open → frozen\n"
    assert state_in_schema(hall_of(east.pk)) == ("frozen", False)
    with pytest.raises(CommandError, match="恢复开通（open）"):
        call_command("hall_state", "east", "archived", "--reason", "x")
    with pytest.raises(CommandError, match="没有“asleep”"):
        call_command("hall_state", "east", "asleep")
    with pytest.raises(CommandError, match="delete_hall"):
        call_command("hall_state", "east", "deleted")
    with pytest.raises(CommandError, match="--reason"):
        call_command("hall_state", "east", "closing")
    with pytest.raises(CommandError, match="no hall is called north: write one of east, west"):
        call_command("hall_state", "north")
    assert hall_of(east.pk).state == "frozen"


def test_the_archived_hall_is_read_and_the_deleted_one_is_gone(owner, east):
    step(step(east, "close"), "archive")
    client = client_for(f"east.{PORTAL}")
    assert client.get("/").status_code == 200
    assert "已经归档" in client.get("/").content.decode()
    queries.forget()


def test_nobody_is_told_twice_and_drafts_go_after_their_owners_know(owner, east, now):
    from cases.hall.models import Case
    from cases.hall.services import closing
    from cases.shared.models import InboxMessage
    from tests.cases.hall import making

    with scope.hall(east):
        draft = making.draft(making.LICENCE, "lin", now)
        making.submitted(making.LICENCE, "zhou", now)
        assert closing.sweep(now=now) == (0, 0), "an open hall tells nobody"
    hall = step(east, "close")
    moment = timezone.now()
    with scope.hall(hall):
        assert closing.sweep(now=moment) == (2, 0)
        assert closing.sweep(now=moment + timedelta(minutes=1)) == (0, 0)
        assert InboxMessage.objects.filter(kind=closing.KIND).count() == 2
        assert closing.sweep(now=moment + timedelta(days=6)) == (0, 0)
        assert Case.objects.filter(pk=draft.pk).exists()
        assert closing.sweep(now=moment + timedelta(days=8)) == (0, 1)
        assert not Case.objects.filter(pk=draft.pk).exists()


def test_a_refused_write_reaches_no_view(owner, east):
    frozen = step(east, "freeze")
    client = client_for(f"east.{PORTAL}", "east_staff", hall="east")
    before = client.get("/staff/").status_code
    answer = client.post("/staff/windows/new/", {"name": "新窗口"})
    assert (before, answer.status_code) == (200, 409)
    assert "查进度" in answer.content.decode()
    api = client.post("/api/v1/staff/items/", {}, content_type="application/json")
    assert (api.status_code, api.json()["code"]) == (409, "frozen")
    with scope.hall(frozen), transaction.atomic():
        from tenants.hall.models import Window

        assert not Window.objects.filter(name="新窗口").exists()
