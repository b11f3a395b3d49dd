"""Reads of the city's console: its halls with their health and figures, and what the runs of check_halls found."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from django.db.models import Case, Count, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.shared.models import Pointer
from catalog.shared.models import Offer
from tenants.shared import health
from tenants.shared.checks.findings import DATA, KINDS
from tenants.shared.enums import HallState
from tenants.shared.health import Health
from tenants.shared.models import Domain, Hall, HallArchive, HallCheck, HallFinding

LONGEST = 60
SORTS = {
    "": _("全市的顺序"),
    "health": _("要处理的在前"),
    "open": _("在办多的在前"),
    "late": _("超期多的在前"),
    "name": _("按名称"),
}


@dataclass(frozen=True)
class HallFilters:
    """What the list of halls is narrowed to and sorted by; unknown values ask for nothing."""

    q: str = ""
    state: str = ""
    health: str = ""
    sort: str = ""

    @classmethod
    def read(cls, query: Mapping[str, str]) -> "HallFilters":
        """Return the filters that an address asks for."""
        state, how, sort = query.get("state", ""), query.get("health", ""), query.get("sort", "")
        return cls(
            q=query.get("q", "").replace("\x00", "").strip()[:LONGEST],
            state=state if state in HallState.values else "",
            health=how if how in Health.values else "",
            sort=sort if sort in SORTS else "",
        )

    @property
    def is_wide(self) -> bool:
        """Whether nothing narrows the list."""
        return not (self.q or self.state or self.health)

    @property
    def state_label(self) -> str:
        """What the chosen state is called."""
        return str(HallState(self.state).label) if self.state else ""

    @property
    def health_label(self) -> str:
        """What the chosen health is called."""
        return str(Health(self.health).label) if self.health else ""


def halls(filters: HallFilters, checked: HallCheck | None, now: datetime) -> "QuerySet[Hall, Any]":
    """Return the halls that the filters leave, in their order, with health and `backup_at`. One query a page."""
    found: Any = _narrowed(filters, checked)
    if filters.health:
        found = found.filter(health=filters.health)
    archives = HallArchive.objects.filter(hall=OuterRef("pk"), removed_at=None).order_by("-made_at")
    found = found.annotate(backup_at=Subquery(archives.values("made_at")[:1]))
    first: list[Any] = []
    if filters.sort == "health":
        ranks = [When(health=value, then=Value(number)) for number, value in enumerate(Health.values)]
        first = [Case(*ranks, output_field=IntegerField())]
    elif filters.sort == "open":
        first = [_counted(Pointer.objects.open()).desc()]
    elif filters.sort == "late":
        first = [_counted(Pointer.objects.open().filter(due_on__lt=timezone.localdate(now))).desc()]
    elif filters.sort == "name":
        first = ["name"]
    return cast("QuerySet[Hall, Any]", found.order_by(*first, "position", "pk"))


def _narrowed(filters: HallFilters, checked: HallCheck | None) -> "QuerySet[Hall, Any]":
    found = health.with_health(Hall.objects.all(), checked)
    if filters.q:
        named = Q(name__icontains=filters.q) | Q(schema_name__icontains=filters.q)
        found = found.filter(named | Q(division_code__startswith=filters.q))
    return found.filter(state=filters.state) if filters.state else found


def _counted(rows: Any) -> Any:
    of_hall = rows.filter(hall_id=OuterRef("role")).order_by().values("hall_id")
    return Coalesce(Subquery(of_hall.annotate(number=Count("case")).values("number")), 0)


def health_counts(filters: HallFilters, checked: HallCheck | None) -> dict[str, int]:
    """Return how many halls of each health the other filters leave. One query."""
    rows = _narrowed(filters, checked).values("health").annotate(number=Count("pk")).order_by("health")
    return {row["health"]: row["number"] for row in rows}


def figures(shown: list[Hall], now: datetime) -> dict[str, dict[str, Any]]:
    """Return by role what a page of halls has: `items`, `open` and `late` cases, its `host`. Three queries."""
    roles = {hall.pk: hall.role for hall in shown}
    counts: dict[str, dict[str, Any]] = {
        role: {"items": 0, "open": 0, "late": 0, "host": ""} for role in roles.values()
    }
    offers: Any = Offer.objects.filter(hall_id__in=counts, hidden=False, is_active=True).values("hall_id")
    late = Count("case", filter=Q(due_on__lt=timezone.localdate(now)))
    cases: Any = Pointer.objects.open().filter(hall_id__in=counts).values("hall_id")
    for rows in (offers.annotate(items=Count("id")), cases.annotate(open=Count("case"), late=late)):
        for row in rows.order_by("hall_id"):
            counts[row.pop("hall_id")] |= row
    hosts = Domain.objects.filter(is_primary=True, tenant_id__in=roles).order_by("pk")
    for pk, host in hosts.values_list("tenant_id", "domain"):
        counts[roles[pk]]["host"] = host
    return counts


def findings(run: HallCheck, *, hall: str = "", severity: str = "") -> "QuerySet[HallFinding]":
    """Return what a run found, the city's first, then hall by hall, the worst first; `hall` is a key."""
    found = HallFinding.objects.filter(check_run=run).order_by("key", "severity", "code", "pk")
    if hall:
        found = found.filter(key=hall)
    return found.filter(severity=severity) if severity else found


def told(found: list[HallFinding]) -> list[dict[str, Any]]:
    """Return findings as the console says them, with the halls' names. One query."""
    names = dict(
        Hall.objects.filter(schema_name__in={row.key for row in found}).values_list("schema_name", "name")
    )
    return [{"row": row, "kind": KINDS.get(row.code, DATA), "hall": names.get(row.key, "")} for row in found]
