"""Where to go on to: a path of the same host and nothing else."""

from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

LONGEST = 2000
HOME = "/"


def safe_path(text: str, default: str = HOME) -> str:
    """Return the text when it is a path of this host, else the default.

    Refused are other hosts and schemes, `//` and `\\` in any place where a browser reads a host, control characters.
    """
    if not text.startswith("/") or len(text) > LONGEST or "\\" in text:
        return default
    if any(ord(letter) < 0x20 or ord(letter) == 0x7F for letter in text):
        return default
    return text if url_has_allowed_host_and_scheme(text, allowed_hosts=None) else default


def next_path(request: HttpRequest, default: str = HOME) -> str:
    """Return the path that the request wants to go on to (`next` in the query), made safe."""
    return safe_path(request.GET.get("next", ""), default)


def with_next(path: str, onward: str) -> str:
    """Return the path with `next`, left out when it is the home page."""
    return path if onward == HOME else f"{path}?{urlencode({'next': onward})}"
