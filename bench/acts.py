"""Acts at the desk through the service against the same rows by plain SQL. `python -m bench.acts ROUNDS`.

A case is accepted, taken into review and granted: three transactions on either side, with the same INSERTs and UPDATEs.
Prints the seconds of each round as JSON; needs all logins.
"""

import json
import os
import sys
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import django
import psycopg2
from psycopg2 import sql

from bench.load import timed_in_turns
from bench.place import ROOT, Place
from bench.submission import UUID, Row, _written
from bench.torture.clients import choose, citizens, picture

ACTS = ("accept", "review", "grant")
# rows that a step changes; all others it adds
COUNTERS = "cases_hall_serial"
CHANGED = {"cases_hall_case", "cases_shared_pointer", COUNTERS}
# texts that no two rows may share
UNIQUE = {
    ("cases_hall_event", "document_no"),
    ("cases_hall_result", "document_no"),
    ("cases_hall_result", "verification_code"),
    ("cases_shared_verification", "code"),
}


class Desk:
    """Cases of one hall, filed and decided through the services."""

    def __init__(self, place: Place) -> None:
        from accounts.actor import Actor  # noqa: PLC0415 -- after setup
        from accounts.models import Person  # noqa: PLC0415
        from tenants.shared import services  # noqa: PLC0415

        work = choose(place)
        self.body, self.materials = work.body, work.materials
        self.hall = next(hall for hall in services.all_halls() if hall.schema_name == work.schema)
        citizen = Person.objects.get(username=next(citizens(work))["username"])
        self.citizen = Actor.of(citizen, may_hold_posts=False)
        self.clerks = {
            "accept": self._clerk("window"), "review": self._clerk("approver"), "grant": self._clerk("approver"),
        }  # fmt: skip

    def _clerk(self, post: str) -> Any:
        from accounts.actor import Actor  # noqa: PLC0415 -- after setup

        return Actor(uuid.uuid4(), post, post, posts=frozenset({post}))

    def file(self) -> Any:
        """File one case."""
        from django.core.files.uploadedfile import SimpleUploadedFile  # noqa: PLC0415
        from django.utils import timezone  # noqa: PLC0415 -- after setup

        from accounts.queries import applicant_of  # noqa: PLC0415
        from cases.hall.services import drafts, submit  # noqa: PLC0415
        from tenants.shared import scope  # noqa: PLC0415

        with scope.hall(self.hall):
            now, files = timezone.now(), {}
            for key in self.materials:
                upload = SimpleUploadedFile("a.jpg", picture((1, 2, 3)))
                taken = drafts.add_file(None, material_key=key, upload=upload, actor=self.citizen, now=now)
                files[key] = [taken.pk]
            return submit.file_case(
                item_code=self.body["item"], raw_answers=self.body["answers"], files=files,
                raw_delivery=self.body["delivery"], actor=self.citizen, applicant=applicant_of(self.citizen),
                company=None, idempotency_key=uuid.uuid4().hex, body=self.body, now=timezone.now(),
            )  # fmt: skip

    def act(self, case: Any, name: str) -> Any:
        """Take one step, in its own transaction."""
        from django.utils import timezone  # noqa: PLC0415 -- after setup

        from cases.hall.services import transition  # noqa: PLC0415
        from tenants.shared import scope  # noqa: PLC0415

        with scope.hall(self.hall):
            return transition.apply(case, name, by=self.clerks[name], now=timezone.now())


def compare(place: Place, rounds: int) -> dict[str, list[float]]:
    """Return the seconds of three acts on each side, round by round."""
    desk = Desk(place)
    # the first of a kind makes the counters' rows, which all later ones change
    warm = desk.file()
    for name in ACTS:
        warm = desk.act(warm, name)
    cases = iter([desk.file() for _ in range(rounds)])

    def service() -> None:
        case = next(cases)
        for name in ACTS:
            case = desk.act(case, name)

    connection = psycopg2.connect(place.owner_url)
    plain = _plain(place, connection, desk, rounds)
    found = timed_in_turns({"service": service, "SQL": lambda: next(plain)()}, rounds=rounds)
    connection.close()
    return {name: measured.values for name, measured in found.items()}


def _plain(place: Place, connection: Any, desk: Desk, rounds: int) -> Iterator[Callable[[], None]]:
    """Yield the work of writing the rows of three acts once more, for as many copies of the case as there are rounds."""
    filed: list[Any] = []
    first = _written(place, desk.hall.schema_name, lambda: filed.append(desk.file()))
    acts: list[list[Row]] = []
    for name in ACTS:
        acts.append(
            _written(place, desk.hall.schema_name, lambda name=name: filed.append(desk.act(filed[-1], name)))
        )
    steps = [[(row, _statement(row).as_string(connection)) for row in rows] for rows in acts]
    copies = []
    for number in range(rounds):
        fresh = _fresh([first, *acts], filed[0].number, number)
        with connection, connection.cursor() as cursor:
            # untimed: the copy of the case, as it was filed
            for row in first:
                if row.table in CHANGED - {COUNTERS} or row.table == "cases_hall_event":
                    cursor.execute(_insert(row), _values(row, fresh)[: len(row.values)])
        copies.append(fresh)
    for fresh in copies:
        yield lambda fresh=fresh: _write(connection, steps, fresh)


def _write(connection: Any, steps: list[list[tuple[Row, str]]], fresh: dict[str, str]) -> None:
    for rows in steps:
        with connection, connection.cursor() as cursor:
            for row, statement in rows:
                cursor.execute(statement, _values(row, fresh))


def _fresh(groups: list[list[Row]], number: str, copy: int) -> dict[str, str]:
    """Return new keys for all rows of one copy, so that they hang together as the first ones do."""
    fresh = {number: f"{number[:6]}{900_000_000_000 + copy:012d}"}
    for row in (row for rows in groups for row in rows):
        for name in row.key:
            if UUID.fullmatch(value := row.values[name] or ""):
                fresh[value] = fresh.get(value) or str(uuid.uuid4())
        for table, column in UNIQUE:
            if row.table == table and (value := row.values[column] or ""):
                fresh[value] = fresh.get(value) or uuid.uuid4().hex
        if key := row.values.get("idempotency_key"):
            fresh[key] = fresh.get(key) or uuid.uuid4().hex
    return fresh


def _values(row: Row, fresh: dict[str, str]) -> list[Any]:
    values = [fresh.get(value or "", value) for value in row.values.values()]
    keys = [fresh.get(row.values[name] or "", row.values[name]) for name in row.key]
    if row.table == COUNTERS:
        return keys
    return [*values, *keys] if row.table in CHANGED else values


def _statement(row: Row) -> sql.Composed:
    return _update(row) if row.table in CHANGED else _insert(row)


def _update(row: Row) -> sql.Composed:
    # a counter gets a new version of its row and keeps its count: the service goes on counting with it
    own = "{0} = {0}" if row.table == COUNTERS else "{0} = %s"
    return sql.SQL("UPDATE {} SET {} WHERE {}").format(
        sql.Identifier(row.schema, row.table),
        sql.SQL(", ").join(sql.SQL(own).format(sql.Identifier(name)) for name in row.values),
        sql.SQL(" AND ").join(sql.SQL("{} = %s").format(sql.Identifier(name)) for name in row.key),
    )


def _insert(row: Row) -> sql.Composed:
    return sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
        sql.Identifier(row.schema, row.table),
        sql.SQL(", ").join(sql.Identifier(name) for name in row.values),
        sql.SQL(", ").join([sql.Placeholder()] * len(row.values)),
    )


if __name__ == "__main__":
    django.setup()
    logins = {name: text for name, text in os.environ.items() if name.endswith("DATABASE_URL")}
    city = ROOT / os.environ.get("DEMO_CITY", "fixtures/bozhou")
    here = Place(Path(os.environ["VAR"]), logins, city)
    print(json.dumps(compare(here, int(sys.argv[1]))))
