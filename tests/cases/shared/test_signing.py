"""Signing: by a key file, by a token, and what is said when neither answers."""

import io
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, pkcs12
from django.test import override_settings
from pypdf import PdfWriter

from cases.shared import signing
from cases.shared.signing import CannotSign, Seal, Signature
from config import signing_key

PIN, LABEL = "123456", "seal"


def page():
    content, writer = io.BytesIO(), PdfWriter()
    writer.add_blank_page(72, 72)
    writer.write(content)
    return content.getvalue()


def sign():
    return signing.sign(page(), name="东县网上办事大厅", place="https://portal.example/verify/x/")


def seal_of(content):
    from pypdf import PdfReader

    value = PdfReader(io.BytesIO(content)).root_object["/AcroForm"]["/Fields"][0].get_object()["/V"]
    ranges = tuple(int(number) for number in value["/ByteRange"])
    found = Signature(ranges, bytes(value["/Contents"].original_bytes))
    return signing.seal_of(content, found, signing.certificates())


def test_a_signed_file_is_ours_and_whole():
    assert seal_of(sign()) == Seal.WHOLE


@pytest.mark.parametrize("key", ["/nowhere/key.p12", __file__])
def test_a_key_that_does_not_open_says_so_and_nothing_else(key):
    with override_settings(SIGNING_KEY=key, SIGNING_PASSPHRASE="secret"), pytest.raises(CannotSign) as raised:
        sign()

    assert "SIGNING_KEY" in str(raised.value)
    assert "secret" not in str(raised.value)


def test_it_signs_where_an_event_loop_runs_already():
    import asyncio
    from concurrent.futures import ThreadPoolExecutor

    async def busy():
        return sign()

    # in a thread of its own: a browser's loop may run in this one
    with ThreadPoolExecutor(1) as thread:
        signed = thread.submit(lambda: asyncio.run(busy())).result()
    assert seal_of(signed) == Seal.WHOLE


def test_a_token_that_hangs_is_given_up(monkeypatch):
    from threading import Event

    from pyhanko.sign import signers

    hanging = Event()
    monkeypatch.setattr(signing, "PATIENCE", 0.05)
    monkeypatch.setattr(signers, "sign_pdf", lambda *_args, **_given: hanging.wait(30))
    try:
        with pytest.raises(CannotSign, match="TimedOut"):
            sign()
    finally:
        hanging.set()


def test_what_is_no_signature_is_somebody_elses():
    content = page()

    assert signing.seal_of(content, None, []) == Seal.NONE
    assert signing.seal_of(content, Signature((0, 1, 2, 3), b"nothing"), []) == Seal.FOREIGN


@pytest.fixture
def token(tmp_path, monkeypatch):
    """A token in software with a key and its certificate; returns the certificate."""
    import pkcs11

    (tmp_path / "tokens").mkdir()
    (tmp_path / "softhsm.conf").write_text(f"directories.tokendir = {tmp_path}/tokens\n", encoding="ascii")
    monkeypatch.setenv("SOFTHSM2_CONF", str(tmp_path / "softhsm.conf"))
    signing_key.make_demo(tmp_path / "key.p12", now=datetime.now(tz=UTC))
    key, certificate, _ = pkcs12.load_key_and_certificates((tmp_path / "key.p12").read_bytes(), None)
    (tmp_path / "key.pem").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    _softhsm("--init-token", "--free", "--label", "hall", "--pin", PIN, "--so-pin", PIN)
    _softhsm(
        "--import", tmp_path / "key.pem", "--token", "hall", "--label", LABEL, "--id", "01", "--pin", PIN
    )
    module = next(str(path) for path in Path("/usr/lib").rglob("libsofthsm2.so"))
    of_certificate = pkcs11.Attribute
    with pkcs11.lib(module).get_token(token_label="hall").open(rw=True, user_pin=PIN) as session:
        session.create_object(
            {
                of_certificate.CLASS: pkcs11.ObjectClass.CERTIFICATE,
                of_certificate.CERTIFICATE_TYPE: pkcs11.CertificateType.X_509,
                of_certificate.TOKEN: True,
                of_certificate.LABEL: LABEL,
                of_certificate.ID: b"\x01",
                of_certificate.SUBJECT: certificate.subject.public_bytes(),
                of_certificate.VALUE: certificate.public_bytes(Encoding.DER),
            }
        )
    with override_settings(
        SIGNING_MODULE=module, SIGNING_SLOT="0", SIGNING_LABEL=LABEL, SIGNING_PASSPHRASE=PIN, SIGNING_KEY=""
    ):
        yield certificate


def _softhsm(*arguments):
    subprocess.run(["softhsm2-util", *map(str, arguments)], check=True, capture_output=True)


@pytest.mark.needs("softhsm2")
def test_a_token_signs_as_a_file_does_and_a_wrong_pin_only_waits(token):
    assert not signing.is_near()
    assert [row.fingerprint(SHA256()) for row in signing.certificates()] == [token.fingerprint(SHA256())]
    assert isinstance(token, x509.Certificate)
    assert seal_of(sign()) == Seal.WHOLE

    with override_settings(SIGNING_PASSPHRASE="wrong"):
        with pytest.raises(CannotSign, match="PinIncorrect"):
            sign()
        with pytest.raises(CannotSign):
            signing.certificates()
