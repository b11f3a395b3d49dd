"""Which look is in force. Read as `gate`, kept by each process for five seconds at most, by hall."""

from tenants.shared.models import Hall
from tenants.shared.queries import kept
from theming.models import HallTheme

GATE = "gate"
PORTAL = 0


def themes() -> dict[int, HallTheme]:
    """Return the look in force of every hall by hall id, the portal's under 0. One query in five seconds."""

    def read() -> dict[int, HallTheme]:
        latest = HallTheme.objects.using(GATE).order_by("hall_id", "-published_at", "-id").distinct("hall_id")
        return {theme.hall_id or PORTAL: theme for theme in latest}

    return kept("looks", read)


def theme_of(hall: Hall | None) -> HallTheme | None:
    """Return the look in force of this hall (None: of the portal), or None when none was ever published."""
    return themes().get(hall.pk if hall else PORTAL)


def stylesheet(hall: Hall | None, digest: str) -> str | None:
    """Return the text of a stylesheet that this hall published under this digest, or None."""
    found = HallTheme.objects.using(GATE).filter(hall=hall, hash=digest).first()
    return found.tokens.css() if found else None
