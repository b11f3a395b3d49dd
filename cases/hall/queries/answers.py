"""公开的答复: what everybody may read, by words and by item."""

from django.db.models import Q, QuerySet

from cases.hall.models.enquiry import PublishedAnswer

MOST_WORDS = 5


def published(q: str = "", item: str = "") -> QuerySet[PublishedAnswer]:
    """Return what is published, the newest first; each word of `q` stands in question, answer or the item's name."""
    found = PublishedAnswer.objects.filter(withdrawn_at=None)
    if item:
        found = found.filter(item_code=item)
    for word in q.split()[:MOST_WORDS]:
        found = found.filter(
            Q(question__icontains=word) | Q(answer__icontains=word) | Q(item_name__icontains=word)
        )
    return found.order_by("-published_at", "id")
