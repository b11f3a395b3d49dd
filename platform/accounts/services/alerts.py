"""Telling a person that something of their account's safety changed: by every way that reaches them, at once."""

import contextlib
import uuid

from django.utils.translation import gettext as _

from accounts.channels import CHANNELS, Letter
from accounts.models import Person
from accounts.refusals import NotSent


def tell(person: Person, text: str) -> None:
    """Send the text; a provider that does not answer stops nothing, and nothing is tried again."""
    for channel in CHANNELS:
        address = channel.address(person)
        if address:
            with contextlib.suppress(NotSent):
                channel.send(address, Letter(uuid.uuid4().hex, text, sender=_("账号安全")))
