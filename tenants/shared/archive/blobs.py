"""A hall's files in the storage `cases`: read for an archive, and put back, each under a name that can do no harm."""

import hashlib
import os
import re
from pathlib import Path
from typing import IO, cast

from django.core.files.storage import FileSystemStorage, Storage, storages

from accounts import disk
from tenants.shared.archive.records import Content
from tenants.shared.archive.sealed import BadArchive

_PART = r"[A-Za-z0-9][A-Za-z0-9._-]*"
_NAME = re.compile(rf"{_PART}(?:/{_PART})+")
_LONGEST = 200
_CHUNK = 256 * 1024


class Strange(Exception):
    """What lies under a file's name is no plain file of the storage: a link, a folder, something outside."""


def storage() -> Storage:
    """Return where halls keep their files."""
    return storages["cases"]


def is_safe(name: object, role: str) -> bool:
    """Say whether this is a name in the hall's own folder: no other hall's, no way up, nothing hidden."""
    return (
        isinstance(name, str)
        and len(name) <= _LONGEST
        and name.startswith(f"{role}/")
        and _NAME.fullmatch(name) is not None
    )


def open_plain(name: str) -> IO[bytes]:
    """Open a hall's file for reading. Raises FileNotFoundError, Strange for a link or anything but a file."""
    kept = storage()
    if not isinstance(kept, FileSystemStorage):
        return cast("IO[bytes]", kept.open(name))
    path = Path(kept.path(name))
    if _leads_elsewhere(kept, path.parent):
        raise Strange(f"the folder of {name} is a link that leads elsewhere")
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except FileNotFoundError:
        raise
    except OSError as problem:
        raise Strange(f"{name} is no plain file ({problem.strerror})") from None
    file = os.fdopen(descriptor, "rb")
    if not path.is_file():
        file.close()
        raise Strange(f"{name} is no plain file")
    return file


def put(content: Content, name: str) -> bool:
    """Keep an entry's content under this name; return False when exactly that lies there already.

    Raises BadArchive when something else lies there: files are never written over. OSError when the disk does not take it.
    """
    kept = storage()
    if isinstance(kept, FileSystemStorage) and _leads_elsewhere(kept, Path(kept.path(name)).parent):
        raise Strange(f"the folder of {name} is a link that leads elsewhere")
    if kept.exists(name):
        there = _digest(name)
        content.skip()
        if content.trailer["sha256"] != there:
            raise BadArchive(f"another file lies under {name} already: look at it, and take it away")
        return False
    # the digest is compared before the name is given
    disk.keep_as(cast("IO[bytes]", content), name)
    return True


def remove_folder(role: str) -> None:
    """Remove every file of a folder that no hall has (any more)."""
    # read whole first: a folder that is being emptied is no list
    for name in list(disk.names_in(role)):
        storage().delete(name)
    disk.remove_empty(role)


def _digest(name: str) -> str:
    with open_plain(name) as file:
        found = hashlib.sha256()
        while part := file.read(_CHUNK):
            found.update(part)
    return found.hexdigest()


def _leads_elsewhere(kept: FileSystemStorage, folder: Path) -> bool:
    """Whether a link stands in the way from the storage's root down to a folder."""
    root = Path(kept.location).resolve()
    return folder.resolve() != root / folder.relative_to(kept.location)
