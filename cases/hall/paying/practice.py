"""A gateway to practise with, on this machine alone: it takes orders, shows a page to pay on, and calls back as it is told to.

It keeps its orders in memory. What it can be told to do is what real gateways do on good and on bad days.
"""

import html
import http.client
import json
import secrets
import threading
import uuid
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.utils import timezone

from cases.hall import signing

MAX_BODY = 64 * 1024
LATE_SECONDS = 20.0
# what may be done on the page to pay on: the form's value and its words
DOINGS = {
    "success": "付成",
    "failure": "付不成",
    "late": "付成，二十秒后才通知",
    "double": "付成，通知两次",
    "silent": "付成，不通知",
    "forged": "通知的签名不对",
    "wrong_amount": "通知的金额不对",
    "unknown": "通知一笔没有的",
}

# how the call-back differs from the truth
_WRONG: dict[str, dict[str, Any]] = {
    "forged": {"forged": True, "state": "paid"},
    "wrong_amount": {"adds": 1, "state": "paid"},
    "unknown": {"reference": "0" * 32, "state": "paid"},
}


@dataclass
class Bill:
    """An order as the gateway has it."""

    reference: str
    amount: int
    title: str
    notify_url: str
    return_url: str
    state: str = "waiting"
    number: str = ""


class Practice:
    """The gateway: a server in a thread. `answers` are the call-backs' statuses and answers, in order."""

    def __init__(self, secret: str, port: int = 0, *, late_seconds: float = LATE_SECONDS) -> None:
        self.secret, self.late_seconds = secret, late_seconds
        self.bills: dict[str, Bill] = {}
        self.answers: list[tuple[int, str]] = []
        self.server = ThreadingHTTPServer(
            ("127.0.0.1", port), type("Handler", (_Handler,), {"practice": self})
        )
        self.server.daemon_threads = True

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server.server_port}"

    def begin(self) -> None:
        """Serve in a thread of its own."""
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def end(self) -> None:
        """Stop serving."""
        self.server.shutdown()
        self.server.server_close()

    def asked(self, what: str, told: dict[str, Any]) -> dict[str, Any]:
        """Answer a request of the hall: an order, how one is, a refund."""
        reference = str(told["reference"])
        if what == "orders":
            fields = {name: told[name] for name in ("amount", "title", "notify_url", "return_url")}
            self.bills.setdefault(reference, Bill(reference, **fields))
            return {"url": f"{self.url}/pay/{reference}"}
        bill = self.bills.get(reference)
        if bill is None:
            return {"state": "unknown", "amount": 0}
        if what == "refunds" and bill.state == "paid":
            bill.state = "refunded"
        return {"state": bill.state, "amount": bill.amount, "number": bill.number}

    def do(self, bill: Bill, doing: str) -> None:
        """Do what somebody chose on the page to pay on."""
        if doing in {"success", "late", "double", "silent"}:
            bill.state, bill.number = "paid", bill.number or secrets.token_hex(8)
        elif doing == "failure":
            bill.state = "failed"
        if doing == "late":
            threading.Timer(self.late_seconds, self.call_back, [bill]).start()
        elif doing != "silent":
            changed: dict[str, Any] = _WRONG.get(doing, {})
            message = f"msg_{uuid.uuid4().hex}"
            for _time in range(2 if doing == "double" else 1):
                self.call_back(bill, message, **changed)

    def said(self, bill: Bill, message: str, **changed: Any) -> tuple[bytes, dict[str, str]]:
        """Return body and headers of a call-back. `forged`: signed by somebody else; `adds`: fen more than the bill."""
        secret = signing.new_secret() if changed.pop("forged", False) else self.secret
        told = {"reference": bill.reference, "state": bill.state, "number": bill.number, **changed}
        told["amount"] = bill.amount + told.pop("adds", 0)
        body = json.dumps(told).encode()
        return body, signing.headers(secret, message, timezone.now(), body)

    def call_back(self, bill: Bill, message: str = "", **changed: Any) -> None:
        """Tell the hall of a bill, and keep what it answered."""
        body, headers = self.said(bill, message or f"msg_{uuid.uuid4().hex}", **changed)
        parts = urlsplit(bill.notify_url)
        # whatever the hall's host is called, the demo listens here
        connection = http.client.HTTPConnection("127.0.0.1", parts.port or 80, timeout=30)
        try:
            given = {"Host": parts.netloc, "Content-Type": "application/json", **headers}
            connection.request("POST", parts.path, body, given)
            answer = connection.getresponse()
            self.answers.append((answer.status, answer.read().decode("utf-8", "replace")))
        finally:
            connection.close()


def _page(bill: Bill) -> str:
    buttons = "".join(
        f'<p><button name="doing" value="{name}">{words}</button></p>' for name, words in DOINGS.items()
    )
    return (
        '<!doctype html><html lang="zh-Hans"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>练习付款</title><h1>练习付款</h1><p>{html.escape(bill.title)} {bill.amount / 100:.2f} 元（{bill.state}）</p>"
        f'<form method="post">{buttons}</form><p><a href="{html.escape(bill.return_url)}">回大厅</a></p></html>'
    )


class _Handler(BaseHTTPRequestHandler):
    """Requests of the hall are signed; whoever pays comes with a browser."""

    practice: Practice

    def do_GET(self) -> None:
        """Show the page to pay on."""
        bill = self._bill()
        if bill is None:
            self._answer(404, "没有这一笔", "text/plain; charset=utf-8")
        else:
            self._answer(200, _page(bill), "text/html; charset=utf-8")

    def do_POST(self) -> None:
        """Take what was chosen on the page, or a request of the hall."""
        body = self.rfile.read(min(int(self.headers.get("content-length") or 0), MAX_BODY))
        if self.path.startswith("/pay/"):
            self._chosen(parse_qs(body.decode("ascii", "replace")).get("doing", [""])[0])
            return
        try:
            signing.verify(self.practice.secret, self.headers, body, timezone.now())  # type: ignore[arg-type]
            told = self.practice.asked(self.path.rpartition("/")[2], json.loads(body))
        except (signing.NotSigned, ValueError, KeyError):
            self._answer(401, "{}", "application/json")
            return
        self._answer(200, json.dumps(told), "application/json")

    def _bill(self) -> Bill | None:
        return self.practice.bills.get(self.path.rpartition("/")[2])

    def _chosen(self, doing: str) -> None:
        bill = self._bill()
        if bill is None or doing not in DOINGS:
            self._answer(404, "没有这一笔", "text/plain; charset=utf-8")
            return
        self.practice.do(bill, doing)
        self.send_response(303)
        self.send_header("Location", bill.return_url)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _answer(self, status: int, text: str, kind: str) -> None:
        content = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_given: Any) -> None:
        """Say nothing."""
