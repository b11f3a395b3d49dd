"""Signed letters to a service that somebody else runs: the SMS gateway, the register that knows names and numbers.

A POST of JSON with `id` (lets the other side drop a repetition) and `at` (Unix seconds), and `X-Signature`: the
HMAC-SHA256, in hex, of the body under a shared key.
"""

import hashlib
import hmac
import json
import time
import urllib.request
from collections.abc import Mapping

# an answer is a few words
MOST_BYTES = 64 * 1024


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A letter and its signature go to the address that was named and nowhere else."""

    def redirect_request(self, *args: object) -> None:
        """Follow nothing."""


def is_address(url: str) -> bool:
    """Say whether this is an address that a letter may go to."""
    return url.startswith(("https://", "http://"))


def sign(body: bytes, key: str) -> str:
    """Return the signature of a body: HMAC-SHA256 under the key, in hex."""
    return hmac.new(key.encode(), body, hashlib.sha256).hexdigest()


def post_signed(url: str, key: str, facts: Mapping[str, str], *, message_id: str, seconds: int) -> bytes:
    """Send the facts and return what came back. Raises OSError for any answer but a 2xx, and for none in time."""
    message = {"id": message_id, **facts, "at": int(time.time())}
    body = json.dumps(message, ensure_ascii=False).encode()
    request = urllib.request.Request(  # noqa: S310 -- the caller has asked is_address
        url, data=body, headers={"Content-Type": "application/json", "X-Signature": sign(body, key)}
    )
    with urllib.request.build_opener(_NoRedirect).open(request, timeout=seconds) as answer:
        content: bytes = answer.read(MOST_BYTES)
        return content
