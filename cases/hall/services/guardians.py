"""Parents and guardians 法定代理人 (民法典 23, 27): they act for a minor by law, with the paper that shows the relation.

At eighteen (民法典 17) it ends by itself: the child goes on, and the guardian needs a mandate like anybody.
"""

from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.validators import birth_date
from audit import services as audit
from cases.hall.enums import MandateKind, Proof
from cases.hall.models import Mandate
from cases.hall.queries.access import person_of
from cases.hall.services import mandates, principals, telling

ADULT = 18
BATCH = 200


def eighteenth(born_on: date) -> date:
    """Return the eighteenth birthday; of one born on 29 February the first of March."""
    try:
        return born_on.replace(year=born_on.year + ADULT)
    except ValueError:
        return date(born_on.year + ADULT, 3, 1)


def declare(
    *,
    name: str,
    born_on: date | None,
    id_number: str,
    phone: str,
    relation: str,
    upload: Any,
    actor: Actor,
    now: datetime,
) -> Mandate:
    """Let a parent or guardian act for a child until the day before the eighteenth birthday.

    A newborn has no number: then the birth date is said. Raises mandates.NotGiven, files.FileRefused.
    """
    today = timezone.localdate(now)
    said = birth_date(id_number) if id_number else born_on
    if said is None or said > today:
        raise mandates.NotGiven(born_on=_("没有身份证号的，请填出生日期"))
    if born_on is not None and born_on != said:
        raise mandates.NotGiven(born_on=_("和身份证号里的出生日期不一样"))
    if today >= eighteenth(said):
        raise mandates.NotGiven(born_on=_("满 18 岁的由本人办，或由本人委托您"))
    facts = principals.Facts(name, id_number, phone, said.isoformat())
    try:
        child = principals.of(facts, now=now)
    except (principals.OtherName, principals.OtherPhone) as problem:
        raise mandates.NotGiven(name=str(problem)) from None
    terms = mandates.Terms(until=eighteenth(said) - timedelta(days=1))
    mandate = mandates.make(
        child,
        terms,
        proxy=person_of(actor),
        name=actor.display_name,
        by=actor,
        now=now,
        kind=MandateKind.GUARDIAN,
        relation=relation,
    )
    return mandates.confirm(mandate, Proof.RELATION, by=actor, now=now, upload=upload, is_told=False)


def come_of_age(*, now: datetime) -> int:
    """Tell the children who turned eighteen, and their guardians, that the child acts now; return how many. Once each."""
    over = Mandate.objects.filter(
        kind=MandateKind.GUARDIAN, until__lt=timezone.localdate(now), told_at=None, ended_at=None
    )
    found = list(
        over.select_for_update(of=("self",), skip_locked=True)
        .select_related("principal")
        .order_by("id")[:BATCH]
    )
    for mandate in found:
        mandate.told_at = mandate.ended_at = now
        mandate.save(update_fields=["told_at", "ended_at"])
        telling.of_age(mandate, now=now)
        mandates.point(mandate)
        audit.record(
            "mandate.of_age", now=now, actor=None, object=str(mandate.pk), detail=telling.audited(mandate)
        )
    return len(found)
