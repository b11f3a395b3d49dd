"""A hall's decision on what the city changed under its look: use the city's, or keep its own. Each is published at once."""

from datetime import datetime

from django.utils.translation import gettext as _

from accounts.actor import Actor
from tenants.shared.models import Hall
from theming import parts, queries
from theming.looks import Review
from theming.models import HallTheme, ThemeDraft
from theming.services.problems import ChangedMeanwhile, Locked, ThemeRefused
from theming.services.publishing import checked_reason, put

ACCEPT, KEEP = "accept", "keep"


def decide(
    hall: Hall, key: str, decision: str, *, seen: str, by: Actor, reason: str = "", now: datetime
) -> HallTheme:
    """Accept the city's present value of a part (the hall's goes) or keep the hall's (its base moves, with a reason).

    A draft follows in this part. Raises ThemeRefused: not waiting any more, overtaken, locked, no reason, unreadable.
    """
    draft = ThemeDraft.objects.select_for_update().filter(hall=hall).first()
    current, city = queries.live(hall), queries.city_now()
    review: Review | None = next(
        (each for each in queries.reviews_of(current, city) if each.key == key), None
    )
    if review is None or current is None:
        raise ThemeRefused(_("这一项已经不用定了：同事定过，或市里又改了回去"))
    if seen != review.seen:
        raise ChangedMeanwhile
    own, bases = parts.usable(current.parts), dict(current.bases)
    if decision == ACCEPT:
        own.pop(key)
        bases.pop(key, None)
        said = reason or _("用市里的")
    elif review.is_locked:
        raise Locked(_("市里锁定了这一项，只能用市里的"))
    else:
        said = checked_reason(reason)
        bases[key] = review.now
    row = put(
        hall,
        own,
        bases=bases,
        locks=[],
        by=by,
        reason=said,
        now=now,
        action=f"theme.{decision if decision == ACCEPT else KEEP}",
    )
    if draft is not None:
        _follow(draft, review, accepted=decision == ACCEPT)
    return row


def _follow(draft: ThemeDraft, review: Review, *, accepted: bool) -> None:
    if draft.parts.get(review.key) != review.ours:
        # somebody prepares another value: it is set against what the city has now
        if review.key in draft.parts:
            draft.bases[review.key] = review.now
    elif accepted:
        draft.parts.pop(review.key)
        draft.bases.pop(review.key, None)
    else:
        draft.bases[review.key] = review.now
    draft.revision += 1
    draft.save()
