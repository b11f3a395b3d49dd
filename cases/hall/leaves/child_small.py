"""Makes a small picture of a large one: a hall's logo, or what its home page begins with.

Part of the child: it runs under its limits and imports nothing of the project.
"""

from io import BytesIO
from typing import Any

from PIL import Image, ImageOps

FORMS = ("PNG", "JPEG", "WEBP")
MOST_PIXELS = 40_000_000
QUALITIES = (82, 74, 66, 58, 50, 42, 34)
COLOURS = 128


class Refused(Exception):
    """It cannot be made; the text is the name of the reason."""


def small(task: dict[str, Any], content: bytes) -> tuple[dict[str, Any], bytes]:
    """Return kind, width and height of a still picture within `width` × `height`, in at most `bytes`, and the picture.

    With `alpha` it is a PNG that keeps what is transparent, else a JPEG on white. Raises Refused, or whatever a decoder raises.
    """
    Image.MAX_IMAGE_PIXELS = None
    with Image.open(BytesIO(content), formats=FORMS) as image:
        if image.width * image.height > MOST_PIXELS:
            raise Refused("large")
        if getattr(image, "n_frames", 1) > 1:
            raise Refused("moving")
        if image.format == "JPEG":
            image.draft("RGB", (2 * task["width"], 2 * task["height"]))
        image.load()
        upright = ImageOps.exif_transpose(image.convert("RGBA"))
    # a new picture: what else the file said stays behind
    bare = Image.new("RGBA", upright.size)
    bare.paste(upright)
    bare.thumbnail((task["width"], task["height"]))
    while min(bare.size) >= 8:
        kind, body = _png(bare, task["bytes"]) if task["alpha"] else _jpeg(bare, task["bytes"])
        if body:
            return {"kind": kind, "width": bare.width, "height": bare.height}, body
        bare = bare.resize((max(1, bare.width * 3 // 4), max(1, bare.height * 3 // 4)))
    raise Refused("thin")


def _png(image: Any, most: int) -> tuple[str, bytes]:
    for tried in (image, image.quantize(COLOURS)):
        body = BytesIO()
        tried.save(body, "PNG", optimize=True)
        if body.tell() <= most:
            return "png", body.getvalue()
    return "png", b""


def _jpeg(image: Any, most: int) -> tuple[str, bytes]:
    flat = Image.new("RGB", image.size, "white")
    flat.paste(image, mask=image.getchannel("A"))
    for quality in QUALITIES:
        body = BytesIO()
        flat.save(body, "JPEG", quality=quality, optimize=True)
        if body.tell() <= most:
            return "jpeg", body.getvalue()
    return "jpeg", b""
