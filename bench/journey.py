"""A whole way through the pages, from the portal to the receipt, as a phone that keeps what it may keep would ask for it.

Every request counts: pages, redirects, stylesheets, scripts and pictures; every byte of both ways with its headers, but
for the bytes of the applicant's own files. Scripts are not run, so that what they would save is not counted either.
"""

import io
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin

import requests
import yaml
from bs4 import BeautifulSoup
from PIL import Image
from requests.adapters import HTTPAdapter

from bench.browser import Browser
from bench.load import WrongAnswer
from bench.place import Place, WebServer

MOST_PAGES, MOST_BYTES = 12, 400 * 1024
_PARTS = (
    ("link[rel=stylesheet]", "href"),
    ("link[rel=icon]", "href"),
    ("script[src]", "src"),
    ("img[src]", "src"),
)
_FRESH = re.compile(r"immutable|max-age=[1-9]")
# what it is called, and what everybody calls it
ITEM, CALLED = "生育登记", "准生证"
# what anybody could answer; the place of residence is the first of the list
BIRTH = {
    "marriage": "unmarried",
    "child_order": "1",
    "birth_date_year": "2026",
    "birth_date_month": "12",
    "birth_date_day": "20",
    "address": "12 号",
}


@dataclass(frozen=True)
class Line:
    """One request and its answer; bytes of both with their headers."""

    method: str
    path: str
    status: int
    sent: int
    is_page: bool


@dataclass
class Way:
    """What was asked for on the way: a line each, and the bytes of the applicant's own files."""

    lines: list[Line] = field(default_factory=list)
    own: int = 0

    @property
    def requests(self) -> int:
        """How many requests."""
        return len(self.lines)

    @property
    def pages(self) -> int:
        """How many pages the person waited for."""
        return sum(line.is_page for line in self.lines)

    @property
    def sent(self) -> int:
        """Bytes up and down, without the applicant's own files."""
        return sum(line.sent for line in self.lines) - self.own


def _is_html(answer: requests.Response) -> bool:
    return answer.headers.get("Content-Type", "").startswith("text/html")


class _Counting(HTTPAdapter):
    """Sends to this machine whatever the host is called, and writes down what it sent."""

    def __init__(self, port: int) -> None:
        super().__init__()
        self.here, self.way = f"127.0.0.1:{port}", Way()

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        """Send one request and count it."""
        address = str(request.url)
        host, path = address.split("/", 3)[2:]
        request.headers.update({"Host": host, "Accept-Encoding": "gzip"})
        request.url = address.replace(host, self.here, 1)
        answer = super().send(request, *args, **kwargs)
        answer.url = request.url = address
        size = int(answer.headers.get("Content-Length") or len(answer.content)) + len(request.body or b"")
        size += sum(
            len(name) + len(str(value)) + 4
            for headers in (request.headers, answer.headers)
            for name, value in headers.items()
        )
        # a redirect's request is a copy, and would go to the old host with its cookies
        del request.headers["Host"]
        is_page = answer.ok and not answer.is_redirect and _is_html(answer)
        self.way.lines.append(Line(str(request.method), f"{host}/{path}", answer.status_code, size, is_page))
        return answer


class Phone(Browser):
    """A browser that also loads what a page needs, and keeps it as long as it is told that it may."""

    def __init__(self, port: int) -> None:
        super().__init__()
        self._counting = _Counting(port)
        self._kept: set[str] = set()
        self.session.mount("http://", self._counting)
        self.session.hooks["response"].append(self._load_parts)

    @property
    def way(self) -> Way:
        """What was asked for so far."""
        return self._counting.way

    def _load_parts(self, answer: requests.Response, **_options: Any) -> None:
        if not answer.ok or not _is_html(answer):
            return
        for tag, place in _PARTS:
            for found in BeautifulSoup(answer.text, "html.parser").select(tag):
                address = urljoin(str(answer.url), str(found[place]))
                if address not in self._kept and not address.startswith("data:"):
                    part = self.session.get(address)
                    if _FRESH.search(part.headers.get("Cache-Control", "")):
                        self._kept.add(address)


def photo() -> bytes:
    """Return a photo of an identity card, as a phone takes one, but small."""
    made = io.BytesIO()
    Image.new("RGB", (600, 400), (200, 200, 180)).save(made, "JPEG")
    return made.getvalue()


def measure(place: Place, product: WebServer) -> Way:
    """Go from the portal's front page to the receipt of a birth registration. Raises NotOnThePage, WrongAnswer."""
    ((portal,),) = place.execute("SELECT portal_domain FROM tenants_shared_city")
    ((hall,),) = place.execute(
        "SELECT h.short_name FROM tenants_shared_hall h JOIN catalog_shared_offer o ON o.hall_role = h.role"
        f" WHERE o.name = '{ITEM}' AND o.can_apply AND NOT o.hidden ORDER BY h.schema_name LIMIT 1"
    )
    people = yaml.safe_load((place.city_folder / "people.yaml").read_text(encoding="utf-8"))
    person = next(person for person in people if person["role"] == "citizen")
    return _register(product.port, portal, hall, person)


def _register(port: int, portal: str, hall: str, person: dict[str, str]) -> Way:
    with Phone(port) as phone:
        phone.open(f"http://{portal}/")
        phone.go(hall)
        phone.press("搜索", q=CALLED)
        phone.go(ITEM)
        phone.go("开始办理")
        phone.press("登录", username=person["username"], password=person["password"])
        phone.press("开始填")
        phone.go("接着办")
        home = phone.page.select_one("select[name=residence] option[value]:not([value=''])")["value"]
        phone.press("保存，下一步", **BIRTH, residence=home)
        phone.press("上传，下一步", files={"upload": ("1.jpg", photo())})
        phone.press("保存，下一步", method="electronic")
        phone.press("确认无误，提交", is_true=True)
        if phone.h1 != "已提交":
            raise WrongAnswer(f"no receipt: {phone.h1}")
        way = phone.way
        way.own = len(photo())
        return way
