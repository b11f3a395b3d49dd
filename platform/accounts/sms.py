"""Sending a text message: to the log of the demo, or to a gateway over HTTP.

The gateway gets a POST of JSON {"id", "phone", "text", "at"} with `X-Signature`: the HMAC-SHA256, in hex, of the body
under SMS_KEY; `id` lets it drop a repetition and `at` (Unix seconds) an old one. The sender's signature 【…】 is the
gateway's, as it is registered there. 422 says that nobody has this number; any other answer but a 2xx, and none in ten
seconds, that the gateway does not work now. It may hang, lie, redirect or answer without end.
"""

import logging
import uuid

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext as _

from accounts import letters
from accounts.masking import mask_phone
from accounts.refusals import NotSent, Undeliverable, shown

__all__ = ["NotSent", "Undeliverable", "send"]

NOBODY = 422
log = logging.getLogger(__name__)


def send(phone: str, text: str, *, message_id: str = "") -> str:
    """Send the text to a mobile phone by the backend of settings.SMS_BACKEND; return what the gateway answered.

    A message that is sent again after a fault carries the same `message_id`, so that the gateway can drop it.
    Raises NotSent; Undeliverable where the gateway knows that nobody has this number.
    """
    if settings.SMS_BACKEND == "console":
        return _to_console(phone, text)
    if settings.SMS_BACKEND == "http":
        return _to_gateway(phone, text, message_id or uuid.uuid4().hex)
    raise ImproperlyConfigured(f"SMS_BACKEND={settings.SMS_BACKEND!r}: write console or http")


def _to_console(phone: str, text: str) -> str:
    # outside the demo a log that holds codes would be a list of keys
    log.info("SMS to %s: %s", mask_phone(phone), text if settings.IS_DEMO else "…")
    return _("写进了日志（没有接短信网关）")


def _to_gateway(phone: str, text: str, message_id: str) -> str:
    if not letters.is_address(settings.SMS_URL) or not settings.SMS_KEY:
        raise ImproperlyConfigured("SMS_BACKEND=http needs SMS_URL (http or https) and SMS_KEY")
    try:
        status, said = letters.post_signed(
            settings.SMS_URL, settings.SMS_KEY, {"phone": phone, "text": text}, message_id=message_id
        )
    except OSError as problem:
        log.warning("SMS gateway: %s", type(problem).__name__)
        raise NotSent(_unsent(), type(problem).__name__) from None
    # what it says may repeat the number: it is shown to nobody but whoever sends a test
    answer = f"HTTP {status} {shown(said)}".strip()
    if 200 <= status < 300:
        return answer
    log.warning("SMS gateway: %s", status)
    if status == NOBODY:
        raise Undeliverable(_("这个号码收不到短信，请换一个"), f"HTTP {status}", answer)
    raise NotSent(_unsent(), f"HTTP {status}", answer)


def _unsent() -> str:
    return _("短信没发出去，请过一会儿再取，或用密码登录")
