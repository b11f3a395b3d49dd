"""Whoever reads the log reads words, not the names of the code."""

import re
from pathlib import Path

from cases.hall import booking_rules, transitions
from cases.hall.telling import words

ROOT = Path(__file__).resolve().parents[3]
NAMED = re.compile(r'(?:record|_audit)\(\s*"([a-z_]+\.[a-z_]+)"')


def test_every_action_that_a_halls_code_writes_has_words():
    written = {
        name
        for package in ("cases", "catalog")
        for path in (ROOT / package).rglob("services/**/*.py")
        for name in NAMED.findall(path.read_text(encoding="utf-8"))
    }
    written |= {f"booking.{name}" for name in booking_rules.ACTS}
    written |= {f"case.{name}" for name in transitions.TOLD}

    assert len(written) > 60
    assert sorted(name for name in written if words(name) == name) == []
