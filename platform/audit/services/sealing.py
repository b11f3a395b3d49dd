"""Sealing the audit: committed rows of one schema, in batches, each chained to the batch before (SM3, GB/T 32905).

Run on the `sealer` login, which reads audit rows and adds seals and can do nothing else. Rows come by schema name,
so the statements name the schema themselves: this login has no scope to enter.
"""

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID

from cryptography.hazmat.primitives import hashes
from django.db import IntegrityError, connections, transaction
from psycopg2 import sql

SEALER = "sealer"
BATCH = 500
FIRST = "0" * 64
_COLUMNS = "r.id, r.at, r.actor, r.actor_name, r.action, r.object, r.detail"
# A row's time is never after its seal's (rows of the future wait), so a row since a time stands in a seal since that
# time or in none.
_UNSEALED = """
SELECT {columns} FROM {schema}.audit_record r
WHERE r.at <= %(now)s AND r.at >= %(since)s AND NOT EXISTS (
    SELECT 1 FROM (
        SELECT jsonb_array_elements_text(s.records) AS id FROM {schema}.audit_seal s WHERE s.sealed_at >= %(since)s
    ) sealed WHERE sealed.id = r.id::text
) ORDER BY r.at, r.id LIMIT %(batch)s
"""
_LAST = "SELECT number, digest FROM {schema}.audit_seal ORDER BY number DESC LIMIT 1"
_ADD = "INSERT INTO {schema}.audit_seal (number, sealed_at, records, previous, digest) VALUES (%s, %s, %s::jsonb, %s, %s)"
_SEALS = "SELECT number, records, previous, digest FROM {schema}.audit_seal ORDER BY number"
_ROWS = "SELECT {columns} FROM {schema}.audit_record r WHERE r.id = ANY(%s::uuid[])"
_EVER = datetime(1, 1, 2, tzinfo=UTC)


class Row(NamedTuple):
    """One audit row as it is sealed."""

    id: UUID
    at: datetime
    actor: UUID | None
    actor_name: str
    action: str
    object: str
    detail: Any


def canonical(row: Row) -> str:
    """Return the row as JSON that depends on nothing but its values: keys in order, UTC, no spaces."""
    values = {
        "id": str(row.id),
        "at": row.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": str(row.actor) if row.actor else None,
        "actor_name": row.actor_name,
        "action": row.action,
        "object": row.object,
        "detail": json.loads(row.detail) if isinstance(row.detail, str) else row.detail,
    }
    return json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def chained(previous: str, rows: Sequence[Row]) -> str:
    """Return the digest of a batch: SM3 of the former digest and of each row's canonical JSON, one a line."""
    digest = hashes.Hash(hashes.SM3())
    digest.update(previous.encode())
    for row in rows:
        digest.update(b"\n" + canonical(row).encode())
    return digest.finalize().hex()


def seal(schema: str, *, now: datetime, since: datetime | None = None) -> int:
    """Seal what is committed and not sealed yet in this schema; return how many rows.

    `since` leaves out older rows: for the frequent run, so that it does not read years of them. Another sealer at the
    same moment is no harm: the chain's number is unique, and who comes second stops.
    """
    sealed = 0
    while found := _seal_batch(schema, now, since or _EVER):
        sealed += found
        if found < BATCH:
            break
    return sealed


def _seal_batch(schema: str, now: datetime, since: datetime) -> int:
    try:
        with transaction.atomic(using=SEALER):
            rows = _read(_UNSEALED, schema, {"now": now, "since": since, "batch": BATCH})
            if not rows:
                return 0
            last = _fetch(_LAST, schema, ())
            number, previous = last[0] if last else (0, FIRST)
            ids = json.dumps([str(row.id) for row in rows])
            with connections[SEALER].cursor() as cursor:
                cursor.execute(
                    _composed(_ADD, schema), [number + 1, now, ids, previous, chained(previous, rows)]
                )
            return len(rows)
    except IntegrityError:
        return 0


def verify_chain(schema: str) -> list[str]:
    """Return what is wrong with this schema's chain, one sentence each: nothing when no row was changed or taken.

    Rows that no seal names yet are not looked at.
    """
    problems: list[str] = []
    previous, expected = FIRST, 1
    seen: set[str] = set()
    for number, records, before, digest in _fetch(_SEALS, schema, ()):
        ids = json.loads(records) if isinstance(records, str) else records
        if number != expected:
            problems.append(f"{schema}: seal {expected} is missing")
        if before != previous:
            problems.append(f"{schema}: seal {number} does not follow the seal before it")
        problems += _batch_problems(schema, number, ids, before, digest)
        if twice := seen.intersection(ids):
            problems.append(f"{schema}: seal {number} names {len(twice)} rows that are sealed already")
        seen.update(ids)
        previous, expected = digest, number + 1
    return problems


def check_hall(hall: Any) -> list[str]:
    """Return what is wrong with a hall's chain; nothing where this process has no sealer's login."""
    return verify_chain(hall.schema_name) if SEALER in connections.settings else []


def check_public() -> list[str]:
    """Return what is wrong with the city's chain; nothing where this process has no sealer's login."""
    return verify_chain("public") if SEALER in connections.settings else []


def _batch_problems(schema: str, number: int, ids: list[str], before: str, digest: str) -> Iterator[str]:
    found = {str(row.id): row for row in _read(_ROWS, schema, (ids,))}
    if missing := [key for key in ids if key not in found]:
        yield f"{schema}: seal {number} names {len(missing)} rows that are gone"
    elif chained(before, [found[key] for key in ids]) != digest:
        yield f"{schema}: a row of seal {number} was changed"


def _composed(statement: str, schema: str) -> str:
    connection = connections[SEALER]
    connection.ensure_connection()
    composed = sql.SQL(statement).format(schema=sql.Identifier(schema), columns=sql.SQL(_COLUMNS))
    return composed.as_string(connection.connection)


def _fetch(statement: str, schema: str, params: Any) -> list[tuple[Any, ...]]:
    text = _composed(statement, schema)
    with connections[SEALER].cursor() as cursor:
        cursor.execute(text, params)
        return list(cursor.fetchall())


def _read(statement: str, schema: str, params: Any) -> list[Row]:
    return [Row(*values) for values in _fetch(statement, schema, params)]
