"""Whether somebody may apply for all these items for another: under one mandate for all, or one for each."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actor import Actor
from cases.hall.enums import MandateKind, MandateStanding, Power
from cases.hall.models import Mandate
from cases.hall.queries import access
from cases.hall.services.authority import NotInMandate
from catalog.hall.models import EffectiveItem


def check_start(
    pk: UUID, actor: Actor, items: Sequence[EffectiveItem], *, now: datetime, power: Power = Power.FILL
) -> Mandate:
    """Return the mandate that was named, all that cover these items locked.

    Raises MandateOver; NotInMandate, which names the items that are in none or that nobody may do for another, so that
    they can be left out.
    """
    today = timezone.localdate(now)
    mine = Mandate.objects.filter(proxy=access.person_of(actor), case=None, ended_at=None)
    named = mine.filter(pk=pk).values("principal")
    locked = mine.filter(principal__in=named).select_related("principal")
    held = [
        mandate
        for mandate in locked.select_for_update(of=("self",), no_key=True).order_by("id")
        if mandate.standing(today) == MandateStanding.IN_FORCE and mandate.since <= today
    ]
    first = next((mandate for mandate in held if mandate.pk == pk), None)
    if first is None:
        raise access.MandateOver
    if refused := [item.name for item in items if first.kind == MandateKind.PROXY and not item.proxy_allowed]:
        raise NotInMandate(_("%(items)s要本人办，不能代办，请去掉再办其余的") % {"items": _quoted(refused)})
    fitting = [mandate for mandate in held if power in mandate.powers]
    lacking = [item.name for item in items if not any(mandate.covers(item.code) for mandate in fitting)]
    if lacking:
        raise NotInMandate(
            _("委托里没有%(items)s，请去掉再办其余的，或请他再委托") % {"items": _quoted(lacking)}
        )
    return first


def _quoted(names: Sequence[str]) -> str:
    return "、".join(f"“{name}”" for name in names)
