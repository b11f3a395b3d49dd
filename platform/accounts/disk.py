"""Files in the storage `cases`: whole under their name or not there, and nobody's to read but this process's user.

On a disk a file is written aside, synced and renamed; a process that is killed leaves a part that a sweep removes.
"""

import os
import secrets
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import IO

from django.core.files import File
from django.core.files.storage import FileSystemStorage, storages

_CHUNK = 256 * 1024
_PARTIAL = "partial"


def keep(stream: IO[bytes], folder: str) -> str:
    """Keep a file under a random name in a folder, and return its name. Raises OSError when the disk does not take it."""
    name = f"{folder}/{secrets.token_hex(16)}"
    stream.seek(0)
    keep_as(stream, name)
    return name


def keep_as(stream: IO[bytes], name: str) -> None:
    """Keep what is left of a stream under exactly this name, over what is there. Raises OSError, and nothing is changed."""
    storage = storages["cases"]
    if isinstance(storage, FileSystemStorage):
        _write_whole(stream, storage, name)
    else:
        storage.delete(name)
        storage.save(name, File(stream))


def _write_whole(stream: IO[bytes], storage: FileSystemStorage, name: str) -> None:
    final, root = Path(storage.path(name)), Path(storage.location)
    # a name of its own: what a killed process left is in nobody's way
    partial = root / _PARTIAL / secrets.token_hex(16)
    for folder in (final.parent, partial.parent):
        _make_folder(folder, root, storage.directory_permissions_mode or 0o700)
    descriptor = os.open(
        partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, storage.file_permissions_mode or 0o600
    )
    try:
        with os.fdopen(descriptor, "wb") as target:
            while chunk := stream.read(_CHUNK):
                target.write(chunk)
            target.flush()
            os.fsync(target.fileno())
        partial.rename(final)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    _sync_folder(final.parent)


def _make_folder(folder: Path, root: Path, mode: int) -> None:
    """Make the folder and what is missing above it up to the root, each with that mode."""
    root.mkdir(mode=mode, parents=True, exist_ok=True)
    for part in (*reversed(folder.relative_to(root).parents), folder.relative_to(root)):
        (root / part).mkdir(mode=mode, exist_ok=True)


def _sync_folder(folder: Path) -> None:
    """Make the rename itself last through a loss of power."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def remove_partial(before: datetime) -> int:
    """Remove what killed processes left half written before that time, and return how many files it was."""
    storage = storages["cases"]
    if not isinstance(storage, FileSystemStorage):
        return 0
    removed = 0
    for path in (Path(storage.location) / _PARTIAL).glob("*"):
        if path.stat().st_mtime < before.timestamp():
            path.unlink(missing_ok=True)
            removed += 1
    return removed


def names_in(folder: str) -> Iterator[str]:
    """Yield the names of all files of a folder and what is below it, in order; none where there is no such folder."""
    try:
        folders, files = storages["cases"].listdir(folder)
    except FileNotFoundError:
        return
    for name in sorted(files):
        yield f"{folder}/{name}"
    for name in sorted(folders):
        yield from names_in(f"{folder}/{name}")


def remove_empty(folder: str) -> None:
    """Remove a folder and those below it, as far as no file lies there."""
    storage = storages["cases"]
    if not isinstance(storage, FileSystemStorage):
        return
    root = Path(storage.path(folder))
    below = sorted(root.rglob("*"), key=lambda path: len(path.parts), reverse=True)
    for path in [*below, root]:
        if path.is_dir():
            with suppress(OSError):
                path.rmdir()
