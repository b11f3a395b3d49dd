"""A PDF that somebody brings to be verified: is it ours, unchanged, and which paper. Nothing of it is stored.

First come the bytes: the hash of a file that we signed, then the address that each of our papers carries in plain bytes,
so that one that was changed anywhere is still told apart. Only what is neither is parsed, under limits.
"""

import io
import re
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import IO, Any

from django.utils.translation import gettext as _
from pypdf.generic import DictionaryObject

from cases.hall import files
from cases.shared import signing
from cases.shared.models import Verification
from cases.shared.signing import Seal, Signature

MAX_SIZE = 5 * 1024 * 1024
MOST_FIELDS = 50
MOST_CODES = 5
_ADDRESS = re.compile(rb"/verify/([A-Za-z0-9_-]{20,43})/")
_HEAD = b"%PDF-"


class Refused(Exception):
    """The file cannot be looked at; the text tells what to do."""


class Outcome(StrEnum):
    """What a file is: one of ours as it was issued, ours and changed, signed by us and unknown here, not signed by us."""

    SAME = "same"
    CHANGED = "changed"
    UNKNOWN = "unknown"
    FOREIGN = "foreign"


@dataclass(frozen=True)
class Looked:
    """What came of looking at a file, and which paper it is or says to be."""

    outcome: Outcome
    paper: Verification | None = None


def look(stream: IO[bytes], size: int) -> Looked:
    """Look at a file of `size` bytes. Raises Refused: empty, too big, no PDF, with a password, broken."""
    if size == 0:
        raise Refused(_("这份是空的，请重新选"))
    if size > MAX_SIZE:
        raise Refused(_("太大，最多 %(most)d MB") % {"most": MAX_SIZE // 1024 // 1024})
    content = stream.read(MAX_SIZE + 1)
    same = Verification.objects.filter(sha256=sha256(content).hexdigest()).order_by("code").first()
    if same is not None:
        return Looked(Outcome.SAME, same)
    codes = list(dict.fromkeys(code.decode() for code in _ADDRESS.findall(content)))[:MOST_CODES]
    named = Verification.objects.filter(code__in=codes).exclude(sha256="").order_by("code").first()
    if named is not None:
        return Looked(Outcome.CHANGED, named)
    return Looked(_of_seal(_seal(content)))


def _of_seal(seal: Seal) -> Outcome:
    return {Seal.WHOLE: Outcome.UNKNOWN, Seal.BROKEN: Outcome.CHANGED}.get(seal, Outcome.FOREIGN)


def _seal(content: bytes) -> Seal:
    if not content.startswith(_HEAD):
        raise Refused(_("只能验 PDF"))
    try:
        with files.pdf_reader(io.BytesIO(content)) as reader:
            is_encrypted = reader.is_encrypted
            found = None if is_encrypted else _signature(reader.root_object)
    except Exception:  # whatever a parser raises on hostile bytes means the same
        raise Refused(_("这个文件打不开，请重新下载再传")) from None
    if is_encrypted:
        raise Refused(_("PDF 有密码，请去掉密码再传"))
    try:
        return signing.seal_of(content, found, signing.certificates())
    except (signing.CannotSign, OSError):
        raise Refused(_("现在验不了签章，请用二维码或验证码查")) from None


def _signature(root: DictionaryObject) -> Signature | None:
    """Return the last signature of the document, None when it has none."""
    form: Any = root.get("/AcroForm", DictionaryObject()).get_object()
    for row in reversed(list(form.get("/Fields", []))[:MOST_FIELDS]):
        field = row.get_object()
        value = field.get("/V")
        if field.get("/FT") == "/Sig" and value is not None:
            signed = value.get_object()
            ranges = tuple(int(number) for number in signed["/ByteRange"])
            return Signature(ranges, bytes(signed["/Contents"].original_bytes)) if len(ranges) == 4 else None
    return None
