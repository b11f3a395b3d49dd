"""What must be true of looks: findings of check_halls, each one sentence."""

from collections.abc import Iterator

from django.utils import timezone

from tenants.shared.models import Hall
from theming import parts, queries
from theming.models import ThemeFile
from theming.services.files import read
from theming.services.publishing import pictures
from theming.tasks import KEPT, unowned


def hall_look(hall: Hall) -> Iterator[str]:
    """Look at a hall's pictures, its broken rows, and colours that the city's present ones make unreadable."""
    yield from _files(hall)
    row = queries.live(hall)
    if row is None:
        return
    yield from _row(row.parts)
    for pair in queries.readiness(hall).failures:
        yield f"look: {pair.front} on {pair.ground} has a contrast of {pair.ratio:.2f}, {pair.needed} is needed: the city's colours are shown"


def files(hall: Hall) -> Iterator[str]:
    """Yield the path of every picture that a row of this hall names."""
    for row in ThemeFile.objects.filter(hall=hall).order_by("pk"):
        yield row.stored_as


def city_look() -> Iterator[str]:
    """Look at the city's pictures and its broken rows."""
    yield from _files(None)
    row = queries.live(None)
    if row is not None:
        yield from _row(row.parts)


def _row(stored: object) -> Iterator[str]:
    usable = parts.usable(stored)
    for key in sorted(set(stored) - set(usable)) if isinstance(stored, dict) else ["all of it"]:
        yield f"look: {key} is no value of a look, the city's is shown: set it again"


def _files(hall: Hall | None) -> Iterator[str]:
    known = {row.digest: row for row in ThemeFile.objects.filter(hall=hall)}
    for row in known.values():
        if read(row) is None:
            yield f"look: picture {row.stored_as} is lost or altered: restore it from a backup, or set it again"
    for version in queries.history(hall)[:1]:
        for digest in sorted(pictures(parts.usable(version.parts)) - set(known)):
            yield f"look: picture {digest} is shown and has no row: set it again"
    # what a refused page left goes by itself a day later
    for name in unowned(hall, before=timezone.now() - KEPT):
        yield f"look: file {name} belongs to no look: remove it"
