"""What must be true afterwards: nothing half, nothing lost, nothing twice. Each finding is one sentence."""

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

from bench.place import Place, StepFailed
from bench.torture.clients import STEPS, Told, Work
from cases.hall.notice_rules import key_of

# what each step must have written besides its event: rows of clocks (with a statutory limit), and a message
CLOCKS = {"submit": 1, "accept": 3, "review": 0, "grant": 3}
MESSAGES = {"submit": 1, "accept": 1, "review": 0, "grant": 1}
INSTANT = {"submit": 1, "accept": 0, "review": 0, "grant": 1}
EVENTS = ("submit", "accept", "review", "grant")


def findings(place: Place, work: Work, told: Told, sent: Counter[str]) -> Iterator[str]:
    """Yield everything that is wrong."""
    path = f"SET search_path = {work.schema}, public"
    keys = ",".join(f"'{key}'" for key in told.numbers) or "''"
    cases = place.execute(
        path,
        "SELECT id::text, number, idempotency_key, state, revision, person::text, due_on, turn,"
        f" (item ->> 'statutory_days') IS NOT NULL FROM cases_hall_case WHERE idempotency_key IN ({keys})",
    )
    yield from _lost(told, work, cases)
    numbers = {case[0]: case[1] for case in cases}
    yield from _halves(place, path, work, cases, numbers)
    yield from _pointers(place, cases)
    yield from _files(place, path, work, numbers)
    yield from _numbers(place, path)
    yield from _messages(place, path, sent)
    yield from _commands(place)


def _lost(told: Told, work: Work, cases: list[tuple[Any, ...]]) -> Iterator[str]:
    by_key: dict[str, list[str]] = defaultdict(list)
    for case in cases:
        by_key[case[2]].append(case[1])
    for key, number in told.numbers.items():
        if by_key[key] != [number]:
            yield f"key {key}: acknowledged as {number}, there is {by_key[key] or 'nothing'}"
    for case in cases:
        done = told.decided.get(case[1], [])
        if list(STEPS[work.kind]) == done and case[3] != "granted":
            yield f"case {case[1]}: granted to its clerk, and {case[3]} in the database"


def _halves(
    place: Place, path: str, work: Work, cases: list[tuple[Any, ...]], numbers: dict[str, str]
) -> Iterator[str]:
    """Each step with all that belongs to it: event, ledger, audit, message."""
    events: dict[str, list[tuple[int, str]]] = defaultdict(list)
    ledger: Counter[tuple[str, int]] = Counter()
    messages: Counter[tuple[str, int]] = Counter()
    for pk, sequence, action, rows, told in place.execute(
        path,
        "SELECT e.case_id::text, e.sequence, e.action,"
        " (SELECT count(*) FROM cases_hall_ledgerentry l WHERE l.event_id = e.id),"
        " (SELECT count(*) FROM cases_hall_outbox o WHERE o.event_id = e.id) FROM cases_hall_event e ORDER BY 1, 2",
    ):
        events[pk].append((sequence, action))
        ledger[pk, sequence], messages[pk, sequence] = rows, told
    audited = Counter(
        place.execute(
            path,
            "SELECT object, (detail ->> 'sequence')::int, action FROM audit_record WHERE detail ? 'sequence'",
        )
    )
    for pk, number, _key, state, revision, *_rest, has_limit in cases:
        found = events[pk]
        yield from _chain(number, state, revision, found)
        for sequence, action in found:
            is_whole = has_limit or action == "submit"
            wanted = {
                "audit rows": (1, audited[number, sequence, f"case.{action}"]),
                "messages": (_of(work, MESSAGES, INSTANT).get(action, 0), messages[pk, sequence]),
                "rows of clocks": (CLOCKS.get(action, 0), ledger[pk, sequence]),
            }
            if work.kind != "promised" or not is_whole:
                del wanted["rows of clocks"]
            for name, (expected, count) in wanted.items():
                if count != expected:
                    yield f"case {number}: step {sequence} {action} has {count} {name}, not {expected}"
    if strays := set(numbers) - set(events):
        yield f"{len(strays)} cases without any step"


def _of(work: Work, promised: dict[str, int], instant: dict[str, int]) -> dict[str, int]:
    return promised if work.kind == "promised" else instant


def _chain(number: str, state: str, revision: int, found: list[tuple[int, str]]) -> Iterator[str]:
    if [sequence for sequence, _action in found] != list(range(1, revision + 1)):
        yield f"case {number}: its steps are not numbered 1 to {revision}"
    done = Counter(action for _sequence, action in found)
    if twice := [action for action, count in done.items() if count > 1]:
        yield f"case {number}: {', '.join(twice)} twice"
    if state == "granted" and set(done) != set(EVENTS):
        yield f"case {number}: granted by {sorted(done)}"


def _pointers(place: Place, cases: list[tuple[Any, ...]]) -> Iterator[str]:
    shown = {
        pk: values
        for pk, *values in place.execute(
            'SELECT "case"::text, number, state, person::text, due_on, turn FROM cases_shared_pointer'
        )
    }
    for pk, number, _key, state, _revision, person, due_on, turn, _limit in cases:
        if shown.get(pk) != [number, state, person, due_on, turn]:
            yield f"case {number}: the portal shows {shown.get(pk)}"


def _files(place: Place, path: str, work: Work, numbers: dict[str, str]) -> Iterator[str]:
    found: Counter[str] = Counter()
    for pk, where, digest in place.execute(
        path, "SELECT case_id::text, path, sha256 FROM cases_hall_casefile WHERE removed_at IS NULL"
    ):
        file = place.var / "files" / where
        if not file.exists():
            yield f"file {where}: its content is gone"
        elif hashlib.sha256(file.read_bytes()).hexdigest() != digest:
            yield f"file {where}: its content is another"
        found[pk] += 1
    for pk, number in numbers.items():
        if found[pk] != len(work.materials):
            yield f"case {number}: {found[pk]} files of {len(work.materials)}"


def without_row(place: Place, work: Work) -> int:
    """Return how many contents have no row: of an upload that was killed before its answer, and never named by a case."""
    known = {
        where
        for (where,) in place.execute(
            f"SET search_path = {work.schema}, public", "SELECT path FROM cases_hall_casefile"
        )
    }
    ((role,),) = place.execute(f"SELECT role FROM tenants_shared_hall WHERE schema_name = '{work.schema}'")
    folder: Path = place.var / "files"
    return sum(
        str(file.relative_to(folder)) not in known for file in (folder / role).rglob("*") if file.is_file()
    )


def _numbers(place: Place, path: str) -> Iterator[str]:
    """Document numbers run from 1 without gap or double; case numbers never come twice."""
    given: dict[str, list[int]] = defaultdict(list)
    for (number,) in place.execute(
        path, "SELECT document_no FROM cases_hall_event WHERE document_no <> '' ORDER BY 1"
    ):
        kind, serial = re.fullmatch(r"(.*\D)(\d+)\D*", number).groups()  # type: ignore[union-attr]
        given[kind].append(int(serial))
    for kind, serials in given.items():
        if sorted(serials) != list(range(1, len(serials) + 1)):
            gaps = sorted(set(range(1, max(serials) + 1)) - set(serials))
            yield f"documents {kind}…: {len(serials)} numbers up to {max(serials)}, missing {gaps[:5]}"


def _messages(place: Place, path: str, sent: Counter[str]) -> Iterator[str]:
    """Every message has left; what left together left under one key (cases.hall.notice_rules.key_of)."""
    together: dict[tuple[str, ...], list[UUID]] = defaultdict(list)
    for pk, delivered, sms, *group in place.execute(
        path,
        "SELECT id::text, delivered_at IS NOT NULL, sms, person::text, coalesce(subject, id)::text,"
        " delivered_at::text FROM cases_hall_outbox ORDER BY created_at, id",
    ):
        if not delivered:
            yield f"message {pk}: not marked as delivered"
        elif sms == "sent":
            together[tuple(group)].append(UUID(pk))
    for keys in together.values():
        if sent and not sent[key_of([(key, 0) for key in keys])]:
            yield f"message {keys[0]}: marked as delivered and never sent"


def _commands(place: Place) -> Iterator[str]:
    for command in ("check_halls", "check_chain"):
        try:
            text = place.step(command, "manage.py", command)
        except StepFailed as failure:
            yield f"{command}: {failure}"
        else:
            waiting = [
                line for line in text.splitlines() if "rows wait" in line and " 0 rows wait" not in line
            ]
            yield from (f"{command}: {line}" for line in waiting)
