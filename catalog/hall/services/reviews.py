"""Deciding on what the city changed under an override: take the city's value, keep the hall's, or set another."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from accounts.actor import Actor
from catalog.hall import stamps
from catalog.hall.models import Adoption, Override, Review
from catalog.hall.services import offers, overrides
from catalog.hall.services.overrides import BreaksPolicy, ReasonMissing, SameAsCity
from catalog.hall.services.values import BadValue
from catalog.shared.models import OverrideFact
from catalog.shared.services.signing import person_of, record


class NotWaiting(Exception):
    """There is nothing to decide: a colleague has decided, or the city went back to its former value."""


class ChangedMeanwhile(Exception):
    """The three values are not those that the reviewer saw; `review` has the present ones, nothing was decided."""

    def __init__(self, review: Review) -> None:
        super().__init__(_("您看过以后，这一项又变了，请看过现在的值再定"))
        self.review = review


class CannotKeep(Exception):
    """The hall's value cannot stand against the city's present one; the sentence says why and what can be done."""


Refusal = NotWaiting | ChangedMeanwhile | CannotKeep
REFUSALS = (NotWaiting, ChangedMeanwhile, CannotKeep)


@dataclass(frozen=True)
class Asked:
    """One override that is decided on; `seen` marks the three values that were compared, None takes whatever is there."""

    code: str
    field: str
    seen: str | None = None


@dataclass(frozen=True)
class Outcome:
    """What came of one decision: nothing was written where there is a refusal."""

    asked: Asked
    refusal: Refusal | None


def accept(asked: Asked, *, by: Actor, now: datetime) -> None:
    """Take the city's value: the override goes. Raises NotWaiting, ChangedMeanwhile."""
    _raise(accept_all([asked], by=by, now=now))


def keep(asked: Asked, *, reason: str, by: Actor, now: datetime) -> None:
    """Keep the hall's value against the city's present one, and say why.

    Raises NotWaiting, ChangedMeanwhile, ReasonMissing, and CannotKeep for what the policy or a row that the city
    removed forbids.
    """
    _raise(keep_all([asked], reason=reason, by=by, now=now))


def edit(asked: Asked, value: Any, *, reason: str, by: Actor, now: datetime) -> Override:
    """Set another value against the city's present one. Raises NotWaiting, ChangedMeanwhile, and what set_value raises."""
    locked = _locked([asked])
    review = _read([asked], locked).get((asked.code, asked.field))
    refusal = _stale(asked, review)
    if refusal is not None:
        raise refusal
    return overrides.set_value(
        asked.code, asked.field, value, by=by, reason=reason, now=now, action="review.edit"
    )


def accept_all(wanted: Iterable[Asked], *, by: Actor, now: datetime) -> list[Outcome]:
    """Take the city's value of many fields in the transaction in hand; what cannot be decided is told and left alone."""
    asked = list(wanted)
    locked = _locked(asked)
    waiting = _read(asked, locked)
    outcomes = [Outcome(one, _stale(one, waiting.get((one.code, one.field)))) for one in asked]
    done = [waiting[one.asked.code, one.asked.field] for one in outcomes if one.refusal is None]
    Override.objects.filter(pk__in=[review.pk for review in done]).delete()
    OverrideFact.objects.filter(pk__in=[fact.pk for fact in _facts(done)]).delete()
    if done:
        offers.sync({review.code for review in done})
    _record("review.accept", done, reason="", by=by, now=now)
    return outcomes


def keep_all(wanted: Iterable[Asked], *, reason: str, by: Actor, now: datetime) -> list[Outcome]:
    """Keep the hall's value of many fields for one reason, as `accept_all`. Raises ReasonMissing."""
    if not reason.strip():
        raise ReasonMissing(_("请写明为什么保留"))
    asked = list(wanted)
    locked = _locked(asked)
    waiting = _read(asked, locked)
    outcomes = [Outcome(one, _refusal_to_keep(one, waiting.get((one.code, one.field)))) for one in asked]
    done = [waiting[one.asked.code, one.asked.field] for one in outcomes if one.refusal is None]
    rows = []
    for review in done:
        row = locked[review.code, review.field]
        row.base, row.reason, row.made_at = review.current, reason.strip(), now
        row.person, row.person_name = person_of(by), by.display_name
        rows.append(row)
    Override.objects.bulk_update(
        rows, ["base", "reason", "made_at", "person", "person_name"], batch_size=offers.BATCH
    )
    # the value is the same and was in force: the effective item, and so the offer, stays as it is
    bases = {(review.code, review.field): review.current for review in done}
    facts = _facts(done)
    for fact in facts:
        fact.base, fact.made_at = bases[fact.code, fact.field], now
    OverrideFact.objects.bulk_update(facts, ["base", "made_at"], batch_size=offers.BATCH)
    _record("review.keep", done, reason=reason.strip(), by=by, now=now)
    return outcomes


def _locked(asked: Iterable[Asked]) -> dict[tuple[str, str], Override]:
    """Return the overrides of these items, locked: a colleague decides after us, and sees what we did."""
    codes = {one.code for one in asked}
    # the items first, as overrides.set_value does: two who lock in the same order do not wait for each other
    list(Adoption.objects.filter(code__in=codes).order_by("code").select_for_update())
    rows = Override.objects.filter(code__in=codes).order_by("id").select_for_update()
    return {(row.code, row.field): row for row in rows}


def _read(asked: Iterable[Asked], locked: dict[tuple[str, str], Override]) -> dict[tuple[str, str], Review]:
    wanted = {(one.code, one.field) for one in asked}
    ids = [row.pk for key, row in locked.items() if key in wanted]
    return {(review.code, review.field): review for review in Review.objects.filter(pk__in=ids)}


def _stale(asked: Asked, review: Review | None) -> Refusal | None:
    if review is None:
        return NotWaiting(_("这一项已经不用定了：同事定过，或市里又改了回去"))
    if asked.seen is not None and asked.seen != stamps.of_review(review):
        return ChangedMeanwhile(review)
    return None


def _refusal_to_keep(asked: Asked, review: Review | None) -> Refusal | None:
    stale = _stale(asked, review)
    if stale is not None or review is None:
        return stale
    try:
        overrides.checked(review.field, review.value, review.current, unit="")
    except SameAsCity:
        return CannotKeep(_("市里现在和本厅一样了，用市里的就行"))
    except (BreaksPolicy, BadValue) as broken:
        return CannotKeep(_("%(why)s。不能保留，请用市里的或另改一个") % {"why": broken})
    return None


def _facts(done: Iterable[Review]) -> list[OverrideFact]:
    pairs = {(review.code, review.field) for review in done}
    rows = OverrideFact.objects.filter(hall_id=offers.hall_role(), code__in={code for code, _field in pairs})
    return [row for row in rows if (row.code, row.field) in pairs]


def _raise(outcomes: list[Outcome]) -> None:
    for outcome in outcomes:
        if outcome.refusal is not None:
            raise outcome.refusal


def _record(action: str, done: Iterable[Review], *, reason: str, by: Actor, now: datetime) -> None:
    for review in done:
        detail = {
            "value": review.value,
            "base": review.base,
            "current": review.current,
            "reason": reason,
        }
        record(action, f"{review.code} {review.field}", by=by, now=now, detail=detail)
