"""Departments' systems as the hall's pages show them: what waits, what is dead, what came in."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from cases.hall.models import Case, Inbound, Letter, System

LETTERS = ("dead", "waiting", "all")
_OF = {
    "dead": Q(dead_at__isnull=False),
    "waiting": Q(sent_at=None, dead_at=None),
    "all": Q(),
}


def systems(waits_since: datetime) -> QuerySet[System]:
    """Return the systems with how many letters wait and are dead, and how many steps have waited too long. One query."""
    letters = Letter.objects.filter(system=OuterRef("pk")).order_by().values("system")
    steps = Inbound.objects.filter(
        system=OuterRef("pk"), state=Inbound.WAITING, received_at__lt=waits_since
    ).order_by()
    return System.objects.defer("secret").annotate(
        waiting=_number(letters.filter(_OF["waiting"])),
        dead=_number(letters.filter(_OF["dead"])),
        stuck=_number(steps.values("system")),
    ).order_by("name", "key")  # fmt: skip


def _number(rows: QuerySet[Any, Any]) -> Coalesce:
    return Coalesce(Subquery(rows.annotate(number=Count("pk")).values("number")), 0)


def system(pk: UUID) -> System | None:
    """Return a system without its secret, None when there is none."""
    return System.objects.defer("secret").filter(pk=pk).first()


def letters(system: System, which: str) -> QuerySet[Letter]:
    """Return a system's letters, the newest first: `dead`, `waiting` or all."""
    found = Letter.objects.filter(_OF.get(which, _OF["all"]), system=system)
    return found.select_related("event__case").defer(*_heavy("event__case__")).order_by("-created_at", "id")


def waiting_steps(system: System) -> QuerySet[Inbound]:
    """Return the steps that a system told and that wait, the longest waiting first."""
    found = Inbound.objects.filter(system=system, state=Inbound.WAITING)
    return found.select_related("case").defer("said", *_heavy("case__")).order_by("received_at", "id")


def letters_of(case: Case) -> QuerySet[Letter]:
    """Return what was written to systems of this case, the oldest first."""
    found = Letter.objects.filter(event__case=case).select_related("system", "event")
    return found.defer("system__secret").order_by("created_at", "id")


def steps_of(case: Case) -> QuerySet[Inbound]:
    """Return what systems told of this case, in their order."""
    found = Inbound.objects.filter(case=case).select_related("system")
    return found.defer("said", "system__secret").order_by("sequence", "received_at")


def _heavy(prefix: str) -> list[str]:
    names = ("item", "answers", "applicant", "query_code", "delivery")
    return [f"{prefix}{name}" for name in names]
