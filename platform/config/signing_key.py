"""The key that papers are signed with: made by set-up for the demo, looked at before production starts."""

import os
import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

DEMO_NAME = "Demonstration key, without legal effect"
DEMO_DAYS = 3650


def make_demo(path: Path, *, now: datetime) -> bool:
    """Make a key with a certificate that is its own root as PKCS#12 (0600), unless there is one; return whether it was made."""
    if path.exists():
        return False
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, DEMO_NAME)])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=DEMO_DAYS))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_signing_only(), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    content = pkcs12.serialize_key_and_certificates(
        b"demo", key, certificate, None, serialization.NoEncryption()
    )
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # a file of mkstemp is its owner's alone from the first byte
    handle, temporary = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    Path(temporary).replace(path)
    return True


def _signing_only() -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )


def problem(values: Mapping[str, Any], *, now: datetime | None = None) -> str:
    """Return why papers cannot be signed with what the environment names, in one line; empty when they can.

    A token (PKCS#11) is only looked for: whether it answers is seen at each signature, and a paper waits for it.
    """
    if values["SIGNING_MODULE"]:
        if not Path(values["SIGNING_MODULE"]).is_file():
            return (
                f"SIGNING_MODULE={values['SIGNING_MODULE']} is no file: name the PKCS#11 library of the token"
            )
        missing = [
            name for name in ("SIGNING_SLOT", "SIGNING_LABEL", "SIGNING_PASSPHRASE") if not values[name]
        ]
        return f"{', '.join(missing)} missing: SIGNING_MODULE needs slot, label and PIN" if missing else ""
    if not values["SIGNING_KEY"]:
        return "SIGNING_KEY is missing: name a PKCS#12 file (or SIGNING_MODULE) to sign papers with"
    return _file_problem(
        Path(values["SIGNING_KEY"]), values["SIGNING_PASSPHRASE"], now or datetime.now(tz=UTC)
    )


def _file_problem(path: Path, passphrase: str, now: datetime) -> str:
    try:
        content = path.read_bytes()
    except OSError as failure:
        return f"SIGNING_KEY={path} cannot be read ({failure.strerror}): check the path and who may read it"
    try:
        key, certificate, _others = pkcs12.load_key_and_certificates(content, passphrase.encode() or None)
    except ValueError:
        return f"SIGNING_KEY={path} does not open: it is no PKCS#12 file, or SIGNING_PASSPHRASE is wrong"
    if key is None or certificate is None:
        return f"SIGNING_KEY={path} holds no key with its certificate: export both into it"
    if certificate.not_valid_after_utc <= now:
        return (
            f"SIGNING_KEY={path} expired on {certificate.not_valid_after_utc:%Y-%m-%d}: put a new one in place,"
            " and the old certificate into SIGNING_FORMER"
        )
    if certificate.not_valid_before_utc > now:
        return f"SIGNING_KEY={path} is not valid before {certificate.not_valid_before_utc:%Y-%m-%d}"
    return ""
