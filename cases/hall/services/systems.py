"""Departments' systems of a hall: declaring them, their secrets, and which cases they decide on."""

from dataclasses import dataclass
from datetime import datetime

from accounts.actor import Actor
from audit import services as audit
from cases.hall import signing
from cases.hall.models import Case, Event, System
from cases.hall.services import marks
from cases.hall.transitions import Fact


@dataclass(frozen=True)
class Declared:
    """What the hall's admin says of a system."""

    name: str
    departments: list[str]
    items: list[str]
    url: str
    only_listens: bool
    is_active: bool


def declare(key: str, said: Declared, *, by: Actor, now: datetime) -> System:
    """Declare a system under a key that nobody has yet, with a fresh secret."""
    system = System(key=key, secret=signing.new_secret())
    return _save(system, said, "system.declare", by=by, now=now)


def change(system: System, said: Declared, *, by: Actor, now: datetime) -> System:
    """Change what is said of a system. Cases that are filed already stay with whoever had them."""
    return _save(system, said, "system.change", by=by, now=now)


def _save(system: System, said: Declared, action: str, *, by: Actor, now: datetime) -> System:
    for name, value in vars(said).items():
        setattr(system, name, value)
    system.updated_at = now
    system.save()
    detail = {"departments": said.departments, "items": said.items, "active": said.is_active, "url": said.url}
    _audit(action, system, detail, by=by, now=now)
    return system


def renew_secret(system: System, *, by: Actor, now: datetime) -> str:
    """Give a system another secret, at once: the one before signs nothing any more. Returned to be shown once."""
    secret = signing.new_secret()
    system.secret, system.updated_at = secret, now
    system.save(update_fields=["secret", "updated_at"])
    _audit("system.secret", system, {}, by=by, now=now)
    return secret


def _audit(action: str, system: System, detail: dict[str, object], *, by: Actor, now: datetime) -> None:
    audit.record(
        action,
        now=now,
        actor=by.person_id,
        actor_name=by.display_name,
        object=system.key,
        detail=detail,
    )


def mirror(case: Case, event: Event, now: datetime) -> None:
    """Note which system decides on a case that is being filed. It keeps it, whatever is declared later."""
    for system in System.objects.filter(is_active=True, only_listens=False).order_by("key"):
        if case.item_code in system.items or case.department in system.departments:
            case.system = system.key
            marks.put(case, Fact.MIRRORED)
            return


def take_back(case: Case, event: Event, now: datetime) -> None:
    """The desk decides from now on."""
    marks.put(case, Fact.MIRRORED, is_true=False)
