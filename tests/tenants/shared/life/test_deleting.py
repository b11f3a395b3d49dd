"""A hall is deleted when two people want it, the grace is over and nothing runs; what it issued stays verifiable."""

import base64
import io
import json
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings as own_settings
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connections, transaction
from django.utils import timezone

from accounts import disk
from accounts.models import Session
from cases.shared import signing
from cases.shared.models import Pointer, Verification
from tenants.shared import inventory, jobs, naming, queries, roles, scope, services
from tenants.shared.checks import gathering
from tenants.shared.enums import HallState
from tenants.shared.life import deleting
from tenants.shared.models import Hall, HallCertificate, HallDeletion, HallJob
from tests.conftest import client_for
from tests.plugins import database
from tests.template import PORTAL
from tests.tenants.shared.operating import (
    ADMIN,
    SECOND,
    hall_of,
    operator_dies,
    states,
    step,
)
from tests.tenants.shared.test_commands import FACTS

EXPORTED = "tests.tenants.shared.operating.always_exported"


@pytest.fixture
def owner(fresh_database, settings):
    settings.HALL_EXPORTED = EXPORTED
    with fresh_database.alias("owner"):
        yield connections["owner"]


@pytest.fixture
def archived(owner, east):
    """East, archived, with what a hall leaves: a decided case with its paper, a file, a session of its staff."""
    from tests.cases.hall import making

    with scope.hall(east):
        case = making.at("delivered", making.LICENCE)
        case.refresh_from_db()
    disk.keep(io.BytesIO(b"of nobody"), f"{east.role}/2026")
    client_for(f"east.{PORTAL}", "east_window", hall="east")
    return step(step(east, "close"), "archive")


def agreed(hall, days=0):
    with scope.city():
        wanted = deleting.ask(hall, by=ADMIN, reason="并入西县", days=days, now=timezone.now())
        return deleting.approve(wanted, by=SECOND, now=timezone.now())


def deleted(hall):
    agreed(hall)
    deleting.ask_when_due(timezone.now())
    jobs.round_of_jobs()
    return HallJob.objects.using("owner").get(kind="delete")


def test_a_hall_that_works_is_not_deleted(owner, east):
    with scope.city(), pytest.raises(deleting.NotPossible, match="归档以后才能删"):
        deleting.ask(east, by=ADMIN, reason="x", days=1, now=timezone.now())
    assert HallDeletion.objects.using("owner").count() == 0


def test_without_an_export_that_was_checked_nothing_is_deleted(archived, settings):
    settings.HALL_EXPORTED = ""
    with scope.city(), pytest.raises(deleting.NotPossible, match="备份"):
        deleting.ask(archived, by=ADMIN, reason="x", days=1, now=timezone.now())


def test_it_takes_two_people_and_a_reason_and_a_day(archived, settings):
    now = timezone.now()
    with scope.city():
        for facts in ({"reason": " "}, {"days": -1}):
            with pytest.raises(deleting.NotPossible):
                deleting.ask(archived, by=ADMIN, now=now, **({"reason": "x", "days": 1} | facts))
        settings.IS_DEMO = False
        with pytest.raises(deleting.NotPossible, match="最少等 1 天"):
            deleting.ask(archived, by=ADMIN, reason="x", days=0, now=now)
        wanted = deleting.ask(archived, by=ADMIN, reason="x", days=1, now=now)
        with pytest.raises(deleting.NotPossible, match="已经有人要删"):
            deleting.ask(archived, by=SECOND, reason="x", days=1, now=now)
        with pytest.raises(deleting.NotPossible, match="两个人"):
            deleting.approve(wanted, by=ADMIN, now=now)
        with pytest.raises(IntegrityError), transaction.atomic():
            HallDeletion.objects.filter(pk=wanted.pk).update(approved_by=ADMIN.person_id)
        assert deleting.approve(wanted, by=SECOND, now=now).due_at == now + timedelta(days=1)
        with pytest.raises(deleting.NotPossible):
            deleting.approve(wanted, by=SECOND, now=now)


def test_it_waits_out_the_grace_and_can_be_withdrawn(archived):
    wanted = agreed(archived, days=3)
    now = timezone.now()
    deleting.ask_when_due(now + timedelta(days=2))
    assert not HallJob.objects.using("owner").filter(kind="delete").exists()
    with scope.city():
        deleting.withdraw(wanted, by=ADMIN, now=now)
    deleting.ask_when_due(now + timedelta(days=4))
    assert not HallJob.objects.using("owner").filter(kind="delete").exists()
    # and wanted anew
    agreed(archived, days=3)
    deleting.ask_when_due(now + timedelta(days=4))
    deleting.ask_when_due(now + timedelta(days=4))
    assert HallJob.objects.using("owner").filter(kind="delete").count() == 1


def test_a_case_that_came_back_to_life_stops_it(archived):
    agreed(archived)
    hall = step(archived, "unarchive")
    deleting.ask_when_due(timezone.now())
    jobs.round_of_jobs()
    job = HallJob.objects.using("owner").get(kind="delete")
    assert job.state == "failed"
    assert "归档以后才能删" in job.error
    assert (hall_of(hall.pk).state, states(job)) == ("closing", {"check": "failed"})


def test_all_goes_that_is_the_halls_alone_and_the_other_hall_keeps_its_own(archived, west):
    role, key = archived.role, archived.key
    others = {each.table: inventory.count_public(each) for each in inventory.public_rows(west)}
    verifiable = Verification.objects.using("owner").filter(hall=archived).count()
    job = deleted(archived)
    assert (job.state, job.error) == ("done", "")
    tomb = hall_of(archived.pk)
    assert (tomb.state, tomb.key) == ("deleted", key)
    assert not roles.rows("SELECT 1 FROM pg_namespace WHERE nspname = %s", [key])
    assert list(disk.names_in(role)) == []
    assert [each.table for each in inventory.public_rows(tomb) if inventory.count_public(each)] == []
    assert not Session.objects.filter(hall=key).exists()
    assert Verification.objects.using("owner").filter(hall=archived).count() == verifiable > 0
    assert {each.table: inventory.count_public(each) for each in inventory.public_rows(west)} == others
    assert checks_say() == []
    assert queries.halls() == [west]


def checks_say():
    return list(gathering.findings())


def test_its_address_says_that_it_is_gone_and_its_papers_are_verified(archived):
    code = Verification.objects.using("owner").filter(hall=archived).values_list("code", flat=True).first()
    clerk = client_for(f"east.{PORTAL}", "east_window", hall="east")
    deleted(archived)
    queries.forget()
    page = clerk.get("/clerk/")
    assert page.status_code == 410
    assert "已经撤销" in page.content.decode()
    assert client_for(f"east.{PORTAL}").get("/api/v1/items/").json()["code"] == "gone"
    verified = client_for(PORTAL).get(f"/verify/{code}/").content.decode()
    assert "发证的大厅已经撤销" in verified
    assert archived.name in verified
    mine = client_for(PORTAL, "lin").get("/me/")
    assert mine.status_code == 200


def test_the_certificate_says_what_was_removed_and_the_citys_key_signed_it(archived, tmp_path):
    rows = {
        table["table"]: table["rows"]
        for table in (inventory.table_facts("east", name) for name in inventory.tables_of("east"))
    }
    deleted(archived)
    found = HallCertificate.objects.using("owner").get()
    said = json.loads(found.content)
    assert {table["table"]: table["rows"] for table in said["tables"]}.items() >= rows.items() - {
        ("audit_record", rows["audit_record"])
    }
    assert said["files"]["count"] >= 1
    assert (said["asked"]["by"], said["approved"]["by"]) == (ADMIN.display_name, SECOND.display_name)
    assert said["export"].keys() == {"at", "digest", "name"}
    assert Path(own_settings.ARCHIVES, said["export"]["name"]).exists()
    assert "cases_shared_verification" in {row["table"] for row in said["public_rows_kept"]}
    assert "cases_shared_pointer" in {row["table"] for row in said["public_rows_removed"]}
    for name, content in (
        ("content", found.content.encode()),
        ("signature", base64.b64decode(found.signature)),
        ("pem", signing.pem(signing.certificates())),
    ):
        (tmp_path / name).write_bytes(content)
    verify = "openssl cms -verify -binary -inform DER -in signature -content content -CAfile pem -certfile pem -purpose any -out out -partial_chain"
    assert subprocess.run(verify.split(), cwd=tmp_path, capture_output=True, check=False).returncode == 0
    (tmp_path / "content").write_bytes(found.content.encode() + b" ")
    assert subprocess.run(verify.split(), cwd=tmp_path, capture_output=True, check=False).returncode != 0


def test_undone_before_anything_went_the_hall_is_archived_again(archived, monkeypatch):
    def breaks(job):
        raise jobs.Refused("满了")

    monkeypatch.setattr(deleting, "STOCK", jobs.Step("stock", "x", do=breaks))
    job = deleted(archived)
    assert (job.state, hall_of(archived.pk).state) == ("failed", "deleted")
    call_command("hall_jobs", "undo", str(job.pk))
    assert hall_of(archived.pk).state == "archived"
    queries.forget()
    assert client_for(f"east.{PORTAL}").get("/").status_code == 200
    assert HallDeletion.objects.using("owner").get().withdrawn_at is not None


def test_once_something_went_there_is_no_way_back(archived, monkeypatch):
    def breaks(job):
        raise jobs.Refused("断电了")

    monkeypatch.setattr(deleting, "SCHEMA", jobs.Step("schema", "x", do=breaks, undo=deleting._no_way_back))
    job = deleted(archived)
    assert job.state == "failed"
    with pytest.raises(CommandError):
        call_command("hall_jobs", "undo", str(job.pk))
    now = HallJob.objects.using("owner").get(pk=job.pk)
    assert (now.state, "不能撤回" in now.error) == ("failed", True)
    monkeypatch.undo()
    own_settings.HALL_EXPORTED = EXPORTED
    call_command("hall_jobs", "retry", str(job.pk))
    assert HallCertificate.objects.using("owner").exists()


def test_a_role_that_another_database_uses_stays(archived):
    other = f"{database.DATABASE}_other"
    database.execute(
        f"DROP DATABASE IF EXISTS {other} WITH (FORCE)", f"CREATE DATABASE {other} TEMPLATE template0"
    )
    try:
        database.execute("CREATE TABLE kept ()", f'GRANT SELECT ON kept TO "{archived.role}"', database=other)
        assert deleted(archived).state == "done"
        assert roles.exists(archived.role)
        said = json.loads(HallCertificate.objects.using("owner").get().content)
        assert said["role"].startswith("kept")
    finally:
        database.drop(other)


def test_a_schema_that_is_anothers_is_not_dropped(archived, owner, monkeypatch):
    agreed(archived)
    deleting.ask_when_due(timezone.now())
    real = deleting.remove_files

    def tampered(job):
        with owner.cursor() as cursor:
            cursor.execute("UPDATE east.tenants_hall_identity SET generation = 99")
        return real(job)

    monkeypatch.setattr(deleting, "FILES", jobs.Step("files", "x", do=tampered))
    jobs.round_of_jobs()
    job = HallJob.objects.using("owner").get(kind="delete")
    assert "不是这个大厅的" in job.error
    assert inventory.tables_of("east")


KILLS = [
    *(("tenants.shared.jobs._attempt", number) for number in range(9)),
    ("tenants.shared.life.changing.note", 0),
    ("tenants.shared.jobs.remember", 2),
    ("tenants.shared.life.deleting._remove", 3),
    ("accounts.disk.remove_empty", 0),
    ("tenants.shared.roles.run", 30),
    ("tenants.shared.roles.run", 60),
]


@pytest.mark.parametrize(("at", "after"), KILLS)
def test_killed_anywhere_it_goes_on_and_ends_the_same(archived, fresh_database, at, after):
    agreed(archived)
    deleting.ask_when_due(timezone.now())
    assert operator_dies(fresh_database, at, after)
    # the server may take a moment to see that the dead one's lock is free
    job = jobs.follow(HallJob.objects.using("owner").get(kind="delete"))
    assert (job.state, job.error) == ("done", "")
    assert set(states(job).values()) == {"done"}
    said = json.loads(HallCertificate.objects.using("owner").get().content)
    assert {table["table"]: table["rows"] for table in said["tables"]}["cases_hall_case"] == 1
    assert said["files"]["count"] >= 1
    assert list(disk.names_in(archived.role)) == []
    assert checks_say() == []
    assert Pointer.objects.using("owner").filter(hall=archived).count() == 0


def test_the_command_asks_approves_and_executes(archived, capsys, monkeypatch):
    from accounts.models import Person

    Person.objects.filter(username="inspector").update(city_role="city_admin")
    call_command("delete_hall", "east")
    assert "nothing hinders it" in capsys.readouterr().out
    with pytest.raises(CommandError, match="none of the city's administrators"):
        call_command("delete_hall", "east", "--by", "lin", "--reason", "x")
    call_command("delete_hall", "east", "--by", "city_admin", "--reason", "并入", "--days", "0")
    with pytest.raises(CommandError, match="两个人"):
        call_command("delete_hall", "east", "--by", "city_admin")
    with pytest.raises(CommandError, match="not due"):
        call_command("delete_hall", "east", "--execute")
    call_command("delete_hall", "east", "--by", "inspector")
    call_command("delete_hall", "east", "--execute")
    assert capsys.readouterr().out.splitlines()[-1].startswith("east: deleted")
    assert Hall.objects.using("owner").get(schema_name="east").state == "deleted"


def test_every_public_table_with_rows_of_a_hall_has_its_end(settings):
    """Those that stay are named with a reason; of all others the rows go with the hall."""
    known = {
        model._meta.db_table
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if field.related_model is Hall
    }
    assert set(settings.HALL_KEPT_TABLES) <= known
    assert set(settings.HALL_WRITTEN_TABLES) <= known
    assert all(settings.HALL_KEPT_TABLES.values())


def test_every_table_of_gate_that_is_stamped_with_a_key_follows_a_renaming(settings):
    stamped = {
        model._meta.db_table
        for model in apps.get_models()
        if model._meta.app_label in settings.GATE_APPS
        and any(field.name == "hall" for field in model._meta.concrete_fields)
    }
    # what was signed in to under a former name was signed in to under that name
    assert stamped - {"accounts_signin"} == set(settings.HALL_STAMPED)


def test_a_role_that_nobody_else_uses_goes_and_its_key_is_not_given_again(owner):
    north = services.open_hall(FACTS, state=HallState.ARCHIVED)
    job = deleted(north)
    assert (job.state, job.error) == ("done", "")
    assert not roles.exists(north.role)
    assert json.loads(HallCertificate.objects.using("owner").get().content)["role"] == "dropped"
    assert "已经有大厅在用" in naming.key_fault("north", using="owner")
    assert naming.host_fault(f"north.{PORTAL}", portal=PORTAL, using="owner")
    assert checks_say() == []
