"""The timed sweep over a hall with many running cases. `python -m bench.sweep CASES DUE`.

Prints as JSON the seconds of a sweep that finds nothing, of the acts on what is due, and the memory before and after;
needs all logins. The cases are written by SQL into a hall of their own.
"""

import itertools
import json
import sys
import time
from datetime import date, datetime, timedelta
from typing import Any

import django
import psutil

# a Monday; acceptance that began on it ends on the next
BEGAN = date(2026, 3, 2)
ROUNDS = 20
FILL = """
INSERT INTO {schema}.cases_hall_case ({columns})
SELECT {values} FROM {schema}.cases_hall_case t, generate_series(1, {cases}) n WHERE t.state = 'draft';
INSERT INTO {schema}.cases_hall_event (id, case_id, sequence, action, from_state, to_state, at, actor_name, actor_post, reason, document_no, data)
SELECT gen_random_uuid(), id, 1, 'submit', 'draft', state, received_at, '', 'applicant', '', '', '{{}}' FROM {schema}.cases_hall_case WHERE state <> 'draft';
INSERT INTO {schema}.cases_hall_ledgerentry (id, case_id, event_id, clock, act, day, days, unit, ground)
SELECT gen_random_uuid(), c.id, e.id, 'A', 'start', '{began}', 5, 'working', '' FROM {schema}.cases_hall_case c JOIN {schema}.cases_hall_event e ON e.case_id = c.id;
INSERT INTO public.cases_shared_pointer ("case", hall_role, person, number, item_code, item_name, state, due_on, is_due_expected, turn, updated_at)
SELECT id, '{role}', person, number, item_code, item_name, state, due_on, false, turn, updated_at FROM {schema}.cases_hall_case WHERE state <> 'draft';
"""
# the first few wait for acceptance and are due a week later; of the others a share waits for the applicant, the rest is under review
VALUES = {
    "id": "gen_random_uuid()",
    "number": "lpad(n::text, 18, '0')",
    "state": "CASE WHEN n <= {due} THEN 'submitted' WHEN n % 20 = 0 THEN 'correction' ELSE 'review' END",
    "revision": "1",
    "person": "gen_random_uuid()",
    "received_at": "'{began}'::timestamptz",
    "due_clock": "CASE WHEN n <= {due} THEN 'A' WHEN n % 20 = 0 THEN 'C' ELSE 'P' END",
    "due_on": "CASE WHEN n <= {due} THEN date '{began}' + 7 ELSE date '{began}' + 20 + n % 60 END",
    "turn": "CASE WHEN n % 20 = 0 AND n > {due} THEN 'applicant' ELSE 'hall' END",
}


def _hall() -> Any:
    from tenants.shared import services  # noqa: PLC0415 -- after setup

    number = next(itertools.count(len(services.all_halls())))
    key = f"sweep{number}"
    return services.open_hall(
        services.HallFacts(
            key=key, host=f"{key}.localhost", name=key, short_name=key, level="county", division_code="998000",
            case_prefix="998000", document_prefix=key, department_prefix=key,
        )
    )  # fmt: skip


def fill(hall: Any, cases: int, due: int) -> None:
    """Write the cases: copies of one, whose encrypted columns are as the program writes them."""
    from uuid import uuid4  # noqa: PLC0415 -- beside what needs setup

    from django.db import connections  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415

    from cases.hall.models import Case  # noqa: PLC0415
    from tenants.shared import scope  # noqa: PLC0415

    now = timezone.now()
    with scope.hall(hall):
        Case.objects.create(
            person=uuid4(), item_code="0" * 14, item_name="bench", item_version="1", created_at=now, updated_at=now,
            applicant={"name": "x" * 20}, answers={"text": "x" * 400},
            item={"promised_days": 5, "promised_unit": "working", "statutory_days": 20, "statutory_unit": "working"},
        )  # fmt: skip
        columns = [field.column for field in Case._meta.fields]
    facts = {"schema": hall.schema_name, "role": hall.role, "cases": cases, "due": due, "began": BEGAN}
    given = {name: text.format(**facts) for name, text in VALUES.items()}
    values = ", ".join(given.get(column, f"t.{column}") for column in columns)
    with connections["owner"].cursor() as cursor:
        cursor.execute(FILL.format(columns=", ".join(columns), values=values, **facts))
        cursor.execute("ANALYZE")


def measure(cases: int, due: int) -> dict[str, Any]:
    """Return seconds of idle sweeps, of the acts, how many acts, and MB of memory at each stage."""
    from django.utils import timezone  # noqa: PLC0415 -- after setup

    from cases.hall.services import lapses  # noqa: PLC0415

    hall, process = _hall(), psutil.Process()
    fill(hall, cases, due)

    def at(days: int) -> datetime:
        moment = datetime.combine(BEGAN + timedelta(days=days), datetime.min.time())
        return timezone.make_aware(moment) + timedelta(hours=10)

    def timed(now: datetime) -> tuple[float, int]:
        began = time.perf_counter()
        done = lapses.sweep(hall, now=now)
        return time.perf_counter() - began, sum(done.values())

    timed(at(1))
    memory = [process.memory_info().rss / 2**20]
    idle = [timed(at(1))[0] for _ in range(ROUNDS)]
    seconds, acts = 0.0, 0
    while (found := timed(at(8)))[1]:
        seconds, acts = seconds + found[0], acts + found[1]
        memory.append(process.memory_info().rss / 2**20)
    return {"idle": idle, "seconds": seconds, "acts": acts, "memory": memory}


if __name__ == "__main__":
    django.setup()
    print(json.dumps(measure(int(sys.argv[1]), int(sys.argv[2]))))
