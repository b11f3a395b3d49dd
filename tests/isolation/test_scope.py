"""The belts around a hall: each is taken away in turn, to show that it was what refused."""

import threading

import pytest
from django.db import connection, connections, transaction
from django.db.utils import IntegrityError, ProgrammingError

from accounts.models import Person
from audit.models import Record
from cases.shared.models import Pointer
from catalog.shared.models import Offer
from tenants.hall.models import Identity, Post
from tenants.shared import queries, scope
from tenants.shared.models import Hall
from tests.template import NOW, PERSON_ID

SECRET = "SELECT username FROM {schema}.tenants_hall_post WHERE username = '{schema}_window'"


def read(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def refused(sql, match="permission denied"):
    with pytest.raises(ProgrammingError, match=match), transaction.atomic():
        read(sql)


def usernames():
    return set(Post.objects.values_list("username", flat=True))


EAST = {"east_window", "east_approver", "east_head", "east_staff", "east_admin"}


def test_inside_a_scope_the_hall_sees_its_own_rows(east, west):
    with scope.hall(east):
        assert usernames() == EAST
    with scope.hall(west):
        assert usernames() == {"west_window", "west_approver", "west_head", "west_staff"}


def test_no_role_reads_nothing(east):
    refused("SELECT * FROM tenants_hall_post", "does not exist")
    refused(SECRET.format(schema="east"))
    with scope.hall(east):
        assert read(SECRET.format(schema="east")) == [("east_window",)]


def test_wrong_role_reads_nothing_of_another_hall(east, west):
    with scope.hall(west):
        refused(SECRET.format(schema="east"))
        assert read(SECRET.format(schema="west")) == [("west_window",)]


def test_wrong_path_under_the_right_role_still_reads_nothing(east):
    with scope.hall(east):
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL search_path = west, public")
        # without a right to the schema its tables are not even found
        refused("SELECT * FROM tenants_hall_post", "does not exist")


def test_portal_and_city_have_no_rights_in_a_hall():
    for enter in (scope.portal, scope.city):
        with enter():
            refused(SECRET.format(schema="east"))


def test_a_hall_reads_no_person_session_or_token(east):
    with scope.hall(east):
        for table in (
            "accounts_person",
            "accounts_session",
            "accounts_token",
            "accounts_code",
            "accounts_ticket",
        ):
            refused(f"SELECT * FROM public.{table}")
    assert Person.objects.filter(pk=PERSON_ID["lin"]).exists()


def test_gate_reads_no_hall_and_no_case():
    gate = connections["gate"]
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(using="gate"),
        gate.cursor() as cursor,
    ):
        cursor.execute(SECRET.format(schema="east"))
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(using="gate"),
        gate.cursor() as cursor,
    ):
        cursor.execute("SELECT * FROM public.cases_shared_pointer")


def test_web_may_not_become_gate_or_owner(east):
    names = queries.role_prefix()
    for role in (f"{names}_gate", "owner", f"{names}_sealer"):
        refused(f'SET LOCAL ROLE "{role}"')


def test_a_role_can_not_switch_the_path_by_function(east):
    with scope.hall(east):
        refused("SELECT set_config('search_path', 'west', true)")


def test_wrong_identity_row_is_refused(fresh_database, east):
    with scope.hall(east):
        pass
    with fresh_database.alias("owner"), connections["owner"].cursor() as cursor:
        cursor.execute("UPDATE east.tenants_hall_identity SET generation = generation + 1")
    with pytest.raises(scope.WrongHall), scope.hall(east):
        pytest.fail("entered a schema that says it is another generation")


def test_lost_schema_is_refused(east):
    lost = Hall(schema_name="nowhere", role=east.role, generation=1)
    with pytest.raises(scope.WrongHall), scope.hall(lost):
        pytest.fail("entered a schema that does not exist")


def test_a_hall_cannot_write_its_identity(east):
    with scope.hall(east), pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        Identity.objects.update(key="west")


def test_a_hall_writes_and_sees_only_its_rows_of_a_public_table(east, west):
    with scope.hall(west):
        assert Offer.objects.count() == Offer.objects.filter(hall_id=west.role).count() == 4
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            Offer.objects.create(hall_id=east.role, code="34000000000000")
        assert Offer.objects.filter(hall_id=east.role).update(hidden=True) == 0
    with scope.hall(east):
        assert Offer.objects.filter(hidden=False).count() == 4


def test_without_row_level_security_the_row_would_pass(fresh_database, east, west):
    with fresh_database.alias("owner"), connections["owner"].cursor() as cursor:
        cursor.execute("ALTER TABLE public.catalog_shared_offer DISABLE ROW LEVEL SECURITY")
    with scope.hall(west):
        assert Offer.objects.filter(hall_id=east.role).update(hidden=True) == 4


def test_a_pointer_of_another_hall_cannot_be_taken_over(east, west):
    facts = {
        "case": PERSON_ID["lin"], "person": PERSON_ID["lin"], "item_code": "3", "item_name": "x", "state": "draft", "turn": "applicant", "updated_at": NOW,
    }  # fmt: skip
    with scope.hall(east):
        Pointer.objects.create(hall_id=east.role, **facts)
    with scope.hall(west):
        assert not Pointer.objects.exists()
        with pytest.raises(IntegrityError), transaction.atomic():
            Pointer.objects.create(hall_id=west.role, **facts)
    with scope.portal():
        assert [pointer.hall_id for pointer in Pointer.objects.all()] == [east.role]


def test_audit_rows_can_be_added_and_read_and_not_changed(east, west):
    with scope.hall(east):
        Record(at=NOW, action="test").save(force_insert=True)
        assert Record.objects.filter(action="test").count() == 1
        for table in ("audit_record", "audit_seal"):
            refused(f"DELETE FROM {table}")
            refused(f"UPDATE {table} SET {'action' if table == 'audit_record' else 'digest'} = 'x'")
            refused(f"TRUNCATE {table}")
        refused("INSERT INTO audit_seal VALUES (1, now(), '[]', '', '')")
    with scope.hall(west):
        assert not Record.objects.filter(action="test").exists()
        refused("SELECT * FROM east.audit_record")
    with scope.portal():
        refused("SELECT * FROM audit_record")


def test_scopes_do_not_nest(east, west):
    with scope.hall(east):
        with pytest.raises(scope.ScopeTaken), scope.hall(west):
            pytest.fail("two roles in one transaction")
        assert usernames() == EAST


def test_after_an_error_inside_the_next_scope_is_whole(east, west):
    with pytest.raises(ProgrammingError), scope.hall(east):
        read("SELECT * FROM no_such_table")
    with scope.hall(east):
        assert usernames() == EAST


def test_a_savepoint_rolled_back_around_a_switch_leaves_no_role(east):
    with transaction.atomic():
        savepoint = transaction.savepoint()
        entered = scope.hall(east)
        entered.__enter__()
        assert usernames() == EAST
        transaction.savepoint_rollback(savepoint)
        # the role went with the savepoint: what comes now is refused, not done as somebody else
        refused("SELECT * FROM tenants_hall_post", "does not exist")
        with pytest.raises(ProgrammingError, match="does not exist"):
            usernames()
        connection.needs_rollback = True
        entered.__exit__(None, None, None)


def test_a_connection_reused_by_another_hall_keeps_nothing(fresh_database, east, west):
    with scope.hall(east):
        assert usernames() == EAST
    backend = connection.connection.info.backend_pid
    with pytest.raises(ProgrammingError):
        usernames()
    with scope.hall(west):
        assert not usernames() & EAST
    assert connection.connection.info.backend_pid == backend


def test_what_a_scope_wrote_is_gone_when_it_fails(fresh_database, east):
    with pytest.raises(RuntimeError), scope.hall(east):
        Post.objects.create(person=PERSON_ID["lin"], name="x", username="x", role="window", created_at=NOW)
        raise RuntimeError
    with scope.hall(east):
        assert usernames() == EAST


def test_a_stale_host_cache_is_caught_by_the_identity_row(fresh_database, east, hall_client):
    client = hall_client(east)
    assert client.get("/readyz").status_code == 200
    assert queries.hall_of("east.city.localhost").generation == 1
    with fresh_database.alias("owner"), connections["owner"].cursor() as cursor:
        cursor.execute("UPDATE public.tenants_shared_hall SET generation = 2 WHERE schema_name = 'east'")
        cursor.execute("UPDATE east.tenants_hall_identity SET generation = 2")
    stale = queries.hall_of("east.city.localhost")
    assert stale.generation == 1
    with pytest.raises(scope.WrongHall), scope.hall(stale):
        pytest.fail("a stale entry entered")
    assert client.get("/").status_code == 200
    assert queries.hall_of("east.city.localhost").generation == 2


def test_threads_of_two_halls_never_see_each_other(fresh_database, east, west):
    wrong = []

    def work(hall, prefix):
        try:
            for _ in range(30):
                with scope.hall(hall):
                    wrong.extend(name for name in usernames() if not name.startswith(prefix))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=pair) for pair in ((east, "east"), (west, "west")) * 4]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
