"""Jobs on halls: asked by the city, done by the operator, whatever kills it in between."""

import os
import signal
import subprocess
import sys
import textwrap
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connections, transaction
from django.utils import timezone

from accounts.actor import Actor
from tenants.shared import jobs, scope
from tenants.shared.models import HallCheck, HallJob, HallJobStep, HallJobWish
from tests.plugins import database
from tests.tenants.shared.job_steps import NOTES, where

ADMIN = Actor(username="city_admin", display_name="市级管理员", city_role="city_admin")


@pytest.fixture
def owner(fresh_database, settings):
    NOTES.clear()
    settings.HALL_JOBS = {
        "check": where("FIRST", "SECOND"),
        "migrate": where("FIRST", "FUSSY", "SECOND"),
        "export": where("FIRST", "BROKEN"),
    }
    with fresh_database.alias("owner"):
        yield connections["owner"]


def ask(kind, **asked):
    with scope.city():
        return jobs.ask(kind, key="east", by=ADMIN, now=timezone.now(), **asked)


def wish(job, what):
    with scope.city():
        jobs.wish(HallJob.objects.get(pk=job.pk), what, by=ADMIN, now=timezone.now())


def now(job):
    return HallJob.objects.using("owner").get(pk=job.pk)


def states(job):
    return {row.name: row.state for row in HallJobStep.objects.using("owner").filter(job=job)}


def test_steps_are_done_in_their_order_and_say_what_they_did(owner):
    job = ask("check")
    assert jobs.round_of_jobs() == 1
    assert (now(job).state, NOTES) == ("done", ["first", "second"])
    assert [row.note for row in HallJobStep.objects.using("owner").filter(job=job).order_by("position")] == [
        "first做好了",
        "second做好了",
    ]
    assert jobs.round_of_jobs() == 0


def test_what_was_asked_and_how_it_ended_stand_in_the_citys_audit(owner):
    ask("check", reason="每月一次")
    jobs.round_of_jobs()
    with owner.cursor() as cursor:
        cursor.execute("SELECT action, actor_name, object, detail->>'reason' FROM audit_record ORDER BY at")
        assert cursor.fetchall() == [
            ("hall_job.ask", "市级管理员", "east", "每月一次"),
            ("hall_job.done", "市级管理员", "east", "每月一次"),
        ]


def test_one_unfinished_job_of_a_kind_a_hall(owner):
    job = ask("check")
    with pytest.raises(jobs.Busy, match="east"):
        ask("check")
    ask("export")
    jobs.run(job)
    ask("check")


def test_a_job_for_later_waits_for_its_hour(owner):
    job = ask("check", not_before=timezone.now() + timedelta(hours=1))
    assert jobs.round_of_jobs() == 0
    assert now(job).state == "waiting"


def test_a_refusal_stops_the_job_with_its_words_and_can_be_tried_again(owner):
    job = ask("migrate")
    jobs.round_of_jobs()
    assert (now(job).state, now(job).error, NOTES) == ("failed", "先做好准备", ["first"])
    assert jobs.round_of_jobs() == 0, "a job that failed waits for somebody"
    HallJob.objects.using("owner").filter(pk=job.pk).update(params={"ready": True})
    wish(job, "retry")
    jobs.round_of_jobs()
    assert (now(job).state, NOTES) == ("done", ["first", "second"]), "the first step is not done again"


def test_a_step_that_breaks_is_told_in_the_row(owner):
    job = ask("export")
    jobs.round_of_jobs()
    assert now(job).error == "RuntimeError: 墙塌了"
    assert states(job) == {"first": "done", "broken": "failed"}


def test_undoing_takes_back_what_was_begun_the_last_first(owner):
    job = ask("migrate")
    jobs.round_of_jobs()
    wish(job, "undo")
    jobs.round_of_jobs()
    assert (now(job).state, NOTES) == ("undone", ["first", "-first"])
    assert states(job) == {"first": "undone", "fussy": "undone"}


def test_a_job_that_waits_is_called_off_and_a_finished_one_is_not(owner):
    job = ask("check", not_before=timezone.now() + timedelta(hours=1))
    wish(job, "undo")
    jobs.round_of_jobs()
    assert (now(job).state, NOTES) == ("undone", [])
    with pytest.raises(jobs.CannotWish, match="已撤回"):
        wish(job, "retry")


def test_two_operators_never_work_on_one_hall(owner):
    job = ask("check")
    with jobs._held("east") as lock:
        assert lock is not None
        assert not jobs.run(job)
    assert NOTES == []
    assert jobs.run(job)


@pytest.mark.parametrize(
    "change",
    [
        lambda job: HallJob.objects.filter(pk=job.pk).update(state="done"),
        lambda job: HallJob.objects.filter(pk=job.pk).delete(),
        lambda job: HallJob(kind="check", key="west", asked_at=timezone.now(), state="done").save(),
        lambda job: HallJob(kind="check", key="west", asked_at=timezone.now(), facts={"a": 1}).save(),
        lambda job: HallJobStep(
            job=job, name="first", position=1, state="done", started_at=timezone.now()
        ).save(),
        lambda job: HallJobWish(job=job, wish="undo", at=timezone.now(), heard_at=timezone.now()).save(),
    ],
    ids=["finish", "delete", "insert as done", "insert facts", "insert a step", "insert a heard wish"],
)
def test_the_city_asks_and_changes_nothing(owner, change):
    job = ask("check")
    with pytest.raises(DatabaseError), scope.city(), transaction.atomic():
        change(job)


def test_a_hall_and_the_portal_see_no_job(owner):
    ask("check")
    from tenants.shared.queries import halls

    for entered in (lambda: scope.hall(halls()[0]), scope.portal):
        with pytest.raises(DatabaseError), entered(), transaction.atomic():
            HallJob.objects.count()


KILLED = """
    import os, signal, sys
    import django
    django.setup()
    from django.conf import settings
    from tenants.shared import jobs
    from tests.tenants.shared import job_steps
    settings.HALL_JOBS = {"check": job_steps.where("FIRST", "SECOND")}
    at, left = sys.argv[1], int(sys.argv[2])
    real = getattr(jobs, at)
    def deadly(*args, **kwargs):
        global left
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*args, **kwargs)
    setattr(jobs, at, deadly)
    jobs.round_of_jobs()
"""


@pytest.mark.parametrize("at", ["_mark", "_set", "_attempt", "_end"])
@pytest.mark.parametrize("after", [0, 1, 2, 3])
def test_killed_anywhere_it_goes_on_where_it_was(owner, fresh_database, at, after):
    job = ask("check")
    environment = {
        **os.environ,
        "DATABASE_URL": fresh_database.url(),
        "WEB_DATABASE_URL": fresh_database.url("web"),
        "GATE_DATABASE_URL": fresh_database.url("gate"),
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PYTHONPATH": os.pathsep.join([str(database.ROOT / "platform"), str(database.ROOT)]),
    }
    died = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(KILLED), at, str(after)],
        env=environment,
        cwd=database.ROOT,
        check=False,
    )
    assert died.returncode in {0, -signal.SIGKILL}
    jobs.round_of_jobs()
    assert now(job).state == "done"
    assert states(job) == {"first": "done", "second": "done"}


def test_the_operator_does_one_round_and_the_command_lists_it(owner, capsys):
    # this night's check of all halls was done
    HallCheck.objects.using("owner").create(started_at=timezone.now())
    job = ask("migrate")
    call_command("operator", "--once")
    assert capsys.readouterr().out == "1 jobs done\n"
    call_command("hall_jobs")
    assert capsys.readouterr().out == f"{job.pk} migrate east: failed (先做好准备)\n"
    with pytest.raises(CommandError, match="failed again"):
        call_command("hall_jobs", "retry", str(job.pk))
    call_command("hall_jobs", "undo", str(job.pk))
    assert capsys.readouterr().out.endswith(f"{job.pk} migrate east: undone\n")
    with pytest.raises(CommandError, match="no such job"):
        call_command("hall_jobs", "retry", "9999")
