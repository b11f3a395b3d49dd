"""What a page showed when somebody began to write on it: two editors are told apart by it. Pure functions."""

import hashlib
import json
from typing import Any

from catalog.hall.models import Override, Review


def stamp(*values: Any) -> str:
    """Return a short mark of these JSON values: the same values give the same mark."""
    text = json.dumps(values, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def of_override(override: Override | None, base: Any) -> str:
    """Return the mark of a field: what the hall has there and since when, and the city's present value."""
    own = [override.value, override.made_at.isoformat()] if override is not None else None
    return stamp(own, base)


def of_review(review: Review) -> str:
    """Return the mark of a review: the three values that its reader compares."""
    return stamp(review.base, review.current, review.value)
