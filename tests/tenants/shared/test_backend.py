"""The web connection sends what it must and no more: counted by the server itself."""

from typing import ClassVar

import pytest
from django.db import IntegrityError, connection, connections, transaction
from psycopg2.extensions import TRANSACTION_STATUS_IDLE, TRANSACTION_STATUS_INTRANS, cursor

from tenants.hall.models import Post
from tenants.shared import scope
from tests.template import NOW, PERSON_ID


class Told(cursor):
    """A cursor of the driver that remembers what it sends."""

    strings: ClassVar[list[str]] = []

    def execute(self, sql, *params):
        self.strings.append(sql)
        return super().execute(sql, *params)


def sent(work):
    """Return the strings that go over the wire while this work is done, as the driver sends them."""
    connection.close()
    connection.settings_dict["OPTIONS"]["cursor_factory"] = Told
    try:
        connection.ensure_connection()
        Told.strings.clear()
        work()
        return list(Told.strings)
    finally:
        connection.close()
        del connection.settings_dict["OPTIONS"]["cursor_factory"]


def test_a_scope_costs_one_string_in_and_one_out(fresh_database, east):
    def work():
        with scope.hall(east):
            list(Post.objects.values_list("username"))

    first, query, last = sent(work)
    assert first.startswith("BEGIN;SET LOCAL search_path")
    assert "SET LOCAL ROLE" in first
    assert "tenants_hall_identity" in first
    assert "tenants_hall_post" in query
    assert last == scope.LEAVE + "COMMIT"


def test_an_empty_transaction_sends_nothing(fresh_database):
    def work():
        with transaction.atomic():
            pass

    assert sent(work) == []


def test_the_driver_is_never_left_inside_a_transaction(fresh_database, east):
    with pytest.raises(IntegrityError), scope.hall(east):
        assert connection.connection.info.transaction_status == TRANSACTION_STATUS_INTRANS
        for _ in range(2):
            Post.objects.create(
                person=PERSON_ID["lin"], name="x", username="x", role="window", created_at=NOW
            )
    assert connection.connection.info.transaction_status == TRANSACTION_STATUS_IDLE
    assert connection.connection.autocommit


def test_what_is_committed_is_seen_by_another_connection(fresh_database, east):
    with scope.hall(east):
        Post.objects.create(person=PERSON_ID["lin"], name="x", username="x", role="window", created_at=NOW)
    connections.close_all()
    with scope.hall(east):
        assert Post.objects.filter(username="x").count() == 1


def test_a_living_connection_is_not_asked_whether_it_lives(fresh_database, east):
    def work():
        connection.health_check_enabled, connection.health_check_done = True, False
        with scope.hall(east):
            pass

    assert sent(work)[0].startswith("BEGIN;SET LOCAL search_path")


def test_a_connection_that_the_server_ended_is_made_again(fresh_database, east):
    connection.ensure_connection()
    ended = connection.connection.get_backend_pid()
    with fresh_database.alias("owner"), connections["owner"].cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [ended])

    connection.health_check_enabled, connection.health_check_done = True, False
    with scope.hall(east) as entered:
        assert entered.schema == "east"
        assert connection.connection.get_backend_pid() != ended
