"""What the console shows of a hall's backups: read as the city, or as the owner."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tenants.shared.enums import JobKind
from tenants.shared.models import (
    Hall,
    HallArchive,
    HallJob,
    HallRestore,
    HallTransition,
    RestoreDrill,
)

SHOWN = 20
KINDS = (JobKind.EXPORT, JobKind.DRILL)


@dataclass(frozen=True)
class Backups:
    """A hall's last archive and last drill; `job` is what the operator has still to do of these."""

    last: HallArchive | None
    drill: RestoreDrill | None
    job: HallJob | None

    def age(self, now: datetime) -> int | None:
        """Return how many whole days old the last archive is; None without one."""
        return (now - self.last.made_at).days if self.last else None


def of(hall: Hall) -> Backups:
    """Return how a hall stands with its backups. Three queries."""
    return Backups(
        HallArchive.objects.filter(hall=hall, removed_at=None).order_by("-made_at").first(),
        RestoreDrill.objects.filter(hall=hall).order_by("-started_at").first(),
        HallJob.objects.filter(key=hall.key, kind__in=KINDS, state__in=HallJob.UNFINISHED)
        .order_by("-pk")
        .first(),
    )


def lists(hall: Hall) -> dict[str, list[Any]]:
    """Return the latest archives, drills and restores of a hall."""
    return {
        "archives": list(HallArchive.objects.filter(hall=hall).order_by("-made_at")[:SHOWN]),
        "drills": list(RestoreDrill.objects.filter(hall=hall).order_by("-started_at")[:SHOWN]),
        "restores": list(HallRestore.objects.filter(hall=hall).order_by("-pk")[:SHOWN]),
    }


def last(hall: Hall) -> dict[str, Any] | None:
    """Return digest, moment and name of the last archive of a hall that was read through since the hall stands as it does, or None."""
    since = HallTransition.objects.filter(hall=hall).order_by("-at").values_list("at", flat=True).first()
    found = HallArchive.objects.filter(hall=hall, removed_at=None).order_by("-made_at")
    row = (found.filter(made_at__gte=since) if since else found).first()
    return {"digest": row.digest, "at": row.made_at.isoformat(), "name": row.name} if row else None
