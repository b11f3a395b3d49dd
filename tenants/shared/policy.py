"""Numbers that more than one part of the work on halls goes by."""

from datetime import timedelta

# how long runs of check_halls are kept: a quarter of nights
CHECKS_KEPT = timedelta(days=92)
