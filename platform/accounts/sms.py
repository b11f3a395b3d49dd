"""Sending a text message: to the log of the demo, or to a gateway over HTTP.

The gateway gets a POST of JSON {"id", "phone", "text", "at"} with `X-Signature`: the HMAC-SHA256, in hex, of the body
under SMS_KEY; `id` lets it drop a repetition and `at` (Unix seconds) an old one. The sender's signature 【…】 is the
gateway's, as it is registered there. Any answer but a 2xx in five seconds is a failure.
"""

import logging
import uuid

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext as _

from accounts.letters import is_address, post_signed
from accounts.masking import mask_phone

TIMEOUT_SECONDS = 5
log = logging.getLogger(__name__)


class NotSent(Exception):
    """The message did not leave; the text tells the person what to do."""

    def __init__(self) -> None:
        super().__init__(_("短信没发出去，请过一会儿再取，或用密码登录"))


def send(phone: str, text: str, *, message_id: str = "") -> None:
    """Send the text to a mobile phone by the backend of settings.SMS_BACKEND. Raises NotSent.

    A message that is sent again after a fault carries the same `message_id`, so that the gateway can drop it.
    """
    if settings.SMS_BACKEND == "console":
        _to_console(phone, text)
    elif settings.SMS_BACKEND == "http":
        _to_gateway(phone, text, message_id or uuid.uuid4().hex)
    else:
        raise ImproperlyConfigured(f"SMS_BACKEND={settings.SMS_BACKEND!r}: write console or http")


def _to_console(phone: str, text: str) -> None:
    # outside the demo a log that holds codes would be a list of keys
    log.info("SMS to %s: %s", mask_phone(phone), text if settings.IS_DEMO else "…")


def _to_gateway(phone: str, text: str, message_id: str) -> None:
    if not is_address(settings.SMS_URL) or not settings.SMS_KEY:
        raise ImproperlyConfigured("SMS_BACKEND=http needs SMS_URL (http or https) and SMS_KEY")
    try:
        post_signed(
            settings.SMS_URL,
            settings.SMS_KEY,
            {"phone": phone, "text": text},
            message_id=message_id,
            seconds=TIMEOUT_SECONDS,
        )
    except OSError as problem:
        log.warning("SMS gateway: %s", getattr(problem, "code", type(problem).__name__))
        raise NotSent from None
