"""The plug-in for paying: what a provider must do, and which one the settings name.

A provider is a class whose dotted name stands in `PAYMENT_PROVIDER`; it is made without arguments and reads its own
settings. Without one, fees are paid at the window alone. `cases.hall.paying.gateway` is the one that comes along.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from cases.hall.payment_enums import Said


class Unreachable(Exception):
    """The provider did not answer, or not as agreed: nothing has happened, it is asked again."""


class Forged(Exception):
    """What came is not signed by the provider."""


@dataclass(frozen=True)
class Order:
    """What is to be paid: our reference, fen, words without personal data, where to tell of it and where to return to."""

    reference: str
    amount: int
    title: str
    notify_url: str
    return_url: str


@dataclass(frozen=True)
class Started:
    """Where to pay: an address to open, or what a code to be scanned says, or both."""

    address: str = ""
    scan: str = ""


@dataclass(frozen=True)
class Saying:
    """What a provider says of a payment. `message` tells two sayings apart; `amount` is in fen."""

    message: str
    reference: str
    said: Said
    amount: int
    provider_no: str = ""


class Provider(Protocol):
    """What a plug-in does. It keeps nothing: the rows of the hall are the truth."""

    name: str

    def start(self, order: Order) -> Started:
        """Return where to pay; the same order again gives the same payment. Raises Unreachable."""

    def verify(self, headers: Mapping[str, str], body: bytes, now: datetime) -> Saying:
        """Return what a call-back says. Raises Forged for one that the provider has not signed."""

    def ask(self, reference: str) -> Saying:
        """Return how a payment is. Raises Unreachable."""

    def refund(self, reference: str, amount: int) -> Saying:
        """Give the whole of it back, once however often it is called. Raises Unreachable."""


def provider() -> Provider | None:
    """Return the provider that the settings name, None for the window alone."""
    name: str = settings.PAYMENT_PROVIDER
    made: Provider | None = import_string(name)() if name else None
    return made
