"""Whether a name and an ID number belong together: asked of the register that IDENTITY_CHECK_URL names.

It gets a signed letter (accounts.letters) of {"id", "name", "id_number", "at"} under IDENTITY_CHECK_KEY and answers with JSON
{"match": true} or {"match": false}. Without an address nobody attests the pair: then form, date and check digit are all that was
checked, and the account says so (ProvedBy.FORMAT).
"""

import json
import logging
import uuid

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext as _

from accounts.enums import ProvedBy
from accounts.letters import is_address, post_signed

log = logging.getLogger(__name__)


class NoMatch(Exception):
    """The register knows the number under another name, or does not know it."""

    def __init__(self) -> None:
        super().__init__(_("姓名和身份证号对不上，请对照证件再看一遍"))


class NotReachable(Exception):
    """The register did not answer; nothing was decided."""

    def __init__(self) -> None:
        super().__init__(_("核对姓名和证件号的服务没有回答，请过一会儿再试"))


def check(name: str, id_number: str) -> ProvedBy:
    """Return what a name and number of the right form rest on from now on. Raises NoMatch, NotReachable."""
    if not settings.IDENTITY_CHECK_URL:
        return ProvedBy.FORMAT
    if not is_address(settings.IDENTITY_CHECK_URL) or not settings.IDENTITY_CHECK_KEY:
        raise ImproperlyConfigured("IDENTITY_CHECK_URL must be http or https, and needs IDENTITY_CHECK_KEY")
    facts = {"name": name, "id_number": id_number}
    try:
        status, body = post_signed(
            settings.IDENTITY_CHECK_URL, settings.IDENTITY_CHECK_KEY, facts, message_id=uuid.uuid4().hex
        )
        match = json.loads(body)["match"] if 200 <= status < 300 else None
    except (OSError, ValueError, KeyError, TypeError) as problem:
        log.warning("identity check: %s", type(problem).__name__)
        raise NotReachable from None
    if match is None:
        log.warning("identity check: %s", status)
        raise NotReachable
    if match is not True:
        raise NoMatch
    return ProvedBy.REGISTER
