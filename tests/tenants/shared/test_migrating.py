"""Halls are brought along by one script, each in its own transaction; one that fails is closed and stops no other."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader

from tenants.shared import migrating, queries, structure, template
from tenants.shared.models import Hall, HallMigration, MigrationScript
from tests.tenants.shared.test_commands import owner, run, said  # noqa: F401 -- a fixture


def note(**more):
    """A new step of the hall's own app: one column."""
    return migrations.AddField("department", "note", models.CharField(max_length=9, default="", **more))


@pytest.fixture
def coming(monkeypatch):
    """``coming(*operations)``: the code has one more migration of tenants_hall than the database."""
    added = {}
    read = MigrationLoader.build_graph
    on_disk = template.on_disk

    def build(loader):
        # as a file beside the others would be
        loader.load_disk, load = (lambda: None), loader.load_disk
        load()
        loader.disk_migrations |= added
        read(loader)

    monkeypatch.setattr(MigrationLoader, "build_graph", build)
    monkeypatch.setattr(template, "on_disk", lambda: [*on_disk(), *added])

    def add(*operations, atomic=True):
        last = max(name for app, name in on_disk() if app == "tenants_hall")
        step = migrations.Migration("9000_coming", "tenants_hall")
        step.dependencies, step.operations, step.atomic = [("tenants_hall", last)], list(operations), atomic
        added["tenants_hall", "9000_coming"] = step

    return add


def columns(schema):
    """The columns of a hall's departments."""
    (part,) = (part for part in structure.tables(schema) if part.name == "tenants_hall_department")
    return part.statement


def ledger():
    return [
        (line.hall.key, line.outcome, line.steps)
        for line in HallMigration.objects.using("owner").select_related("hall").order_by("hall_id")
    ]


def test_halls_that_are_where_they_should_be_are_not_touched(owner, capsys):  # noqa: F811
    assert migrating.behind() == []
    assert said(capsys, "migrate_halls") == "every hall is up to date\n"
    assert ledger() == []


def test_a_new_column_comes_to_every_hall_by_one_script(owner, coming, capsys):  # noqa: F811
    coming(note())
    assert [hall.key for hall in migrating.behind()] == ["east", "west"]
    call_command("migrate_halls", workers=2)
    assert ledger() == [(key, "done", ["tenants_hall.9000_coming"]) for key in ("east", "west")]
    script = MigrationScript.objects.using("owner").get()
    assert "ADD COLUMN" in script.statements
    assert "note character varying(9)" in columns("east")
    assert structure.differences(structure.tables(template.SCHEMA), structure.tables("west")) == []
    assert migrating.behind() == []
    # a second run has nothing to do
    capsys.readouterr()
    assert said(capsys, "migrate_halls") == "every hall is up to date\n"


def test_a_hall_that_fails_is_closed_and_the_others_go_on(owner, coming, hall_client, east, west):  # noqa: F811
    run(
        owner, "ALTER TABLE east.tenants_hall_department ADD note text"
    )  # by hand: the script's own will not go in
    coming(note())
    with pytest.raises(CommandError, match="1 of 2 halls failed"):
        call_command("migrate_halls")
    failed, done = ledger()
    assert failed[:2] == ("east", "failed")
    assert done == ("west", "done", ["tenants_hall.9000_coming"])
    error = HallMigration.objects.using("owner").get(outcome="failed").error
    assert "already exists" in error
    queries.forget()
    page = hall_client(east).get("/")
    assert (page.status_code, page["Retry-After"]) == (503, "300")
    assert "东县网上办事大厅正在维护" in page.content.decode()
    asked = hall_client(east).get("/api/v1/items/")
    assert (asked.status_code, asked.json()["code"]) == (503, "closed")
    assert hall_client(west).get("/").status_code == 200

    run(owner, "ALTER TABLE east.tenants_hall_department DROP note")
    call_command("migrate_halls")
    queries.forget()
    assert hall_client(east).get("/").status_code == 200
    assert Hall.objects.using("owner").exclude(quarantined_at=None).count() == 0


def test_a_step_that_looks_at_rows_goes_hall_by_hall(owner, coming):  # noqa: F811
    seen = []

    def look(historical, editor):
        seen.append(historical.get_model("tenants_hall", "Department").objects.using("owner").count())

    coming(note(), migrations.RunPython(look))
    call_command("migrate_halls", workers=1)
    assert MigrationScript.objects.using("owner").count() == 0
    assert len(seen) == 3  # the template and two halls
    assert "note" in columns("east")


def test_a_run_that_died_after_the_template_is_taken_up(owner, coming, monkeypatch):  # noqa: F811
    coming(note())
    with monkeypatch.context() as dying, pytest.raises(ZeroDivisionError):
        dying.setattr(migrating, "ThreadPoolExecutor", lambda **_: 1 / 0)
        migrating.run()
    # what the template was sent was kept with it
    assert MigrationScript.objects.using("owner").count() == 1
    assert "note" not in columns("east")
    migrating.run()
    assert "note" in columns("east")
    assert ledger() == [(key, "done", ["tenants_hall.9000_coming"]) for key in ("east", "west")]


def test_two_runs_at_once_are_refused(owner):  # noqa: F811
    with (
        migrating._alone(),
        ThreadPoolExecutor(1) as other,
        pytest.raises(migrating.AnotherRun, match="wait"),
    ):
        other.submit(migrating.run).result()
    assert migrating.run() == []


def test_the_web_tier_does_not_start_before_public_is_ready(owner, coming):  # noqa: F811
    migrating.refuse_old_tables()
    coming(note())
    with pytest.raises(ImproperlyConfigured, match=r"tenants_hall 9000_coming.*migrate_halls"):
        migrating.refuse_old_tables()
