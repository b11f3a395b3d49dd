"""What must be true of every hall's mandates: findings of check_halls, each one sentence."""

from collections.abc import Iterator

from cases.hall.checks import lost
from cases.hall.models import Mandate, MandatePaper
from cases.shared.models import MandatePointer
from tenants.shared.models import Hall


def pointers_follow_mandates(hall: Hall) -> Iterator[str]:
    """Compare every mandate with the public fact that the portal shows of it."""
    fields = ("principal", "proxy", "until", "is_confirmed", "is_ended")
    shown = {row[0]: row[1:] for row in MandatePointer.objects.values_list("mandate", *fields)}
    rows = Mandate.objects.select_related("principal").order_by("id")
    for row in rows.only("proxy", "until", "confirmed_at", "ended_at", "principal__person"):
        is_confirmed, is_ended = row.confirmed_at is not None, row.ended_at is not None
        if shown.pop(row.pk, None) != (row.principal.person, row.proxy, row.until, is_confirmed, is_ended):
            yield f"mandate {row.pk}: the portal does not show it as it is"
    for pk in shown:
        yield f"mandate pointer {pk}: there is no such mandate"


def papers_are_there(hall: Hall) -> Iterator[str]:
    """Look for the content of every paper that proves a mandate."""
    for pk, path in MandatePaper.objects.order_by("pk").values_list("pk", "path"):
        if lost(hall, path):
            yield f"mandate {pk}: the paper that proves it is gone"
