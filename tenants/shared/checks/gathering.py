"""What must be true of every hall and of what they share: findings of check_halls. Changes nothing.

Apps above add their own (tenants.shared.declared): `hall_checks` inside the hall's scope, `public_checks` as the city.
A hall that cannot be read is a finding and keeps nobody from the next.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Any

from django.db import connections, transaction

from tenants.shared import declared, migrating, roles, scope, services
from tenants.shared.checks import files, places, schemas
from tenants.shared.checks.findings import Finding, said
from tenants.shared.models import Hall

# halls that are read together, on one connection: a backend keeps 0.4 MB for every schema that it touched
BATCH = 100

Progress = Callable[[int, int], None]


def findings(keys: Sequence[str] = (), *, progress: Progress = lambda done, total: None) -> Iterator[Finding]:
    """Yield everything that is wrong, as the owner and as each hall; with keys of these halls alone.

    `progress` hears how many halls of how many are done.
    """
    halls = [hall for hall in services.all_halls() if not keys or hall.key in keys]
    if not keys:
        yield from _tried("", lambda: places.orphans(halls, migrating.names()))
        yield from _tried("", lambda: schemas.of_public(migrating.names()))
        yield from _declared_of_the_city()
    progress(0, len(halls))
    if not halls:
        return
    wanted = schemas.Wanted()
    for start in range(0, len(halls), BATCH):
        yield from _batch(halls[start : start + BATCH], wanted)
        connections[roles.OWNER].close()
        progress(min(start + BATCH, len(halls)), len(halls))


def _batch(halls: list[Hall], wanted: schemas.Wanted) -> Iterator[Finding]:
    placed = places.of_halls(halls, wanted.names)
    found = [finding for each in placed.values() for finding in each]
    lost = {finding.hall for finding in found if finding.code.endswith("-lost")}
    standing = [hall for hall in halls if hall.key not in lost]
    found += _together(partial(schemas.of_halls, wanted=wanted), standing)
    closed = lost | {
        finding.hall for finding in found if finding.code in {"quarantined", "behind", "unreadable"}
    }
    found += _together(places.identities, [hall for hall in standing if hall.key not in closed])
    closed |= {finding.hall for finding in found if finding.code in {"identity", "unreadable"}}
    # a view or a table that is not as it should be makes the checks of its rows fail
    closed |= {finding.hall for finding in found if finding.code in {"object", "structure"}}
    for hall in halls:
        yield from (finding for finding in found if finding.hall == hall.key)
        if hall.key not in closed:
            yield from _declared_of(hall)


def _together(check: Callable[[list[Hall]], Iterator[Finding]], halls: list[Hall]) -> list[Finding]:
    """Check these halls at once; where that fails, each by itself, so that one harms no other's check."""
    found = _tried("", partial(check, halls))
    if any(finding.code == "unreadable" for finding in found):
        found = [finding for hall in halls for finding in _tried(hall.key, partial(check, [hall]))]
    return found


def _tried(key: str, check: Callable[[], Iterator[Finding]]) -> list[Finding]:
    """Return what a check finds; a check that fails is a finding itself."""
    try:
        with transaction.atomic(using=roles.OWNER):
            return list(check())
    except Exception as problem:
        return [_unreadable(key, problem)]


def _declared_of(hall: Hall) -> list[Finding]:
    # a copy has none of the public facts that its original has
    left_out = list(declared.functions("checks_of_public_facts")) if hall.copy_of else []
    checks = [*declared.functions("hall_checks"), files.unowned]
    try:
        with scope.hall(hall):
            return _each(hall.key, [partial(check, hall) for check in checks if check not in left_out])
    except scope.WrongHall as wrong:
        words = f"its schema is another hall's: {wrong}"
        return [Finding(hall.key, "identity", words, "restore it from a backup")]
    except Exception as problem:
        return [_unreadable(hall.key, problem)]


def _declared_of_the_city() -> list[Finding]:
    with scope.city():
        return _each("", [partial(check) for check in declared.functions("public_checks")])


def _each(key: str, checks: Iterable["partial[Any]"]) -> list[Finding]:
    """Return what the checks of a scope find, whole before the scope ends; one that fails is a finding itself."""
    found: list[Finding] = []
    for check in checks:
        name = check.func.__name__
        try:
            with transaction.atomic():
                found += list(said(key, name, check()))
        except Exception as problem:
            found.append(_unreadable(key, problem, name))
    return found


def _unreadable(key: str, problem: Exception, check: str = "") -> Finding:
    told = str(problem).strip().partition("\n")[0][:300]
    words = f"{check or 'a check'} could not be done: {type(problem).__name__}: {told}"
    return Finding(key, "unreadable", words, "put that right, then check again")
