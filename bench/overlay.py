"""What the overlay costs in SQL: a hall's effective items against a plain table of the same rows, with a large catalogue.

`python -m bench.overlay enlarge SCHEMA ROLE` grows the catalogue; `python -m bench.overlay compare SCHEMA ROLE ROUNDS` prints
the seconds of each question, round by round, as JSON. Both need all logins.
"""

import json
import os
import sys
from collections.abc import Callable
from typing import Any

import django
import psycopg2
from psycopg2 import sql

from bench.load import Measured, timed_in_turns

SHARED, OVERRIDES = 20_000, 2_000
REPEATS = 20
# overridden in turn, item after item: the field, and the SQL of a value that differs from the city's and keeps the policy
VALUES = (
    ("promised_days", "jsonb_build_object('days', 1, 'unit', s.promised_unit)"),
    ("visits", "to_jsonb(0)"),
    ("phone", "to_jsonb('0500-1234567'::text)"),
    ("address", "to_jsonb('县政务服务中心二楼'::text)"),
    ("can_book", "to_jsonb(NOT s.can_book)"),
    ("guide_text", "to_jsonb('请先取号，再到窗口。'::text)"),
)


def _connect() -> Any:
    connection = psycopg2.connect(os.environ["DATABASE_URL"])
    connection.autocommit = True
    return connection


def _execute(*statements: str) -> list[tuple[Any, ...]]:
    connection = _connect()
    try:
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
            return list(cursor.fetchall()) if cursor.description else []
    finally:
        connection.close()


def enlarge(schema: str, role: str) -> None:
    """Grow the catalogue to 20,000 shared items, all taken by this hall, which overrides 2,000 values of them."""
    from catalog.shared import sql as overlay  # noqa: PLC0415 -- after setup
    from catalog.shared.models import SharedItem  # noqa: PLC0415

    copied = [
        field.column
        for field in SharedItem._meta.fields
        if field.column not in {"id", "code", "name", "sort_key"}
    ]
    columns = ", ".join(copied)
    path = f"SET search_path = {schema}, public"
    made = ", ".join(f"('{field}', {number})" for number, (field, _value) in enumerate(VALUES))
    value = " ".join(f"WHEN {number} THEN {text}" for number, (_field, text) in enumerate(VALUES))
    present = overlay.present_value("s", "f.field")
    _execute(
        path,
        f"""INSERT INTO catalog_shared_shareditem (code, name, sort_key, {columns})
        SELECT '3520' || lpad(n::text, 8, '0') || '00', name || n, sort_key || ' ' || n, {columns}
        FROM (SELECT *, row_number() OVER (ORDER BY code, m) AS n FROM catalog_shared_shareditem, generate_series(1, 100) m
            WHERE status = 'active' AND promised_days > 1 AND visits > 0) s
        LIMIT {SHARED} - (SELECT count(*) FROM catalog_shared_shareditem)""",
        "INSERT INTO catalog_hall_adoption SELECT code, now() FROM catalog_shared_shareditem ON CONFLICT DO NOTHING",
        f"""INSERT INTO catalog_hall_override (code, field, value, base, reason, person, person_name, made_at)
        SELECT s.code, f.field, CASE f.n {value} END, {present}, 'bench', gen_random_uuid(), 'bench', now()
        FROM (SELECT *, row_number() OVER (ORDER BY md5(code)) AS at FROM catalog_shared_shareditem WHERE code LIKE '3520%') s
        JOIN (VALUES {made}) f(field, n) ON s.at % {len(VALUES)} = f.n
        LIMIT {OVERRIDES} - (SELECT count(*) FROM catalog_hall_override)""",
        "INSERT INTO catalog_shared_overridefact (hall_role, code, field, base, value, made_at)"
        f" SELECT '{role}', code, field, base, value, made_at FROM catalog_hall_override WHERE reason = 'bench'",
    )
    connection = _connect()
    with connection.cursor() as cursor:
        cursor.execute(path)
        cursor.execute("SELECT array_agg(code) FROM catalog_hall_adoption")
        cursor.execute(overlay.project_hall(), [role, (cursor.fetchone() or [[]])[0]])
    connection.close()
    _execute("VACUUM ANALYZE")


def compare(schema: str, role: str, *, rounds: int) -> dict[str, dict[str, Measured]]:
    """Return for each question the seconds of `hall` and of `plain`, the same rows, as the hall's role and as the owner."""
    hall, plain = _connect(), _connect()
    with hall.cursor() as cursor:
        cursor.execute(
            sql.SQL("SET search_path = {}, public; SET ROLE {}").format(
                sql.Identifier(schema), sql.Identifier(role)
            )
        )
    found = {}
    for name, (mine, theirs) in _questions(schema, role).items():
        works = {"hall": _asking(hall, mine), "plain": _asking(plain, theirs)}
        rows = [work() for work in works.values()]
        if rows[0] != rows[1]:
            raise AssertionError(f"{name}: the hall and the plain table do not say the same")
        found[name] = timed_in_turns(works, rounds=rounds)
    hall.close()
    plain.close()
    return found


def _asking(connection: Any, statements: list[str]) -> Callable[[], list[Any]]:
    def ask() -> list[Any]:
        rows: list[Any] = []
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
                rows += cursor.fetchall()
        return rows

    return ask


def _questions(schema: str, role: str) -> dict[str, tuple[list[str], list[str]]]:
    """Return name → the statements of the hall and those of the plain table, which must return the same rows."""
    from catalog.shared import sql as overlay  # noqa: PLC0415 -- after setup

    listed = ", ".join(overlay.OFFERED)
    whole = ", ".join([*overlay.columns(), "is_local", "version", "sources", "sort_key", "updated_at"])
    codes = [
        code
        for (code,) in _execute(
            f"SET search_path = {schema}, public",
            f"(SELECT code FROM catalog_hall_effectiveitem WHERE sources <> '{{}}' AND NOT hidden ORDER BY md5(code) LIMIT {REPEATS // 2})"
            f" UNION ALL (SELECT code FROM catalog_hall_effectiveitem WHERE sources = '{{}}' AND NOT hidden ORDER BY md5(code) LIMIT {REPEATS // 2})",
        )
    ]
    offers = f"FROM public.catalog_shared_offer WHERE hall_role = '{role}' AND is_active AND NOT hidden"
    plain = "FROM public.bench_item WHERE NOT hidden"
    few = ", ".join(f"'{code}'" for code in codes)
    return {
        f"one item ({REPEATS} of them)": (
            [f"SELECT {whole} FROM catalog_hall_item('{code}', false)" for code in codes],
            [f"SELECT {whole} FROM public.bench_item WHERE code = '{code}' AND NOT hidden" for code in codes],
        ),
        "page of 20, by name, with its count": _page(listed, offers, plain, "", "sort_key, code"),
        "page of 20, zero visits": _page(listed, offers, plain, " AND visits = 0", "sort_key, code"),
        "page of 20, quickest first": _page(listed, offers, plain, "", "promised_days, sort_key, code"),
        "20 whole items": (
            [f"SELECT {whole} FROM catalog_hall_effectiveitem WHERE code IN ({few}) ORDER BY code"],
            [f"SELECT {whole} FROM public.bench_item WHERE code IN ({few}) ORDER BY code"],
        ),
    }


def _page(columns: str, mine: str, theirs: str, where: str, order: str) -> tuple[list[str], list[str]]:
    def page(source: str) -> list[str]:
        return [
            f"SELECT count(*) {source}{where}",
            f"SELECT {columns} {source}{where} ORDER BY {order} LIMIT 20 OFFSET 40",
        ]

    return page(mine), page(theirs)


if __name__ == "__main__":
    django.setup()
    if sys.argv[1] == "enlarge":
        enlarge(*sys.argv[2:4])
    else:
        measured = compare(*sys.argv[2:4], rounds=int(sys.argv[4]))
        print(
            json.dumps(
                {
                    question: {side: each.values for side, each in sides.items()}
                    for question, sides in measured.items()
                }
            )
        )
