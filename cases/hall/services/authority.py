"""Whether somebody may do this for another, now: asked by every service that acts on a case, in its transaction.

The mandate's row is locked, so that an act and its revocation happen one after the other: an act that got the lock first
is done, one that comes second is refused.
"""

from datetime import datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.enums import Level
from accounts.queries import Applicant
from cases.hall.enums import MandateKind, MandateStanding, Power, State
from cases.hall.models import Case, Mandate
from cases.hall.queries import access, companies, mandates
from cases.hall.transitions import DESK
from catalog.hall.models import EffectiveItem

# what a mandate must say for a step that is the applicant's
POWERS: dict[str, Power] = {
    "resubmit": Power.CORRECT,
    "acknowledge": Power.COLLECT,
    "choose_window": Power.COLLECT,
    "resend_code": Power.COLLECT,
}


class NotInMandate(PermissionDenied):
    """The mandate does not go so far; the text says what it lacks (HTTP 403)."""


class InPersonOnly(NotInMandate):
    """The item refuses proxies: the law wants the person (DOMAIN: proxy_allowed)."""

    def __init__(self) -> None:
        super().__init__(_("这件事要本人办，不能代办"))


class LevelNeeded(PermissionDenied):
    """The item wants whoever acts to be known better; the text says how, the page leads there and back (HTTP 403)."""

    # asked by the page of refusals
    needs_identity = True
    code = "identity_level"

    def __init__(self, needed: int) -> None:
        super().__init__(
            _("这件事要先实名认证：在国家政务服务平台认证，或带证件到窗口。您填过的都在")
            if needed == Level.VERIFIED
            else _("这件事要先填好您的姓名和身份证号。您填过的都在")
        )
        self.needed = needed


def check_level(needed: int, actor: Actor) -> None:
    """Ask whether somebody is known well enough, whoever they act for: a mandate proves the principal. Raises LevelNeeded."""
    if actor.level < needed:
        raise LevelNeeded(needed)


def check(case: Case, actor: Actor, power: Power, *, now: datetime) -> Mandate | None:
    """Return the locked mandate under which this person acts on the locked case; None: it is their own.

    Raises access.MandateOver, NotInMandate (another power, an item that refuses proxies, a clerk of the same case), LevelNeeded.
    """
    # what is typed into a draft is kept in any case: the level is asked before the work, and when it is handed in
    if power != Power.FILL:
        check_level(case.item.get("identity_level", Level.PHONE), actor)
    if access.is_self(actor, case):
        _check_company(case, actor)
        return None
    today = timezone.localdate(now)
    acts = case.proxy is not None and case.proxy == actor.person_id and case.taken_over_at is None
    found = mandates.on_case(case, actor, today) if acts else Mandate.objects.none()
    held = list(found.select_for_update(of=("self",), no_key=True).order_by("id"))
    # a row that was ended while it was waited for is read as it is now
    held = [mandate for mandate in held if mandate.standing(today) == MandateStanding.IN_FORCE]
    if not held:
        raise access.MandateOver
    fitting = [each for each in held if power in each.powers]
    # a bundle's draft is for several items: each must be in one of them
    if not fitting or any(all(not each.covers(code) for each in fitting) for code in case.codes):
        raise NotInMandate(_("委托里没有“%(power)s”这一项") % {"power": power.label})
    mandate = fitting[0]
    _check_item(mandate, case.item.get("proxy_allowed", True))
    if case.events.filter(actor=actor.person_id, actor_post__in=DESK).exists():
        raise NotInMandate(_("这件您在窗口处理过，不能再替申请人办"))
    return mandate


def _check_company(case: Case, actor: Actor) -> None:
    """Who has left a company does nothing more on its filed cases; its drafts are checked as they are filed."""
    if not case.company_uscc or case.state == State.DRAFT:
        return
    named = companies.for_item(actor, proxy_allowed=case.item.get("proxy_allowed", True))
    if all(company.uscc != case.company_uscc for company in named):
        raise NotInMandate(_("您现在不替这家企业办事，请法定代表人授权"))


def check_start(
    pk: UUID, actor: Actor, item: EffectiveItem, *, now: datetime, power: Power = Power.FILL
) -> Mandate:
    """Return the locked mandate under which this person begins an application. Raises MandateOver, NotInMandate, LevelNeeded."""
    check_level(item.identity_level, actor)
    today = timezone.localdate(now)
    locked = Mandate.objects.select_for_update(of=("self",), no_key=True).select_related("principal")
    mandate = locked.filter(pk=pk, proxy=access.person_of(actor)).first()
    if mandate is None or mandate.standing(today) != MandateStanding.IN_FORCE or mandate.since > today:
        raise access.MandateOver
    if mandate.case_id or mandate.item_code not in ("", item.code):
        raise NotInMandate(_("委托里没有这个事项"))
    if power not in mandate.powers:
        raise NotInMandate(_("委托里没有“%(power)s”这一项") % {"power": power.label})
    _check_item(mandate, item.proxy_allowed)
    return mandate


def _check_item(mandate: Mandate, is_allowed: bool) -> None:
    # a parent is no proxy: the law makes them act for the child (民法典 23)
    if mandate.kind == MandateKind.PROXY and not is_allowed:
        raise InPersonOnly


def applicant(mandate: Mandate) -> Applicant:
    """Return who applies under this mandate."""
    principal = mandate.principal
    return Applicant(principal.person, principal.name, principal.id_number, principal.phone)


def power_of(step: str) -> Power:
    """Return what a mandate must say for this step of the applicant's."""
    return POWERS.get(step, Power.SUBMIT)
