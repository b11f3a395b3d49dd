"""The keys of the demo's archives: one signs them, a pair encrypts and opens them. Production brings its own files."""

import os
import tempfile
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey


def make_demo(folder: Path) -> None:
    """Make `signing.pem`, `private.pem` (0600 both) and `recipient.pem` in the folder, unless they are there."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not (folder / "signing.pem").exists():
        _write(folder / "signing.pem", _private(Ed25519PrivateKey.generate()))
    # written last: whoever finds it finds the private key too
    if not (folder / "recipient.pem").exists():
        private = X25519PrivateKey.generate()
        _write(folder / "private.pem", _private(private))
        public = private.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        _write(folder / "recipient.pem", public)


def _private(key: Ed25519PrivateKey | X25519PrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _write(path: Path, content: bytes) -> None:
    # a file of mkstemp is its owner's alone from the first byte
    handle, temporary = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    Path(temporary).replace(path)
