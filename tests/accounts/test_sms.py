"""Sending a message: the demo's log, and the gateway over HTTP with its signature."""

import hashlib
import hmac
import http.server
import json
import logging
import threading

import pytest
from django.core.exceptions import ImproperlyConfigured

from accounts import sms


class Gateway(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append((self.path, dict(self.headers), body))
        self.send_response(self.server.status)
        if self.server.status == 302:
            self.send_header("Location", "/elsewhere")
        self.end_headers()

    do_GET = do_POST

    def log_message(self, *args):
        pass


@pytest.fixture
def gateway(settings):
    server = http.server.HTTPServer(("127.0.0.1", 0), Gateway)
    server.got, server.status = [], 200
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    settings.SMS_BACKEND, settings.SMS_KEY = "http", "gateway-key"
    settings.SMS_URL = f"http://127.0.0.1:{server.server_port}/send"
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_gateway_gets_a_signed_message(gateway):
    sms.send("13712345678", "验证码123456")

    ((path, headers, body),) = gateway.got
    message = json.loads(body)
    assert path == "/send"
    assert (message["phone"], message["text"]) == ("13712345678", "验证码123456")
    assert headers["X-Signature"] == hmac.new(b"gateway-key", body, hashlib.sha256).hexdigest()
    assert message["id"]
    assert message["at"]


@pytest.mark.parametrize("status", [302, 400, 500])
def test_any_other_answer_is_a_failure_and_is_followed_nowhere(gateway, status):
    gateway.status = status
    with pytest.raises(sms.NotSent, match="短信没发出去"):
        sms.send("13712345678", "x")
    assert len(gateway.got) == 1


def test_a_gateway_that_is_not_there_is_a_failure(settings):
    settings.SMS_BACKEND, settings.SMS_KEY, settings.SMS_URL = "http", "k", "http://127.0.0.1:9/"
    with pytest.raises(sms.NotSent):
        sms.send("13712345678", "x")


@pytest.mark.parametrize("url", ["", "file:///etc/passwd", "ftp://x/"])
def test_a_gateway_must_be_an_address_of_http(settings, url):
    settings.SMS_BACKEND, settings.SMS_KEY, settings.SMS_URL = "http", "k", url
    with pytest.raises(ImproperlyConfigured):
        sms.send("13712345678", "x")


def test_the_log_shows_the_text_in_the_demo_only_and_never_the_phone(settings, caplog):
    settings.SMS_BACKEND = "console"
    with caplog.at_level(logging.INFO):
        sms.send("13712345678", "验证码123456")
        assert "123456" in caplog.text
        settings.IS_DEMO = False
        sms.send("13712345678", "验证码654321")
    assert "654321" not in caplog.text
    assert "13712345678" not in caplog.text
