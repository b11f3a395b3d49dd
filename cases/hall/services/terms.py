"""A town's proxies 代办员: appointed for a term, and ended with every mandate they hold."""

from datetime import date, datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.encryption import blind_index
from accounts.models import Person
from audit import services as audit
from cases.hall.models import Mandate, ProxyTerm
from cases.hall.models.mandate import LONGEST
from cases.hall.queries.staff import is_at_desk
from cases.hall.services import mandates
from tenants.shared import divisions

LONGEST_YEARS = 3


class NotAppointed(Exception):
    """The term cannot be so: `fields` says what to change."""

    def __init__(self, **fields: str) -> None:
        super().__init__(next(iter(fields.values())))
        self.fields = fields


def appoint(person: Person | None, *, town: str, until: date, by: Actor, now: datetime) -> ProxyTerm:
    """Appoint a proxy from today on; a term that has run out makes room for the new one. Raises NotAppointed."""
    _check_admin(by)
    today = timezone.localdate(now)
    if person is None or not person.is_active:
        raise NotAppointed(who=_("没有这个账号，请他先注册"))
    if is_at_desk(person.pk, today):
        raise NotAppointed(who=_("他在本厅有办件的岗位，不能又替人申请又办件，请先结束他的岗位"))
    if divisions.town(town) is None:
        raise NotAppointed(town=_("请选一个乡镇、街道"))
    if not today <= until <= today + LONGEST_YEARS * LONGEST:
        raise NotAppointed(until=_("从今天起，最长 %(n)d 年") % {"n": LONGEST_YEARS})
    over = ProxyTerm.objects.filter(person=person.pk, ended_at=None, until__lt=today)
    over.update(ended_at=now, ended_name=by.display_name)
    try:
        with transaction.atomic():
            term = ProxyTerm.objects.create(
                person=person.pk,
                name=person.name or person.username,
                username=person.username,
                phone_index=person.phone_index or (blind_index(person.phone) if person.phone else ""),
                town=town,
                since=today,
                until=until,
                appointed_name=by.display_name,
            )
    except IntegrityError:
        raise NotAppointed(who=_("他已经是代办员，任期没到")) from None
    _record("proxy.appoint", term, by, now)
    return term


def end(pk: UUID, *, by: Actor, now: datetime) -> ProxyTerm:
    """End a term now, and with it every mandate that the proxy asked for. Again changes nothing."""
    _check_admin(by)
    term = ProxyTerm.objects.select_for_update().get(pk=pk)
    if term.ended_at is None:
        term.ended_at, term.ended_name = now, by.display_name
        term.save(update_fields=["ended_at", "ended_name"])
        _record("proxy.end", term, by, now)
        held = Mandate.objects.filter(proxy=term.person, kind="proxy", ended_at=None).order_by("id")
        for mandate in held.values_list("pk", flat=True):
            mandates.end(mandate, actor=by, now=now)
    return term


def _check_admin(by: Actor) -> None:
    if not by.holds(mandates.ADMIN):
        raise PermissionDenied


def _record(action: str, term: ProxyTerm, by: Actor, now: datetime) -> None:
    audit.record(
        action,
        now=now,
        actor=by.person_id,
        actor_name=by.display_name,
        object=term.username,
        detail={"town": term.town, "until": str(term.until)},
    )
