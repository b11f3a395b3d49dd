"""The ways out of the house, one interface: each knows whether it is there, whom it reaches where, and how to send.

A way more is a class more in CHANNELS. The inbox is none of them: it is written with what it tells of.
"""

from dataclasses import dataclass
from typing import Protocol

from django.conf import settings
from django.utils.translation import gettext as _

from accounts import mail, sms
from accounts.enums import ChannelName
from accounts.masking import mask_mail, mask_phone
from accounts.models import Person, Reach


@dataclass(frozen=True)
class Letter:
    """What is sent: the same words by every way. `key` is the same when it is sent again after a fault."""

    key: str
    text: str
    sender: str = ""
    where: str = ""


class Channel(Protocol):
    """One way."""

    name: ChannelName

    def is_on(self) -> bool:
        """Return whether this installation has it."""
        ...

    def address(self, person: Person) -> str:
        """Return where it reaches this person; empty where it does not, or the provider said that nobody is there."""
        ...

    def masked(self, address: str) -> str:
        """Return the address as screens show it."""
        ...

    def send(self, address: str, letter: Letter) -> str:
        """Send; return what the provider answered. Raises NotSent, Undeliverable."""
        ...


def reach_of(person: Person) -> Reach:
    """Return how a person wants to be told: what holds without a row where there is none."""
    return getattr(person, "reach", None) or Reach(person=person)


def is_phone_refused(person: Person) -> bool:
    """Return whether the provider said of the number that the person has now that nobody has it."""
    refused = reach_of(person).phone_refused
    return refused != "" and refused == person.phone_index


class _Sms:
    name = ChannelName.SMS

    def is_on(self) -> bool:
        return True

    def address(self, person: Person) -> str:
        return "" if is_phone_refused(person) else person.phone

    def masked(self, address: str) -> str:
        return mask_phone(address)

    def send(self, address: str, letter: Letter) -> str:
        return sms.send(address, letter.text, message_id=letter.key)


class _Mail:
    name = ChannelName.MAIL

    def is_on(self) -> bool:
        return mail.is_on()

    def address(self, person: Person) -> str:
        reach = reach_of(person)
        return "" if reach.mail_refused_at or not self.is_on() else reach.mail

    def masked(self, address: str) -> str:
        return mask_mail(address)

    def send(self, address: str, letter: Letter) -> str:
        subject = _("%(sender)s：您有新消息") % {"sender": letter.sender}
        onward = _("去看：%(where)s") % {"where": letter.where}
        text = f"{letter.text}\n\n{onward}\n" if letter.where else f"{letter.text}\n"
        return mail.send(address, subject, text, message_id=letter.key)


SMS: Channel = _Sms()
MAIL: Channel = _Mail()
CHANNELS: tuple[Channel, ...] = (SMS, MAIL)


def by_name(name: str) -> Channel | None:
    """Return the way of this name."""
    return next((channel for channel in CHANNELS if channel.name == name), None)


def a_minute(name: str) -> int:
    """Return how many messages this way may take in a minute."""
    return {ChannelName.SMS: settings.SMS_A_MINUTE, ChannelName.MAIL: settings.MAIL_A_MINUTE}[
        ChannelName(name)
    ]
