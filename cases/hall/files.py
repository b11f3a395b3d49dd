"""Applicants' files: hostile until proven otherwise, then stored whole or not at all (DESIGN rule 12).

The type is what the content says, never what the name or the browser says. An image is decoded, a PDF is parsed
and its pages are counted; no content stream of a PDF is ever inflated here. Every limit stands at the top.
"""

import hashlib
import os
import re
import secrets
import unicodedata
import warnings
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from pathlib import Path
from typing import IO, Any

from django.core.files import File
from django.core.files.storage import FileSystemStorage, storages
from django.utils.translation import gettext as _
from PIL import Image
from pypdf import PdfReader, apply_configuration
from pypdf.generic import DictionaryObject

MIB = 1024 * 1024
MAX_SIZE = 20 * MIB
MAX_PAGES = 200
MAX_NAME = 120
# a JPEG is decoded at an eighth of its size, a PNG whole: 4 bytes a pixel
_MAX_PIXELS = {"jpeg": 65_000_000, "png": 40_000_000}
_PDF_LIMITS: dict[str, Any] = {
    "zlib_maximum_output_length": 8 * MIB,
    "lzw_maximum_output_length": 8 * MIB,
    "run_length_maximum_output_length": 8 * MIB,
    "brotli_maximum_output_length": 8 * MIB,
    "array_based_stream_maximum_output_length": 8 * MIB,
    "zlib_maximum_recovery_input_length": 100_000,
    "stream_decoding_work_maximum_length": 32 * MIB,
    "stream_filters_maximum_length": 4,
    "page_tree_maximum_entries": 5_000,
    "page_tree_maximum_page_entries": 50_000,
}
_MAX_XREF_ENTRIES = 200_000
_CHUNK = 256 * 1024

_FORMS = {
    "jpeg": ("image/jpeg", ".jpg", (".jpg", ".jpeg"), b"\xff\xd8\xff"),
    "png": ("image/png", ".png", (".png",), b"\x89PNG\r\n\x1a\n"),
    "pdf": ("application/pdf", ".pdf", (".pdf",), b"%PDF-"),
}
_FOLDER = re.compile(r"[A-Za-z0-9_-]{1,63}/[0-9]{4}")
_PARTIAL = "partial"


class FileRefused(Exception):
    """The file is not taken; the text tells the applicant what to do next."""


@dataclass(frozen=True)
class FileFacts:
    """What a file is, by its content. `kind` is jpeg, png or pdf; `name` is safe to show and to download under."""

    kind: str
    content_type: str
    extension: str
    size: int
    sha256: str
    name: str


def inspect(stream: IO[bytes], name: str, limit: int = MAX_SIZE) -> FileFacts:
    """Look at a file of at most `limit` bytes and leave the stream at its start.

    Raises FileRefused: empty, too large, another kind, broken, with a password, with a program inside.
    """
    size = stream.seek(0, os.SEEK_END)
    if size == 0:
        raise FileRefused(_("这份是空的，请重新选"))
    if size > limit:
        # rounded up, so that what is just over 20 never reads as 20
        size_text = f"{ceil(size / MIB * 10) / 10:g}"
        raise FileRefused(_("太大（%(n)s MB），最多 %(most)d MB") % {"n": size_text, "most": limit // MIB})
    kind = _kind(stream)
    if kind == "pdf":
        _check_pdf(stream)
    else:
        _check_image(stream, kind)
    content_type, extension, *_rest = _FORMS[kind]
    digest = _sha256(stream)
    stream.seek(0)
    return FileFacts(kind, content_type, extension, size, digest, clean_name(name, kind))


def _kind(stream: IO[bytes]) -> str:
    stream.seek(0)
    head = stream.read(1024)
    found = [kind for kind, form in _FORMS.items() if head.startswith(form[3])]
    # one file that is two: a zip behind the picture, or a PDF whose header comes late
    if not found or zipfile.is_zipfile(stream) or b"%PDF-" in head[1:]:
        raise FileRefused(_("只能传 JPG、PNG、PDF"))
    return found[0]


def _broken() -> FileRefused:
    return FileRefused(_("这个文件打不开，请重新拍"))


def _check_image(stream: IO[bytes], kind: str) -> None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            pixels = _verified_pixels(stream, kind)
            if pixels <= _MAX_PIXELS[kind]:
                _decode(stream, kind)
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        pixels = _MAX_PIXELS[kind] + 1
    except Exception:  # whatever a decoder raises on hostile bytes means the same
        raise _broken() from None
    if pixels > _MAX_PIXELS[kind]:
        raise FileRefused(_("照片的像素太多，请调低清晰度再拍"))


def _verified_pixels(stream: IO[bytes], kind: str) -> int:
    stream.seek(0)
    with Image.open(stream, formats=(kind.upper(),)) as image:
        pixels = image.width * image.height
        image.verify()
        return pixels


def _decode(stream: IO[bytes], kind: str) -> None:
    stream.seek(0)
    with Image.open(stream, formats=(kind.upper(),)) as image:
        # reads every byte of a JPEG, and keeps a sixty-fourth of its pixels
        image.draft(None, (max(1, image.width // 8), max(1, image.height // 8)))
        image.load()


@contextmanager
def pdf_reader(stream: IO[bytes]) -> Iterator[PdfReader]:
    """Give a reader of a hostile PDF: within the block nothing is inflated beyond the limits. It may raise anything."""
    stream.seek(0)
    with apply_configuration(**_PDF_LIMITS):
        yield PdfReader(stream, xref_stream_maximum_entries=_MAX_XREF_ENTRIES)


def _check_pdf(stream: IO[bytes]) -> None:
    try:
        with pdf_reader(stream) as reader:
            is_encrypted = reader.is_encrypted
            pages = 0 if is_encrypted else len(reader.pages)
            is_active = not is_encrypted and _is_active(reader.root_object)
    except Exception:  # whatever a parser raises on hostile bytes means the same
        raise _broken() from None
    if is_encrypted:
        raise FileRefused(_("PDF 有密码，请去掉密码再传"))
    if pages == 0:
        raise _broken()
    if pages > MAX_PAGES:
        raise FileRefused(_("PDF 页数太多，最多 %(most)d 页") % {"most": MAX_PAGES})
    if is_active:
        raise FileRefused(_("PDF 里带有程序或附件，请打印成新的 PDF 再传"))


def _is_active(root: DictionaryObject) -> bool:
    """Whether opening the document would run something, or it carries other files."""
    names = root.get("/Names", DictionaryObject()).get_object()
    action = root.get("/OpenAction", DictionaryObject()).get_object()
    if isinstance(names, DictionaryObject) and {"/JavaScript", "/EmbeddedFiles"} & names.keys():
        return True
    # an opening action that only turns to a page is common and harmless
    return "/AA" in root or (isinstance(action, DictionaryObject) and action.get("/S", "/GoTo") != "/GoTo")


def _sha256(stream: IO[bytes]) -> str:
    digest = hashlib.sha256()
    stream.seek(0)
    while chunk := stream.read(_CHUNK):
        digest.update(chunk)
    return digest.hexdigest()


def clean_name(name: str, kind: str) -> str:
    """Return a name to show and to download under: no folder, no control or bidirectional character.

    It ends as the content demands, whatever the name said, and has 120 characters at most.
    """
    extension, extensions = _FORMS[kind][1:3]
    base = re.split(r"[/\\]", name)[-1]
    # categories C*: control, format (bidirectional marks among them), surrogate, private, unassigned
    kept = "".join(letter for letter in base if unicodedata.category(letter)[0] != "C" or letter in "\t\n\r")
    kept = re.sub(r'[<>:"|?*]', "_", re.sub(r"\s+", " ", kept)).strip(" .")
    stem, dot, suffix = kept.rpartition(".")
    if not dot or f".{suffix}".lower() not in extensions:
        stem = kept
    return f"{stem[: MAX_NAME - len(extension)].rstrip(' .') or _('文件')}{extension}"


def store(stream: IO[bytes], folder: str) -> str:
    """Keep a file in the storage `cases` under `folder`, `<hall role>/<year>`, and return its random name.

    On a disk it is whole under that name or not there: written aside, synced, renamed.
    Raises ValueError for another folder, OSError when the disk does not take it (nothing is left).
    """
    if not _FOLDER.fullmatch(folder):
        raise ValueError("a folder is a hall's role and a year")
    name = f"{folder}/{secrets.token_hex(16)}"
    storage = storages["cases"]
    stream.seek(0)
    if not isinstance(storage, FileSystemStorage):
        return storage.save(name, File(stream))
    _write_whole(stream, storage, name)
    return name


def _write_whole(stream: IO[bytes], storage: FileSystemStorage, name: str) -> None:
    final, root = Path(storage.path(name)), Path(storage.location)
    partial = root / _PARTIAL / final.name
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
