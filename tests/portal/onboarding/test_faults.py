"""What may go wrong under the steps: two admins at once, a template that is behind, a role of another database, a hall in use."""

import threading

import pytest
from django.core.management import CommandError, call_command
from django.db import connections
from django.utils import timezone

from accounts.actor import NOBODY
from portal.onboarding import plan
from tenants.shared import jobs, migrating, queries, roles, scope, services, template
from tenants.shared.enums import HallState
from tenants.shared.life import onboarding
from tenants.shared.models import Hall, HallJob
from tests.cases.hall import making
from tests.conftest import actor
from tests.portal.onboarding.answers import ANSWERS
from tests.template import BIRTH


@pytest.fixture
def owner(fresh_database):
    with fresh_database.alias("owner"):
        yield connections["owner"]


def made(**changes):
    with scope.city():
        return plan.make({**ANSWERS, **changes})


def ask(params):
    return jobs.ask(plan.KIND, key="north", params=params, by=NOBODY, now=timezone.now(), using="owner")


def run(job):
    jobs.run(job)
    return HallJob.objects.using("owner").get(pk=job.pk)


def test_of_two_admins_who_ask_at_once_one_is_told(owner):
    params, told = made().params, []
    meet = threading.Barrier(2)

    def asking():
        try:
            with scope.city():
                meet.wait()
                jobs.ask(plan.KIND, key="north", params=params, by=actor("city_admin"), now=timezone.now())
                told.append("asked")
        except jobs.Busy:
            told.append("busy")
        finally:
            connections.close_all()

    both = [threading.Thread(target=asking) for _ in range(2)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    assert sorted(told) == ["asked", "busy"]
    assert HallJob.objects.using("owner").count() == 1


def test_what_the_ground_lacks_is_said_and_tried_again_when_it_is_there(owner, monkeypatch):
    job = ask(made().params)
    monkeypatch.setattr(template, "on_disk", lambda: [("cases_hall", "9999_newer")])
    ended = run(job)
    assert (ended.state, "migrate_halls" in ended.error) == ("failed", True)
    assert not Hall.objects.using("owner").filter(schema_name="north").exists()
    monkeypatch.undo()
    # meanwhile another hall got the host
    services.open_hall(services.HallFacts(**{**job.params["hall"], "key": "other", "case_prefix": "349977"}))
    HallJob.objects.using("owner").filter(pk=job.pk).update(state="waiting")
    ended = run(job)
    assert (ended.state, "刚被别的大厅用了" in ended.error) == ("failed", True)
    assert not Hall.objects.using("owner").filter(schema_name="north").exists()


def test_a_role_that_another_database_made_is_not_taken(owner):
    number = onboarding.free_number() + 1
    role = migrating.names().hall(number)
    if not roles.exists(role):
        roles.run("CREATE ROLE {} NOLOGIN", role)
    assert run(ask(made().params)).state == "done"
    hall = Hall.objects.using("owner").get(schema_name="north")
    assert hall.pk > number
    assert hall.role == migrating.names().hall(hall.pk)


def put(hall, state):
    """Give a hall a state, whatever leads there."""
    hall.state = state
    Hall.objects.using("owner").filter(pk=hall.pk).update(state=state)
    migrating.write_identity(hall)
    queries.forget()


def test_a_hall_that_people_could_enter_or_that_has_a_case_is_not_taken_back(owner):
    job = run(ask(made().params))
    hall = Hall.objects.using("owner").get(schema_name="north")
    put(hall, HallState.REHEARSAL)
    with scope.hall(hall):
        making.submitted(BIRTH, "lin", timezone.now())
    with pytest.raises(jobs.Refused, match="已经试运行或开通过"):
        onboarding.withdraw(job)
    put(hall, HallState.PREPARING)
    with pytest.raises(jobs.Refused, match="已经有办件"):
        onboarding.withdraw(job)
    assert roles.exists(hall.role)


def test_a_full_disk_leaves_nothing_half_made(owner, monkeypatch):
    job = ask(made().params)
    real = template.copy

    def full(schema):
        real(schema)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(template, "copy", full)
    ended = run(job)
    assert (ended.state, "No space left" in ended.error) == ("failed", True)
    assert not Hall.objects.using("owner").filter(schema_name="north").exists()
    monkeypatch.undo()
    HallJob.objects.using("owner").filter(pk=job.pk).update(state="waiting")
    assert run(job).state == "done"


def test_the_command_says_what_failed_and_how_to_go_on(owner, tmp_path, monkeypatch):
    import yaml

    path = tmp_path / "north.yaml"
    path.write_text(yaml.safe_dump(ANSWERS, allow_unicode=True), encoding="utf-8")
    monkeypatch.setattr(template, "on_disk", lambda: [("cases_hall", "9999_newer")])
    with pytest.raises(CommandError, match=r"hall_jobs retry \d+"):
        call_command("onboard_hall", path)
