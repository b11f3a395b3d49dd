"""The demo's own identity platform: OpenID Connect on this machine, where anybody says who they are. Production has none.

It stands in for the national platform in `make demo` and in the tests: discovery, an authorization page, a token endpoint that checks
the client, the redirect address, the code and its PKCE verifier, and the key that signs its ID tokens. It keeps nothing: a code is
signed, lives a minute, and carries what it was given for.
"""

import base64
import hashlib
import html
import json
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.core import signing
from django.utils.crypto import constant_time_compare, salted_hmac
from joserfc import jwt
from joserfc.jwk import ECKey

CODE_SECONDS, TOKEN_SECONDS = 60, 300
_MOST_BYTES = 64 * 1024
_PAGE = """<!doctype html><html lang="zh-Hans"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>演示用的认证平台</title><body style="font:18px/1.7 sans-serif;max-width:30em;margin:2em auto;padding:0 16px">
<h1 style="font-size:26px">演示用的认证平台</h1><p>这里代替国家政务服务平台，说是谁就是谁。正式运行时没有这一页。</p>
<form method="post"><p><label>姓名<br><input name="name" value="{name}" style="font:inherit;width:100%"></label></p>
<p><label>身份证号<br><input name="id_number" style="font:inherit;width:100%"></label></p>
<p><button style="font:inherit;padding:8px 24px">是我</button> <button name="cancel" value="1" style="font:inherit;padding:8px 24px">不认证了</button></p></form></body></html>"""

Start = Callable[..., Any]
Environ = dict[str, Any]


class Platform:
    """A WSGI application under one issuer; `secret` is the client's, and what its key and codes are made from."""

    def __init__(self, issuer: str, client_id: str, secret: str) -> None:
        self.issuer, self.client_id, self.secret = issuer, client_id, secret
        self.path = urlsplit(issuer).path
        self.key = _key(secret)

    def __call__(self, environ: Environ, start: Start) -> Iterable[bytes]:
        """Answer one request below the issuer's path."""
        path = environ.get("PATH_INFO", "").removeprefix(self.path)
        if path == "/.well-known/openid-configuration":
            return _json(start, self.metadata())
        if path == "/keys":
            return _json(start, {"keys": [self.key.as_dict(private=False)]})
        if path == "/authorize":
            return self._authorize(environ, start)
        if path == "/token" and environ["REQUEST_METHOD"] == "POST":
            return self._token(environ, start)
        return _json(start, {"error": "not_found"}, "404 Not Found")

    def metadata(self) -> dict[str, Any]:
        """Return what the platform says of itself (OpenID Connect Discovery)."""
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "response_types_supported": ["code"],
            "subject_types_supported": ["pairwise"],
            "id_token_signing_alg_values_supported": ["ES256"],
            "code_challenge_methods_supported": ["S256"],
        }

    def claims(self, given: Mapping[str, str], now: int) -> dict[str, Any]:
        """Return what the ID token says of somebody."""
        return {
            "iss": self.issuer,
            "sub": hashlib.sha256(given["id_number"].encode()).hexdigest(),
            "aud": self.client_id,
            "iat": now,
            "exp": now + TOKEN_SECONDS,
            "nonce": given["nonce"],
            "name": given["name"],
            "id_number": given["id_number"],
        }

    def signed(self, claims: Mapping[str, Any]) -> str:
        """Return the claims as a signed ID token."""
        return jwt.encode({"alg": "ES256", "kid": self.key.kid}, dict(claims), self.key)

    def _authorize(self, environ: Environ, start: Start) -> Iterable[bytes]:
        asked = _first(environ.get("QUERY_STRING", ""))
        if asked.get("client_id") != self.client_id or not asked.get("redirect_uri"):
            return _json(start, {"error": "invalid_client"}, "400 Bad Request")
        if environ["REQUEST_METHOD"] != "POST":
            page = _PAGE.format(name=html.escape(asked.get("login_hint", "")))
            start("200 OK", [("Content-Type", "text/html; charset=utf-8")])
            return [page.encode()]
        given = _first(_body(environ))
        back = {"state": asked.get("state", "")}
        if given.get("cancel"):
            back["error"] = "access_denied"
        else:
            kept = {name: asked.get(name, "") for name in ("redirect_uri", "nonce", "code_challenge")}
            told = {name: given.get(name, "").strip() for name in ("name", "id_number")}
            back["code"] = signing.dumps({**kept, **told}, key=self.secret, salt="demo.code")
        start("302 Found", [("Location", f"{asked['redirect_uri']}?{urlencode(back)}")])
        return []

    def _token(self, environ: Environ, start: Start) -> Iterable[bytes]:
        given = _first(_body(environ))
        wanted = base64.b64encode(f"{self.client_id}:{self.secret}".encode()).decode()
        try:
            code = signing.loads(
                given.get("code", ""), key=self.secret, salt="demo.code", max_age=CODE_SECONDS
            )
        except signing.BadSignature:
            return _json(start, {"error": "invalid_grant"}, "400 Bad Request")
        digest = hashlib.sha256(given.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        if not constant_time_compare(environ.get("HTTP_AUTHORIZATION", ""), f"Basic {wanted}"):
            return _json(start, {"error": "invalid_client"}, "401 Unauthorized")
        if (code["redirect_uri"], code["code_challenge"]) != (given.get("redirect_uri"), challenge):
            return _json(start, {"error": "invalid_grant"}, "400 Bad Request")
        token = self.signed(self.claims(code, int(time.time())))
        return _json(
            start, {"access_token": "demo", "token_type": "Bearer", "expires_in": 60, "id_token": token}
        )


def beside(application: Callable[[Environ, Start], Iterable[bytes]], platform: Platform) -> Any:
    """Return a WSGI application that serves the platform below its issuer's path, and the other everywhere else."""

    def serve(environ: Environ, start: Start) -> Iterable[bytes]:
        is_ours = environ.get("PATH_INFO", "").startswith(f"{platform.path}/")
        return platform(environ, start) if is_ours else application(environ, start)

    return serve


def _key(secret: str) -> Any:
    # one key for all processes of the demo, without a file
    number = int.from_bytes(salted_hmac("demo.identity", "key", secret=secret, algorithm="sha256").digest())
    private = ec.derive_private_key(number >> 8 | 1, ec.SECP256R1())
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    key = ECKey.import_key(pem)
    key.ensure_kid()
    return key


def _first(text: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(text).items()}


def _body(environ: Environ) -> str:
    length = min(int(environ.get("CONTENT_LENGTH") or 0), _MOST_BYTES)
    return str(environ["wsgi.input"].read(length).decode())


def _json(start: Start, answer: Mapping[str, Any], status: str = "200 OK") -> Iterable[bytes]:
    start(status, [("Content-Type", "application/json"), ("Cache-Control", "no-store")])
    return [json.dumps(answer).encode()]
