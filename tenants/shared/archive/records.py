"""What stands inside an archive: records of one letter, a length and content. Whatever is read is believed to be hostile.

O, once and first, says whose it is and what it needs. Then entries, each E (what comes), D (a part of its content) as often as
needed, and T (how much it was, its digest). M, once, is the manifest; S, last, the signature over manifest and beginning.
"""

import hashlib
import json
from collections.abc import Iterator
from typing import IO, Any

from tenants.shared.archive.sealed import BadArchive, Sealer, Unsealer

OPENING, ENTRY, DATA, TRAILER, MANIFEST, SIGNATURE = b"O", b"E", b"D", b"T", b"M", b"S"
PART = 128 * 1024
# bytes of one record at the most: what declares more is refused before it is read
_LIMITS = {
    OPENING: 8 << 20,
    ENTRY: 1 << 16,
    DATA: PART,
    TRAILER: 1 << 12,
    MANIFEST: 32 << 20,
    SIGNATURE: 1 << 12,
}


def as_bytes(told: dict[str, Any]) -> bytes:
    """Return JSON that is the same bytes for the same facts."""
    return json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


class Entry:
    """Content that is being written: counts and digests it, and cuts it into parts."""

    def __init__(self, sealer: Sealer) -> None:
        self._sealer, self._waiting = sealer, bytearray()
        self._digest, self.bytes = hashlib.sha256(), 0

    def write(self, data: bytes) -> int:
        """Take some bytes."""
        self._digest.update(data)
        self.bytes += len(data)
        self._waiting += data
        while len(self._waiting) >= PART:
            write(self._sealer, DATA, bytes(self._waiting[:PART]))
            del self._waiting[:PART]
        return len(data)

    def end(self, **more: Any) -> dict[str, Any]:
        """Write what is left and the trailer; return it."""
        if self._waiting:
            write(self._sealer, DATA, bytes(self._waiting))
        trailer = {"bytes": self.bytes, "sha256": self._digest.hexdigest(), **more}
        write(self._sealer, TRAILER, as_bytes(trailer))
        return trailer


def write(sealer: Sealer, letter: bytes, content: bytes) -> None:
    """Write one record."""
    if len(content) > _LIMITS[letter]:
        raise ValueError(f"a record {letter!r} of {len(content)} bytes is more than an archive may hold")
    sealer.write(letter + len(content).to_bytes(4, "big") + content)


def begin(sealer: Sealer, **told: Any) -> Entry:
    """Begin an entry that says this of itself."""
    write(sealer, ENTRY, as_bytes(told))
    return Entry(sealer)


class Content:
    """The content of an entry that is being read; `trailer` is there when it has been read to its end.

    Raises BadArchive when its digest or its length is not what its trailer says.
    """

    def __init__(self, reader: "Reader", told: dict[str, Any]) -> None:
        self.told, self.trailer = told, dict[str, Any]()
        self._reader, self._waiting, self._has_ended = reader, b"", False
        self._digest, self._bytes, self.lines = hashlib.sha256(), 0, 0
        self._most = told.get("size")

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes, at most `size`; nothing at the end."""
        while not self._waiting and not self._has_ended:
            self._take()
        if size < 0:
            part, self._waiting = self._waiting, b""
        else:
            part, self._waiting = self._waiting[:size], self._waiting[size:]
        return part

    def parts(self) -> Iterator[bytes]:
        """Yield all that is left."""
        while part := self.read():
            yield part

    def skip(self) -> None:
        """Read to the end, and check it."""
        for _part in self.parts():
            pass

    def _take(self) -> None:
        letter, content = self._reader.record()
        if letter == DATA:
            self._digest.update(content)
            self._bytes += len(content)
            self.lines += content.count(b"\n")
            if self._most is not None and self._bytes > self._most:
                raise BadArchive(
                    f"{self._name} is larger than it says: the archive was not written by this program"
                )
            self._waiting = content
            return
        if letter != TRAILER:
            raise BadArchive("the archive's records are out of order: it was not written by this program")
        self.trailer = self._reader.facts(content)
        self._has_ended = True
        if (self.trailer.get("bytes"), self.trailer.get("sha256")) != (self._bytes, self._digest.hexdigest()):
            raise BadArchive(f"{self._name} is not what its digest says: take another copy of the archive")

    @property
    def _name(self) -> str:
        return str(self.told.get("name", ""))[:200]


class Reader:
    """Reads the records of an archive in their order, and checks order, lengths and digests. Raises BadArchive."""

    def __init__(self, stream: IO[bytes], unsealer: Unsealer) -> None:
        self._stream, self._unsealer = stream, unsealer
        letter, content = self.record()
        if letter != OPENING:
            raise BadArchive("the archive does not begin as archives do: it was not written by this program")
        self.opening = self.facts(content)
        self.opening_digest = hashlib.sha256(content).hexdigest()
        self.manifest = dict[str, Any]()
        self.manifest_digest = b""
        self.signature = dict[str, Any]()

    @property
    def header(self) -> bytes:
        """The bytes before the chunks: part of what is signed."""
        return self._unsealer.header

    def entries(self) -> Iterator[Content]:
        """Yield every entry; one that is not read to its end is skipped. Afterwards manifest and signature are there."""
        while True:
            letter, content = self.record()
            if letter == ENTRY:
                found = Content(self, self.facts(content))
                yield found
                found.skip()
            elif letter == MANIFEST:
                self.manifest, self.manifest_digest = self.facts(content), hashlib.sha256(content).digest()
                letter, content = self.record()
                if letter != SIGNATURE:
                    raise BadArchive("the archive is not signed: it was not written by this program")
                self.signature = self.facts(content)
                if self._stream.read(1):
                    raise BadArchive(
                        "something stands behind the archive's end: it was not written by this program"
                    )
                return
            else:
                raise BadArchive("the archive's records are out of order: it was not written by this program")

    def record(self) -> tuple[bytes, bytes]:
        """Return the letter and the content of the next record."""
        letter = self._exactly(1)
        length = int.from_bytes(self._exactly(4), "big")
        if length > _LIMITS.get(letter, 0):
            raise BadArchive(
                "the archive has a record that none can have: it was not written by this program"
            )
        return letter, self._exactly(length)

    def facts(self, content: bytes) -> dict[str, Any]:
        """Return the JSON of a record."""
        try:
            told = json.loads(content)
        except (ValueError, RecursionError):
            told = None
        if not isinstance(told, dict):
            raise BadArchive(
                "the archive says something unreadable of itself: it was not written by this program"
            )
        return told

    def _exactly(self, length: int) -> bytes:
        content = self._stream.read(length)
        if len(content) != length:
            raise BadArchive("the archive ends before its end: take another copy of it")
        return content
