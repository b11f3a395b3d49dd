"""Pages of applicants' files as pictures: hostile bytes are drawn in a process of their own (DESIGN rule 12).

`child.py` is that process: it has no secrets, no database and hard limits on memory, time and what it may write.
What it makes of files, besides pictures of their pages, is asked for in `making.py`.
"""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import IO, Any

from django.core.cache import cache
from django.utils.translation import gettext as _

MOST_PAGES = 200
# the longest side of a picture in pixels, by how near one looks
ZOOMS = {1: 1100, 2: 1800, 3: 2600}
TURNS = (0, 90, 180, 270)
CPU_SECONDS = 8
WALL_SECONDS = 15
MOST_BYTES = 8 * 1024 * 1024
# so many are drawn at once by one process of the server: each may take a core and the child's memory
AT_ONCE = 2
WAIT_SECONDS = 20
_KNOWN_SECONDS = 24 * 3600
_CHILD = Path(__file__).with_name("child.py")
FONT = Path(str(resources.files("manimgx_fonts_cjk"))) / "NotoSansCJK-VF.otf.ttc"
_places = threading.BoundedSemaphore(AT_ONCE)


class Unreadable(Exception):
    """This page cannot be drawn; the text says so and what to do. `problem` is the reason's name."""

    def __init__(self, text: str, problem: str = "") -> None:
        super().__init__(text)
        self.problem = problem


@dataclass(frozen=True)
class Picture:
    """A page as JPEG, and of how many."""

    content: bytes
    pages: int


def draw(
    stream: IO[bytes], kind: str, *, page: int = 1, zoom: int = 1, turn: int = 0, mark: str = ""
) -> Picture:
    """Return page `page` (from 1) of a file of this content type as a picture. Raises Unreadable.

    `mark` is written all over it: for whom and for what it was shown.
    """
    task = {"kind": kind, "page": page, "side": ZOOMS[zoom], "turn": turn, "mark": mark, "font": str(FONT)}
    head, body = run([stream.read()], task)
    return Picture(body, int(head["pages"]))


def pages(stream: IO[bytes], kind: str, sha256: str) -> int:
    """Return how many pages may be looked at: known for a day by the content's digest. Raises Unreadable.

    A picture is one page and was decoded when it was handed in: it is not looked at again.
    """
    if kind != "application/pdf":
        return 1
    key = f"leaves:{sha256}"
    found = cache.get(key)
    if found is None:
        try:
            head, _body = run([stream.read()], {"kind": kind, "page": 0, "side": 0, "turn": 0})
            found = int(head["pages"])
        except Unreadable as problem:
            found = str(problem)
        cache.set(key, found, _KNOWN_SECONDS)
    if isinstance(found, str):
        raise Unreadable(found)
    return min(int(found), MOST_PAGES)


def run(
    contents: Sequence[bytes], task: dict[str, Any], *, seconds: int = CPU_SECONDS, most: int = MOST_BYTES
) -> tuple[dict[str, Any], bytes]:
    """Let the child do it: it reads the task's line and the contents, and writes a line and what it made.

    `seconds` is what it may take of a processor, `most` how many bytes it may answer with. Raises Unreadable.
    """
    if not _places.acquire(timeout=WAIT_SECONDS):
        raise Unreadable(_("现在看的人多，请过一会儿再看，或下载看。"), "busy")
    told = {**task, "sizes": [len(content) for content in contents]}
    try:
        said = _spoken(b"".join([json.dumps(told).encode(), b"\n", *contents]), seconds)
    finally:
        _places.release()
    line, _newline, body = said.partition(b"\n")
    try:
        head = json.loads(line)
    except ValueError:
        # killed by its limits before it could say anything
        head = {"problem": "broken"}
    if "problem" in head or len(said) > most:
        problem = str(head.get("problem", "large"))
        raise Unreadable(_sentence(problem), problem)
    return head, body


def _spoken(given: bytes, seconds: int) -> bytes:
    # -I: neither the folder that it stands in nor the environment says what it imports; -B: it writes nothing
    command = [sys.executable, "-I", "-B", str(_CHILD), str(seconds)]
    wall = WALL_SECONDS + seconds - CPU_SECONDS
    try:
        done = subprocess.run(
            command, input=given, capture_output=True, timeout=wall, check=False, env=_environment()
        )
    except subprocess.TimeoutExpired:
        return b'{"problem": "slow"}\n'
    return done.stdout


def _environment() -> dict[str, str]:
    """What the child may know: where programs are, nothing of ours."""
    return {name: os.environ[name] for name in ("PATH", "LANG", "SYSTEMROOT") if name in os.environ}


def _sentence(problem: str) -> str:
    sentences = {
        "password": _("这份 PDF 有密码，在页面里看不了，请下载看。"),
        "page": _("这份没有这一页。"),
        "slow": _("这一页太复杂，在页面里看不了，请下载看。"),
    }
    return sentences.get(problem, _("这份在页面里打不开，请下载看。"))
