"""Opening a hall, and taking it back, by processes that are killed at every step and between."""

import json
import os
import subprocess
import sys

import pytest
from django.core.management import call_command
from django.db import connections
from django.utils import timezone

from accounts.actor import NOBODY
from catalog.hall.models import Adoption
from catalog.shared.models import Offer
from portal.onboarding import plan
from tenants.shared import jobs, roles, scope
from tenants.shared.models import Domain, Hall, HallJob, HallJobStep
from tests.plugins import database
from tests.portal.onboarding.answers import ANSWERS
from tests.template import ITEMS


@pytest.fixture
def owner(fresh_database):
    with fresh_database.alias("owner"):
        yield connections["owner"]


def ask(**changes):
    with scope.city():
        made = plan.make({**ANSWERS, **changes})
    return jobs.ask(plan.KIND, key="north", params=made.params, by=NOBODY, now=timezone.now(), using="owner")


def killed(fresh):
    """Do what waits in processes that are killed; return where."""
    connections.close_all()
    environment = {
        **os.environ,
        **{f"{name}_DATABASE_URL": fresh.url(name.lower()) for name in ("WEB", "GATE")},
        "DATABASE_URL": fresh.url(),
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PYTHONPATH": os.pathsep.join([str(database.ROOT / "platform"), str(database.ROOT)]),
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.portal.onboarding.killing"],
        cwd=database.ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def now(job):
    return HallJob.objects.using("owner").get(pk=job.pk)


def test_killed_at_every_step_it_ends_as_one_that_was_not(owner, fresh_database, capsys):
    job = ask()
    places = killed(fresh_database)
    assert now(job).error == ""
    assert now(job).state == "done"
    for step in jobs.steps_of(plan.KIND):
        # what is marked as done is not begun again: there is no place after that
        assert {f"before _attempt of {step.name}", f"after _mark of {step.name}"} <= set(places)
    hall = Hall.objects.using("owner").get(schema_name="north")
    assert (Hall.objects.using("owner").count(), hall.state) == (3, "preparing")
    with scope.hall(hall):
        assert Adoption.objects.count() == len(ITEMS)
    call_command("check_halls")
    assert "3 halls: nothing wrong" in capsys.readouterr().out


def test_killed_at_every_step_back_it_leaves_nothing(owner, fresh_database, settings, capsys):
    job = ask()
    settings.HALL_JOBS = {plan.KIND: settings.HALL_JOBS[plan.KIND][:-1]}
    jobs.run(job)
    role = Hall.objects.using("owner").get(schema_name="north").role
    HallJob.objects.using("owner").filter(pk=job.pk).update(state="failed")
    jobs.wish(now(job), "undo", by=NOBODY, now=timezone.now(), using="owner")
    places = killed(fresh_database)
    assert (now(job).state, now(job).error) == ("undone", "")
    assert any(place.startswith("after drop_hall_role") for place in places)
    assert not Hall.objects.using("owner").filter(schema_name="north").exists()
    assert not Domain.objects.using("owner").filter(domain=ANSWERS["host"]).exists()
    assert not roles.exists(role)
    assert set(HallJobStep.objects.using("owner").values_list("state", flat=True)) == {"undone"}
    with scope.city():
        assert not Offer.objects.filter(hall_id=role).exists()
    call_command("check_halls")
    assert "2 halls: nothing wrong" in capsys.readouterr().out
    again = ask()
    jobs.run(again)
    assert now(again).state == "done"
