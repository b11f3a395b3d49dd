"""A hall that is copied from the template is what the migrations make, to the last grant."""

import dataclasses

import pytest
from django.db import connections

from tenants.shared import roles, services, structure, template
from tenants.shared.checks import gathering
from tests.tenants.shared.test_commands import FACTS, owner, run  # noqa: F401 -- a fixture

SOUTH = dataclasses.replace(
    FACTS, key="south", host="south.x", case_prefix="349904", document_prefix="示(南)", short_name="南县"
)


def test_copied_and_migrated_halls_are_equal(owner):  # noqa: F811
    copied, migrated = services.open_hall(FACTS), services.open_hall(SOUTH, by_migrations=True)
    parts = [structure.whole(hall.schema_name, hall.role) for hall in (copied, migrated)]
    assert structure.differences(*parts) == []
    kinds = {part.kind for part in parts[0]}
    assert kinds == {"table", "constraint", "index", "sequence", "view", "function", "grant"}
    recorded = [
        roles.rows(f"SELECT app, name FROM {hall.schema_name}.django_migrations ORDER BY 1, 2")
        for hall in (copied, migrated)
    ]
    assert recorded[0] == recorded[1] != []
    # the next migration gets the next number
    ((last, following),) = roles.rows(
        "SELECT max(id), nextval('north.django_migrations_id_seq') FROM north.django_migrations"
    )
    assert following == last + 1
    assert [str(line) for line in gathering.findings() if line.hall in {"north", "south"}] == []


@pytest.mark.parametrize(
    ("harm", "finding"),
    [
        ("DROP INDEX north.{index}", "index {table}.{index} is missing"),
        ("ALTER TABLE north.cases_hall_case ALTER state SET DEFAULT 'draft'", "table cases_hall_case is"),
        ("ALTER TABLE north.cases_hall_case ADD note text", "table cases_hall_case is"),
        ("ALTER TABLE north.cases_hall_case DROP CONSTRAINT case_state_known", "case_state_known is missing"),
        ("CREATE TABLE north.own (id int)", "table own is one too many"),
    ],
)
def test_what_was_changed_by_hand_is_found(owner, harm, finding):  # noqa: F811
    services.open_hall(FACTS)
    table, index = next(part.name.split(".") for part in structure.tables("north") if part.kind == "index")
    run(owner, harm.format(index=index, table=table))
    assert any(finding.format(index=index, table=table) in str(line) for line in gathering.findings())


def test_grants_are_part_of_it(owner):  # noqa: F811
    hall = services.open_hall(FACTS)
    before = structure.whole("north", hall.role)
    roles.run("REVOKE DELETE ON north.cases_hall_case FROM {}", hall.role)
    assert structure.differences(before, structure.whole("north", hall.role)) == [
        "grant cases_hall_case its role is 'INSERT, SELECT, UPDATE', not 'DELETE, INSERT, SELECT, UPDATE'"
    ]


def test_a_template_that_is_behind_is_refused_and_nothing_is_left(owner):  # noqa: F811
    run(owner, "DELETE FROM hall_template.django_migrations WHERE app = 'cases_hall'")
    with pytest.raises(template.Behind, match="run migrate_halls"):
        services.open_hall(FACTS)
    assert roles.rows("SELECT 1 FROM pg_namespace WHERE nspname = 'north'") == []
    assert any("template" in str(line) for line in gathering.findings())


def test_nothing_but_the_record_of_migrations_stands_in_the_template(owner):  # noqa: F811
    tables = [part.name for part in structure.tables(template.SCHEMA) if part.kind == "table"]
    with connections["owner"].cursor() as cursor:
        filled = []
        for table in tables:
            cursor.execute(f"SELECT 1 FROM hall_template.{table} LIMIT 1")
            filled += [table] if cursor.fetchone() else []
    assert filled == ["django_migrations"]
