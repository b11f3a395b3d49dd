"""The commands over all halls, on a database of their own."""

import json

import pytest
from django.core.management import CommandError, call_command
from django.db import connections

from tenants.shared import migrating, scope, services
from tenants.shared.checks import runs
from tenants.shared.enums import HallState
from tenants.shared.models import Domain, Hall
from tests.template import PORTAL

FACTS = services.HallFacts(
    key="north",
    host=f"north.{PORTAL}",
    name="北县网上办事大厅",
    short_name="北县",
    level="county",
    division_code="349903",
    case_prefix="349903",
    document_prefix="示(北)",
    department_prefix="北县",
    position=3,
)


@pytest.fixture
def owner(fresh_database):
    with fresh_database.alias("owner"):
        yield connections["owner"]


def run(owner, sql):
    with owner.cursor() as cursor:
        cursor.execute(sql)


def said(capsys, command, *args):
    call_command(command, *args)
    return capsys.readouterr().out


def test_a_healthy_city_has_no_findings(owner, capsys):
    assert said(capsys, "check_halls") == "2 halls: nothing wrong\n"


@pytest.mark.parametrize(
    ("harm", "finding"),
    [
        ("CREATE SCHEMA left_behind", "schema left_behind belongs to no hall"),
        ("ALTER SCHEMA east RENAME TO lost", "east: its schema is lost"),
        ("DROP VIEW east.catalog_hall_effectiveitem CASCADE", "east: catalog_hall_effectiveitem is not what the code makes"),
        ("DELETE FROM east.django_migrations WHERE app = 'cases_hall'", "east: lacks migrations"),
        ("ALTER TABLE public.catalog_shared_offer DISABLE ROW LEVEL SECURITY", "row-level security is off"),
        ("UPDATE public.catalog_shared_offer SET hidden = true WHERE hall_role = (SELECT role FROM tenants_shared_hall LIMIT 1)", "is not what the item says"),
        ("UPDATE east.tenants_hall_identity SET generation = 9", "east: its schema is another hall's"),
    ],
)  # fmt: skip
def test_each_harm_is_found_and_named(owner, capsys, harm, finding):
    run(owner, harm)
    with pytest.raises(CommandError):
        call_command("check_halls")
    assert finding in capsys.readouterr().out


def test_a_leaked_right_is_found(owner, capsys):
    names = migrating.names()
    run(owner, f'GRANT USAGE ON SCHEMA east TO "{names.of("portal")}"')
    with pytest.raises(CommandError):
        call_command("check_halls")
    assert (
        f"east: somebody was granted USAGE on the schema to {names.of('portal')}: REVOKE it"
        in capsys.readouterr().out
    )
    run(owner, f'REVOKE USAGE ON SCHEMA east FROM "{names.of("portal")}"')


def test_migrate_halls_makes_what_is_missing_again(owner, capsys):
    run(owner, "DROP VIEW east.catalog_hall_effectiveitem CASCADE")
    lines = said(capsys, "migrate_halls", "--all").splitlines()
    assert [line.split(",")[0] for line in lines] == [
        "east: done",
        "west: done",
        "2 halls brought up to date",
    ]
    assert said(capsys, "migrate_halls") == "every hall is up to date\n"
    assert said(capsys, "check_halls") == "2 halls: nothing wrong\n"


def test_halls_tells_the_state_of_each(owner, capsys):
    found = json.loads(said(capsys, "halls", "--json"))
    assert [
        (hall["key"], hall["state"], hall["migrations"], hall["drift"], hall["items"]) for hall in found
    ] == [
        ("east", "open", "up to date", [], 4),
        ("west", "open", "up to date", [], 4),
    ]
    assert {hall["health"] for hall in found} == {"unknown"}
    assert "东县网上办事大厅" in said(capsys, "halls")


def test_halls_tells_how_each_was_found(owner, capsys):
    run(owner, "SELECT setval('east.tenants_hall_department_id_seq', 1)")
    runs.run()
    found = json.loads(said(capsys, "halls", "--json"))
    assert [(hall["health"], hall["findings"]) for hall in found] == [("bad", 1), ("good", 0)]
    run(owner, "UPDATE tenants_shared_hall SET migrated_to = 'else' WHERE schema_name = 'west'")
    found = json.loads(said(capsys, "halls", "--json"))
    assert [hall["health"] for hall in found] == ["bad", "look"]


def test_a_hall_is_opened_whole(owner, capsys):
    hall = services.open_hall(FACTS)
    assert hall.role.endswith(f"_h{hall.pk}")
    with scope.hall(hall) as entered:
        assert entered.state == HallState.OPEN
    assert Domain.objects.using("owner").get(tenant=hall).domain == f"north.{PORTAL}"
    assert said(capsys, "check_halls") == "3 halls: nothing wrong\n"


def test_a_hall_is_not_opened_over_a_left_behind_schema(owner):
    run(owner, "CREATE SCHEMA north")
    with pytest.raises(services.SchemaLeftBehind):
        services.open_hall(FACTS)
    assert not Hall.objects.using("owner").filter(schema_name="north").exists()


@pytest.mark.parametrize("key", ["", "N", "North", "1north", "a b", "public", "pg_x", "x" * 21, 'a"b'])
def test_a_bad_key_opens_nothing(owner, key):
    with pytest.raises(services.BadKey):
        services.open_hall(services.HallFacts(**{**FACTS.__dict__, "key": key}))
    assert Hall.objects.using("owner").count() == 2


def test_opening_that_fails_half_way_leaves_nothing(owner, monkeypatch):
    monkeypatch.setattr(migrating, "write_identity", lambda hall: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        services.open_hall(FACTS)
    assert not Hall.objects.using("owner").filter(schema_name="north").exists()
    run(owner, "CREATE SCHEMA north")  # the name is free
