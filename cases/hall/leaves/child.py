"""Draws one page of a file. Run by itself: reads a line of JSON and the files, writes a line of JSON and what it made.

Imports nothing of the project but the files that stand beside it. Its limits stand before it reads a byte of what
somebody gave.
"""

import contextlib
import importlib.util
import json
import sys
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image, ImageOps

with contextlib.suppress(ImportError):  # no such limits on this system: the caller's clock still ends it
    import resource

MEMORY = 768 * 1024 * 1024
CPU_SECONDS = 8
# a picture is decoded whole once: 3 bytes a pixel
MOST_PIXELS = 65_000_000
# a page is drawn so that neither its area nor a side is ever larger, whatever size it claims
MOST_DRAWN = 9_000_000
LEAST_SIDE = 8
MOST_SIDE = 6_000


class Refused(Exception):
    """The file cannot be shown; the text is the name of the reason."""


def beside(name: str) -> Any:
    """Load a file of this folder: it is no package here."""
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    if spec is None or spec.loader is None:
        raise Refused("broken")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def limit(seconds: int = CPU_SECONDS) -> None:
    """Take away what a hostile file could use: memory, time, files, processes, core dumps."""
    if "resource" not in globals():
        return
    for name, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(name, (most, most))


def draw(task: dict[str, Any], content: bytes) -> tuple[int, Any]:
    """Return the number of pages and the picture that is asked for; None for page 0. Raises Refused, or whatever."""
    if task["kind"] == "application/pdf":
        return draw_pdf(task, content)
    if task["kind"] not in {"image/jpeg", "image/png"}:
        raise Refused("kind")
    return 1, draw_image(task, content)


def draw_image(task: dict[str, Any], content: bytes) -> Any:
    """Decode a photograph, the right way up."""
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    side = int(task["side"])
    with Image.open(BytesIO(content), formats=("JPEG", "PNG")) as image:
        if image.width * image.height > MOST_PIXELS:
            raise Refused("large")
        # a JPEG is decoded no larger than it is needed
        image.draft("RGB", (side, side))
        image.load()
        if image.mode in {"RGBA", "LA", "P", "PA"}:
            image.thumbnail((side, side))
            coloured = image.convert("RGBA")
            white = Image.new("RGB", coloured.size, "white")
            white.paste(coloured, mask=coloured.getchannel("A"))
            return white
        # made small before it is turned: a copy of the whole would cost the same memory again
        image.thumbnail((side, side))
        return ImageOps.exif_transpose(image).convert("RGB")


def draw_pdf(task: dict[str, Any], content: bytes) -> tuple[int, Any]:
    """Draw one page of a PDF: no forms, no scripts, nothing is fetched."""
    import pypdfium2  # noqa: PLC0415 -- slow import, and a picture needs none of it

    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as problem:
        raise Refused("password" if "password" in str(problem).lower() else "broken") from None
    pages = len(document)
    number = int(task["page"])
    if pages == 0 or number > pages:
        raise Refused("page")
    if number == 0:
        return pages, None
    page = document[number - 1]
    width, height = page.get_size()
    if not (0 < width < float("inf") and 0 < height < float("inf")):
        raise Refused("broken")
    scale = min(
        int(task["side"]) / max(width, height),
        MOST_SIDE / max(width, height),
        (MOST_DRAWN / (width * height)) ** 0.5,
    )
    if min(width, height) * scale < LEAST_SIDE:
        scale = min(LEAST_SIDE / min(width, height), MOST_SIDE / max(width, height))
    # drawn without a form environment: what a form or script would do never runs
    return pages, page.render(scale=scale, may_draw_forms=False).to_pil().convert("RGB")


def drawn(task: dict[str, Any], content: bytes) -> tuple[dict[str, Any], bytes]:
    """Return what is said of a page and its JPEG. Raises Refused, or whatever."""
    pages, image = draw(task, content)
    if image is None:
        return {"pages": pages}, b""
    if task["turn"]:
        image = image.rotate(-int(task["turn"]), expand=True)
    if task.get("mark"):
        image = beside("child_marks").marked(image, task["mark"], task["font"])
    body = BytesIO()
    image.save(body, "JPEG", quality=85)
    return {"pages": pages, "width": image.width, "height": image.height}, body.getvalue()


def main() -> None:
    """Do what standard input asks and say it on standard output; a failure is a word, never a trace."""
    limit(*map(int, sys.argv[1:]))
    line = sys.stdin.buffer.readline()
    body = b""
    try:
        task = json.loads(line)
        contents = [sys.stdin.buffer.read(size) for size in task["sizes"]]
        if task.get("do") == "small":
            answer, body = beside("child_small").small(task, contents[0])
        elif task.get("do"):
            answer, body = beside("child_making").made({**task, "beside": beside}, contents)
        else:
            answer, body = drawn(task, contents[0])
    except (
        BaseException
    ) as problem:  # whatever a decoder raises on hostile bytes, no memory among it, means the same
        # the file beside this one has a Refused of its own
        answer = {"problem": str(problem) if type(problem).__name__ == "Refused" else "broken"}
        body = b""
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n" + body)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
