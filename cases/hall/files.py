"""Applicants' files: hostile until proven otherwise, then stored whole or not at all (DESIGN rule 12).

The type is what the content says, never what the name or the browser says. A photograph is kept as a new picture of
itself, made in the process of `leaves`: whatever else the file was or said stays behind. A PDF is parsed and its pages are
counted; no content stream of it is ever inflated here. One that would run something or carries other files is kept
without these. Every limit stands at the top.
"""

import hashlib
import os
import re
import unicodedata
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from math import ceil
from typing import IO, Any

from django.utils.translation import gettext as _
from pypdf import PdfReader, apply_configuration
from pypdf.generic import DictionaryObject

from accounts import disk
from cases.hall import leaves, scanning
from cases.hall.leaves import making

MIB = 1024 * 1024
MAX_SIZE = 20 * MIB
MAX_PAGES = 200
MAX_AT_ONCE = 20
MAX_NAME = 120
# a name that a disk takes, with room for what a browser adds when there are two of it
MAX_NAME_BYTES = 240
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

# what is kept: content type, ending, and the endings that a name may have had before
_PHOTOS = (".jpg", ".jpeg", ".png", ".heic", ".heif")
_FORMS = {
    "jpeg": ("image/jpeg", ".jpg", _PHOTOS),
    "png": ("image/png", ".png", _PHOTOS),
    "pdf": ("application/pdf", ".pdf", (".pdf",)),
}
_BEGINNINGS = {"jpeg": b"\xff\xd8\xff", "png": b"\x89PNG\r\n\x1a\n", "pdf": b"%PDF-"}
# ISO/IEC 23008-12: photographs of phones; their type stands behind the box's length
_HEIF_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
_FOLDER = re.compile(r"[A-Za-z0-9_-]{1,63}/[0-9]{4}")


class FileRefused(Exception):
    """The file is not taken; the text tells the applicant what to do next."""


class NotStored(FileRefused, OSError):
    """The disk did not take the file; nothing of it is left, and the text says to send it again later (HTTP 507)."""

    def __init__(self) -> None:
        super().__init__(_("没有存下：现在存不了文件。填的和传过的都在，请过一会儿再传这一份"))


@dataclass(frozen=True)
class FileFacts:
    """What a file is, by its content. `kind` is jpeg, png or pdf; `name` is safe to show and to download under.

    `content` is what is to be kept: size and digest are its, and it is not always what came.
    """

    kind: str
    content_type: str
    extension: str
    size: int
    sha256: str
    name: str
    content: IO[bytes] = field(compare=False, repr=False, default_factory=BytesIO)


class Sheaf:
    """Several files that somebody chose at once for one material: they become one PDF, in this order."""

    def __init__(self, uploads: Sequence[Any]) -> None:
        self.uploads = list(uploads)
        self.name = str(self.uploads[0].name or "")


def inspect(
    stream: IO[bytes] | Sheaf, name: str, limit: int = MAX_SIZE, *, keeps_as_it_is: bool = False
) -> FileFacts:
    """Look at a file of at most `limit` bytes (or at several) and return what is to be kept of it, at its start.

    With `keeps_as_it_is` (a signed paper of a department) a PDF is taken without a change or not at all.
    Raises FileRefused: empty, too large, another kind, broken, with a password, with a program inside, with a virus.
    """
    if isinstance(stream, Sheaf):
        return _inspect_several(stream, name, limit)
    if getattr(stream, "is_lost", False):
        raise NotStored
    check_size(stream.seek(0, os.SEEK_END), limit)
    found = _kind(stream)
    _scan(stream)
    if found == "pdf":
        kind, content = "pdf", _document(stream, keeps_as_it_is)
    else:
        kind, content = _photograph(stream, found)
    return facts_of(content, kind, name, limit)


def facts_of(content: IO[bytes], kind: str, name: str, limit: int = MAX_SIZE) -> FileFacts:
    """Return the facts of a content that is known to be a jpeg, png or pdf. Raises FileRefused when it is too large."""
    size = content.seek(0, os.SEEK_END)
    check_size(size, limit)
    content_type, extension, *_rest = _FORMS[kind]
    digest = _sha256(content)
    content.seek(0)
    return FileFacts(kind, content_type, extension, size, digest, clean_name(name, kind), content)


def kind_of_type(content_type: str) -> str:
    """Return the kind of a content type that we keep. Raises KeyError for another."""
    return {form[0]: kind for kind, form in _FORMS.items()}[content_type]


def _inspect_several(sheaf: Sheaf, name: str, limit: int) -> FileFacts:
    if len(sheaf.uploads) > MAX_AT_ONCE:
        raise FileRefused(_("一次最多选 %(most)d 个，请分几次传") % {"most": MAX_AT_ONCE})
    parts = [inspect(upload, upload.name or "", limit) for upload in sheaf.uploads]
    if sum(part.size for part in parts) > limit:
        raise _too_large(sum(part.size for part in parts), limit)
    try:
        content = making.join([(part.content_type, part.content.read()) for part in parts])
    except leaves.Unreadable as problem:
        raise refused(problem) from None
    stem = name.rpartition(".")[0] or name
    return facts_of(BytesIO(content), "pdf", stem, limit)


def check_size(size: int, limit: int = MAX_SIZE) -> None:
    """Raise FileRefused for a file of so many bytes that is empty or too large."""
    if size <= 0:
        raise FileRefused(_("这份是空的，请重新选"))
    if size > limit:
        raise _too_large(size, limit)


def _too_large(size: int, limit: int) -> FileRefused:
    # rounded up, so that what is just over 20 never reads as 20
    size_text = f"{ceil(size / MIB * 10) / 10:g}"
    return FileRefused(_("太大（%(n)s MB），最多 %(most)d MB") % {"n": size_text, "most": limit // MIB})


def _kind(stream: IO[bytes]) -> str:
    """Return jpeg, png, heif or pdf. Raises FileRefused."""
    stream.seek(0)
    head = stream.read(1024)
    found = [kind for kind, beginning in _BEGINNINGS.items() if head.startswith(beginning)]
    if head[4:8] == b"ftyp" and head[8:12] in _HEIF_BRANDS:
        found.append("heif")
    # one file that is two: a zip behind the picture, or a PDF whose header comes late
    if not found or zipfile.is_zipfile(stream) or b"%PDF-" in head[1:]:
        raise FileRefused(_("只能传 JPG、PNG、HEIC、PDF"))
    return found[0]


def _scan(stream: IO[bytes]) -> None:
    try:
        is_clean = scanning.is_clean(stream)
    except scanning.ScannerAway:
        raise FileRefused(_("现在查不了病毒，所以没有收。填的和传过的都在，请过几分钟再传这一份")) from None
    if not is_clean:
        raise FileRefused(_("这份带有病毒，没有收。请换一部手机或电脑重新拍、重新做一份再传"))


def _broken() -> FileRefused:
    return FileRefused(_("这个文件打不开，请重新拍"))


def refused(problem: leaves.Unreadable) -> FileRefused:
    """Return in an applicant's words why a file could not be made."""
    sentences = {
        "large": _("照片的像素太多，请调低清晰度再拍"),
        "password": _("PDF 有密码，请去掉密码再传"),
        "active": _("PDF 里带有程序或附件，请打印成新的 PDF 再传"),
        "signed": _("这份 PDF 有电子签名，改了签名就没用了，请单独传"),
        "pages": _("PDF 页数太多，最多 %(most)d 页") % {"most": MAX_PAGES},
        "busy": _("现在传的人多，请过一会儿再传这一份"),
    }
    return FileRefused(sentences[problem.problem]) if problem.problem in sentences else _broken()


def _photograph(stream: IO[bytes], found: str) -> tuple[str, IO[bytes]]:
    stream.seek(0)
    try:
        kind, content = making.picture(stream.read(), found.upper())
    except leaves.Unreadable as problem:
        raise refused(problem) from None
    return kind, BytesIO(content)


def _document(stream: IO[bytes], keeps_as_it_is: bool) -> IO[bytes]:
    """Return the PDF itself where nothing in it acts, else one without that. Raises FileRefused."""
    _check_pdf(stream, keeps_as_it_is)
    stream.seek(0)
    try:
        cleaned = making.clean(stream.read())
    except leaves.Unreadable as problem:
        raise refused(problem) from None
    if cleaned is None:
        return stream
    if keeps_as_it_is:
        raise refused(leaves.Unreadable("", "active"))
    return BytesIO(cleaned)


@contextmanager
def pdf_reader(stream: IO[bytes]) -> Iterator[PdfReader]:
    """Give a reader of a hostile PDF: within the block nothing is inflated beyond the limits. It may raise anything."""
    stream.seek(0)
    with apply_configuration(**_PDF_LIMITS):
        yield PdfReader(stream, xref_stream_maximum_entries=_MAX_XREF_ENTRIES)


def _check_pdf(stream: IO[bytes], keeps_as_it_is: bool) -> None:
    try:
        with pdf_reader(stream) as reader:
            is_encrypted = reader.is_encrypted
            pages = 0 if is_encrypted else len(reader.pages)
            is_active = keeps_as_it_is and not is_encrypted and _is_active(reader.root_object)
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
    extension, endings = _FORMS[kind][1:3]
    base = re.split(r"[/\\]", name)[-1]
    # categories C*: control, format (bidirectional marks among them), surrogate, private, unassigned
    kept = "".join(letter for letter in base if unicodedata.category(letter)[0] != "C" or letter in "\t\n\r")
    kept = re.sub(r'[<>:"|?*]', "_", re.sub(r"\s+", " ", kept)).strip(" .")
    stem, dot, suffix = kept.rpartition(".")
    if not dot or f".{suffix}".lower() not in endings:
        stem = kept
    stem = stem[: MAX_NAME - len(extension)]
    stem = stem.encode()[: MAX_NAME_BYTES - len(extension)].decode(errors="ignore")
    return f"{stem.rstrip(' .') or _('文件')}{extension}"


def store(stream: IO[bytes], folder: str) -> str:
    """Keep a file in the storage `cases` under `folder`, `<hall role>/<year>`, and return its random name.

    On a disk it is whole under that name or not there: written aside, synced, renamed.
    Raises ValueError for another folder, NotStored when the disk does not take it (nothing is left).
    """
    if not _FOLDER.fullmatch(folder):
        raise ValueError("a folder is a hall's role and a year")
    try:
        return disk.keep(stream, folder)
    except OSError as problem:
        raise NotStored from problem
