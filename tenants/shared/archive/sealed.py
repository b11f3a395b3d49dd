"""Encryption of a stream in chunks: the STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizár 2015) over AES-256-GCM.

Each archive has a random key of its own, so the nonce is the chunk's number and whether it is the last: a chunk that was
altered, left out, put elsewhere or cut off does not open. What stands before the chunks (how the key is wrapped) is bound to each.
"""

import hashlib
import io
import json
import os
from typing import IO, Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tenants.shared.archive.keys import CannotOpen, Opener, Recipient

MAGIC = b"hall archive\n"
# of the frame around the chunks; what is inside has a format of its own
VERSION = 1
CHUNK = 64 * 1024
_TAG = 16
_HEADER_LIMIT = 4096
_KEY_BYTES = 32


class BadArchive(Exception):
    """The file is no archive, or not as it was written; the text says where and what to do."""


def _nonce(number: int, is_last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([is_last])


class Sealer(io.RawIOBase):
    """Writes what it is given encrypted to a stream; `finish` writes the last chunk, without which nothing can be read whole."""

    def __init__(self, stream: IO[bytes], recipient: Recipient) -> None:
        key = os.urandom(_KEY_BYTES)
        self.header = json.dumps({"version": VERSION, "key": recipient.wrap(key)}, sort_keys=True).encode()
        self._stream, self._cipher = stream, AESGCM(key)
        self._bound = hashlib.sha256(self.header).digest()
        self._waiting, self._number = bytearray(), 0
        stream.write(MAGIC + len(self.header).to_bytes(4, "big") + self.header)

    def writable(self) -> bool:
        """Say that it can be written to."""
        return True

    def write(self, data: Any) -> int:
        """Take some bytes; whole chunks go on at once."""
        self._waiting += data
        # one chunk is always held back: it may turn out to be the last
        while len(self._waiting) > CHUNK:
            self._send(bytes(self._waiting[:CHUNK]), is_last=False)
            del self._waiting[:CHUNK]
        return len(data)

    def finish(self) -> None:
        """Write the last chunk. The stream stays open."""
        self._send(bytes(self._waiting), is_last=True)
        self._waiting.clear()

    def _send(self, chunk: bytes, *, is_last: bool) -> None:
        self._stream.write(self._cipher.encrypt(_nonce(self._number, is_last), chunk, self._bound))
        self._number += 1


class Unsealer(io.RawIOBase):
    """Reads what a Sealer wrote, and nothing else: raises BadArchive at the first chunk that is not as it was written."""

    def __init__(self, stream: IO[bytes], opener: Opener) -> None:
        if stream.read(len(MAGIC)) != MAGIC:
            raise BadArchive("this is no archive of a hall: name a file that export_hall has written")
        length = int.from_bytes(stream.read(4), "big")
        self.header = stream.read(length) if 0 < length <= _HEADER_LIMIT else b""
        self._cipher = AESGCM(_key_of(self.header, opener))
        self._stream = stream
        self._bound = hashlib.sha256(self.header).digest()
        self._ahead = stream.read(CHUNK + _TAG)
        self._opened, self._place, self._number = b"", 0, 0
        self._has_ended = False

    def readable(self) -> bool:
        """Say that it can be read from."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill the buffer as far as the chunk in hand goes; 0 at the end. Raises BadArchive."""
        if self._place == len(self._opened) and not self._has_ended:
            self._next()
        part = self._opened[self._place : self._place + len(buffer)]
        buffer[: len(part)] = part
        self._place += len(part)
        return len(part)

    def _next(self) -> None:
        sealed, self._ahead = self._ahead, self._stream.read(CHUNK + _TAG)
        is_last = not self._ahead
        try:
            self._opened = self._cipher.decrypt(_nonce(self._number, is_last), sealed, self._bound)
        except (InvalidTag, ValueError):
            raise BadArchive(
                f"the archive was altered or cut at byte {self._number * (CHUNK + _TAG)} of its content, or is not whole:"
                " take another copy of it"
            ) from None
        self._place, self._has_ended = 0, is_last
        self._number += 1


def _key_of(header: bytes, opener: Opener) -> bytes:
    try:
        told = json.loads(header)
        version, wrapped = told["version"], told["key"]
    except (ValueError, TypeError, KeyError, RecursionError):
        raise BadArchive("the archive's beginning was altered: take another copy of it") from None
    if version != VERSION:
        raise BadArchive(
            f"the archive is sealed in a way ({version!r}) that this program does not know: restore it with a newer one"
        )
    try:
        return opener.unwrap(wrapped)
    except CannotOpen as problem:
        raise BadArchive(str(problem)) from None
