"""Fitting a shared item to the hall: set a value, or give it back to the city. The policy is the city's, declared once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from accounts.actor import Actor
from catalog.hall import stamps
from catalog.hall.models import Adoption, Override
from catalog.hall.services import offers, values
from catalog.shared import labels, wording
from catalog.shared.models import OverrideFact
from catalog.shared.policy import Freedom, Rule, Shape, permits, rule_of
from catalog.shared.queries import city_values, city_values_of, value_of
from catalog.shared.services.signing import person_of, record


class NotOffered(Exception):
    """This hall has not taken a shared item of this code."""


class ReasonMissing(Exception):
    """Nobody said why."""


class SameAsCity(Exception):
    """The value is the city's own: nothing is stored that does not differ."""


class BreaksPolicy(Exception):
    """A hall may not go there; the sentence names the city's value."""


class ChangedMeanwhile(Exception):
    """The field is not what its editor saw: `override` is the hall's present one or None, `base` the city's value."""

    def __init__(self, override: Override | None, base: Any) -> None:
        super().__init__(_("您打开这一页以后，这一项又有人改过。您填的还在，看过现在的值再存"))
        self.override = override
        self.base = base


@dataclass(frozen=True)
class Change:
    """One override to be loaded: what, and why."""

    code: str
    field: str
    value: Any
    reason: str


def set_value(
    code: str,
    field: str,
    value: Any,
    *,
    by: Actor,
    reason: str,
    now: datetime,
    seen: str | None = None,
    action: str = "override.set",
) -> Override:
    """Give a field (or a row of a list, ``materials.<key>``) of a shared item this hall's own value, at once.

    A limit is {"days", "unit"} or a plain number in the city's unit. In one transaction: the override, the public
    fact, the offer, an audit row (`action`); a value that the hall has already is left alone. `seen` is the mark
    (stamps.of_override) of what the editor had before his eyes, None lays over whatever is there. Raises NotOffered,
    ReasonMissing, BreaksPolicy, SameAsCity, ChangedMeanwhile, and values.BadValue for what a field cannot hold.
    """
    city = _city(code)
    base = value_of(city, field)
    former = _seen(code, field, base, seen)
    value = checked(field, value, base, unit=city["promised_unit"])
    if not reason.strip():
        raise ReasonMissing(_("请写明为什么改"))
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
        hall_id=offers.hall_role(),
        code=code,
        field=field,
        defaults={"base": base, "value": value, "made_at": now},
    )
    offers.sync([code])
    detail = {
        "value": value,
        "former": former.value if former else None,
        "base": base,
        "reason": reason.strip(),
    }
    record(action, f"{code} {field}", by=by, now=now, detail=detail)
    return row


def reset(code: str, field: str, *, by: Actor, now: datetime, seen: str | None = None) -> bool:
    """Give a field back to the city: the override's row goes. Return whether there was one.

    `seen` as in set_value. Raises NotOffered, ChangedMeanwhile.
    """
    _adopted(code)
    city = city_values(code) if seen is not None else None
    former = _seen(code, field, value_of(city, field) if city else None, seen if city else None)
    if former is None:
        return False
    former.delete()
    OverrideFact.objects.filter(hall_id=offers.hall_role(), code=code, field=field).delete()
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
    facts = [
        OverrideFact(
            hall_id=role, code=row.code, field=row.field, base=row.base, value=row.value, made_at=now
        )
        for row in rows
    ]
    OverrideFact.objects.bulk_create(facts, batch_size=offers.BATCH)
    offers.sync({row.code for row in rows})
    if rows:
        record("override.load", "", by=by, now=now, detail={"overrides": len(rows)})
    return len(rows)


def set_many(
    changes: Iterable[Change], resets: Iterable[tuple[str, str]], *, by: Actor, now: datetime
) -> None:
    """Set many values and give others (code, field) back to the city in a few statements, as `set_value` and `reset` would.

    Raises what `set_value` raises, before anything is written.
    """
    wanted, given_back = list(changes), set(resets)
    codes = {change.code for change in wanted} | {code for code, _field in given_back}
    cities = city_values_of(codes)
    adopted = set(Adoption.objects.filter(code__in=codes).values_list("code", flat=True))
    for code in sorted(codes - (adopted & cities.keys())):
        raise NotOffered(_not_offered(code))
    locked = Override.objects.select_for_update().filter(code__in=codes).order_by("id")
    former = {(row.code, row.field): row for row in locked}
    rows = []
    for change in wanted:
        if not change.reason.strip():
            raise ReasonMissing(_("请写明为什么改"))
        city = cities[change.code]
        base = value_of(city, change.field)
        rows.append(
            Override(
                code=change.code, field=change.field, base=base, reason=change.reason.strip(), made_at=now,
                value=checked(change.field, change.value, base, unit=city["promised_unit"]),
                person=person_of(by), person_name=by.display_name,
            )
        )  # fmt: skip
    _store(rows)
    gone = [former[key] for key in sorted(given_back & former.keys())]
    role = offers.hall_role()
    Override.objects.filter(pk__in=[row.pk for row in gone]).delete()
    for row in gone:
        OverrideFact.objects.filter(hall_id=role, code=row.code, field=row.field).delete()
        record("override.reset", f"{row.code} {row.field}", by=by, now=now, detail={"former": row.value})
    for row in rows:
        before = former.get((row.code, row.field))
        detail = {
            "value": row.value,
            "former": before.value if before else None,
            "base": row.base,
            "reason": row.reason,
        }
        record("override.set", f"{row.code} {row.field}", by=by, now=now, detail=detail)
    offers.sync(codes)


def _store(rows: list[Override]) -> None:
    """Insert overrides and their public facts, or update those of the same field."""
    told = ["value", "base", "reason", "person", "person_name", "made_at"]
    Override.objects.bulk_create(
        rows,
        batch_size=offers.BATCH,
        update_conflicts=True,
        unique_fields=["code", "field"],
        update_fields=told,
    )
    role = offers.hall_role()
    facts = [
        OverrideFact(
            hall_id=role, code=row.code, field=row.field, base=row.base, value=row.value, made_at=row.made_at
        )
        for row in rows
    ]
    OverrideFact.objects.bulk_create(
        facts, batch_size=offers.BATCH, update_conflicts=True, unique_fields=["hall", "code", "field"],
        update_fields=["base", "value", "made_at"],
    )  # fmt: skip


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


def _seen(code: str, field: str, base: Any, seen: str | None) -> Override | None:
    """Return the hall's override of a field, locked. Raises ChangedMeanwhile when it is not what was seen."""
    former = Override.objects.select_for_update().filter(code=code, field=field).first()
    if seen is not None and seen != stamps.of_override(former, base):
        raise ChangedMeanwhile(former, base)
    return former


def _adopted(code: str) -> None:
    # locked: two who set the same field for the first time do so one after the other
    if Adoption.objects.select_for_update().filter(code=code).first() is None:
        raise NotOffered(_not_offered(code))


def _not_offered(code: str) -> str:
    return _("本厅没有 %(code)s 这个市级事项；本厅自己的事项请直接改") % {"code": code}
