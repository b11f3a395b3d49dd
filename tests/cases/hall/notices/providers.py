"""Providers of messages for tests: a gateway over HTTP that behaves as it is told, and a mail server over SMTP."""

import contextlib
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class _Gateway(BaseHTTPRequestHandler):
    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.got.append(body)
        self.server.behave(self, body)

    def log_message(self, *_):
        """Say nothing."""


def status(code, said=b""):
    """Behave: answer with this status and these words."""

    def behave(handler, _body):
        handler.send_response(code)
        handler.send_header("Content-Length", str(len(said)))
        handler.end_headers()
        handler.wfile.write(said)

    return behave


def garbage(handler, _body):
    """Behave: answer what is no HTTP."""
    handler.wfile.write(b"\x00\xff nonsense\r\n\r\n")
    handler.close_connection = True


def silent(handler, _body):
    """Behave: take it and answer nothing."""
    time.sleep(0.5)
    handler.close_connection = True


def slow(handler, _body):
    """Behave: a byte now and then, without end."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    with contextlib.suppress(OSError):
        for _ in range(100):
            handler.wfile.write(b"X")
            handler.wfile.flush()
            time.sleep(0.05)
    handler.close_connection = True


class Gateway:
    """A gateway of one's own, and the settings that lead to it."""

    def __init__(self):
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), _Gateway)
        self.server.daemon_threads = True
        self.server.got, self.server.behave = [], status(200)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{self.server.server_port}/"
        self.settings = {"SMS_BACKEND": "http", "SMS_URL": url, "SMS_KEY": "k"}

    def behave(self, how):
        """Behave so from now on."""
        self.server.behave = how

    @property
    def texts(self):
        """The words that arrived."""
        return [body["text"] for body in self.server.got]

    @property
    def keys(self):
        """The keys that arrived."""
        return [body["id"] for body in self.server.got]

    def close(self):
        """End it."""
        self.server.shutdown()
        self.server.server_close()


class Mailbox:
    """What aiosmtpd hands over; `refuse` is what it answers to a recipient instead of taking it."""

    def __init__(self):
        self.got, self.refuse = [], ""

    async def handle_RCPT(self, _server, _session, envelope, address, _options):
        """Take the recipient, or refuse it."""
        if self.refuse:
            return self.refuse
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server, _session, envelope):
        """Keep the mail."""
        from email import message_from_bytes, policy

        self.got.append((envelope.rcpt_tos[0], message_from_bytes(envelope.content, policy=policy.default)))
        return "250 OK"
