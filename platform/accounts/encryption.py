"""Personal data at rest: SM4-GCM, and an HMAC-SM3 blind index to look an exact value up by.

GB/T 32907 (SM4), GB/T 32905 (SM3), RFC 8998 (SM4-GCM). A stored value is `<key id>.<base64url of nonce,
ciphertext and tag>`. The key id is bound into the tag, and so is the context, which says what the value is:
a ciphertext moved to another field does not open.
"""

import base64
import binascii
import os
from collections.abc import Iterable
from functools import cache
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher as BlockCipher
from cryptography.hazmat.primitives.ciphers import algorithms, modes
from cryptography.hazmat.primitives.hmac import HMAC
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

KEY_BYTES = 16
_NONCE_BYTES = 12
_TAG_BYTES = 16


class NotReadable(ValueError):
    """The stored text is no ciphertext, was changed or moved, or its key is not among ours."""


class Cipher(Protocol):
    """What the fields need: another algorithm or a hardware module stands behind the same three."""

    def encrypt(self, text: str, context: str = "") -> str:
        """Return the text encrypted for that context, another ciphertext each time."""
        ...

    def decrypt(self, stored: str, context: str = "") -> str:
        """Return the text. Raises NotReadable."""
        ...

    def encrypt_bytes(self, content: bytes, context: str) -> bytes:
        """Return the content of a file encrypted for that context."""
        ...

    def decrypt_bytes(self, stored: bytes, context: str) -> bytes:
        """Return the content of a file. Raises NotReadable."""
        ...

    def blind_index(self, text: str) -> str:
        """Return 64 hex digits, the same for the same text, that nobody can compute without the key."""
        ...


class SM4Cipher:
    """SM4-GCM under the first key; older keys, after a change of key, still open what they closed.

    The index is keyed apart, from the first key, so that neither tells anything of the other.
    Raises ValueError for a key that is not 16 bytes.
    """

    def __init__(self, key: bytes, old_keys: Iterable[bytes] = ()) -> None:
        keys = [key, *old_keys]
        if any(len(each) != KEY_BYTES for each in keys):
            raise ValueError("a key of SM4 is 16 bytes")
        self._keys = {
            _derived(each, b"key id")[:4].hex(): _derived(each, b"field")[:KEY_BYTES] for each in keys
        }
        self._key_id = next(iter(self._keys))
        self._index_key = _derived(key, b"blind index")

    def encrypt(self, text: str, context: str = "") -> str:
        """Return the text encrypted for that context, another ciphertext each time."""
        nonce = os.urandom(_NONCE_BYTES)
        closed = seal(self._keys[self._key_id], nonce, text.encode(), _bound(self._key_id, context))
        return f"{self._key_id}.{base64.urlsafe_b64encode(nonce + closed).decode()}"

    def decrypt(self, stored: str, context: str = "") -> str:
        """Return the text. Raises NotReadable, whose message holds nothing of the value."""
        key_id, _, body = stored.partition(".")
        if key_id not in self._keys:
            raise NotReadable("the value was encrypted with a key that is not set here")
        try:
            raw = base64.b64decode(body, altchars=b"-_", validate=True)
            opened = unseal(
                self._keys[key_id], raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], _bound(key_id, context)
            )
        except (binascii.Error, ValueError, InvalidTag):
            raise NotReadable("the value was changed or belongs to another field") from None
        return opened.decode()

    def encrypt_bytes(self, content: bytes, context: str) -> bytes:
        """Return the content encrypted: key id, a dot, nonce, ciphertext and tag."""
        nonce = os.urandom(_NONCE_BYTES)
        closed = seal(self._keys[self._key_id], nonce, content, _bound(self._key_id, context))
        return b"%s.%s%s" % (self._key_id.encode(), nonce, closed)

    def decrypt_bytes(self, stored: bytes, context: str) -> bytes:
        """Return the content. Raises NotReadable, whose message holds nothing of it."""
        key_id, _dot, raw = stored.partition(b".")
        key = self._keys.get(key_id.decode("ascii", "replace"))
        if key is None:
            raise NotReadable("the file was encrypted with a key that is not set here")
        try:
            return unseal(key, raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], _bound(key_id.decode(), context))
        except (ValueError, InvalidTag):
            raise NotReadable("the file was changed or belongs to somebody else") from None

    def blind_index(self, text: str) -> str:
        """Return 64 hex digits, the same for the same text, that nobody can compute without the key."""
        return hmac_sm3(self._index_key, text.encode()).hex()


def _bound(key_id: str, context: str) -> bytes:
    return f"{key_id}:{context}".encode()


def _derived(key: bytes, use: bytes) -> bytes:
    return hmac_sm3(key, use)


def hmac_sm3(key: bytes, data: bytes) -> bytes:
    """Return HMAC with SM3: 32 bytes."""
    code = HMAC(key, hashes.SM3())
    code.update(data)
    return code.finalize()


def seal(key: bytes, nonce: bytes, data: bytes, bound: bytes) -> bytes:
    """Return SM4-GCM of the data with its 16-byte tag behind it (RFC 8998)."""
    context = BlockCipher(algorithms.SM4(key), modes.GCM(nonce)).encryptor()
    context.authenticate_additional_data(bound)
    return context.update(data) + context.finalize() + context.tag


def unseal(key: bytes, nonce: bytes, closed: bytes, bound: bytes) -> bytes:
    """Return the data that `seal` closed. Raises InvalidTag, or ValueError when it is too short."""
    if len(closed) < _TAG_BYTES:
        raise ValueError("too short")
    body, tag = closed[:-_TAG_BYTES], closed[-_TAG_BYTES:]
    context = BlockCipher(algorithms.SM4(key), modes.GCM(nonce, tag)).decryptor()
    context.authenticate_additional_data(bound)
    return context.update(body) + context.finalize()


def key_from(value: str | bytes) -> bytes:
    """Return a key given as 16 bytes or 32 hex digits. Raises ImproperlyConfigured, without showing the key."""
    try:
        key = value if isinstance(value, bytes) else bytes.fromhex(value)
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise ImproperlyConfigured("FIELD_KEY must be 32 hex digits")
    return key


@cache
def _cipher_of(key: str | bytes, old_keys: tuple[str | bytes, ...]) -> Cipher:
    return SM4Cipher(key_from(key), [key_from(old) for old in old_keys])


def cipher() -> Cipher:
    """Return the cipher of the settings FIELD_KEY and, where set, OLD_FIELD_KEYS. Raises ImproperlyConfigured."""
    return _cipher_of(settings.FIELD_KEY, tuple(settings.OLD_FIELD_KEYS))


def encrypt(text: str, context: str = "") -> str:
    """Return the text encrypted under the settings' key for that context."""
    return cipher().encrypt(text, context)


def decrypt(stored: str, context: str = "") -> str:
    """Return what `encrypt` stored. Raises NotReadable."""
    return cipher().decrypt(stored, context)


def blind_index(text: str) -> str:
    """Return 64 hex digits to look an exact, already normalised value up by."""
    return cipher().blind_index(text)
