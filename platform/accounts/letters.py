"""Signed letters to a service that somebody else runs: the SMS gateway, the register that knows names and numbers.

A POST of JSON with `id` (lets the other side drop a repetition) and `at` (Unix seconds), and `X-Signature`: the
HMAC-SHA256, in hex, of the body under a shared key. The other side may hang, lie, redirect or answer without end.
"""

import contextlib
import hashlib
import hmac
import http.client
import json
import socket
import threading
import time
from collections.abc import Mapping
from urllib.parse import urlsplit

# seconds for each wait, and for the whole
TIMEOUT_SECONDS, TOTAL_SECONDS = 5.0, 10.0
# an answer is a few words
MAX_ANSWER = 2048


def is_address(url: str) -> bool:
    """Say whether this is an address that a letter may go to."""
    return url.startswith(("https://", "http://"))


def sign(body: bytes, key: str) -> str:
    """Return the signature of a body: HMAC-SHA256 under the key, in hex."""
    return hmac.new(key.encode(), body, hashlib.sha256).hexdigest()


def post_signed(url: str, key: str, facts: Mapping[str, str], *, message_id: str) -> tuple[int, bytes]:
    """Send the facts; return status and the beginning of the answer, a redirect's like any other's, in ten seconds at most.

    `url` is one that `is_address` takes. Raises OSError when there is no answer.
    """
    body = json.dumps({"id": message_id, **facts, "at": int(time.time())}, ensure_ascii=False).encode()
    headers = {"Content-Type": "application/json", "X-Signature": sign(body, key), "Connection": "close"}
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=TIMEOUT_SECONDS)
    was_cut = threading.Event()

    def cut() -> None:
        # a service that gives a byte now and then never runs into the wait for one byte
        was_cut.set()
        if connection.sock is not None:
            with contextlib.suppress(OSError):
                connection.sock.shutdown(socket.SHUT_RDWR)

    watch = threading.Timer(TOTAL_SECONDS, cut)
    watch.daemon = True
    watch.start()
    try:
        target = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
        connection.request("POST", target, body, headers)
        response = connection.getresponse()
        if was_cut.is_set():
            raise TimeoutError
        try:
            said = response.read(MAX_ANSWER)
        except (OSError, http.client.HTTPException):
            # the status counts; an answer that breaks off changes nothing of it
            said = b""
        return response.status, said
    except http.client.HTTPException as problem:
        raise ConnectionError(type(problem).__name__) from None
    finally:
        watch.cancel()
        connection.close()
