"""Sending a mail: plain text, nothing attached, to the log of the demo, or to a server over SMTP by Django's own backend.

A mail says what the text message says and not a word more. Its Message-ID follows from the message, so that one sent
twice can be known as one.
"""

import logging
import smtplib
import uuid
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.utils.translation import gettext as _

from accounts.masking import mask_mail
from accounts.refusals import NotSent, Undeliverable, shown

TIMEOUT_SECONDS = 10
# RFC 5321 4.2.3: 550 no such mailbox, 551 not here, 553 name not allowed; others that begin with 5 are the server's own trouble
NOBODY = frozenset({550, 551, 553})
log = logging.getLogger(__name__)


def is_on() -> bool:
    """Return whether there is a way for mail at all."""
    return settings.MAIL_BACKEND == "smtp" or (settings.MAIL_BACKEND == "console" and settings.IS_DEMO)


def send(address: str, subject: str, text: str, *, message_id: str = "") -> str:
    """Send one mail; return what came of it. Raises NotSent; Undeliverable where the server knows no such mailbox."""
    if not is_on():
        raise NotSent(_("这里没有开通邮件"), "off")
    if settings.MAIL_BACKEND == "console":
        log.info("mail to %s: %s", mask_mail(address), text)
        return _("写进了日志（没有接邮件服务器）")
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    headers = {
        "Message-ID": f"<{message_id or uuid.uuid4().hex}@{domain}>",
        "Auto-Submitted": "auto-generated",
    }
    try:
        connection = get_connection(timeout=TIMEOUT_SECONDS)
        EmailMessage(
            subject, text, settings.DEFAULT_FROM_EMAIL, [address], headers=headers, connection=connection
        ).send()
    except smtplib.SMTPRecipientsRefused as refusal:
        code, words = next(iter(refusal.recipients.values()))
        _raise(code, words)
    except smtplib.SMTPResponseException as problem:
        said = problem.smtp_error
        _raise(problem.smtp_code, said if isinstance(said, bytes) else said.encode(), is_address=False)
    except (OSError, smtplib.SMTPException, ValueError) as problem:
        log.warning("mail: %s", type(problem).__name__)
        raise NotSent(_unsent(), type(problem).__name__) from None
    return _("邮件服务器收下了")


def _raise(code: int, said: bytes, *, is_address: bool = True) -> None:
    log.warning("mail: SMTP %s", code)
    answer = f"SMTP {code} {shown(said)}"
    if is_address and code in NOBODY:
        raise Undeliverable(_("这个邮箱收不到邮件，请换一个"), f"SMTP {code}", answer) from None
    raise NotSent(_unsent(), f"SMTP {code}", answer) from None


def _unsent() -> str:
    return _("邮件没发出去，请过一会儿再试")
