"""Signatures of webhooks, both ways (Standard Webhooks: `webhook-id`, `webhook-timestamp`, `webhook-signature`). Pure.

`webhook-signature` is `v1,` and the base64 of HMAC-SHA256 under the secret of `<id>.<timestamp>.<body>`; several may
stand there, parted by spaces. A secret is `whsec_` and the base64 of 24 to 64 bytes; `timestamp` is Unix seconds.
"""

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from datetime import datetime

ID, TIMESTAMP, SIGNATURE = "webhook-id", "webhook-timestamp", "webhook-signature"
PREFIX, VERSION = "whsec_", "v1"
SECRET_BYTES = 32
# a message is as old as this at most, and no newer
WINDOW_SECONDS = 5 * 60
MAX_ID = 80


class NotSigned(Exception):
    """The message is not signed with this secret, or not now."""


def new_secret() -> str:
    """Return a fresh secret."""
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def key_of(secret: str) -> bytes:
    """Return the bytes of a secret. Raises ValueError for what is none."""
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except binascii.Error as problem:
        raise ValueError("a secret is whsec_ and base64") from problem
    if not 24 <= len(key) <= 64:
        raise ValueError("a secret has 24 to 64 bytes")
    return key


def sign(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """Return the signature of a message. Raises ValueError for a bad secret."""
    signed = f"{message_id}.{timestamp}.".encode() + body
    return (
        f"{VERSION}," + base64.b64encode(hmac.new(key_of(secret), signed, hashlib.sha256).digest()).decode()
    )


def headers(secret: str, message_id: str, now: datetime, body: bytes) -> dict[str, str]:
    """Return the three headers of a message that is sent now."""
    timestamp = int(now.timestamp())
    return {
        ID: message_id,
        TIMESTAMP: str(timestamp),
        SIGNATURE: sign(secret, message_id, timestamp, body),
    }


def verify(secret: str, given: Mapping[str, str], body: bytes, now: datetime) -> str:
    """Return the id of a message that this secret signed in the last five minutes. Raises NotSigned."""
    message_id, stamp = given.get(ID, ""), given.get(TIMESTAMP, "")
    if not 0 < len(message_id) <= MAX_ID or not message_id.isascii() or not message_id.isprintable():
        raise NotSigned
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) < 13):
        raise NotSigned
    expected = sign(secret, message_id, int(stamp), body).encode()
    found = [
        hmac.compare_digest(expected, each.encode()) for each in given.get(SIGNATURE, "").split(" ")[:10]
    ]
    if not any(found) or abs(now.timestamp() - int(stamp)) > WINDOW_SECONDS:
        raise NotSigned
    return message_id
