"""With which keys an archive is encrypted, opened, signed and believed. Published constructions only; no key is ever in a message.

A key file holds 64 hex digits (one key for both ways), a PEM of an X25519 public key (writes only) or of a private one (both).
A passphrase file is stretched by scrypt. All of them wrap the archive's own random key.
"""

import base64
import hashlib
import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from cryptography.exceptions import InvalidSignature, InvalidTag, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from django.conf import settings

_KEY_BYTES = 32
_SALT_BYTES = 16
# a wrapping key is used once: its nonce may be nothing
_ONCE = bytes(12)
_MIN_PASSPHRASE = 12
_FILE_LIMIT = 64 * 1024
_BEGIN = b"-----BEGIN "


class BadKey(Exception):
    """A key file cannot be used; the text names the file and what to do, and shows nothing of it."""


class CannotOpen(Exception):
    """This key is not the one that the archive was encrypted with."""


class Recipient(Protocol):
    """What an archive is encrypted for."""

    def wrap(self, key: bytes) -> dict[str, str]:
        """Return the archive's key, wrapped, as it stands at its beginning."""
        ...


class Opener(Protocol):
    """What an archive is opened with."""

    def unwrap(self, wrapped: Any) -> bytes:
        """Return the archive's key. Raises CannotOpen."""
        ...


def _derived(secret: bytes, salt: bytes, use: bytes) -> bytes:
    return HKDF(hashes.SHA256(), _KEY_BYTES, salt, b"hall archive " + use).derive(secret)


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _field(wrapped: Any, kind: str, name: str) -> bytes:
    if not isinstance(wrapped, dict) or wrapped.get("kind") != kind:
        raise CannotOpen(
            "the archive was encrypted for another kind of key: give the key or passphrase that it was written with"
        )
    try:
        return base64.b64decode(wrapped[name], validate=True)
    except (KeyError, ValueError, TypeError):
        raise CannotOpen("the archive's beginning was altered: take another copy of it") from None


def _unwrapped(wrapping: bytes, wrapped: bytes) -> bytes:
    try:
        return AESGCM(wrapping).decrypt(_ONCE, wrapped, None)
    except (InvalidTag, ValueError):
        raise CannotOpen(
            "the key does not open this archive: give the key or passphrase that it was written with"
        ) from None


@dataclass(frozen=True, repr=False)
class SharedKey:
    """One secret key for both ways."""

    key: bytes

    def wrap(self, key: bytes) -> dict[str, str]:
        """Wrap by a key derived with a salt of its own."""
        salt = os.urandom(_SALT_BYTES)
        wrapped = AESGCM(_derived(self.key, salt, b"key")).encrypt(_ONCE, key, None)
        return {"kind": "key", "salt": _text(salt), "wrapped": _text(wrapped)}

    def unwrap(self, wrapped: Any) -> bytes:
        """Return the archive's key. Raises CannotOpen."""
        salt = _field(wrapped, "key", "salt")
        return _unwrapped(_derived(self.key, salt, b"key"), _field(wrapped, "key", "wrapped"))


@dataclass(frozen=True, repr=False)
class Passphrase:
    """A passphrase, stretched by scrypt (64 MiB of memory for a moment)."""

    text: bytes

    def _stretched(self, salt: bytes) -> bytes:
        return Scrypt(salt=salt, length=_KEY_BYTES, n=2**16, r=8, p=1).derive(self.text)

    def wrap(self, key: bytes) -> dict[str, str]:
        """Wrap by what the passphrase gives with a salt of its own."""
        salt = os.urandom(_SALT_BYTES)
        wrapped = AESGCM(self._stretched(salt)).encrypt(_ONCE, key, None)
        return {"kind": "passphrase", "salt": _text(salt), "wrapped": _text(wrapped)}

    def unwrap(self, wrapped: Any) -> bytes:
        """Return the archive's key. Raises CannotOpen."""
        salt = _field(wrapped, "passphrase", "salt")
        return _unwrapped(self._stretched(salt), _field(wrapped, "passphrase", "wrapped"))


@dataclass(frozen=True, repr=False)
class PublicRecipient:
    """An X25519 public key: whoever exports cannot read what was exported."""

    public: X25519PublicKey

    def wrap(self, key: bytes) -> dict[str, str]:
        """Wrap by what a key pair of this moment and the recipient agree on."""
        moment = X25519PrivateKey.generate()
        mine = moment.public_key().public_bytes_raw()
        shared = _derived(moment.exchange(self.public), mine + self.public.public_bytes_raw(), b"x25519")
        wrapped = AESGCM(shared).encrypt(_ONCE, key, None)
        return {"kind": "x25519", "public": _text(mine), "wrapped": _text(wrapped)}


@dataclass(frozen=True, repr=False)
class PrivateRecipient:
    """An X25519 private key: opens, and encrypts for itself."""

    private: X25519PrivateKey

    def wrap(self, key: bytes) -> dict[str, str]:
        """Wrap for the public key that belongs to it."""
        return PublicRecipient(self.private.public_key()).wrap(key)

    def unwrap(self, wrapped: Any) -> bytes:
        """Return the archive's key. Raises CannotOpen."""
        theirs = _field(wrapped, "x25519", "public")
        try:
            agreed = self.private.exchange(X25519PublicKey.from_public_bytes(theirs))
        except ValueError:
            raise CannotOpen("the archive's beginning was altered: take another copy of it") from None
        shared = _derived(agreed, theirs + self.private.public_key().public_bytes_raw(), b"x25519")
        return _unwrapped(shared, _field(wrapped, "x25519", "wrapped"))


def _read_private(path: Path, what: str) -> bytes:
    """Read a secret file. Raises BadKey: it cannot be read, or others than its owner can."""
    content = _read(path, what)
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise BadKey(f"{what} {path} can be read by others: chmod 600 it")
    return content


def _read(path: Path, what: str) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(_FILE_LIMIT)
    except OSError as problem:
        raise BadKey(f"{what} {path} cannot be read ({problem.strerror}): check the path") from None


def _pem(content: bytes, path: Path) -> Any:
    try:
        if b"PRIVATE KEY" in content:
            return serialization.load_pem_private_key(content, password=None)
        return serialization.load_pem_public_key(content)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise BadKey(f"{path} holds no key that can be used: write a PEM without a password") from None


def recipient_from(path: Path) -> Recipient:
    """Return what to encrypt for, by a key file. Raises BadKey."""
    content = _read(path, "the key file")
    if content.lstrip().startswith(_BEGIN) and b"PRIVATE KEY" not in content:
        found = _pem(content, path)
        if isinstance(found, X25519PublicKey):
            return PublicRecipient(found)
        raise BadKey(f"{path} holds no X25519 key: make one with openssl genpkey -algorithm x25519")
    found = opener_from(path)
    assert isinstance(found, SharedKey | PrivateRecipient)  # noqa: S101 -- for the type alone
    return found


def opener_from(path: Path) -> Opener:
    """Return what opens archives, by a key file (0600). Raises BadKey."""
    content = _read_private(path, "the key file")
    if content.lstrip().startswith(_BEGIN):
        found = _pem(content, path)
        if isinstance(found, X25519PrivateKey):
            return PrivateRecipient(found)
        raise BadKey(f"{path} holds no private X25519 key: it opens no archive")
    try:
        key = bytes.fromhex(content.decode("ascii"))
    except ValueError:
        key = b""
    if len(key) != _KEY_BYTES:
        raise BadKey(f"{path} is no key: 64 hex digits (openssl rand -hex 32) or a PEM of an X25519 key")
    return SharedKey(key)


def passphrase_from(path: Path) -> Passphrase:
    """Return the passphrase that is a file's first line (0600). Raises BadKey."""
    line = _read_private(path, "the passphrase file").split(b"\n", 1)[0].strip()
    if len(line) < _MIN_PASSPHRASE:
        raise BadKey(f"{path} holds a passphrase of less than {_MIN_PASSPHRASE} bytes: write a longer one")
    return Passphrase(line)


def city_recipient() -> Recipient:
    """Return what the city's own backups are encrypted for. Raises BadKey."""
    return recipient_from(Path(settings.ARCHIVE_RECIPIENT))


def city_opener() -> Opener:
    """Return what opens the city's own backups: on the machine that restores and drills. Raises BadKey."""
    if not settings.ARCHIVE_KEY:
        raise BadKey(
            "ARCHIVE_KEY is not set: name the private key that opens the city's backups, or give --key-file"
        )
    return opener_from(Path(settings.ARCHIVE_KEY))


def signer() -> Ed25519PrivateKey:
    """Return the city's key that signs archives. Raises BadKey."""
    path = Path(settings.ARCHIVE_SIGNING_KEY)
    found = _pem(_read_private(path, "ARCHIVE_SIGNING_KEY"), path)
    if not isinstance(found, Ed25519PrivateKey):
        raise BadKey(
            f"ARCHIVE_SIGNING_KEY={path} is no private Ed25519 key: openssl genpkey -algorithm ed25519"
        )
    return found


def trusted() -> list[Ed25519PublicKey]:
    """Return the public keys whose archives are believed: those of ARCHIVE_TRUSTED, and the city's own. Raises BadKey."""
    found: list[Ed25519PublicKey] = []
    if settings.ARCHIVE_TRUSTED:
        path = Path(settings.ARCHIVE_TRUSTED)
        for part in _read(path, "ARCHIVE_TRUSTED").split(_BEGIN)[1:]:
            key = _pem(_BEGIN + part, path)
            if not isinstance(key, Ed25519PublicKey):
                raise BadKey(f"ARCHIVE_TRUSTED={path} holds something else than public Ed25519 keys")
            found.append(key)
    if Path(settings.ARCHIVE_SIGNING_KEY).exists():
        found.append(signer().public_key())
    if not found:
        raise BadKey("no key is trusted: name a PEM file with the city's public keys in ARCHIVE_TRUSTED")
    return found


def name_of(key: Ed25519PublicKey) -> str:
    """Return 16 hex digits by which people tell keys apart."""
    return hashlib.sha256(key.public_bytes_raw()).hexdigest()[:16]


def is_signed(message: bytes, signature: bytes, by: str) -> bool:
    """Say whether one of the trusted keys, the one of that name, signed the message. Raises BadKey."""
    for key in trusted():
        if name_of(key) == by:
            try:
                key.verify(signature, message)
            except InvalidSignature:
                return False
            return True
    return False
