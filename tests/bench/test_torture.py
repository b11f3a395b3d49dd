"""The torture run, a small one: a city of its own, a dozen cases, a web process, the worker and the database killed."""

import os
import re
import subprocess
import sys

import pytest

from tests.plugins import database
from tests.portal.city import small


@pytest.mark.slow
def test_a_dozen_cases_survive_kill_9(tmp_path):
    env = {
        key: value
        for key, value in os.environ.items()
        if not key.endswith(("DATABASE_URL", "DATABASE_URLS"))
        and not key.startswith(("TEST_", "VAR", "PYTEST"))
        and key not in database.FOLDERS
    }
    paths = os.pathsep.join([str(database.ROOT / "platform"), str(database.ROOT)])
    command = [
        "-m",
        "bench.torture",
        "--city",
        str(small.write(tmp_path)),
        "--cases",
        "12",
        "--kills",
        "3",
        "--seed",
        "7",
    ]

    done = subprocess.run(
        [sys.executable, *command],
        cwd=database.ROOT,
        env={**env, "PYTHONPATH": paths},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert "3 kills (1 postmaster, 1 web process, 1 worker)" in done.stdout
    assert re.search(r"12 submissions and 36 steps of decisions acknowledged", done.stdout)
    assert "nothing half, nothing lost, nothing twice" in done.stdout


def test_what_is_half_lost_or_double_is_found():
    """The checks themselves: on invented rows, one thing wrong at a time."""
    from bench.torture import checks
    from bench.torture.clients import Told, Work

    work = Work("east", "h", "i", "promised", (), {}, {})
    told = Told(numbers={"k1": "1", "k2": "2"}, decided={"1": ["accept", "review", "grant"]})
    row = ("pk1", "1", "k1", "granted", 4)

    assert list(checks._lost(told, work, [row, ("pk2", "2", "k2", "submitted", 1)])) == []
    assert list(checks._lost(told, work, [row])) == ["key k2: acknowledged as 2, there is nothing"]
    twice = [row, ("pk2", "2", "k2", "submitted", 1), ("pk3", "3", "k2", "submitted", 1)]
    assert list(checks._lost(told, work, twice)) == ["key k2: acknowledged as 2, there is ['2', '3']"]
    not_granted = [("pk1", "1", "k1", "review", 3), ("pk2", "2", "k2", "submitted", 1)]
    assert list(checks._lost(told, work, not_granted)) == [
        "case 1: granted to its clerk, and review in the database"
    ]

    whole = list(enumerate(checks.EVENTS, start=1))
    assert list(checks._chain("1", "granted", 4, whole)) == []
    assert list(checks._chain("1", "granted", 5, whole)) == ["case 1: its steps are not numbered 1 to 5"]
    assert list(checks._chain("1", "granted", 5, [*whole, (5, "grant")])) == ["case 1: grant twice"]
    assert list(checks._chain("1", "granted", 3, whole[:3])) == [
        "case 1: granted by ['accept', 'review', 'submit']"
    ]
