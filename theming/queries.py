"""Which look is in force. Read as `gate`, kept by each process for five seconds at most, by hall."""

import time

from tenants.shared.models import Hall
from theming.models import HallTheme

CACHE_SECONDS = 5.0
GATE = "gate"
PORTAL = 0
# when it was read, and hall id (the portal: 0) → look
_kept: list[tuple[float, dict[int, HallTheme]]] = []


def forget() -> None:
    """Empty this process's cache: after a change made here."""
    _kept.clear()


def themes() -> dict[int, HallTheme]:
    """Return the look in force of every hall by hall id, the portal's under 0. One query in five seconds."""
    now = time.monotonic()
    if not _kept or now - _kept[0][0] >= CACHE_SECONDS:
        latest = HallTheme.objects.using(GATE).order_by("hall_id", "-published_at", "-id").distinct("hall_id")
        _kept[:] = [(now, {theme.hall_id or PORTAL: theme for theme in latest})]
    return _kept[0][1]


def theme_of(hall: Hall | None) -> HallTheme | None:
    """Return the look in force of this hall (None: of the portal), or None when none was ever published."""
    return themes().get(hall.pk if hall else PORTAL)


def stylesheet(hall: Hall | None, digest: str) -> str | None:
    """Return the text of a stylesheet that this hall published under this digest, or None."""
    found = HallTheme.objects.using(GATE).filter(hall=hall, hash=digest).first()
    return found.tokens.css() if found else None
