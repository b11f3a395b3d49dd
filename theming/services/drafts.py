"""Preparing a look beside the one in force: one draft a hall, one the city; two who edit it are told apart."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from tenants.shared.models import Hall
from theming import parts, queries
from theming.models import ThemeDraft
from theming.services.problems import ChangedMeanwhile, Locked
from theming.services.publishing import stamp


def save(
    hall: Hall | None,
    changes: Mapping[str, Any],
    *,
    seen: str,
    by: Actor,
    now: datetime,
    inherit: Collection[str] = (),
    locks: Collection[str] | None = None,
) -> ThemeDraft | None:
    """Write these parts into the draft, give `inherit` back to the city, and (the city's) keep `locks` from the halls.

    A part that equals the city's is not a hall's own. What changes nothing writes nothing, and returns None without a
    draft. Raises ChangedMeanwhile, Locked, ValidationError for a value that is none.
    """
    given = {key: parts.checked(key, value) for key, value in changes.items()}
    draft = _locked(hall, seen, by, now)
    before = (dict(draft.parts), list(draft.locks))
    if hall is None:
        draft.parts = {**draft.parts, **given}
        if locks is not None:
            draft.locks = sorted(set(locks) & set(parts.LOCKABLE))
    else:
        _of_hall(draft, given, inherit)
    if (draft.parts, draft.locks) == before:
        return draft if draft.pk else None
    if draft.pk:
        draft.revision += 1
    draft.person, draft.person_name, draft.changed_at = by.person_id, by.display_name, now
    try:
        with transaction.atomic():
            draft.save()
    except IntegrityError:
        # a colleague began at this moment
        raise ChangedMeanwhile from None
    return draft


def _of_hall(draft: ThemeDraft, given: Mapping[str, Any], inherit: Collection[str]) -> None:
    city = queries.city_now()
    own, bases = dict(draft.parts), dict(draft.bases)
    for key, value in given.items():
        is_empty = not value if parts.BY_KEY[key].is_added else value == city.values[key]
        if is_empty or key in inherit:
            own.pop(key, None)
            bases.pop(key, None)
        elif own.get(key) != value:
            if key in city.locks:
                raise Locked(_("市里锁定了“{name}”，本厅不能改").format(name=parts.BY_KEY[key].label))
            own[key], bases[key] = value, city.values[key]
    for key in inherit:
        own.pop(key, None)
        bases.pop(key, None)
    draft.parts, draft.bases = own, bases


def discard(hall: Hall | None, *, seen: str) -> None:
    """Throw the draft away. Raises ChangedMeanwhile when it is not the one that was seen."""
    found = ThemeDraft.objects.select_for_update().filter(hall=hall).first()
    if found is None:
        return
    if seen != stamp(queries.live(hall), found):
        raise ChangedMeanwhile(found.person_name)
    found.delete()


def _locked(hall: Hall | None, seen: str, by: Actor, now: datetime) -> ThemeDraft:
    """Return the draft, locked, or one to begin with: what is in force."""
    found = ThemeDraft.objects.select_for_update().filter(hall=hall).first()
    current = queries.live(hall)
    if seen != stamp(current, found):
        last = found or current
        raise ChangedMeanwhile(last.person_name if last else "")
    if found is not None:
        return found
    return ThemeDraft(
        # by number: a hall that came from another login would take the row there
        hall_id=hall.pk if hall else None,
        hall_role=hall.role if hall else "",
        parts=parts.usable(current.parts) if current else {},
        bases=dict(current.bases) if current else {},
        locks=list(current.locks) if current else [],
        changed_at=now,
    )
