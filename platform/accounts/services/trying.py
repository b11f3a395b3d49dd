"""Sending a test by one way, to the own address of whoever asks and nowhere else."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.channels import Channel, Letter
from accounts.models import Person
from accounts.refusals import NotSent
from accounts.services import counters

TESTS_AN_HOUR = 5


class NoAddress(Exception):
    """Whoever asks has no address of this kind of their own."""

    def __init__(self) -> None:
        super().__init__(_("您的账号没有这种地址，先在“我的账号”里填"))


@dataclass(frozen=True)
class Outcome:
    """Whether the provider took it, and its own words."""

    is_sent: bool
    answer: str


def own_address(person: UUID | None, channel: Channel) -> str:
    """Return the address of this person as screens show it; empty for none."""
    found = Person.objects.select_related("reach").filter(pk=person).first() if person else None
    return channel.masked(channel.address(found)) if found else ""


def send(person: UUID | None, channel: Channel, *, now: datetime) -> Outcome:
    """Send a test; return what the provider answered. Raises NoAddress, counters.TooMany."""
    found = Person.objects.select_related("reach").filter(pk=person).first() if person else None
    address = channel.address(found) if found else ""
    if not address:
        raise NoAddress
    counters.reserve(f"try:{channel.name}:{person}", limit=TESTS_AN_HOUR, window_seconds=3600, now=now)
    words = _("这是一条测试消息，%(time)s发出。") % {"time": f"{timezone.localtime(now):%H:%M}"}
    try:
        return Outcome(True, channel.send(address, Letter(uuid.uuid4().hex, words, sender=_("测试"))))
    except NotSent as refusal:
        return Outcome(False, refusal.answer)
