"""How a mandate is proved: the principal's phone code, or the photo of the paper they signed.

The code alone proves no more than who holds the phone. So it counts only for a phone that is the principal's own by
their account, or nobody's account, and without an account for one item and ninety days at most; whatever is wider, a phone
that several people share, the proxy's own: the signed paper.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.queries import holders_of
from accounts.services import codes
from cases.hall.enums import Proof
from cases.hall.models import Mandate, Principal, ProxyTerm
from cases.hall.services import mandates

BY_CODE_ALONE = timedelta(days=90)
# so many people with one phone are a family; with more, somebody proves for strangers
SHARED_BY = 2


class PaperNeeded(Exception):
    """A phone code proves too little here; the text says why and what does."""

    def __init__(self, why: str) -> None:
        super().__init__(_("%(why)s，请拍他签字的委托书") % {"why": why})


def code_problem(mandate: Mandate) -> str:
    """Return why a phone code is not enough for this mandate; empty when it is."""
    principal = mandate.principal
    if not principal.phone:
        return _("没有留手机号")
    if ProxyTerm.objects.filter(person=mandate.proxy, phone_index=principal.phone_index).exists():
        return _("留的是您自己的手机号")
    if any(account.pk != principal.person for account in holders_of(principal.phone)):
        return _("这个手机号是别人注册的")
    if principal.has_account:
        return ""
    others = Principal.objects.filter(phone_index=principal.phone_index).exclude(pk=principal.pk)
    if others.count() >= SHARED_BY:
        return _("好几个人留了这个手机号")
    if not mandate.item_code or mandate.until - mandate.since > BY_CODE_ALONE:
        return _("他没有账号，委托所有事项或超过 90 天的")
    return ""


def send_code(mandate: Mandate, *, actor: Actor, address: str, now: datetime) -> str:
    """Send the code to the principal's phone; return it for the demo's page alone.

    Raises PaperNeeded, mandates.NotWaiting, counters.TooMany, sms.NotSent, PermissionDenied.
    """
    mandate = _of_proxy(mandate.pk, actor, now)
    _check(mandate)
    text = _("%(code)s是委托代办的验证码，5分钟内有效。同意委托才告诉代办员。")
    return codes.send(mandate.principal.phone, purpose=_purpose(mandate), address=address, now=now, text=text)


def by_code(mandate: Mandate, code: str, *, actor: Actor, now: datetime) -> Mandate:
    """Put a mandate in force by the code that its principal read out. Raises codes.WrongCode, CodeExpired, as `send_code`."""
    mandate = _of_proxy(mandate.pk, actor, now)
    _check(mandate)
    codes.check(mandate.principal.phone, code, purpose=_purpose(mandate), now=now)
    return mandates.confirm(mandate, Proof.CODE, by=actor, now=now)


def by_paper(mandate: Mandate, upload: Any, *, actor: Actor, now: datetime) -> Mandate:
    """Put a mandate in force by the photo of the signed paper. Raises files.FileRefused, mandates.NotWaiting."""
    mandate = _of_proxy(mandate.pk, actor, now)
    return mandates.confirm(mandate, Proof.PAPER, by=actor, now=now, upload=upload)


def _of_proxy(pk: UUID, actor: Actor, now: datetime) -> Mandate:
    mandate = mandates.waiting(pk, now)
    if mandate.proxy != actor.person_id:
        raise PermissionDenied
    return mandate


def _check(mandate: Mandate) -> None:
    if problem := code_problem(mandate):
        raise PaperNeeded(problem)


def _purpose(mandate: Mandate) -> str:
    return f"mandate:{mandate.pk}"
