"""How many cases an item has, hall by hall: read from the public pointers, as the city."""

from django.db.models import Count, Q

from cases.shared.models import Pointer


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
