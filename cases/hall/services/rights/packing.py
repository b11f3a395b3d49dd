"""A zip that grows on disk, entry by entry: memory stays flat however much it holds. Names that open on every system.

What people upload is stored as it is, never unpacked, so no bomb goes off here; text is compressed.
"""

import dataclasses
import json
import re
import unicodedata
import zipfile
from collections.abc import Callable
from datetime import datetime
from typing import IO, Any, Self

from django.core.files.storage import storages
from django.core.serializers.json import DjangoJSONEncoder
from django.template.loader import render_to_string
from django.utils import timezone

STORAGE = "cases"
# bytes of UTF-8: file systems take 255, Windows 260 characters of a whole path
MOST_NAME = 90
_CHUNK = 256 * 1024
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


def safe(name: str, most: int = MOST_NAME) -> str:
    """Return a name of one file or folder: no path in it, no control or bidirectional character, not reserved, cut to bytes.

    A short ending after the last dot survives the cut.
    """
    text = unicodedata.normalize("NFC", name)
    text = "".join(letter for letter in text if unicodedata.category(letter)[0] != "C")
    text = re.sub(r"\s+", " ", re.sub(r'[/\\<>:"|?*]', "_", text)).strip(" .") or "_"
    if _RESERVED.fullmatch(text):
        text = f"_{text}"
    stem, dot, ending = text.rpartition(".")
    if not dot or len(ending) > 8:
        stem, dot, ending = text, "", ""
    room = most - len(f"{dot}{ending}".encode())
    cut = stem.encode()[:room].decode(errors="ignore").rstrip(" .") or "_"
    return f"{cut}{dot}{ending}"


class _Encoder(DjangoJSONEncoder):
    """Dates as text, and the small records of our queries by their fields."""

    def default(self, o: Any) -> Any:
        """Return what stands for this value. Raises TypeError."""
        if dataclasses.is_dataclass(o) and not isinstance(o, type):
            return dataclasses.asdict(o)
        return super().default(o)


class Pack:
    """A zip that is being written into a stream."""

    def __init__(self, stream: IO[bytes], *, now: datetime, alive: Callable[[], None] = lambda: None) -> None:
        self._zip = zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, allowZip64=True)
        self._stamp = timezone.localtime(now).timetuple()[:6]
        self._taken: set[str] = set()
        # called between entries: whoever works on it says that they still do
        self._alive = alive

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *problem: object) -> None:
        """Write the directory of the zip."""
        self._zip.close()

    def page(self, path: str, template: str, context: dict[str, Any]) -> None:
        """Add a page that a browser shows without scripts. `up` leads from it to the top folder."""
        up = "../" * path.count("/")
        self._text(path, render_to_string(f"cases_hall/rights/{template}", {**context, "up": up}))

    def data(self, path: str, value: Any) -> None:
        """Add what a program reads, as JSON."""
        self._text(path, json.dumps(value, ensure_ascii=False, indent=1, cls=_Encoder))

    def file(self, folder: str, name: str, stored: str) -> str:
        """Copy a stored file into a folder; return its path in the zip, empty when its content is gone."""
        try:
            source = storages[STORAGE].open(stored)
        except (FileNotFoundError, ValueError):
            return ""
        with source:
            return self.copy(folder, name, source)

    def copy(self, folder: str, name: str, source: IO[bytes]) -> str:
        """Copy what a stream gives into a folder; return its path in the zip."""
        path = self._free(folder, safe(name))
        info = zipfile.ZipInfo(path, self._stamp)
        info.compress_type = zipfile.ZIP_STORED
        with self._zip.open(info, "w", force_zip64=True) as target:
            while chunk := source.read(_CHUNK):
                target.write(chunk)
        self._alive()
        return path

    def _text(self, path: str, text: str) -> None:
        info = zipfile.ZipInfo(path, self._stamp)
        info.compress_type = zipfile.ZIP_DEFLATED
        # lone surrogates can be no UTF-8
        self._zip.writestr(info, text.encode(errors="replace"))
        self._alive()

    def _free(self, folder: str, name: str) -> str:
        """Return a path that is not taken, not even by a name that differs in case alone."""
        path, number = f"{folder}/{name}", 1
        while path.casefold() in self._taken:
            number += 1
            path = f"{folder}/{number}-{name}"
        self._taken.add(path.casefold())
        return path
