"""Inviting somebody to a post by a link: it lives seven days, serves once, and means nothing at another hall's host.

Accounts stand with `gate` and posts in the hall's schema, and nothing spans both. So accepting locks the invitation, then makes (or
proves) the account, then gives the post: whoever is killed in between opens the link again and goes on with the same name
and password, and of two who open it at once the second finds it used before an account is made.
"""

import contextlib
import logging
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.channels import MAIL, SMS, Letter
from accounts.models import Person
from accounts.queries import digest
from accounts.refusals import NotSent
from accounts.services import people, sign_in
from accounts.validators import normalize_name, normalize_phone, validate_name, validate_phone
from audit import services as audit
from tenants.hall.enums import PostRole
from tenants.hall.models import Invitation, Post
from tenants.hall.services import posts
from tenants.hall.services.posts import Refused, Wanted

LASTS = timedelta(days=7)
# what is left of an invitation that is over goes after this many days
KEPT_DAYS = 30
log = logging.getLogger(__name__)


class NotWaiting(Exception):
    """The invitation was accepted, taken back or ran out; the text says which and what to do."""


@dataclass(frozen=True)
class Sent:
    """An invitation and what its link carries: the only moment when that is known."""

    invitation: Invitation
    secret: str

    @property
    def path(self) -> str:
        """The path of the link at the hall's own host."""
        return f"/invitation/{self.secret}/"


def invite(
    *,
    name: str,
    wanted: Wanted,
    phone: str = "",
    mail: str = "",
    reason: str = "",
    by: Actor | None = None,
    by_name: str = "",
    now: datetime,
) -> Sent:
    """Invite somebody to a post of the hall in scope. Sends nothing: `deliver` does, once the row stands.

    `by` is None where the hall has nobody yet (its opening); `by_name` then says who asked. Audited without phone and mail. Raises Refused.
    """
    if by is not None and not by.holds(PostRole.HALL_ADMIN):
        raise Refused(role=_("只有分厅管理员能邀请"))
    name, phone, mail = normalize_name(name), normalize_phone(phone), mail.strip()
    for field, value, check in (("name", name, validate_name), ("phone", phone, validate_phone)):
        if value or field == "name":
            try:
                check(value)
            except ValidationError as problem:
                raise Refused(**{field: problem.messages[0]}) from None
    if not phone and not mail:
        raise Refused(phone=_("请填手机号或邮箱，链接发到那里"))
    posts.check_wanted(wanted, today=timezone.localdate(now))
    secret = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        digest=digest(secret),
        name=name,
        phone=phone,
        mail=mail,
        role=wanted.role,
        reason=reason.strip()[: posts.MAX_REASON] or _("邀请"),
        invited_by=by.person_id if by else None,
        invited_by_name=(by.display_name if by else by_name or _("系统"))[:60],
        made_at=now,
        expires_at=now + LASTS,
        **wanted.columns,
    )
    _record("invitation.send", invitation, by, now)
    return Sent(invitation, secret)


def resend(pk: int, *, by: Actor, now: datetime) -> Sent:
    """Give a waiting invitation a new link for seven days more: the former one is nothing from now on. Raises NotWaiting, DoesNotExist."""
    invitation = Invitation.objects.select_for_update(of=("self",)).get(pk=pk)
    if not invitation.is_waiting:
        raise NotWaiting(_("这份邀请已经用过或收回，要的话请重新邀请"))
    secret = secrets.token_urlsafe(32)
    invitation.digest, invitation.expires_at = digest(secret), now + LASTS
    invitation.save(update_fields=["digest", "expires_at"])
    _record("invitation.send", invitation, by, now)
    return Sent(invitation, secret)


def withdraw(pk: int, *, by: Actor, now: datetime) -> bool:
    """Take an invitation back; return whether it was waiting. Its link is nothing from now on."""
    waiting = Invitation.objects.filter(pk=pk, accepted_at=None, withdrawn_at=None)
    if not waiting.update(withdrawn_at=now):
        return False
    _record("invitation.withdraw", Invitation.objects.get(pk=pk), by, now)
    return True


def deliver(sent: Sent, url: str, *, hall_name: str) -> str:
    """Send the link by SMS or mail; return in words how it went. What fails can be sent again; no log holds address or link."""
    text = _("%(hall)s请您担任%(post)s，七天内打开：%(url)s（只能用一次，请不要转给别人）") % {
        "hall": hall_name,
        "post": PostRole(sent.invitation.role).label,
        "url": url,
    }
    ways = [(SMS, sent.invitation.phone), (MAIL, sent.invitation.mail)]
    letter = Letter(
        key=f"invitation-{sent.invitation.pk}-{sent.invitation.digest[:8]}", text=text, sender=hall_name
    )
    told = ""
    for channel, address in ways:
        if not address or not channel.is_on():
            continue
        with contextlib.suppress(NotSent):
            channel.send(address, letter)
            told = _("链接已发到 %(where)s") % {"where": channel.masked(address)}
            break
    if not told:
        log.warning("an invitation could not be sent")
    return told or _("链接没能发出去，请过一会儿再发一次")


def opened(secret: str, *, now: datetime) -> Invitation:
    """Return the invitation of this hall that a link carries. Raises NotWaiting for one that is no good (any more), or another hall's."""
    found = Invitation.objects.filter(digest=digest(secret)).first()
    return _waiting(found, now)


def accept_new(
    secret: str, *, username: str, password: str, by_address: str, hall: str, now: datetime
) -> Person:
    """Take the post with an account that is made now. Return the person.

    Where the same name and password have made it before (somebody was interrupted), that account it is. Raises NotWaiting, Refused,
    sign_in.WrongPassword, counters.TooMany.
    """
    invitation = _locked(secret, now)
    # what cannot be given is said before an account is made
    _check(invitation, now)
    try:
        person = people.create_staff(username=username, password=password, name=invitation.name, now=now)
    except people.NameTaken:
        try:
            person = sign_in.by_password(
                username, password, hall=hall, address=by_address, now=now, how="invite"
            )
        except sign_in.WrongPassword:
            raise Refused(username=_("这个账号名已经有人用，请换一个")) from None
    _take(invitation, person, now)
    return person


def accept_known(
    secret: str, *, username: str, password: str, by_address: str, hall: str, now: datetime
) -> Person:
    """Take the post with an account that exists, whose password proves it. Raises NotWaiting, Refused, sign_in.WrongPassword, counters.TooMany."""
    invitation = _locked(secret, now)
    person = sign_in.by_password(username, password, hall=hall, address=by_address, now=now, how="invite")
    _take(invitation, person, now)
    return person


def remove_old(*, now: datetime) -> int:
    """Remove invitations that have been over for a month; return how many. Who was given which post stays with the posts."""
    before = now - timedelta(days=KEPT_DAYS)
    over = Q(accepted_at__lt=before) | Q(withdrawn_at__lt=before) | Q(expires_at__lt=before)
    return Invitation.objects.filter(over).delete()[0]


def phones_of(persons: list[UUID]) -> dict[UUID, str]:
    """Return the phones that people were invited by, for those whose account has none."""
    found = Invitation.objects.filter(accepted_by__in=persons).order_by("accepted_at")
    return {row.accepted_by: row.phone for row in found if row.accepted_by and row.phone}


def _locked(secret: str, now: datetime) -> Invitation:
    found = Invitation.objects.select_for_update(of=("self",)).filter(digest=digest(secret)).first()
    return _waiting(found, now)


def _waiting(found: Invitation | None, now: datetime) -> Invitation:
    if found is None or found.withdrawn_at is not None:
        raise NotWaiting(_("这个链接没有用。请核对是不是最新的一条，或请邀请您的人再发一次。"))
    if found.accepted_at is not None:
        raise NotWaiting(_("这个链接已经用过了。请直接登录；忘了密码请找分厅管理员。"))
    if found.expires_at <= now:
        raise NotWaiting(_("这个链接过期了。请邀请您的人再发一次。"))
    _check_inviter(found, now)
    return found


def _check_inviter(invitation: Invitation, now: datetime) -> None:
    """Raise NotWaiting when whoever invited is of this hall and may invite no more: their links end with their post."""
    if invitation.invited_by is None:
        return
    theirs = Post.objects.filter(person=invitation.invited_by)
    if theirs.exists() and not theirs.held(now).filter(role=PostRole.HALL_ADMIN).exists():
        raise NotWaiting(_("邀请您的人已经不在岗，这个链接没有用了。请找本厅现在的分厅管理员。"))


def _wanted(invitation: Invitation) -> Wanted:
    return Wanted(
        invitation.role,
        invitation.starts_on,
        invitation.ends_on,
        tuple(invitation.departments),
        tuple(invitation.items),
    )


def _check(invitation: Invitation, now: datetime) -> None:
    try:
        posts.check_wanted(_wanted(invitation), today=timezone.localdate(now))
    except Refused as refusal:
        raise Refused(username=_("%(why)s。请找邀请您的人") % {"why": refusal}) from None


def _take(invitation: Invitation, person: Person, now: datetime) -> None:
    if person.city_role:
        raise Refused(username=_("这是市级工作人员的账号，不能在大厅任职，请另建一个账号"))
    if person.pk == invitation.invited_by:
        raise Refused(username=_("邀请人不能自己接受，请让被邀请的人来"))
    try:
        posts.give(
            person.pk,
            username=person.username,
            name=person.name or invitation.name,
            wanted=_wanted(invitation),
            reason=invitation.reason,
            by=None,
            by_name=invitation.invited_by_name,
            now=now,
        )
    except Refused as refusal:
        raise Refused(username=str(refusal)) from None
    invitation.accepted_at, invitation.accepted_by = now, person.pk
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    audit.record(
        "invitation.accept",
        now=now,
        actor=person.pk,
        actor_name=invitation.name,
        object=str(person.pk),
        detail={"invitation": invitation.pk, "role": invitation.role},
    )


def _record(action: str, invitation: Invitation, by: Actor | None, now: datetime) -> None:
    audit.record(
        action,
        now=now,
        actor=by.person_id if by else None,
        actor_name=by.display_name if by else invitation.invited_by_name,
        object=str(invitation.pk),
        detail={"role": invitation.role},
    )
