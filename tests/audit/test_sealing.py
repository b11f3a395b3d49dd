"""The chain of seals: each committed row once, and any change of it noticed."""

import uuid
from datetime import timedelta

import psycopg2
import pytest

from tests.template import NOW

LATER = NOW + timedelta(minutes=1)


@pytest.fixture
def sealed(fresh_database):
    """Three audit rows in east, sealed one minute later."""
    from audit.services import sealing

    write(fresh_database, 3)
    with fresh_database.alias("sealer"):
        assert sealing.seal("east", now=LATER) == 3
        yield fresh_database


def write(database, count, at=NOW):
    from audit.services import record
    from tenants.shared import scope
    from tests.conftest import _hall

    with scope.hall(_hall("east")):
        for number in range(count):
            record(
                "test",
                now=at,
                actor=uuid.UUID(int=number),
                actor_name="东窗口",
                object=f"件{number}",
                detail={"n": number},
            )


def as_owner(database, statement):
    connection = psycopg2.connect(database.url())
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.rowcount
    finally:
        connection.close()


def test_an_untouched_chain_is_whole(sealed):
    from audit.services import sealing

    assert sealing.verify_chain("east") == []
    assert sealing.verify_chain("west") == []


def test_rows_are_sealed_once_and_in_batches(sealed, monkeypatch):
    from audit.services import sealing

    monkeypatch.setattr(sealing, "BATCH", 2)
    write(sealed, 5, at=LATER)

    assert sealing.seal("east", now=LATER) == 5
    assert sealing.seal("east", now=LATER) == 0
    assert sealing.seal("east", now=LATER, since=NOW) == 0
    assert as_owner(sealed, "SELECT 1 FROM east.audit_seal") == 4
    assert sealing.verify_chain("east") == []


def test_a_row_of_the_past_is_found_by_the_full_run(sealed):
    from audit.services import sealing

    write(sealed, 1, at=NOW - timedelta(days=30))

    assert sealing.seal("east", now=LATER, since=NOW) == 0
    assert sealing.seal("east", now=LATER) == 1


def test_a_row_of_the_future_waits(sealed):
    from audit.services import sealing

    write(sealed, 1, at=LATER + timedelta(days=1))

    assert sealing.seal("east", now=LATER) == 0
    assert sealing.seal("east", now=LATER + timedelta(days=2)) == 1


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        (
            "UPDATE east.audit_record SET action = 'other' WHERE object = '件1'",
            "east: a row of seal 1 was changed",
        ),
        (
            "UPDATE east.audit_record SET at = at + interval '1 microsecond'",
            "east: a row of seal 1 was changed",
        ),
        (
            "UPDATE east.audit_record SET detail = '{\"n\": 9}' WHERE object = '件2'",
            "east: a row of seal 1 was changed",
        ),
        ("DELETE FROM east.audit_record WHERE object = '件0'", "east: seal 1 names 1 rows that are gone"),
        ("UPDATE east.audit_seal SET digest = repeat('0', 64)", "east: a row of seal 1 was changed"),
        (
            "UPDATE east.audit_seal SET previous = repeat('1', 64)",
            "east: seal 1 does not follow the seal before it",
        ),
    ],
)
def test_a_change_is_noticed(sealed, statement, problem):
    from audit.services import sealing

    assert sealing.verify_chain("east") == []
    assert as_owner(sealed, statement) > 0

    assert problem in sealing.verify_chain("east")


def test_a_missing_seal_is_noticed(sealed):
    from audit.services import sealing

    write(sealed, 1, at=LATER)
    sealing.seal("east", now=LATER)
    as_owner(sealed, "DELETE FROM east.audit_seal WHERE number = 1")

    assert "east: seal 1 is missing" in sealing.verify_chain("east")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE east.audit_seal SET digest = ''",
        "DELETE FROM east.audit_seal",
        "DELETE FROM east.audit_record",
        "INSERT INTO east.audit_record (id, at, actor_name, action, object, detail) VALUES (gen_random_uuid(), now(), '', '', '', '{}')",
        "SELECT 1 FROM east.cases_hall_case",
        "SELECT 1 FROM public.accounts_person",
    ],
)
def test_the_sealer_can_do_nothing_else(sealed, statement):
    connection = psycopg2.connect(sealed.url("sealer"))
    try:
        with connection.cursor() as cursor, pytest.raises(psycopg2.errors.InsufficientPrivilege):
            cursor.execute(statement)
    finally:
        connection.close()


def test_a_period_is_proven_in_the_halls_own_scope(sealed):
    from audit.services import sealing
    from tenants.shared import scope
    from tests.conftest import _hall

    write(sealed, 2, at=LATER)
    sealing.seal("east", now=LATER + timedelta(minutes=1))
    write(sealed, 1, at=LATER)

    with scope.hall(_hall("east")):
        whole = sealing.prove("east", using="default")
        second = sealing.prove("east", using="default", first=LATER + timedelta(seconds=1))

    assert (whole.problems, whole.seals, whole.rows, whole.waiting) == ([], 2, 5, 1)
    # it follows the seal before the period, which is not looked at
    assert (second.problems, second.first_number, second.rows) == ([], 2, 2)
    as_owner(
        sealed,
        "UPDATE east.audit_record SET action = 'x' WHERE object = '件0' AND at > '2026-03-02 02:00:30'",
    )
    with scope.hall(_hall("east")):
        assert sealing.prove("east", using="default", first=LATER + timedelta(seconds=1)).problems == [
            "east: a row of seal 2 was changed"
        ]


def test_which_seal_names_a_row_is_found(sealed):
    from audit import queries
    from audit.models import Record
    from tenants.shared import scope
    from tests.conftest import _hall

    write(sealed, 1, at=LATER)
    with scope.hall(_hall("east")):
        rows = {record.object + str(record.at): record.pk for record in Record.objects.all()}
        seals = queries.seals_of(rows.values())
    assert (len(rows), len(seals)) == (4, 3)
    assert {seal.number for seal in seals.values()} == {1}


def test_the_command_says_what_period_is_proven(sealed, capsys):
    from django.core.management import CommandError, call_command

    with sealed.alias("owner"):
        call_command("check_chain", "east", "west")
        said = capsys.readouterr().out.splitlines()
        assert said[0].startswith(
            "east: seals 1-1, 3 rows, 2026-03-02 02:01 to 2026-03-02 02:01 UTC unchanged, 0"
        )
        assert said[1].startswith("west: nothing sealed yet")
        as_owner(sealed, "DELETE FROM east.audit_record WHERE object = '件1'")
        with pytest.raises(CommandError, match="1 findings"):
            call_command("check_chain", "east")
        assert "NOT as it was sealed" in capsys.readouterr().out
        with pytest.raises(CommandError, match="no such hall: nowhere"):
            call_command("check_chain", "nowhere")
