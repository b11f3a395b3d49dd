"""Whether the sealer slows who writes: eight processes that add audit rows, with the sealer at work and without. `python -m bench.sealing ROUNDS SECONDS`.

Prints, round by round, how many rows a second were written, and how many were sealed, as JSON; needs all logins.
"""

import json
import multiprocessing
import sys
import time
from multiprocessing.connection import Connection
from typing import Any

import django

WRITERS = 8
# the worker seals once a minute; here each second, so that a short round has some of it
PAUSE = 1.0


def _write(pipe: Connection) -> None:
    """Write rows through the service, each in a transaction of its own, for as long as is said."""
    from django.utils import timezone  # noqa: PLC0415 -- after setup

    from audit import services  # noqa: PLC0415
    from tenants.shared import queries, scope  # noqa: PLC0415

    hall = queries.halls()[0]
    while seconds := pipe.recv():
        ends, count = time.perf_counter() + seconds, 0
        while time.perf_counter() < ends:
            with scope.hall(hall):
                services.record(
                    "bench", now=timezone.now(), actor=None, object=str(count), detail={"n": count}
                )
            count += 1
        pipe.send(count)


def _seal(pipe: Connection) -> None:
    from django.utils import timezone  # noqa: PLC0415 -- after setup

    from audit.services import sealing  # noqa: PLC0415
    from cases.hall.services.rounds import LOOK_BACK  # noqa: PLC0415
    from tenants.shared import queries  # noqa: PLC0415

    schema = queries.halls()[0].schema_name
    while seconds := pipe.recv():
        ends, count = time.perf_counter() + seconds, 0
        while time.perf_counter() < ends:
            now = timezone.now()
            count += sealing.seal(schema, now=now, since=now - LOOK_BACK)
            time.sleep(max(0.0, min(PAUSE, ends - time.perf_counter())))
        pipe.send(count)


def _started(context: Any, work: Any) -> tuple[Any, Any]:
    ours, theirs = context.Pipe()
    process = context.Process(target=work, args=[theirs], daemon=True)
    process.start()
    return process, ours


def _round(writers: list[Any], sealer: Any, seconds: float) -> tuple[float, int]:
    pipes = [*writers, *([sealer] if sealer else [])]
    for pipe in pipes:
        pipe.send(seconds)
    counts = [pipe.recv() for pipe in pipes]
    return sum(counts[: len(writers)]) / seconds, counts[len(writers)] if sealer else 0


def compare(rounds: int, seconds: float) -> dict[str, list[float]]:
    """Return rows a second with and without the sealer, and rows sealed, for rounds in turns."""
    context = multiprocessing.get_context("fork")
    # each has a connection of its own: nothing is connected before the fork
    started = [_started(context, work) for work in [*[_write] * WRITERS, _seal]]
    *writers, sealer = [pipe for _process, pipe in started]
    found: dict[str, list[float]] = {"with": [], "without": [], "sealed": []}
    _round(writers, sealer, seconds)
    for number in range(rounds):
        for name in ("with", "without") if number % 2 else ("without", "with"):
            rate, sealed = _round(writers, sealer if name == "with" else None, seconds)
            found[name].append(rate)
            if name == "with":
                found["sealed"].append(sealed)
    for process, pipe in started:
        pipe.send(0)
        process.join(10)
    return found


if __name__ == "__main__":
    django.setup()
    print(json.dumps(compare(int(sys.argv[1]), float(sys.argv[2]))))
