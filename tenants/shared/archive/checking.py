"""Reading an archive and believing nothing of it: the same walk when it is only looked at and when it is restored."""

import hashlib
import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from accounts.encryption import NotReadable, decrypt
from tenants.shared import roles, template
from tenants.shared.archive import blobs, exporting, keys
from tenants.shared.archive.records import Content, Reader
from tenants.shared.archive.sealed import BadArchive, Unsealer
from tenants.shared.models import City

_KINDS = ("rows", "facts", "file")
Take = Callable[[Content], None]


@dataclass(frozen=True)
class Archive:
    """An archive that is whole, signed by a key that is trusted, of this city, and of a version that this program knows."""

    opening: dict[str, Any]
    manifest: dict[str, Any]
    digest: str

    @property
    def hall(self) -> dict[str, Any]:
        """What the hall's row said."""
        return dict(self.opening["hall"])

    @property
    def key(self) -> str:
        """The hall's key when it was written."""
        return str(self.hall["schema_name"])

    @property
    def role(self) -> str:
        """The hall's role when it was written: its files lie under that name."""
        return str(self.hall["role"])

    @property
    def made_at(self) -> datetime:
        """The moment that the rows are of."""
        return datetime.fromisoformat(self.opening["made_at"])

    @property
    def migrations(self) -> set[tuple[str, str]]:
        """The migrations that its tables had had."""
        return {(app, name) for app, name in self.opening["migrations"]}

    @property
    def is_older(self) -> bool:
        """Whether its tables lack migrations that this program has."""
        return self.migrations != set(template.on_disk())

    @property
    def structure(self) -> list[tuple[str, str, str]]:
        """What makes its tables: kind, name and statement of each part."""
        return [(kind, name, statement) for kind, name, statement in self.opening["structure"]]


def read(path: Path, opener: keys.Opener, take: Take = Content.skip) -> Archive:
    """Walk through an archive to its end; `take` may read each entry's content, before the signature is known.

    Raises BadArchive, keys.BadKey, OSError. What `take` has done must be undone by the caller when it raises.
    """
    with path.open("rb") as stream:
        return walk(stream, opener, take)


def peek(path: Path, opener: keys.Opener) -> dict[str, Any]:
    """Return what an archive says of itself at its beginning, before anything of it is proved. Raises as read does."""
    with path.open("rb") as stream:
        unsealer = Unsealer(stream, opener)
        opening = Reader(io.BufferedReader(unsealer), unsealer).opening
        _is_for_us(opening)
        return opening


def walk(stream: IO[bytes], opener: keys.Opener, take: Take) -> Archive:
    """Walk through an archive that is open at its beginning. See read."""
    unsealer = Unsealer(stream, opener)
    reader = Reader(io.BufferedReader(unsealer, 256 * 1024), unsealer)
    _is_for_us(reader.opening)
    seen: dict[str, list[dict[str, Any]]] = {"rows": [], "facts": []}
    files = _Files()
    role = str(reader.opening["hall"]["role"])
    for entry in reader.entries():
        kind = entry.told.get("kind")
        if kind not in _KINDS:
            raise BadArchive(
                "the archive has an entry of an unknown kind: it was not written by this program"
            )
        name = entry.told.get("name")
        if kind == "file" and not blobs.is_safe(name, role):
            raise BadArchive(f"the archive has a file with a name that none of ours has: {str(name)[:200]!r}")
        take(entry)
        entry.skip()
        if kind == "file":
            files.add(str(name), entry.trailer)
            continue
        if entry.lines != entry.trailer.get("rows"):
            raise BadArchive(
                f"{name} has other rows than its trailer says: the archive was not written by this program"
            )
        seen[kind].append({"name": name, "columns": entry.told.get("columns"), **entry.trailer})
    _is_signed(reader)
    _is_as_listed(reader, seen, files)
    return Archive(reader.opening, reader.manifest, reader.manifest_digest.hex())


class _Files:
    def __init__(self) -> None:
        self.count = self.bytes = 0
        self._digest = hashlib.sha256()

    def add(self, name: str, trailer: dict[str, Any]) -> None:
        self.count += 1
        self.bytes += trailer["bytes"]
        self._digest.update(exporting.file_line(name, trailer))

    def told(self) -> tuple[int, int, str]:
        return self.count, self.bytes, self._digest.hexdigest()


def _is_for_us(opening: dict[str, Any]) -> None:
    """Refuse a newer format, another city and foreign field keys before anything large is read. Raises BadArchive."""
    form, city, hall = (opening.get(name) for name in ("format", "city", "hall"))
    if not (isinstance(form, int) and isinstance(city, dict) and isinstance(hall, dict) and hall.get("role")):
        raise BadArchive("the archive does not say whose it is: it was not written by this program")
    if form > exporting.FORMAT:
        raise BadArchive(
            f"the archive has format {form}, this program knows {exporting.FORMAT} and older"
            f" (it was written by version {str(opening.get('program'))[:20]}): restore it with that version"
        )
    here = City.objects.using(roles.OWNER).get()
    if (city.get("code"), city.get("prefix")) != (here.code, here.role_prefix):
        raise BadArchive(
            f"the archive is of the city {str(city.get('code'))[:20]} with roles {str(city.get('prefix'))[:40]}_…, this is"
            f" {here.code} with {here.role_prefix}_…: restore it there"
        )
    try:
        decrypt(str(opening.get("sample")), exporting.SAMPLE)
    except NotReadable:
        raise BadArchive(
            "names and numbers in the archive are encrypted with a FIELD_KEY that is not set here: add it to OLD_FIELD_KEYS"
        ) from None
    unknown = {(app, name) for app, name in opening.get("migrations", ())} - set(template.on_disk())
    if unknown:
        app, name = min(unknown)
        raise BadArchive(
            f"the archive's tables are newer than this program ({len(unknown)} migrations, the first {app} {name}):"
            " bring the program up to date, then restore it"
        )


def _is_signed(reader: Reader) -> None:
    message = exporting.signed(reader.header, reader.manifest_digest)
    by = reader.signature.get("by")
    try:
        signature = bytes.fromhex(str(reader.signature.get("signature")))
    except ValueError:
        signature = b""
    if not keys.is_signed(message, signature, str(by)):
        raise BadArchive(
            f"the archive is not signed by a key that is trusted here (it says {str(by)[:16]}): if it is the city's own,"
            " add that public key to ARCHIVE_TRUSTED"
        )


def _is_as_listed(reader: Reader, seen: dict[str, list[dict[str, Any]]], files: _Files) -> None:
    manifest = reader.manifest
    told = manifest.get("files", {})
    if (
        manifest.get("opening") != reader.opening_digest
        or manifest.get("tables") != seen["rows"]
        or manifest.get("facts") != seen["facts"]
        or (told.get("count"), told.get("bytes"), told.get("sha256")) != files.told()
    ):
        raise BadArchive("the archive does not hold what its signed manifest lists: take another copy of it")
