"""Reading the audit of the schema in scope: its rows, and which seal names each."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from audit.models import Record, Seal

# what a row tells of, by the beginning of its action; what is none of these is of the hall's own affairs
KINDS: dict[str, tuple[str, ...]] = {
    "case": ("case.", "draft."),
    "reading": ("read_",),
    "export": ("export",),
    "item": (
        "override.",
        "review.",
        "local.",
        "shared.",
        "adoption.",
        "alias.",
        "phrase.",
        "sheet.",
        "feedback.",
    ),
    "calendar": ("calendar.", "outage."),
}
OTHER = "other"


@dataclass(frozen=True)
class Sealed:
    """Which seal names a row: its number, its digest, and when it was made."""

    number: int
    digest: str
    sealed_at: datetime


def day_begins(day: date) -> datetime:
    """Return the first moment of a day in the city's time zone."""
    return timezone.make_aware(datetime.combine(day, time.min))


def records(
    *,
    kind: str = "",
    actor: UUID | None = None,
    object: str = "",
    first: date | None = None,
    last: date | None = None,
) -> QuerySet[Record]:
    """Return the rows of the schema in scope, the newest first, narrowed by kind, person, object and days (both counted)."""
    found = Record.objects.order_by("-at", "id")
    if kind:
        found = found.filter(of_kind(kind))
    if actor is not None:
        found = found.filter(actor=actor)
    if object:
        found = found.filter(object=object)
    if first is not None:
        found = found.filter(at__gte=day_begins(first))
    if last is not None:
        found = found.filter(at__lt=day_begins(last + timedelta(days=1)))
    return found


def of_kind(kind: str) -> Q:
    """Return the condition of one kind; of an unknown one, of nothing."""
    if kind == OTHER:
        known = Q()
        for name in KINDS:
            known |= of_kind(name)
        return ~known
    condition = Q(pk__in=[])
    for start in KINDS.get(kind, ()):
        condition |= Q(action__startswith=start)
    return condition


def kind_of(action: str) -> str:
    """Return the kind of an action."""
    return next((kind for kind, starts in KINDS.items() if action.startswith(starts)), OTHER)


def people(found: QuerySet[Record]) -> list[tuple[UUID, str]]:
    """Return who acts in these rows, by name. One query."""
    named = found.exclude(actor=None).order_by("actor_name", "actor")
    return [(key, name) for key, name in named.values_list("actor", "actor_name").distinct() if key]


def seals_of(ids: Iterable[UUID]) -> dict[str, Sealed]:
    """Return the seal of each of these rows that has one, by the row's key as text. One query."""
    wanted = {str(key) for key in ids}
    if not wanted:
        return {}
    named = Seal.objects.filter(records__has_any_keys=sorted(wanted))
    found: dict[str, Sealed] = {}
    for seal in named.order_by("number"):
        sealed = Sealed(seal.number, seal.digest, seal.sealed_at)
        found.update((key, sealed) for key in wanted.intersection(seal.records))
    return found
