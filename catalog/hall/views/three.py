"""A review as staff see it: the city's value before and now, with what differs marked, and the hall's."""

from dataclasses import dataclass
from datetime import date, datetime

from catalog.hall import stamps
from catalog.hall.models import Review
from catalog.shared import reviews
from catalog.shared.saying import Piece, label_of, pieces, three_in_words


@dataclass(frozen=True)
class Waiting:
    """A review as staff see it. `can_keep` is false when the hall's value cannot stand; `seen` marks what is shown."""

    pk: int
    code: str
    name: str
    field: str
    label: str
    before: str
    now: list[Piece]
    ours: str
    is_in_force: bool
    is_gone: bool
    reason: str
    person_name: str
    made_at: datetime
    due_on: date
    is_overdue: bool
    seen: str


def waiting(review: Review, *, now: datetime) -> Waiting:
    """Return a review in words."""
    since = review.since or review.made_at
    before, present, ours = three_in_words(review.field, review.base, review.current, review.value)
    return Waiting(
        pk=review.pk,
        code=review.code,
        name=getattr(review, "name", None) or review.code,
        field=review.field,
        label=label_of(review.field, review.current or review.base),
        before=before,
        now=pieces(before, present),
        ours=ours,
        is_in_force=review.is_in_force,
        is_gone=review.current is None,
        reason=review.reason,
        person_name=review.person_name,
        made_at=review.made_at,
        due_on=reviews.due_on(since),
        is_overdue=since < reviews.overdue_before(now),
        seen=stamps.of_review(review),
    )
