"""How long a hall may take to decide on what the city changed (a setting of this project). Pure functions."""

from datetime import date, datetime, timedelta

from django.utils import timezone

from catalog.shared.policy import natural_days

REVIEW_WORKING_DAYS = 10
# the working calendar lives above the catalogue: the ten days are counted as natural ones, as unlike limits are
REVIEW_DAYS = timedelta(days=natural_days(REVIEW_WORKING_DAYS, "working"))


def due_on(since: datetime) -> date:
    """Return the last day on which a review that waits since this moment is in time."""
    return timezone.localdate(since + REVIEW_DAYS)


def overdue_before(now: datetime) -> datetime:
    """Return the moment before which a review must have begun to be overdue now: its last day has passed."""
    today = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    return today - REVIEW_DAYS
