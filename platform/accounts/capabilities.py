"""What each role of the city may do: the one table, read by the pages, the API and the services."""

from collections.abc import Iterable
from enum import StrEnum

from accounts.enums import CityRole

_ADMIN, _INSPECTOR = CityRole.CITY_ADMIN, CityRole.INSPECTOR
_SYSTEM, _SECURITY, _AUDIT = CityRole.SYSTEM_ADMIN, CityRole.SECURITY_ADMIN, CityRole.AUDIT_ADMIN


class Can(StrEnum):
    """Something that is done, or looked at, in the city's console."""

    # the console itself: the halls and how they stand
    CONSOLE = "console"
    # the city's business, read: items, reviews, feedback, calendar, outages
    WATCH = "watch"
    # the same, changed
    RUN = "run"
    # what is done to halls and what came of it, read
    SEE_HALLS = "see_halls"
    # opening halls, their life, moving, restoring, deleting, migrations and checks
    HALLS = "halls"
    # accounts of the city's people: making them, finding staff over all halls by username
    ACCOUNTS = "accounts"
    FIND_PEOPLE = "find_people"
    # which role of the city somebody has; which roles need a second factor
    ROLES = "roles"
    # closing an account everywhere at once
    SUSPEND = "suspend"
    # a way into a hall for a while: asked for by one, approved by another, watched by all who answer for it
    ASK_VISIT = "ask_visit"
    APPROVE_VISIT = "approve_visit"
    SEE_VISITS = "see_visits"
    READ_AUDIT = "read_audit"


MATRIX: dict[Can, frozenset[CityRole]] = {
    Can.CONSOLE: frozenset(CityRole),
    Can.WATCH: frozenset({_ADMIN, _INSPECTOR}),
    Can.RUN: frozenset({_ADMIN}),
    Can.SEE_HALLS: frozenset({_ADMIN, _INSPECTOR, _SYSTEM}),
    Can.HALLS: frozenset({_ADMIN, _SYSTEM}),
    Can.ACCOUNTS: frozenset({_SYSTEM}),
    Can.FIND_PEOPLE: frozenset({_SYSTEM, _SECURITY}),
    Can.ROLES: frozenset({_SECURITY}),
    Can.SUSPEND: frozenset({_SECURITY}),
    Can.ASK_VISIT: frozenset({_ADMIN, _INSPECTOR, _SYSTEM, _SECURITY}),
    Can.APPROVE_VISIT: frozenset({_SECURITY}),
    Can.SEE_VISITS: frozenset({_ADMIN, _INSPECTOR, _SYSTEM, _SECURITY, _AUDIT}),
    Can.READ_AUDIT: frozenset({_ADMIN, _INSPECTOR, _AUDIT}),
}
# what only looks: the audit administrator has nothing else
LOOKING = frozenset({Can.CONSOLE, Can.WATCH, Can.SEE_HALLS, Can.SEE_VISITS, Can.READ_AUDIT})


def may(role: str, can: Can) -> bool:
    """Say whether a role of the city may do this."""
    return role in MATRIX[can]


def roles_of(allowed: Iterable[Can | CityRole]) -> frozenset[CityRole]:
    """Return the roles that are meant by capabilities and by roles that are named themselves."""
    found: set[CityRole] = set()
    for each in allowed:
        found |= MATRIX[each] if isinstance(each, Can) else {CityRole(each)}
    return frozenset(found)
