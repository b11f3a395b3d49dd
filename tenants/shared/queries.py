"""Which hall a host belongs to, and the few facts of the city that every page needs.

Read as `gate` (which may read these tables and no hall's), kept by each process for five seconds at most.
"""

import time
from collections.abc import Callable
from typing import Any, TypeVar

from tenants.shared.enums import HallState
from tenants.shared.models import City, Domain, Hall

CACHE_SECONDS = 5.0
GATE = "gate"
_kept: dict[str, tuple[float, Any]] = {}
Fact = TypeVar("Fact")


def kept(key: str, read: Callable[[], Fact]) -> Fact:
    """Return what this process read under this key in the last five seconds, else read it. A hall's facts name the hall."""
    now = time.monotonic()
    found = _kept.get(key)
    if found is not None and now - found[0] < CACHE_SECONDS:
        value: Fact = found[1]
        return value
    if len(_kept) > 5000:
        # unknown host names come from anybody: the memory they take is bounded
        _kept.clear()
    value = read()
    _kept[key] = (now, value)
    return value


def forget() -> None:
    """Empty this process's cache: after a wrong identity row, and after a change made here."""
    _kept.clear()


def hall_of(host: str) -> Hall | None:
    """Return the hall that owns this host name (no port, lower case), with `host`, its address of today; or None."""

    def read() -> Hall | None:
        domain = Domain.objects.using(GATE).select_related("tenant").filter(domain=host).first()
        if domain is None:
            return None
        found: Hall = domain.tenant
        found.host = host
        if not domain.is_primary:
            today = Domain.objects.using(GATE).filter(tenant=found, is_primary=True)
            found.host = today.values_list("domain", flat=True).first() or host
        return found

    return kept(f"host {host}", read)


def city() -> City:
    """Return the city's row. Raises City.DoesNotExist before set-up."""
    return kept("city", lambda: City.objects.using(GATE).get())


def role_prefix() -> str:
    """Return the prefix of this database's roles and logins."""
    return city().role_prefix


def halls(*, copies: bool = False) -> list[Hall]:
    """Return all halls that stand, in the city's order, each with `host`, its primary host name; copies of halls only where asked for."""
    return [hall for hall in all_halls() if hall.state != HallState.DELETED and (copies or not hall.copy_of)]


def all_halls() -> list[Hall]:
    """Return all halls there ever were, in the city's order, each with `host`: what a deleted one issued still names it."""

    def read() -> list[Hall]:
        found = list(Hall.objects.using(GATE).order_by("position", "id"))
        hosts = dict(Domain.objects.using(GATE).filter(is_primary=True).values_list("tenant_id", "domain"))
        for hall in found:
            hall.host = hosts.get(hall.pk, "")
        return found

    return kept("halls", read)
