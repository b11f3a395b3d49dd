"""Signing papers as PDF (PAdES, ISO 32000-2 12.8), and looking at the signature of one that somebody brings.

The key is a PKCS#12 file or a token (PKCS#11) that the settings name. Whose signature is ours is a matter of pinned
certificates, that of the key and those of former keys: a paper stays ours when its key has expired. pyhanko is heavy
and is loaded by who signs or looks.
"""

import asyncio
import io
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache, partial
from pathlib import Path
from queue import Empty, Queue
from threading import Thread
from typing import Any, TypeVar, cast

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, pkcs12
from django.conf import settings

Answer = TypeVar("Answer")
FIELD = "Seal"
# bytes kept free for a signature with its certificates; a token's chain is longer than the demo's
RESERVED = 16_384


# seconds that a token or a key may take; less than a paper's lease (cases.hall.services.papers)
PATIENCE = 60.0


class CannotSign(Exception):
    """The key or the token does not answer; the paper waits. The text names no secret."""


def is_near() -> bool:
    """Whether the key is a file of this machine: a signature is then a matter of milliseconds."""
    return not settings.SIGNING_MODULE


def sign(pdf: bytes, *, name: str, place: str) -> bytes:
    """Return the PDF with an invisible signature over the whole of it, as `name`; `place` is the address to verify it at.

    Raises CannotSign, whatever is wrong with key or token.
    """
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter  # noqa: PLC0415 -- slow import
    from pyhanko.sign import signers  # noqa: PLC0415 -- slow import
    from pyhanko.sign.fields import SigSeedSubFilter  # noqa: PLC0415 -- slow import

    said = signers.PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        name=name,
        location=place,
    )

    def work() -> bytes:
        with _signer() as signer:
            writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
            written = signers.sign_pdf(writer, said, signer=signer, bytes_reserved=RESERVED)
        return bytes(written.getvalue())

    return _signed(work)


def sign_bytes(content: bytes) -> bytes:
    """Return a signature of these bytes by the city's key, detached (CMS, DER). Raises CannotSign, whatever is wrong."""

    def work() -> bytes:
        with _signer() as signer:
            signed = asyncio.run(signer.async_sign_general_data(content, "sha256", detached=True))
        return bytes(signed.dump())

    return _signed(work)


def _signed(work: Callable[[], bytes]) -> bytes:
    """Return what `work` signs. Raises CannotSign, whatever is wrong."""
    try:
        return _apart(work)
    except CannotSign:
        raise
    except Exception as failure:
        # a driver of a token may raise anything, and its words may hold what it was given
        raise CannotSign(type(failure).__name__) from None


def _apart(work: Callable[[], Answer]) -> Answer:
    """Return what `work` does in a thread of its own. Raises what it raises, and CannotSign when it takes too long.

    pyhanko runs an event loop, of which a thread can have one, and a token that hangs must hold up nobody for ever.
    """
    done: Queue[tuple[Answer | None, Exception | None]] = Queue(1)

    def run() -> None:
        try:
            done.put((work(), None))
        except Exception as failure:
            done.put((None, failure))

    Thread(target=run, daemon=True).start()
    try:
        answer, failure = done.get(timeout=PATIENCE)
    except Empty:
        raise CannotSign("TimedOut") from None
    if failure is not None:
        raise failure
    return cast(Answer, answer)


@contextmanager
def _signer() -> Iterator[Any]:
    """Give the signer of the settings; a token's session ends with the block."""
    if is_near():
        path = Path(settings.SIGNING_KEY)
        try:
            changed_at = path.stat().st_mtime_ns
        except OSError as failure:
            raise CannotSign(f"SIGNING_KEY: {failure.strerror}") from None
        yield _of_file(path, changed_at)
        return
    from pyhanko.sign import pkcs11  # noqa: PLC0415 -- slow import

    session = pkcs11.open_pkcs11_session(
        settings.SIGNING_MODULE, slot_no=int(settings.SIGNING_SLOT), user_pin=settings.SIGNING_PASSPHRASE
    )
    try:
        label = settings.SIGNING_LABEL
        signer = pkcs11.PKCS11Signer(session, cert_label=label, key_label=label)
        # many tokens sign a hash with a curve, few make the hash themselves
        signer.use_raw_mechanism = signer.signing_cert.public_key.algorithm == "ec"
        yield signer
    finally:
        session.close()


@lru_cache(maxsize=2)
def _of_file(path: Path, _changed_at: int) -> Any:
    from pyhanko.sign import signers  # noqa: PLC0415 -- slow import

    load: Any = signers.SimpleSigner.load_pkcs12
    found = load(str(path), passphrase=settings.SIGNING_PASSPHRASE.encode() or None)
    if found is None:
        raise CannotSign("SIGNING_KEY does not open")
    return found


def certificates() -> list[x509.Certificate]:
    """Return the certificates whose signatures are ours: of the key in use and of former ones.

    Raises CannotSign when a token does not say its own.
    """
    former = Path(settings.SIGNING_FORMER) if settings.SIGNING_FORMER else None
    kept = x509.load_pem_x509_certificates(former.read_bytes()) if former else []
    if is_near():
        content = Path(settings.SIGNING_KEY).read_bytes()
        own = pkcs12.load_key_and_certificates(content, settings.SIGNING_PASSPHRASE.encode() or None)[1]
        return [*kept, *([own] if own else [])]
    try:
        with _signer() as signer:
            return [*kept, x509.load_der_x509_certificate(signer.signing_cert.dump())]
    except Exception as failure:
        raise CannotSign(type(failure).__name__) from None


class Seal(StrEnum):
    """What the signature of a file is: none, somebody else's, ours over something else, ours over all of it."""

    NONE = "none"
    FOREIGN = "foreign"
    BROKEN = "broken"
    WHOLE = "whole"


@dataclass(frozen=True)
class Signature:
    """A signature as it stands in a PDF: two ranges of bytes (offset, length), and the CMS between them."""

    ranges: tuple[int, ...]
    cms: bytes


def seal_of(content: bytes, found: Signature | None, ours: Iterable[x509.Certificate]) -> Seal:
    """Return what the signature that was found in these bytes is. Whatever cannot be read is somebody else's."""
    if found is None:
        return Seal.NONE
    try:
        return _checked(content, found, {bytes(row.fingerprint(SHA256())) for row in ours})
    except Exception:  # whatever a parser raises on hostile bytes means the same
        return Seal.FOREIGN


def _checked(content: bytes, found: Signature, ours: set[bytes]) -> Seal:
    from asn1crypto import cms  # noqa: PLC0415 -- slow import
    from pyhanko.sign.validation import async_validate_detached_cms  # noqa: PLC0415 -- slow import
    from pyhanko_certvalidator import ValidationContext  # noqa: PLC0415 -- slow import

    # what follows the CMS in its reserved place is zeros
    signed = cms.ContentInfo.load(found.cms)["content"]
    held = [x509.load_der_x509_certificate(row.chosen.dump()) for row in signed["certificates"]]
    if not any(row.fingerprint(SHA256()) in ours for row in held):
        return Seal.FOREIGN
    start, before, after, rest = found.ranges
    is_whole = (start, after + rest) == (0, len(content)) and before < after
    is_whole = is_whole and content[before : before + 1] == b"<" and content[after - 1 : after] == b">"
    work = partial(
        async_validate_detached_cms,
        content[:before] + content[after : after + rest],
        signed,
        signer_validation_context=ValidationContext(trust_roots=[], allow_fetching=False),
    )
    status = _apart(lambda: asyncio.run(work()))
    signer = x509.load_der_x509_certificate(status.signing_cert.dump()).fingerprint(SHA256())
    return Seal.WHOLE if is_whole and status.intact and status.valid and signer in ours else Seal.BROKEN


def pem(ours: Iterable[x509.Certificate]) -> bytes:
    """Return certificates as PEM, for who wants to check papers with a program of their own."""
    return b"".join(row.public_bytes(Encoding.PEM) for row in ours)
