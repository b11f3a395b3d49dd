"""One webhook over HTTP: to a public address (or a network that settings name), in ten seconds at most, nowhere else.

The receiver may hang, lie, redirect or answer without end: a status and the beginning of a text is all that is kept.
The address is looked up once and connected to as it was checked, so that a name cannot change its mind in between.
"""

import contextlib
import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

CONNECT_SECONDS, READ_SECONDS, TOTAL_SECONDS = 3.0, 5.0, 10.0
MAX_ANSWER = 2048
KEPT_ANSWER = 300
# IPv6 that carries an IPv4 address inside: what looks public may lead to a private one
_TUNNELS = tuple(map(ipaddress.ip_network, ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")))

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True)
class Outcome:
    """What came of it: delivered or not, the status if there was one, and the beginning of the answer or what failed."""

    is_delivered: bool
    status: int | None
    answer: str


class NotAllowed(Exception):
    """Nothing is sent there; the text says why."""


def problem_of(url: str) -> str:
    """Return what is wrong with an address as it is written, empty when nothing is. No look-up."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return _("地址写得不对，例如 https://example.gov.cn/events")
    if parts.scheme not in {"https", "http"} or not parts.hostname or port == 0:
        return _("地址写得不对，例如 https://example.gov.cn/events")
    if parts.username or parts.password or parts.fragment:
        return _("地址里不要写账号、密码和 #")
    if any(ord(letter) < 33 or ord(letter) > 126 for letter in url):
        return _("地址里不要有空格和汉字")
    return ""


def post(url: str, body: bytes, headers: Mapping[str, str]) -> Outcome:
    """Send one message and return what came of it. Never raises for what the receiver or the network does."""
    try:
        parts = urlsplit(url)
        if problem := problem_of(url):
            raise NotAllowed(problem)
        return _exchange(parts, _checked_address(parts), body, headers)
    except NotAllowed as refusal:
        return Outcome(False, None, str(refusal))
    except TimeoutError:
        return Outcome(False, None, _("没有按时答复"))
    except (OSError, http.client.HTTPException, ValueError) as problem_found:
        # the cut of the watch shows as a broken connection, too
        return Outcome(False, None, _("连不上或断开了（%(kind)s）") % {"kind": type(problem_found).__name__})


def _checked_address(parts: SplitResult) -> str:
    """Return the address to connect to. Raises NotAllowed when any that the name has is one that nobody may reach."""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    found = socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
    addresses = [ipaddress.ip_address(str(row[4][0]).partition("%")[0]) for row in found]
    if not addresses:
        raise NotAllowed(_("找不到这个地址"))
    named = [_is_named(address) for address in addresses]
    if not all(is_named or _is_public(address) for is_named, address in zip(named, addresses, strict=True)):
        raise NotAllowed(_("这个地址在内网，没有列在允许的网段里"))
    if parts.scheme == "http" and not all(named):
        raise NotAllowed(_("公网地址要用 https"))
    return str(addresses[0])


def _is_named(address: Address) -> bool:
    networks = [ipaddress.ip_network(text, strict=False) for text in settings.WEBHOOK_NETWORKS]
    return any(_plain(address) in network for network in networks)


def _is_public(address: Address) -> bool:
    plain = _plain(address)
    if any(plain in network for network in _TUNNELS):
        return False
    return plain.is_global and not plain.is_multicast


def _plain(address: Address) -> Address:
    return getattr(address, "ipv4_mapped", None) or address


class _Pinned(http.client.HTTPConnection):
    """A connection to the address that was checked, under the name that was given."""

    def __init__(self, parts: SplitResult, address: str) -> None:
        is_tls = parts.scheme == "https"
        super().__init__(parts.hostname or "", parts.port or (443 if is_tls else 80))
        self.address, self.is_tls = address, is_tls
        self.kept: socket.socket | None = None
        self.was_cut = False

    def connect(self) -> None:
        """Connect within three seconds; then each wait is five at most."""
        sock = socket.create_connection((self.address, self.port), CONNECT_SECONDS)
        self.kept = sock
        if self.is_tls:
            sock = ssl.create_default_context().wrap_socket(sock, server_hostname=self.host)
        sock.settimeout(READ_SECONDS)
        self.sock = self.kept = sock

    def cut(self) -> None:
        """End it now, whatever it waits for."""
        self.was_cut = True
        if self.kept is not None:
            with contextlib.suppress(OSError):
                self.kept.shutdown(socket.SHUT_RDWR)


def _exchange(parts: SplitResult, address: str, body: bytes, headers: Mapping[str, str]) -> Outcome:
    connection = _Pinned(parts, address)
    # a receiver that gives a byte now and then never runs into the wait for one byte
    watch = threading.Timer(TOTAL_SECONDS, connection.cut)
    watch.daemon = True
    watch.start()
    try:
        target = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
        given = {"Content-Type": "application/json", "Connection": "close", **headers}
        connection.request("POST", target, body, given)
        response = connection.getresponse()
        if connection.was_cut:
            # what the cut left of the head looks whole
            raise TimeoutError
        status = response.status
        try:
            text = response.read(MAX_ANSWER)
        except (OSError, http.client.HTTPException):
            # the status counts; an answer that breaks off changes nothing of it
            text = b""
    finally:
        watch.cancel()
        connection.close()
    return Outcome(200 <= status < 300, status, _shown(text))


def _shown(text: bytes) -> str:
    letters = text.decode("utf-8", "replace")
    return "".join(letter if letter.isprintable() else " " for letter in letters).strip()[:KEPT_ANSWER]
