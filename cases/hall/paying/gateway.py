"""A provider over HTTP: requests and call-backs are JSON, signed both ways as webhooks are (cases.hall.signing).

A city's unified payment platform (统一公共支付平台) is put behind such a gateway, or gets a class of its own.
"""

import json
import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone

from cases.hall import sending, signing
from cases.hall.paying import Forged, Order, Saying, Started, Unreachable
from cases.hall.payment_enums import Said

MOST_FEN = 10**12


class Gateway:
    """Speaks with the gateway at PAYMENT_URL under PAYMENT_SECRET (whsec_…)."""

    name = "gateway"

    def start(self, order: Order) -> Started:
        """Tell the gateway of an order. Raises Unreachable."""
        told = self._post(
            "orders",
            {
                "reference": order.reference,
                "amount": order.amount,
                "title": order.title,
                "notify_url": order.notify_url,
                "return_url": order.return_url,
            },
        )
        address, scan = _text(told, "url", 500), _text(told, "scan", 500)
        is_web = not address or address.startswith(("https://", "http://"))
        if not is_web or not (address or scan):
            raise Unreachable("the gateway named no place to pay")
        return Started(address, scan)

    def verify(self, headers: Mapping[str, str], body: bytes, now: datetime) -> Saying:
        """Read a call-back. Raises Forged, also for what is signed and says nothing that can be understood."""
        try:
            message = signing.verify(settings.PAYMENT_SECRET, headers, body, now)
            return _saying(json.loads(body), message)
        except (signing.NotSigned, ValueError) as problem:
            raise Forged from problem

    def ask(self, reference: str) -> Saying:
        """Ask how an order is. Raises Unreachable."""
        return self._said("ask", {"reference": reference}, reference)

    def refund(self, reference: str, amount: int) -> Saying:
        """Ask for the money back; the reference makes it once. Raises Unreachable."""
        return self._said("refunds", {"reference": reference, "amount": amount}, reference)

    def _said(self, what: str, body: Mapping[str, Any], reference: str) -> Saying:
        told = self._post(what, body)
        try:
            saying = _saying({**told, "reference": reference}, "")
        except ValueError as problem:
            raise Unreachable("the gateway's answer is not as agreed") from problem
        # an answer has no id: what it says is what tells it from others
        return Saying(
            f"{reference}:{saying.said}:{saying.amount}",
            reference,
            saying.said,
            saying.amount,
            saying.provider_no,
        )

    def _post(self, what: str, body: Mapping[str, Any]) -> dict[str, Any]:
        text = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
        headers = signing.headers(settings.PAYMENT_SECRET, f"msg_{uuid.uuid4().hex}", timezone.now(), text)
        outcome = sending.post(f"{settings.PAYMENT_URL.rstrip('/')}/{what}", text, headers)
        if not outcome.is_delivered:
            raise Unreachable(f"status {outcome.status}")
        try:
            told = json.loads(outcome.answer)
        except ValueError as problem:
            raise Unreachable("the gateway's answer is no JSON") from problem
        if not isinstance(told, dict):
            raise Unreachable("the gateway's answer is not as agreed")
        return told


def _text(told: Mapping[str, Any], name: str, most: int = 64) -> str:
    value = told.get(name) or ""
    return value if isinstance(value, str) and len(value) <= most and value.isprintable() else ""


def _saying(told: Any, message: str) -> Saying:
    """Return what a body says. Raises ValueError for what is not as agreed."""
    if not isinstance(told, dict):
        raise ValueError("no object")
    reference, amount = told.get("reference"), told.get("amount", 0)
    if not isinstance(reference, str) or not 0 < len(reference) <= 64 or not reference.isprintable():
        raise ValueError("no reference")
    if not isinstance(amount, int) or isinstance(amount, bool) or not 0 <= amount < MOST_FEN:
        raise ValueError("no amount")
    return Saying(message, reference, Said(str(told.get("state"))), amount, _text(told, "number"))
