"""What the public pointers say of cases: how many an item has, and what waits for somebody."""

from collections.abc import Iterator
from uuid import UUID

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from cases.shared.models import Pointer
from tenants.shared.models import Hall

# so many stand on a hall's home page; all are on the person's own page
MOST_TODO = 3


def case_counts(code: str) -> dict[str, dict[str, int]]:
    """Return by hall's role how many `drafts` and how many filed and unfinished `cases` of an item there are. One query."""
    rows = (
        Pointer.objects.filter(item_code=code)
        .values("hall_id")
        .annotate(
            drafts=Count("case", filter=Q(state="draft")),
            cases=Count("case", filter=~Q(state="draft") & ~Q(turn="nobody")),
        )
        .order_by("hall_id")
    )
    return {str(row["hall_id"]): {"drafts": row["drafts"], "cases": row["cases"]} for row in rows}


def home_todo(hall: Hall, person: UUID | None) -> Iterator[tuple[str, str]]:
    """Yield what waits for this person in a hall, with the page where it is done; nothing for nobody. One query."""
    if person is None:
        return
    waiting = Pointer.objects.filter(hall_id=hall.role, person=person, turn="applicant").exclude(
        state="draft"
    )
    numbers = list(waiting.order_by("due_on", "number").values_list("number", flat=True)[:MOST_TODO])
    for number in numbers:
        yield _("编号 %(number)s 等您办") % {"number": number}, f"/cases/{number}/"


def look_pages(hall: Hall | None) -> Iterator[tuple[str, str]]:
    """Yield the staff's pages in which a hall's look is tried."""
    if hall is not None:
        yield _("办件工作台"), "/clerk/"
