"""What an archive costs the clerk's desk: 10,000 open cases alone, the same with a million archived ones, and a bare query.

`python -m bench.desk fill SCHEMA OPEN ARCHIVED` writes cases by SQL, after the pattern of one that was submitted;
`python -m bench.desk ask SCHEMA ROUNDS` prints the seconds of each question, round by round, as JSON;
`python -m bench.desk plans SCHEMA` prints how the database reads them, and fails when it reads the archive whole.
All need the owner's login and the hall's.
"""

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import django
import psycopg2

from bench.load import Measured, timed_in_turns

OPEN, ARCHIVED = 10_000, 1_000_000
# what a bare program would ask: the same rows by the same order, without posts, filters, counts
BARE = """SELECT number, item_name, applicant_masked, state, due_on, department, claimed_name FROM {schema}.cases_hall_case
    WHERE is_open ORDER BY due_on NULLS LAST, id LIMIT 20"""
# an open case waits at the window or at the approver; due days lie about today, as in a hall that keeps up
_FILL = """INSERT INTO {schema}.cases_hall_case ({columns})
    SELECT {values} FROM {schema}.cases_hall_case c, generate_series({first}, {last}) n WHERE c.id = %s"""
_CHANGED = {
    "id": "gen_random_uuid()",
    "number": "'9' || lpad(n::text, 17, '0')",
    "person": "gen_random_uuid()",
    "idempotency_key": "'bench-' || n",
    "claimed_by": "NULL",
    "claimed_name": "''",
    "pending": "''",
    "proposed_refusal": "''",
    # the frozen item lies apart from the row, where no list reads it: its limits alone are written
    "item": "jsonb_build_object('promised_days', c.item->'promised_days', 'statutory_days', c.item->'statutory_days')",
}
_OPEN = {
    "state": "(ARRAY['submitted', 'accepted', 'review', 'delivering'])[1 + n % 4]",
    "due_on": "current_date - 10 + n % 40",
    "due_clock": "(ARRAY['A', 'P', 'P', 'D'])[1 + n % 4]",
    "received_at": "now() - n % 30 * interval '1 day' - n * interval '1 second'",
}
_ENDED = {
    "state": "'archived'",
    "due_on": "NULL",
    "due_clock": "''",
    "received_at": "now() - interval '40 days' - n * interval '40 seconds'",
}


def _connect() -> Any:
    connection = psycopg2.connect(os.environ["DATABASE_URL"])
    connection.autocommit = True
    return connection


def fill(schema: str, *, opened: int, archived: int) -> None:
    """Write so many open and archived cases beside what the hall has. Called again with more archived, adds those alone."""
    connection = _connect()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''",
            [f"{schema}.cases_hall_case"],
        )
        columns = [name for (name,) in cursor.fetchall()]
        cursor.execute(
            f"SELECT id FROM {schema}.cases_hall_case WHERE state <> 'draft' ORDER BY received_at LIMIT 1"
        )
        (pattern,) = cursor.fetchone()
        for first, number, changed in ((1, opened, _OPEN), (10**7, archived, _ENDED)):
            if not number:
                continue
            values = {**{name: f"c.{name}" for name in columns}, **_CHANGED, **changed}
            cursor.execute(
                _FILL.format(
                    schema=schema, columns=", ".join(columns), values=", ".join(values[name] for name in columns).replace("%", "%%"),
                    first=first, last=first + number - 1,
                ),
                [pattern],
            )  # fmt: skip
        cursor.execute(f"VACUUM ANALYZE {schema}.cases_hall_case")
    connection.close()


@contextmanager
def _clerk(schema: str) -> Iterator[Any]:
    """Enter the hall and yield one of its clerks at the window as who asks."""
    from accounts.actor import Actor  # noqa: PLC0415 -- after setup
    from tenants.hall.models import Post  # noqa: PLC0415
    from tenants.shared import queries, scope  # noqa: PLC0415

    hall = next(hall for hall in queries.halls() if hall.schema_name == schema)
    with scope.hall(hall):
        post = Post.objects.filter(role="window").order_by("pk")[0]
        yield Actor(post.person, post.username, post.name, may_hold_posts=True, posts=frozenset({"window"}))


def _questions(clerk: Any) -> dict[str, Callable[[], Any]]:
    """Return what the desk's page asks of the table of cases, by name."""
    from django.utils import timezone  # noqa: PLC0415 -- after setup

    from cases.hall.queries import desk  # noqa: PLC0415
    from cases.hall.queries.narrowing import Filters  # noqa: PLC0415
    from cases.hall.views.paging import DeskPages  # noqa: PLC0415

    today = timezone.localdate()

    def page(queue: str, **filters: str) -> Callable[[], Any]:
        return lambda: list(DeskPages(desk.cases(clerk, queue, Filters(**filters), today=today)).get_page(1))  # type: ignore[arg-type]

    return {
        "mine, a page with its number": page("mine"),
        "overdue, a page with its number": page("overdue"),
        "words in mine": page("mine", q="登记"),
        "all counts": lambda: desk.counts(clerk, today, queue="mine"),
        "items of the filter": lambda: desk.items(clerk),
        "done, a page with its number": page("done"),
        "words in done": page("done", q="没有这样的事项"),
        "all, a page with its number": page("all"),
    }


def ask(schema: str, *, rounds: int) -> dict[str, Measured]:
    """Return the seconds of each question of the desk and of the bare query."""
    from django.db import connection  # noqa: PLC0415 -- after setup

    def bare() -> None:
        with connection.cursor() as cursor:
            cursor.execute(BARE.format(schema=schema))
            cursor.fetchall()

    with _clerk(schema) as clerk:
        works: dict[str, Callable[[], object]] = {"bare query": bare, **_questions(clerk)}
        for work in works.values():
            work()
        return timed_in_turns(works, rounds=rounds)


def plans(schema: str) -> dict[str, list[str]]:
    """Return the plans of what the page asks. Raises SystemExit when one reads the whole table of cases."""
    from django.db import connection  # noqa: PLC0415 -- after setup
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    found: dict[str, list[str]] = {}
    with _clerk(schema) as clerk:
        for name, work in _questions(clerk).items():
            with CaptureQueriesContext(connection) as seen:
                work()
            asked = [query["sql"] for query in seen if "cases_hall_case" in query["sql"]]
            with connection.cursor() as cursor:
                for statement in asked:
                    cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, SUMMARY OFF) {statement}")
                    found.setdefault(name, []).append("\n".join(row for (row,) in cursor.fetchall()))
    whole = [
        name for name, texts in found.items() if any("Seq Scan on cases_hall_case" in text for text in texts)
    ]
    if whole:
        raise SystemExit(f"read the whole archive: {', '.join(whole)}\n" + "\n".join(found[whole[0]]))
    return found


if __name__ == "__main__":
    django.setup()
    act, schema = sys.argv[1:3]
    if act == "fill":
        fill(schema, opened=int(sys.argv[3]), archived=int(sys.argv[4]))
    elif act == "plans":
        for name, texts in plans(schema).items():
            print(f"{name}\n", "\n".join(texts), sep="")
    else:
        measured = ask(schema, rounds=int(sys.argv[3]))
        print(json.dumps({question: each.values for question, each in measured.items()}))
