"""Fitting a shared item to the hall: set a value, or give it back to the city. The policy is the city's, declared once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from accounts.actor import Actor
from catalog.hall.models import Adoption, Override
from catalog.hall.services import offers, values
from catalog.hall.services.signing import person_of, record
from catalog.shared import labels, wording
from catalog.shared.models import OverrideFact
from catalog.shared.policy import Freedom, Rule, Shape, permits, rule_of
from catalog.shared.queries import city_values, city_values_of, value_of

# fields that the public fact of an offer repeats
OFFERED_FIELDS = {"hidden", "can_book"}


class NotOffered(Exception):
    """This hall has not taken a shared item of this code."""


class ReasonMissing(Exception):
    """Nobody said why."""


class SameAsCity(Exception):
    """The value is the city's own: nothing is stored that does not differ."""


class BreaksPolicy(Exception):
    """A hall may not go there; the sentence names the city's value."""


@dataclass(frozen=True)
class Change:
    """One override to be loaded: what, and why."""

    code: str
    field: str
    value: Any
    reason: str


def set_value(code: str, field: str, value: Any, *, by: Actor, reason: str, now: datetime) -> Override:
    """Give a field (or a row of a list, ``materials.<key>``) of a shared item this hall's own value, at once.

    A limit is {"days", "unit"} or a plain number in the city's unit. In one transaction: the override, the public
    fact, the offer, an audit row; a value that the hall has already is left alone. Raises NotOffered, ReasonMissing,
    BreaksPolicy, SameAsCity, and values.BadValue for what a field cannot hold.
    """
    city = _city(code)
    base = value_of(city, field)
    value = checked(field, value, base, unit=city["promised_unit"])
    if not reason.strip():
        raise ReasonMissing(_("请写明为什么改"))
    former = Override.objects.select_for_update().filter(code=code, field=field).first()
    if former is not None and former.value == value and former.base == base:
        return former
    row, _created = Override.objects.update_or_create(
        code=code,
        field=field,
        defaults={
            "value": value,
            "base": base,
            "reason": reason.strip(),
            "person": person_of(by),
            "person_name": by.display_name,
            "made_at": now,
        },
    )
    OverrideFact.objects.update_or_create(
        hall_id=offers.hall_role(), code=code, field=field, defaults={"base": base, "value": value}
    )
    if field in OFFERED_FIELDS:
        offers.sync([code])
    detail = {"value": value, "former": former.value if former else None, "base": base, "reason": reason.strip()}
    record("override.set", f"{code} {field}", by=by, now=now, detail=detail)
    return row


def reset(code: str, field: str, *, by: Actor, now: datetime) -> bool:
    """Give a field back to the city: the override's row goes. Return whether there was one. Raises NotOffered."""
    _adopted(code)
    former = Override.objects.select_for_update().filter(code=code, field=field).first()
    if former is None:
        return False
    former.delete()
    OverrideFact.objects.filter(hall_id=offers.hall_role(), code=code, field=field).delete()
    if field in OFFERED_FIELDS:
        offers.sync([code])
    record("override.reset", f"{code} {field}", by=by, now=now, detail={"former": former.value})
    return True


def load(changes: Iterable[Change], *, by: Actor, now: datetime) -> int:
    """Set many values in a few statements, as `set_value` would; what is overridden already stays. Return how many are new.

    Raises what `set_value` raises, before anything is written.
    """
    wanted = list(changes)
    cities = city_values_of({change.code for change in wanted})
    adopted = set(Adoption.objects.filter(code__in=cities).values_list("code", flat=True))
    known = set(Override.objects.filter(code__in=cities).values_list("code", "field"))
    rows = []
    for change in wanted:
        if change.code not in adopted:
            raise NotOffered(_not_offered(change.code))
        if (change.code, change.field) in known:
            continue
        if not change.reason.strip():
            raise ReasonMissing(_("请写明为什么改"))
        city = cities[change.code]
        base = value_of(city, change.field)
        rows.append(
            Override(
                code=change.code,
                field=change.field,
                value=checked(change.field, change.value, base, unit=city["promised_unit"]),
                base=base,
                reason=change.reason.strip(),
                person=person_of(by),
                person_name=by.display_name,
                made_at=now,
            )
        )
    Override.objects.bulk_create(rows, batch_size=offers.BATCH)
    role = offers.hall_role()
    facts = [OverrideFact(hall_id=role, code=row.code, field=row.field, base=row.base, value=row.value) for row in rows]
    OverrideFact.objects.bulk_create(facts, batch_size=offers.BATCH)
    offers.sync({row.code for row in rows if row.field in OFFERED_FIELDS})
    if rows:
        record("override.load", "", by=by, now=now, detail={"overrides": len(rows)})
    return len(rows)


def checked(field: str, value: Any, base: Any, *, unit: str) -> Any:
    """Return the value as it is stored, after the policy. Raises BreaksPolicy, SameAsCity, values.BadValue."""
    rule = rule_of(field)
    if rule.freedom is Freedom.LOCKED:
        raise BreaksPolicy(_("“%(field)s”由市里统一，本厅不能改") % {"field": labels.field(field)})
    if "." in field and base is None:
        raise BreaksPolicy(_("市里的“%(field)s”里没有这一条，本厅不能加") % {"field": labels.field(field)})
    value = values.clean(field, rule, value, unit=unit)
    if rule.rows is not None and isinstance(value, dict):
        value = {key: given for key, given in value.items() if not _is_same_row_value(key, given, base)}
        if not value:
            raise SameAsCity(_("和市里的一样，不用单独改"))
    elif value == base:
        raise SameAsCity(_("和市里的一样，不用单独改"))
    if not permits(rule, value, base):
        raise BreaksPolicy(_sentence(field, rule, value, base))
    return value


def _is_same_row_value(key: str, given: Any, base: Mapping[str, Any]) -> bool:
    absent: Any = {str: "", bool: False}.get(type(given))
    return bool(given == base.get(key, absent))


def _sentence(field: str, rule: Rule, value: Any, base: Any) -> str:
    """Return why the policy does not let this pass, with the city's value."""
    if field == "promised_days":
        return _("承诺时限不能比市里长（市里 %(city)s）") % {"city": wording.days(base["days"], base["unit"])}
    if field == "visits":
        return _("要跑的次数不能比市里多（市里 %(city)s 次）") % {"city": base}
    if field.startswith("fees."):
        amount = base.get("amount")
        city = wording.money(amount) if amount is not None else base.get("standard", "")
        return _("收费不能比市里高（市里 %(city)s）") % {"city": city}
    if field.startswith("materials."):
        return _("材料只能减、不能加：可以不要这份或改成不用交，别的由市里统一")
    if rule.shape in {Shape.TEXT, Shape.BOOLEAN, Shape.LIST, Shape.COUNT} and rule.freedom is Freedom.FREE:
        return values.wrong_shape(rule)
    return _("“%(field)s”这样改不行：只能改得对群众更方便") % {"field": labels.field(field)}


def _city(code: str) -> dict[str, Any]:
    _adopted(code)
    city = city_values(code)
    if city is None:
        raise NotOffered(_not_offered(code))
    return city


def _adopted(code: str) -> None:
    if not Adoption.objects.filter(code=code).exists():
        raise NotOffered(_not_offered(code))


def _not_offered(code: str) -> str:
    return _("本厅没有 %(code)s 这个市级事项；本厅自己的事项请直接改") % {"code": code}
