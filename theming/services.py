"""Publishing a look: the only writer of themes."""

from datetime import datetime

from tenants.shared import queries
from tenants.shared.models import Hall
from theming.models import HallTheme
from theming.tokens import Tokens, check_motif


def publish(
    hall: Hall | None, tokens: Tokens, *, now: datetime, motif: str = "", using: str | None = None
) -> HallTheme:
    """Put this look in force for the hall (None: for the portal) from `now` on. The same look again changes nothing.

    Publishing an earlier look brings it back. `using` is the alias of a login that may write (a command's owner).
    Raises ValidationError when a colour is none, a pair of colours is too hard to read or the drawing is no path.
    """
    tokens.check()
    check_motif(motif)
    rows = HallTheme.objects.using(using)
    current = rows.filter(hall=hall).order_by("-published_at", "-id").first()
    if current is not None and (current.hash, current.motif) == (tokens.digest(), motif):
        return current
    colours = {name: getattr(tokens, name).upper() for name in ("brand", "dark", "soft", "ink", "accent")}
    theme, _made = rows.update_or_create(
        hall=hall, hash=tokens.digest(), defaults={**colours, "motif": motif, "published_at": now}
    )
    queries.forget()
    return theme
