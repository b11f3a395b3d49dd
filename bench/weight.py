"""What the first load of a page transfers: headers and bodies of the page, its stylesheets and scripts; no fonts, no photos."""

import gzip
import http.client
import re
from dataclasses import dataclass

from bench.load import WrongAnswer
from bench.place import WebServer

LINKED = re.compile(rb'<(?:link rel="stylesheet" href|script[^>]* src)="(/[^"]+)"')
LIMIT = 50 * 1024


@dataclass(frozen=True)
class Weight:
    """Bytes on the wire of a first load, how many requests it takes, and what gzip would make of the bodies."""

    page: str
    sent: int
    html: int
    requests: int
    zipped: int


def weigh(server: WebServer, host: str, path: str) -> Weight:
    """Load a page as a browser without a cache does. Raises WrongAnswer."""
    wire, html, body = _fetch(server, host, path)
    links = sorted({link.decode() for link in LINKED.findall(body)})
    zipped = len(gzip.compress(body))
    for link in links:
        more, _, linked = _fetch(server, host, link)
        wire += more
        zipped += len(gzip.compress(linked))
    return Weight(f"{host}{path}", wire, html, 1 + len(links), zipped)


def _fetch(server: WebServer, host: str, path: str) -> tuple[int, int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    try:
        connection.request("GET", path, headers={"Host": host, "Accept-Encoding": "gzip"})
        response = connection.getresponse()
        sent = response.read()
        if response.status != http.client.OK:
            raise WrongAnswer(f"{host}{path}: {response.status}")
        headers = sum(len(name) + len(value) + 4 for name, value in response.getheaders())
        body = gzip.decompress(sent) if response.getheader("Content-Encoding") == "gzip" else sent
        return headers + len(sent), len(sent), body
    finally:
        connection.close()
