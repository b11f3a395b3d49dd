"""The address that a request comes from, for rate limits and the audit trail."""

import ipaddress
from collections.abc import Iterable
from functools import cache

from django.conf import settings
from django.http import HttpRequest

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_Network = ipaddress.IPv4Network | ipaddress.IPv6Network

UNKNOWN = "unknown"


@cache
def _networks(names: tuple[str, ...]) -> tuple[_Network, ...]:
    return tuple(ipaddress.ip_network(name, strict=False) for name in names)


def _address(text: str) -> _Address | None:
    """Read an address, with or without a port or a zone; an IPv4 address inside IPv6 is the IPv4 address."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        found = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found


def _is_trusted(address: _Address, networks: Iterable[_Network]) -> bool:
    return any(address.version == network.version and address in network for network in networks)


def client_address(request: HttpRequest) -> str:
    """Return the address of whoever sent the request, `unknown` when the server gives none (a Unix socket).

    X-Forwarded-For counts only behind the networks of settings.TRUSTED_PROXIES, read from the right: each proxy
    appends whom it heard, so the first address that is no proxy of ours is the client; what stands left of it
    anybody may have written. Where a proxy wrote no address, the last proxy that did stands for the client.
    Raises ValueError when a network of the setting is none.
    """
    networks = _networks(tuple(settings.TRUSTED_PROXIES))
    nearest = _address(request.META.get("REMOTE_ADDR", ""))
    if nearest is None:
        # a Unix socket: whoever listens there is a proxy of ours, if we have any
        if not networks:
            return UNKNOWN
    elif not _is_trusted(nearest, networks):
        return str(nearest)
    client = nearest
    for text in reversed(request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")):
        address = _address(text)
        if address is None:
            break
        client = address
        if not _is_trusted(address, networks):
            break
    return str(client) if client else UNKNOWN
