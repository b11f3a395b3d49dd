"""What a clerk has kept for the desk, and the lists that wait for them as files."""

from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from cases.hall import columns
from cases.hall.models import DeskColumns, Export, ExportTaking, SavedFilter

SHOWN = 5


def filters(person: UUID) -> list[SavedFilter]:
    """Return the filters that this clerk has kept, by name. One query."""
    return list(SavedFilter.objects.filter(person=person).order_by("name"))


def shown_columns(person: UUID) -> list[str]:
    """Return the columns that this clerk sees. One query."""
    kept = DeskColumns.objects.filter(person=person).values_list("columns", flat=True).first()
    return columns.chosen(kept)


def exports(person: UUID, since: datetime) -> list[Export]:
    """Return the lists that this clerk asked for lately, newest first, with `is_taken`. One query."""
    own = Export.objects.filter(person=person, asked_at__gte=since)
    taken = ExportTaking.objects.filter(export=OuterRef("pk"), person=person)
    return list(own.annotate(is_taken=Exists(taken)).order_by("-asked_at")[:SHOWN])


def asked_for() -> QuerySet[Export]:
    """Return all lists that were asked for, newest first: for the hall's admin."""
    return Export.objects.order_by("-asked_at", "id").prefetch_related("takings")
