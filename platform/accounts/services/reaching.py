"""How a person is reached: what they want by which way, their mail once a code has proved it, and addresses that are nobody's."""

from collections.abc import Collection
from datetime import datetime, time
from uuid import UUID

from django.utils.translation import gettext as _

from accounts import mail
from accounts.enums import ChannelName, NoticeGroup
from accounts.models import Person, Reach
from accounts.services import codes, counters
from accounts.wishes import key

MAILS_A_DAY = 10
PURPOSE = "mail"


class NoWayLeft(ValueError):
    """What the law obliges a hall to tell would go by no way that reaches the person."""

    def __init__(self) -> None:
        super().__init__(_("依法必须告诉您的，短信和邮件至少留一样"))


def set_wishes(
    person: UUID, *, off: Collection[str], quiet: tuple[time, time] | None, has_mail: bool
) -> Reach:
    """Keep what a person wants not to be told, and their quiet hours (None: the city's). Raises NoWayLeft."""
    ways = [ChannelName.SMS, *([ChannelName.MAIL] if has_mail else [])]
    if all(key(way, NoticeGroup.STATUTORY) in off for way in ways):
        raise NoWayLeft
    begins, ends = quiet or (None, None)
    kept = {"off": sorted(off), "quiet_from": begins, "quiet_to": ends}
    return Reach.objects.update_or_create(person_id=person, defaults=kept)[0]


def send_mail_code(person: UUID, address: str, *, now: datetime) -> str:
    """Send a code to a mail address that a person names; return it (for the demo's page alone).

    Counted before it is sent. Raises counters.TooMany, NotSent, Undeliverable.
    """
    counters.reserve(f"mail:day:{person}", limit=MAILS_A_DAY, window_seconds=codes.A_DAY, now=now)

    def send(code: str) -> None:
        words = _("验证码%(code)s，5分钟内有效，不要告诉任何人。您没有填过这个邮箱，就不用理会。")
        mail.send(address, _("验证您的邮箱"), words % {"code": code})

    return codes.issue(_proving(person, address), purpose=PURPOSE, now=now, send=send)


def prove_mail(person: UUID, address: str, code: str, *, now: datetime) -> None:
    """Keep a mail address that a code has proved; from now on it is told there. Raises WrongCode, CodeExpired."""
    codes.check(_proving(person, address), code, purpose=PURPOSE, now=now)
    kept = {"mail": address, "mail_proved_at": now, "mail_refused_at": None}
    Reach.objects.update_or_create(person_id=person, defaults=kept)


def drop_mail(person: UUID) -> None:
    """Forget the mail address; what the law obliges a hall to tell goes by SMS again."""
    found = Reach.objects.filter(person_id=person).first()
    if found is not None:
        found.mail, found.mail_proved_at, found.mail_refused_at = "", None, None
        found.off = [wish for wish in found.off if wish != key(ChannelName.SMS, NoticeGroup.STATUTORY)]
        found.save(update_fields=["mail", "mail_proved_at", "mail_refused_at", "off"])


def refuse(person: UUID, channel: ChannelName, *, now: datetime) -> None:
    """Note that the provider said that nobody is at this address: nothing goes there until the person has seen to it."""
    if channel == ChannelName.SMS:
        number = Person.objects.filter(pk=person).values_list("phone_index", flat=True).first()
        refused: dict[str, object] = {"phone_refused": number or ""}
    else:
        refused = {"mail_refused_at": now}
    Reach.objects.update_or_create(person_id=person, defaults=refused)


def accept_phone(person: UUID) -> None:
    """Let messages go to the phone again: its owner says that it works."""
    Reach.objects.filter(person_id=person).update(phone_refused="")


def _proving(person: UUID, address: str) -> str:
    # proved for this person alone: a code for one account proves nothing of another
    return f"mail:{person}:{address}"
