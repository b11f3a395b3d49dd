"""The client's address: only our own proxies are believed, and only as far as they reach."""

import pytest
from django.test import RequestFactory

from accounts.network import client_address

PROXIES = ["10.0.0.0/8", "2001:db8::/32"]


def address(remote, forwarded=None, proxies=PROXIES, settings=None):
    settings.TRUSTED_PROXIES = proxies
    headers = {} if forwarded is None else {"HTTP_X_FORWARDED_FOR": forwarded}
    return client_address(RequestFactory().get("/", REMOTE_ADDR=remote, **headers))


@pytest.mark.parametrize(
    ("remote", "forwarded", "client"),
    [
        ("203.0.113.9", None, "203.0.113.9"),
        # a stranger may write what he likes
        ("203.0.113.9", "198.51.100.1", "203.0.113.9"),
        ("10.0.0.1", "198.51.100.1", "198.51.100.1"),
        # the left-most is what the client wrote himself
        ("10.0.0.1", "1.2.3.4, 198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "1.2.3.4, 198.51.100.1, 10.0.0.2", "198.51.100.1"),
        ("10.0.0.1", "10.9.9.9", "10.9.9.9"),
        ("10.0.0.1", None, "10.0.0.1"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", "nonsense", "10.0.0.1"),
        ("10.0.0.1", "198.51.100.1, nonsense, 10.0.0.2", "10.0.0.2"),
        ("10.0.0.1", "198.51.100.1:4711", "198.51.100.1"),
        ("10.0.0.1", "[2a00::1]:443", "2a00::1"),
        ("2001:db8::1", "2a00::1", "2a00::1"),
        ("::ffff:10.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("::ffff:203.0.113.9", None, "203.0.113.9"),
        ("10.0.0.1", "fe80::1%eth0", "fe80::1"),
        # a Unix socket gives no address
        ("", "198.51.100.1", "198.51.100.1"),
        ("", None, "unknown"),
    ],
)
def test_client(remote, forwarded, client, settings):
    assert address(remote, forwarded, settings=settings) == client


def test_without_proxies_the_header_is_never_believed(settings):
    assert address("10.0.0.1", "198.51.100.1", proxies=[], settings=settings) == "10.0.0.1"
    assert address("", "198.51.100.1", proxies=[], settings=settings) == "unknown"


def test_a_network_that_is_none_is_refused(settings):
    with pytest.raises(ValueError, match=r"10\.0\.0\.0/99"):
        address("10.0.0.1", proxies=["10.0.0.0/99"], settings=settings)
