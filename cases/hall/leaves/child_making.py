"""Makes files of files: photographs upright and bare, several in one PDF, pages in another order, PDFs without programs.

Part of the child: it runs under its limits and imports nothing of the project.
"""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

from PIL import Image, ImageOps

# the longest side of a photograph that is kept: A4 at 340 dots an inch
MOST_SIDE = 4000
# decoded whole; a JPEG is decoded at half, a quarter or an eighth where it is larger
MOST_PIXELS = 65_000_000
MOST_PIXELS_JPEG = 250_000_000
MOST_PNG_PIXELS = 40_000_000
MOST_PNG_BYTES = 8 * 1024 * 1024
MOST_PAGES = 200
# of a PDF that is drawn anew, page by page
MOST_MARKED = 30
MARKED_SIDE = 1800
MOST_OBJECTS = 200_000
QUALITY = 88
# on A4 a page's longer side, in points: how large a photograph is printed
PAGE_POINTS = 842

HARMLESS_ACTIONS = {"/GoTo", "/URI", "/Named"}
CARRIERS = {"/FileAttachment", "/RichMedia", "/Screen", "/Movie", "/Sound", "/3D"}


class Refused(Exception):
    """It cannot be made; the text is the name of the reason."""


def made(task: dict[str, Any], contents: list[bytes]) -> tuple[dict[str, Any], bytes]:
    """Return what is said of it and what was made. Raises Refused, or whatever a decoder raises."""
    makers = {"picture": picture, "clean": clean, "join": join, "arrange": arrange, "mark": mark}
    return makers[task["do"]](task, contents)


def picture(task: dict[str, Any], contents: list[bytes]) -> tuple[dict[str, Any], bytes]:
    """Encode a photograph anew: upright, turned by `turn`, no longer than a page needs, without a word about where it was taken."""
    image = decoded(contents[0], task["form"])
    if task.get("turn"):
        image = image.rotate(-int(task["turn"]), expand=True)
    form = "PNG" if task["form"] == "PNG" else "JPEG"
    body = encoded(image, form)
    if form == "PNG" and len(body) > MOST_PNG_BYTES:
        form, body = "JPEG", encoded(image, "JPEG")
    return {"kind": form.lower()}, body


def decoded(content: bytes, form: str) -> Any:
    """Return a photograph whole, upright, in red, green and blue. Raises Refused."""
    if form == "HEIF":
        import pi_heif  # noqa: PLC0415 -- few photographs need it

        pi_heif.register_heif_opener(thumbnails=False)
    most = {"JPEG": MOST_PIXELS_JPEG, "PNG": MOST_PNG_PIXELS}.get(form, MOST_PIXELS)
    Image.MAX_IMAGE_PIXELS = None
    image: Any
    with Image.open(BytesIO(content), formats=(form,)) as image:
        if image.width * image.height > most:
            raise Refused("large")
        if form == "JPEG" and max(image.size) > MOST_SIDE:
            # no smaller than what is kept, and no larger than memory holds
            scale = max(image.size) / MOST_SIDE
            image.draft("RGB", (int(image.width / scale), int(image.height / scale)))
        if image.width * image.height > MOST_PIXELS:
            raise Refused("large")
        try:
            image.load()
        except MemoryError:
            raise Refused("large") from None
        if image.mode.startswith(("I", "F")):
            image = image.convert("I").point(lambda value: value / 256).convert("L")
        image.thumbnail((MOST_SIDE, MOST_SIDE))
        if image.mode in {"RGBA", "LA", "P", "PA"}:
            coloured = image.convert("RGBA")
            flat = Image.new("RGB", coloured.size, "white")
            flat.paste(coloured, mask=coloured.getchannel("A"))
            flat.info.update(image.info)
            image = flat
        upright = ImageOps.exif_transpose(image).convert("RGB")
    # a new picture: what else the file said stays behind
    bare = Image.new("RGB", upright.size)
    bare.paste(upright)
    return bare


def encoded(image: Any, form: str) -> bytes:
    """Return the file of a picture, with nothing in it but the picture."""
    body = BytesIO()
    image.save(body, form, **({"quality": QUALITY} if form == "JPEG" else {}))
    return body.getvalue()


def opened(content: bytes) -> Any:
    """Return a reader of a PDF that may be changed. Raises Refused for one that a change would make worthless."""
    from pypdf import PdfReader  # noqa: PLC0415 -- slow import, and a picture needs none of it

    reader = PdfReader(BytesIO(content))
    if reader.is_encrypted:
        raise Refused("password")
    return reader


def is_signed(reader: Any) -> bool:
    """Whether somebody signed the document: any change would break the signature."""
    form = reader.root_object.get("/AcroForm")
    return bool(form is not None and int(form.get_object().get("/SigFlags", 0)) & 1)


def clean(_task: dict[str, Any], contents: list[bytes]) -> tuple[dict[str, Any], bytes]:
    """Take out what would run or what is carried along; a PDF without such things is not touched."""
    from pypdf import PdfWriter  # noqa: PLC0415 -- slow import, and a picture needs none of it

    reader = opened(contents[0])
    if not taken_out(reader.root_object, is_only_looked_for=True):
        return {"changed": False}, b""
    if is_signed(reader):
        raise Refused("active")
    writer = PdfWriter(clone_from=reader)
    taken_out(writer.root_object, is_only_looked_for=False)
    # what nothing leads to any more must not travel along
    kept = PdfWriter()
    for page in writer.pages:
        kept.add_page(page)
    body = BytesIO()
    kept.write(body)
    again = opened(body.getvalue())
    if len(again.pages) != len(reader.pages) or taken_out(again.root_object, is_only_looked_for=True):
        raise Refused("active")
    return {"changed": True}, body.getvalue()


def taken_out(root: Any, *, is_only_looked_for: bool) -> bool:
    """Go through everything that the root leads to, take out what acts or carries, and return whether there was any."""
    found = False
    for node in reached(root):
        for holder, key in acting(node):
            found = True
            if not is_only_looked_for:
                del holder[key]
    return found


def reached(root: Any) -> Iterator[Any]:
    """Give each dictionary and array that can be reached, once. Raises Refused when there are too many."""
    seen: set[int] = set()
    waiting = [root]
    while waiting:
        node = waiting.pop()
        node = node.get_object() if hasattr(node, "get_object") else node
        if not isinstance(node, (dict, list)) or id(node) in seen:
            continue
        seen.add(id(node))
        if len(seen) > MOST_OBJECTS:
            raise Refused("large")
        yield node
        waiting.extend(dict.values(node) if isinstance(node, dict) else node)


def acting(node: Any) -> list[tuple[Any, Any]]:
    """Return where in a dictionary or array something stands that runs, or that carries another file; the last place first."""
    if isinstance(node, list):
        carriers = [place for place, entry in enumerate(node) if is_carrier(entry)]
        return [(node, place) for place in reversed(carriers)]
    named = [
        "/AA",
        "/JS",
        "/JavaScript",
        "/EmbeddedFiles",
        "/EF",
        "/AF",
        "/XFA",
        "/Collection",
        "/RichMediaContent",
    ]
    places = [name for name in named if name in node]
    places += [name for name in ("/A", "/OpenAction", "/PA", "/Next") if name in node and is_act(node, name)]
    return [(node, name) for name in places]


def is_carrier(entry: Any) -> bool:
    """Whether this is a mark on a page that carries a file, a film or a sound."""
    found = entry.get_object() if hasattr(entry, "get_object") else entry
    return isinstance(found, dict) and found.get("/Subtype") in CARRIERS and "/Rect" in found


def is_act(node: Any, name: str) -> bool:
    """Whether what stands under the name is an action that does more than lead somewhere."""
    found = dict.__getitem__(node, name)
    found = found.get_object() if hasattr(found, "get_object") else found
    return isinstance(found, dict) and "/S" in found and found["/S"] not in HARMLESS_ACTIONS


def join(task: dict[str, Any], contents: list[bytes]) -> tuple[dict[str, Any], bytes]:
    """Put photographs and PDFs into one PDF, in the order given; a photograph is a page of its shape."""
    from pypdf import PdfReader, PdfWriter  # noqa: PLC0415 -- slow import, and a picture needs none of it

    writer = PdfWriter()
    for form, content in zip(task["forms"], contents, strict=True):
        if form == "PDF":
            reader = opened(content)
            if is_signed(reader):
                raise Refused("signed")
        else:
            reader = PdfReader(BytesIO(as_page(decoded(content, form))))
        for page in reader.pages:
            writer.add_page(page)
    return written(writer)


def as_page(image: Any) -> bytes:
    """Return a PDF of one page that is this picture."""
    body = BytesIO()
    image.save(body, "PDF", resolution=max(image.size) / PAGE_POINTS * 72, quality=QUALITY)
    return body.getvalue()


def arrange(task: dict[str, Any], contents: list[bytes]) -> tuple[dict[str, Any], bytes]:
    """Return the pages that `order` names, [page from 1, turn], and no others."""
    from pypdf import PdfWriter  # noqa: PLC0415 -- slow import, and a picture needs none of it

    reader = opened(contents[0])
    if is_signed(reader):
        raise Refused("signed")
    writer = PdfWriter()
    for number, turn in task["order"]:
        if not 1 <= number <= len(reader.pages):
            raise Refused("page")
        page = writer.add_page(reader.pages[number - 1])
        if turn:
            page.rotate(int(turn))
    return written(writer)


def written(writer: Any) -> tuple[dict[str, Any], bytes]:
    """Return the PDF of a writer. Raises Refused."""
    pages = len(writer.pages)
    if not 1 <= pages <= MOST_PAGES:
        raise Refused("pages")
    writer.metadata = None
    body = BytesIO()
    writer.write(body)
    return {"pages": pages}, body.getvalue()


def mark(task: dict[str, Any], contents: list[bytes]) -> tuple[dict[str, Any], bytes]:
    """Return the file as pictures with the text written over each: nothing of it can be lifted off again."""
    marks, drawing = task["beside"]("child_marks"), task["beside"]("child")
    if task["form"] != "PDF":
        return {"kind": "jpeg"}, encoded(
            marks.marked(decoded(contents[0], task["form"]), task["mark"], task["font"]), "JPEG"
        )
    asked = {"kind": "application/pdf", "page": 0, "side": MARKED_SIDE}
    pages, _none = drawing.draw_pdf(asked, contents[0])
    if pages > MOST_MARKED:
        raise Refused("pages")
    sheets = []
    for number in range(1, pages + 1):
        _pages, image = drawing.draw_pdf({**asked, "page": number}, contents[0])
        sheets.append(BytesIO(as_page(marks.marked(image, task["mark"], task["font"]))))
    from pypdf import PdfReader, PdfWriter  # noqa: PLC0415 -- slow import, and a picture needs none of it

    writer = PdfWriter()
    for sheet in sheets:
        writer.add_page(PdfReader(sheet).pages[0])
    return {"kind": "pdf", **written(writer)[0]}, written(writer)[1]
