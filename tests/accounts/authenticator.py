"""What people hold in their hand: an authenticator app that shows codes, and a device with passkeys (WebAuthn), in plain Python."""

import base64
import hashlib
import json
import os
import struct

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from django.utils import timezone
from fido2 import cbor
from fido2.cose import ES256

from accounts.services import second_factor

PRESENT, VERIFIED, ATTESTED = 1, 4, 64


def step_now():
    """The half minute that it is."""
    return int(timezone.now().timestamp()) // second_factor.STEP_SECONDS


def code(secret, drift=0):
    """What an authenticator with this key shows; its clock may be some half minutes off."""
    return second_factor.code_at(secret, step_now() + drift)


def b64(content):
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


class Device:
    """One passkey. Whoever tampers says what it does wrong."""

    def __init__(self, *, count=0):
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.id = os.urandom(32)
        self.count = count

    def _data(self, rp_id, flags, attested=b""):
        return hashlib.sha256(rp_id.encode()).digest() + struct.pack(">BI", flags, self.count) + attested

    def _answer(self, **response):
        closed = {name: b64(content) for name, content in response.items()}
        named = {"id": b64(self.id), "rawId": b64(self.id), "type": "public-key"}
        return json.dumps({**named, "response": closed, "clientExtensionResults": {}})

    def make(self, options, origin, *, flags=PRESENT | VERIFIED, rp_id=None):
        """What a browser sends that has made this passkey."""
        given = json.loads(options)["publicKey"]
        said = _client("webauthn.create", given["challenge"], origin)
        public = cbor.encode(ES256.from_cryptography_key(self.key.public_key()))
        attested = bytes(16) + struct.pack(">H", len(self.id)) + self.id + public
        data = self._data(rp_id or given["rp"]["id"], flags | ATTESTED, attested)
        made = cbor.encode({"fmt": "none", "attStmt": {}, "authData": data})
        return self._answer(clientDataJSON=said, attestationObject=made)

    def use(self, options, origin, *, flags=PRESENT | VERIFIED, rp_id=None, key=None):
        """What a browser sends that has signed with it."""
        given = json.loads(options)["publicKey"]
        said = _client("webauthn.get", given["challenge"], origin)
        data = self._data(rp_id or given["rpId"], flags)
        signed = (key or self.key).sign(data + hashlib.sha256(said).digest(), ec.ECDSA(hashes.SHA256()))
        return self._answer(clientDataJSON=said, authenticatorData=data, signature=signed)


def _client(kind, challenge, origin):
    return json.dumps({"type": kind, "challenge": challenge, "origin": origin, "crossOrigin": False}).encode()
