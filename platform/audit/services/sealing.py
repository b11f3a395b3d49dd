"""Sealing the audit: committed rows of one schema, in batches, each chained to the batch before (SM3, GB/T 32905).

Run on the `sealer` login, which reads audit rows and adds seals and can do nothing else. Rows come by schema name,
so the statements name the schema themselves: this login has no scope to enter.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID

from cryptography.hazmat.primitives import hashes
from django.db import IntegrityError, connections, transaction
from psycopg2 import sql

SEALER = "sealer"
BATCH = 500
AT_ONCE = 20
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
) ORDER BY r.at, r.id LIMIT %(most)s
"""
_LAST = "SELECT number, digest FROM {schema}.audit_seal ORDER BY number DESC LIMIT 1"
_ADD = "INSERT INTO {schema}.audit_seal (number, sealed_at, records, previous, digest) VALUES (%s, %s, %s::jsonb, %s, %s)"
_SEALS = (
    "SELECT number, sealed_at, records, previous, digest FROM {schema}.audit_seal"
    " WHERE sealed_at >= %(first)s AND sealed_at < %(last)s ORDER BY number"
)
_BEFORE = (
    "SELECT number, digest FROM {schema}.audit_seal WHERE number < %(number)s ORDER BY number DESC LIMIT 1"
)
_WAITING = """
SELECT count(*) FROM {schema}.audit_record r
WHERE r.at >= %(first)s AND r.at < %(last)s AND NOT EXISTS (
    SELECT 1 FROM (
        SELECT jsonb_array_elements_text(s.records) AS id FROM {schema}.audit_seal s WHERE s.sealed_at >= %(first)s
    ) sealed WHERE sealed.id = r.id::text
)
"""
_ROWS = "SELECT {columns} FROM {schema}.audit_record r WHERE r.id = ANY(%s::uuid[])"
_EVER, _ALWAYS = datetime(1, 1, 2, tzinfo=UTC), datetime(9998, 1, 1, tzinfo=UTC)


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
    while found := _seal_some(schema, now, since or _EVER):
        sealed += found
        if found < AT_ONCE * BATCH:
            break
    return sealed


def _seal_some(schema: str, now: datetime, since: datetime) -> int:
    """Seal what one look finds, in batches; return how many rows. Looking is what costs, so one look is for many batches."""
    try:
        with transaction.atomic(using=SEALER):
            rows = _read(_UNSEALED, schema, {"now": now, "since": since, "most": AT_ONCE * BATCH})
            if not rows:
                return 0
            last = _fetch(_LAST, schema, ())
            number, previous = last[0] if last else (0, FIRST)
            seals = []
            for start in range(0, len(rows), BATCH):
                batch = rows[start : start + BATCH]
                digest = chained(previous, batch)
                number += 1
                seals.append([number, now, json.dumps([str(row.id) for row in batch]), previous, digest])
                previous = digest
            with connections[SEALER].cursor() as cursor:
                cursor.executemany(_composed(_ADD, schema, SEALER), seals)
            return len(rows)
    except IntegrityError:
        return 0


@dataclass
class Proof:
    """What a look at the chain has shown: the seals and rows that are as they were sealed, and what is wrong."""

    schema: str
    problems: list[str] = field(default_factory=list)
    seals: int = 0
    rows: int = 0
    first_at: datetime | None = None
    last_at: datetime | None = None
    first_number: int | None = None
    last_number: int | None = None
    digest: str = ""
    waiting: int = 0

    @property
    def is_whole(self) -> bool:
        """Whether nothing was changed, taken or put between."""
        return not self.problems


def prove(schema: str, *, first: datetime = _EVER, last: datetime = _ALWAYS, using: str = SEALER) -> Proof:
    """Recompute the seals made from `first` to before `last`: each follows the one before and names rows as they were.

    Rows that no seal names yet are counted as waiting. `using` is a login that may read the schema's audit: the
    sealer's, or that of a scope.
    """
    proof = Proof(schema)
    previous, expected = FIRST, 1
    seen: set[str] = set()
    period = {"first": first, "last": last}
    for number, sealed_at, records, before, digest in _fetch(_SEALS, schema, period, using):
        if proof.first_number is None and first > _EVER:
            # the period's first seal must follow the one before the period
            found = _fetch(_BEFORE, schema, {"number": number}, using)
            previous, expected = (found[0][1], found[0][0] + 1) if found else (FIRST, 1)
        ids = json.loads(records) if isinstance(records, str) else records
        if number != expected:
            proof.problems.append(f"{schema}: seal {expected} is missing")
        if before != previous:
            proof.problems.append(f"{schema}: seal {number} does not follow the seal before it")
        proof.problems += _batch_problems(schema, number, ids, before, digest, using)
        if twice := seen.intersection(ids):
            proof.problems.append(f"{schema}: seal {number} names {len(twice)} rows that are sealed already")
        seen.update(ids)
        previous, expected = digest, number + 1
        proof.seals, proof.rows = proof.seals + 1, proof.rows + len(ids)
        proof.first_number = proof.first_number or number
        proof.first_at = proof.first_at or sealed_at
        proof.last_number, proof.last_at, proof.digest = number, sealed_at, digest
    proof.waiting = _fetch(_WAITING, schema, period, using)[0][0]
    return proof


def verify_chain(schema: str) -> list[str]:
    """Return what is wrong with this schema's chain, one sentence each: nothing when no row was changed or taken.

    Rows that no seal names yet are not looked at.
    """
    return prove(schema).problems


def check_hall(hall: Any) -> list[str]:
    """Return what is wrong with a hall's chain; nothing where this process has no sealer's login."""
    return verify_chain(hall.schema_name) if SEALER in connections.settings else []


def check_public() -> list[str]:
    """Return what is wrong with the city's chain; nothing where this process has no sealer's login."""
    return verify_chain("public") if SEALER in connections.settings else []


def _batch_problems(
    schema: str, number: int, ids: list[str], before: str, digest: str, using: str
) -> Iterator[str]:
    found = {str(row.id): row for row in _read(_ROWS, schema, (ids,), using)}
    if missing := [key for key in ids if key not in found]:
        yield f"{schema}: seal {number} names {len(missing)} rows that are gone"
    elif chained(before, [found[key] for key in ids]) != digest:
        yield f"{schema}: a row of seal {number} was changed"


def _composed(statement: str, schema: str, using: str) -> str:
    connection = connections[using]
    connection.ensure_connection()
    composed = sql.SQL(statement).format(schema=sql.Identifier(schema), columns=sql.SQL(_COLUMNS))
    return composed.as_string(connection.connection)


def _fetch(statement: str, schema: str, params: Any, using: str = SEALER) -> list[tuple[Any, ...]]:
    text = _composed(statement, schema, using)
    with connections[using].cursor() as cursor:
        cursor.execute(text, params)
        return list(cursor.fetchall())


def _read(statement: str, schema: str, params: Any, using: str = SEALER) -> list[Row]:
    return [Row(*values) for values in _fetch(statement, schema, params, using)]
