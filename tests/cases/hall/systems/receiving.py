"""Real receivers on this machine, good and bad, and a department's system that signs what it tells."""

import contextlib
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

LOCAL = ["127.0.0.0/8"]


class Receiver:
    """A server in a thread. `answers` are done one after the other, the last for all that follow."""

    def __init__(self, *answers):
        self.answers, self.got = list(answers), []
        self.ended = threading.Event()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["content-length"]))
                outer.got.append((dict(self.headers.items()), body))
                answer = outer.answers.pop(0) if len(outer.answers) > 1 else outer.answers[0]
                with contextlib.suppress(OSError):
                    answer(self, outer)

            def log_message(self, *_given):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True)
        self.thread.start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server.server_port}/events/"

    def close(self):
        self.ended.set()
        self.server.shutdown()
        self.server.server_close()

    def bodies(self):
        return [json.loads(body) for _headers, body in self.got]

    def ids(self):
        return [headers["webhook-id"] for headers, _body in self.got]


def says(status, text=b"", **headers):
    """An answer like any other."""

    def answer(handler, _receiver):
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(text)))
        handler.end_headers()
        handler.wfile.write(text)

    return answer


def hangs(handler, receiver):
    """Never answer."""
    receiver.ended.wait(30)


def drips(handler, receiver):
    """Give a byte of the head now and then: no single wait is long."""
    for letter in b"HTTP/1.1 200 OK\r\nX: " + b"a" * 10_000:
        handler.wfile.write(bytes([letter]))
        handler.wfile.flush()
        if receiver.ended.wait(0.05):
            return


def endless(handler, receiver):
    """Say yes and go on without end."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
    while not receiver.ended.is_set():
        handler.wfile.write(b"x" * 65536)


def hangs_up(handler, _receiver):
    """End the connection without a word."""
    handler.connection.close()


def waited_for(condition, seconds=20):
    """Wait until it is true; return whether it was."""
    for _look in range(int(seconds / 0.02)):
        if condition():
            return True
        time.sleep(0.02)
    return False
