"""A locker's one-time code: few tries, each counted before it is looked at, and no longer than the locker keeps it."""

import hmac
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.services import counters
from cases.hall.models import Case
from cases.hall.queries import place
from cases.hall.services import handing

TRIES, WINDOW_SECONDS = 5, 15 * 60


def problem(case: Case, code: str, *, now: datetime) -> dict[str, str]:
    """Return why this code does not open the case's locker, by field; nothing when it does.

    A try is counted outside this transaction, so that it survives the refusal.
    """
    key = f"locker:{place.here().role}:{case.pk}"
    try:
        left = counters.reserve(key, limit=TRIES, window_seconds=WINDOW_SECONDS, now=now).left
    except counters.TooMany as refusal:
        until = f"{timezone.localtime(refusal.until):%H:%M}"
        return {"code": _("试错太多，%(time)s后再试") % {"time": until}}
    row = case.handing
    if row.until is not None and timezone.localdate(now) > row.until:
        return {"code": _("取件码过期了，请到窗口取")}
    given = handing.digest(case.pk, "".join(filter(str.isdigit, code)))
    if not row.code_digest or not hmac.compare_digest(given, row.code_digest):
        return {"code": _("取件码不对，还能试 %(n)d 次") % {"n": left}}
    counters.reset(key)
    return {}
