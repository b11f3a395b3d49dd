"""Doing something in a process of its own that is killed with -9 at a step, or at a moment."""

import os
import random
import signal
import time

from django.db import connections


def forget_connections():
    """Let the parent's connections be: they are the parent's, and closing them here would end them there."""
    for connection in connections.all(initialized_only=True):
        connection.connection = None
        connection.in_atomic_block = False
        connection.savepoint_ids = []


def run(work, kill_at=None, after=None):
    """Do ``work(told)`` in a child. Kill it when it tells the step number `kill_at`, or `after` so many seconds.

    Return the steps that it told, and whether it came to its end.
    """
    reading, writing = os.pipe()
    pid = os.fork()
    if not pid:
        code = 1
        try:
            os.close(reading)
            forget_connections()
            work(lambda step: os.write(writing, step.encode() + b"\n"))
            code = 0
        except BaseException as problem:
            os.write(writing, f"! {type(problem).__name__}: {problem}\n".encode())
        finally:
            os._exit(code)
    os.close(writing)
    began, steps = time.monotonic(), []
    if after is not None:
        time.sleep(max(0, after - (time.monotonic() - began)))
        os.kill(pid, signal.SIGKILL)
    with os.fdopen(reading) as lines:
        for number, line in enumerate(lines):
            steps.append(line.rstrip("\n"))
            if number == kill_at:
                os.kill(pid, signal.SIGKILL)
                break
    _pid, status = os.waitpid(pid, 0)
    return steps, os.WIFEXITED(status) and os.WEXITSTATUS(status) == 0


def chosen(steps, seed=7):
    """Return the numbers of the steps at which to kill: one of each kind, first and last, and some more; all with KILL_WALK=all."""
    if os.environ.get("KILL_WALK") == "all":
        return list(range(len(steps)))
    kinds = {step.split()[0]: number for number, step in enumerate(steps)}
    more = random.Random(seed).sample(range(len(steps)), 4)
    return sorted({0, len(steps) - 1, *kinds.values(), *more})
