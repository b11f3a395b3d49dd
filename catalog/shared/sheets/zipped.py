"""Whether an xlsx may be opened: how large it becomes, and cells that are formulas or errors. Nothing is evaluated.

Every part is inflated here once, piece by piece and counted, before a library reads it: what a zip says of its sizes
is not believed. A formula is refused rather than taken as its last result: a file that no program has computed has
none, and nobody has looked at what it would be.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from django.utils.translation import gettext as _

MIB = 1024 * 1024
MAX_TOTAL = 300 * MIB
MAX_RATIO = 200
MAX_PARTS = 500
# a library holds a sheet from its first to its last cell, empty ones too
MAX_CELLS = 4_000_000
MAX_ROWS = 200_000
MAX_ROW_BYTES = 16 * MIB
_CHUNK = 256 * 1024
_ROW = re.compile(rb'<(?:\w+:)?row\b[^>]*?\br="(\d{1,9})"')
_COLUMN = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]{1,3})\d')
# the same as nearly every program writes them: found faster by far
_PLAIN_ROW, _PLAIN_COLUMN = re.compile(rb'<row r="(\d{1,9})"'), re.compile(rb'<c r="([A-Z]{2,3})\d')
_FORMULA = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]{1,3})(\d{1,7})"[^>]*>\s*<(?:\w+:)?f\b')
_ERROR = re.compile(
    rb'<(?:\w+:)?c\b(?=[^>]*\bt="e")[^>]*?\br="([A-Z]{1,3})(\d{1,7})"[^>]*>(?!\s*<(?:\w+:)?f\b)'
)


class Unreadable(Exception):
    """The file cannot be read; the sentence says why and what to do."""


@dataclass
class Looked:
    """What stands in one sheet besides plain cells: (column letters, row) of formulas and of errors."""

    formulas: list[tuple[str, int]] = field(default_factory=list)
    errors: list[tuple[str, int]] = field(default_factory=list)


def look(path: Path) -> dict[str, Looked]:
    """Inflate every part of an xlsx and count; return what was seen, by part. Raises Unreadable."""
    try:
        with zipfile.ZipFile(path) as archive, path.open("rb") as raw:
            parts = archive.infolist()
            names = {part.filename for part in parts}
            if "xl/workbook.xml" not in names or len(parts) > MAX_PARTS or len(names) < len(parts):
                raise Unreadable(_("这个文件不是 xlsx 表格，请在表格软件里另存为 xlsx 再传"))
            if sum(part.file_size for part in parts) > MAX_TOTAL:
                raise Unreadable(_too_large())
            return {
                part.filename: _look_into(
                    _inflated(raw, part), is_sheet=part.filename.startswith("xl/worksheets/")
                )
                for part in parts
                if not part.is_dir()
            }
    except (zipfile.BadZipFile, zlib.error, OSError, NotImplementedError, ValueError):
        raise Unreadable(_("这个文件打不开，可能没有传完，请重新存一次再传")) from None


def _too_large() -> str:
    return _("这个文件展开后太大，不像是事项表，请只留要导入的表再传")


def _inflated(raw: IO[bytes], part: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield a part's content as it really is, in pieces. Raises Unreadable when there is more than the zip says."""
    raw.seek(part.header_offset)
    header = raw.read(30)
    if header[:4] != b"PK\x03\x04" or part.flag_bits & 1:
        raise zipfile.BadZipFile
    raw.seek(int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little"), 1)
    left, made = part.compress_size, 0
    if part.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise NotImplementedError
    inflate = zlib.decompressobj(-15) if part.compress_type == zipfile.ZIP_DEFLATED else None
    if part.file_size > MIB and part.file_size > MAX_RATIO * max(part.compress_size, 1):
        raise Unreadable(_too_large())
    while left > 0:
        packed = raw.read(min(_CHUNK, left))
        if not packed:
            raise zipfile.BadZipFile
        left -= len(packed)
        while packed:
            piece = inflate.decompress(packed, _CHUNK) if inflate else packed
            packed = inflate.unconsumed_tail if inflate else b""
            made += len(piece)
            if made > part.file_size:
                raise Unreadable(_too_large())
            yield piece
            if inflate and inflate.eof:
                return


def _look_into(pieces: Iterator[bytes], *, is_sheet: bool) -> Looked:
    """Return what one part holds. Raises Unreadable for a sheet that would not fit, ValueError for a document type."""
    seen = Looked()
    rest, rows, columns = b"", 0, 0
    for piece in pieces:
        if b"<!DOCTYPE" in piece or b"<!ENTITY" in piece:
            raise ValueError
        if not is_sheet:
            continue
        whole, end, rest = (rest + piece).rpartition(b"row>")
        rows, columns = _note(whole + end, seen, rows, columns)
        if len(rest) > MAX_ROW_BYTES:
            raise Unreadable(_too_large())
    _note(rest, seen, rows, columns)
    return seen


def _note(text: bytes, seen: Looked, rows: int, columns: int) -> tuple[int, int]:
    is_plain = b":c " not in text and b":row " not in text
    is_plain = (
        is_plain
        and text.count(b"<row ") == text.count(b'<row r="')
        and text.count(b"<c ") == text.count(b'<c r="')
    )
    row, column = (_PLAIN_ROW, _PLAIN_COLUMN) if is_plain else (_ROW, _COLUMN)
    rows = max(rows, *map(int, row.findall(text)), 0)
    # a plain column of one letter is not looked for: there are 26 of them
    columns = max(columns, *(column_number(letters.decode()) for letters in set(column.findall(text))), 26)
    if b"<f" in text or b":f" in text:
        seen.formulas += [(letters.decode(), int(number)) for letters, number in _FORMULA.findall(text)]
    if b't="e"' in text:
        seen.errors += [(letters.decode(), int(number)) for letters, number in _ERROR.findall(text)]
    if rows > MAX_ROWS or rows * columns > MAX_CELLS:
        raise Unreadable(_("表太大了：最多 %(rows)s 行，请分成几份再传") % {"rows": f"{MAX_ROWS:,}"})
    return rows, columns


def column_number(letters: str) -> int:
    """Return the number of a column from its letters: A is 1."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number
