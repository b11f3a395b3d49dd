"""From a right password to a whole session: what is still owed at this door, one stage after the other.

In between there is a half session: it is nobody's to every page but those of its stages, whatever posts its person holds.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from accounts import demands
from accounts.models import Person
from accounts.services import passwords, second_factor, sessions
from accounts.sessions import HALF, SessionStore


class Stage(StrEnum):
    """What is asked for: a second factor, setting one up, another password."""

    PROVE = "prove"
    SET_UP = "set_up"
    PASSWORD = "password"  # noqa: S105 -- the name of a stage


@dataclass(frozen=True)
class Half:
    """What a half session knows: the stages that are left, where it leads, and how it began."""

    stages: tuple[str, ...]
    onward: str
    is_by_code: bool = False
    remembers: bool = False
    proved_at: str = ""

    @classmethod
    def of(cls, session: SessionStore) -> "Half | None":
        """Return the half session that this is; None for any other."""
        kept: dict[str, Any] | None = session.get(HALF)
        if kept is None or session.half is None:
            return None
        facts = {key: value for key, value in kept.items() if key != "person"}
        return cls(**{**facts, "stages": tuple(facts["stages"])})


def stages_of(person: Person, roles: Iterable[str], typed: str, *, now: datetime) -> tuple[Stage, ...]:
    """Return what somebody with these roles here still owes after the password; `typed` is it, or empty for another way."""
    is_demanded = demands.second_factor(roles)
    if is_demanded:
        passwords.hold_strict(person, now=now)
    stages = []
    if second_factor.exists(person.pk):
        stages.append(Stage.PROVE)
    elif is_demanded:
        stages.append(Stage.SET_UP)
    if passwords.must_change(person, typed, now=now):
        stages.append(Stage.PASSWORD)
    return tuple(stages)


def go_on(session: SessionStore, person: Person, half: Half, *, now: datetime) -> str:
    """Begin the whole session where nothing is owed any more, else a half one; return the stage that is next, empty for none.

    Raises sessions.SignedOutMeanwhile.
    """
    if half.stages:
        sessions.begin_half(session, person, {**asdict(half), "stages": list(half.stages)}, now=now)
        return half.stages[0]
    sessions.begin(
        session,
        person,
        now=now,
        is_by_code=half.is_by_code,
        proved_at=datetime.fromisoformat(half.proved_at) if half.proved_at else None,
    )
    return ""


def done(half: Half, stage: Stage, *, now: datetime) -> Half:
    """Return the half session without this stage; a second factor that was proved or set up is noted."""
    left = tuple(each for each in half.stages if each != stage)
    is_proved = stage in {Stage.PROVE, Stage.SET_UP}
    return replace(half, stages=left, proved_at=now.isoformat() if is_proved else half.proved_at)
