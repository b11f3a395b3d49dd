"""One webhook over HTTP, to real receivers that behave badly."""

import socket
import time

import pytest

from cases.hall import sending
from tests.cases.hall.systems.receiving import drips, endless, hangs, hangs_up, says

BODY = b'{"type":"case.accept"}'


@pytest.fixture(autouse=True)
def short(monkeypatch, local):
    monkeypatch.setattr(sending, "READ_SECONDS", 0.5)
    monkeypatch.setattr(sending, "TOTAL_SECONDS", 1.5)


def post(url):
    return sending.post(url, BODY, {"webhook-id": "msg_1"})


@pytest.mark.parametrize(
    ("answer", "delivered", "status"),
    [
        (says(200, b"ok"), True, 200),
        (says(204), True, 204),
        (says(200, b"\x00\xff<html>not json"), True, 200),
        (says(500, b"trouble"), False, 500),
        (says(302, Location="http://127.0.0.1:1/"), False, 302),
        (says(410), False, 410),
        (endless, True, 200),
    ],
)
def test_the_status_is_what_counts(receiver, answer, delivered, status):
    there = receiver(answer)
    outcome = post(there.url)

    assert (outcome.is_delivered, outcome.status) == (delivered, status)
    assert len(there.got) == 1
    headers, body = there.got[0]
    assert (headers["Content-Type"], headers["webhook-id"], body) == ("application/json", "msg_1", BODY)


@pytest.mark.parametrize("answer", [hangs, drips, hangs_up])
def test_who_never_ends_is_cut_off(receiver, answer):
    began = time.monotonic()
    outcome = post(receiver(answer).url)

    assert (outcome.is_delivered, outcome.status) == (False, None)
    assert outcome.answer
    # the watch and the wait for a byte are the only bounds: far from the thirty seconds that the receiver takes
    assert time.monotonic() - began < 15


def test_no_more_of_an_answer_is_kept_than_a_line(receiver):
    outcome = post(receiver(says(500, b"a\r\n\x1b[31m" + b"b" * 5000)).url)

    assert len(outcome.answer) == sending.KEPT_ANSWER
    assert outcome.answer.isprintable()


def test_nobody_listens():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    assert not post(f"http://127.0.0.1:{port}/").is_delivered


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.1", "224.0.0.1",
        "[::1]", "[fe80::1]", "[fd00::1]", "[::ffff:127.0.0.1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]",
    ],
)  # fmt: skip
def test_nothing_is_sent_inside_unless_settings_name_the_network(address, settings, monkeypatch):
    settings.WEBHOOK_NETWORKS = []
    connected = []
    monkeypatch.setattr(socket, "create_connection", lambda *given: connected.append(given))
    outcome = post(f"https://{address}/events")

    assert (outcome.is_delivered, outcome.status, connected) == (False, None, [])
    assert "内网" in outcome.answer


def test_a_name_is_looked_up_once_and_every_address_of_it_counts(settings, monkeypatch):
    settings.WEBHOOK_NETWORKS, asked = [], []

    def look_up(host, port, **_given):
        asked.append(host)
        return [(2, 1, 6, "", ("93.184.216.34", port)), (2, 1, 6, "", ("10.0.0.1", port))]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    assert "内网" in post("https://example.gov.cn/").answer
    assert asked == ["example.gov.cn"]


def test_a_public_address_wants_tls(settings):
    settings.WEBHOOK_NETWORKS = []
    assert "https" in post("http://93.184.216.34/").answer


@pytest.mark.parametrize(
    "url",
    ["ftp://example.gov.cn/", "https://", "//example.gov.cn", "https://a:b@example.gov.cn/", "https://例.cn/",
     "https://example.gov.cn/#x", "https://example.gov.cn:99999/", "https://example.gov.cn/ x", "file:///etc/passwd"],
)  # fmt: skip
def test_an_address_that_is_none(url):
    assert sending.problem_of(url)
    assert not post(url).is_delivered


@pytest.mark.parametrize("url", ["https://example.gov.cn/events?a=1", "http://127.0.0.1:8790/tax/"])
def test_an_address_that_is_one(url):
    assert sending.problem_of(url) == ""
