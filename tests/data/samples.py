"""Files as phones and scanners make them, and as attackers do."""

import io
from pathlib import Path

import pi_heif
from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, NumberObject, TextStringObject

HERE = Path(__file__).parent
# EXIF: which way the phone was held (0x0112), and where it was (0x8825)
_ORIENTATION, _GPS = 0x0112, 0x8825


def heic():
    """Return a photograph of 64 by 40 as a phone makes it, with the place where it was taken."""
    return (HERE / "phone.heic").read_bytes()


def size(content):
    """Return width and height of a picture."""
    pi_heif.register_heif_opener()
    return Image.open(io.BytesIO(content)).size


def photo(width=80, height=60, *, form="JPEG", held=1, comment=b"", colour=None):
    """Return a photograph whose upper half is white and lower half dark, taken at a place that it names."""
    image = Image.new("RGB", (width, height), colour or (20, 40, 60))
    image.paste((255, 255, 255), (0, 0, width, height // 2))
    exif = Image.Exif()
    exif[_ORIENTATION] = held
    exif.get_ifd(_GPS).update({1: "N", 2: (33.0, 51.0, 7.0), 3: "E", 4: (115.0, 46.0, 7.0)})
    stream = io.BytesIO()
    image.save(stream, form, exif=exif, **({"comment": comment} if comment else {}))
    return stream.getvalue()


def noise(width, height):
    """Return a PNG that no packing makes small: about three bytes a pixel."""
    stream = io.BytesIO()
    Image.effect_noise((width, height), 90).convert("RGB").save(stream, "PNG", compress_level=0)
    return stream.getvalue()


def pdf(*sizes, change=None):
    """Return a PDF of empty pages of these sizes."""
    writer = PdfWriter()
    for width, height in sizes or ((100, 100),):
        writer.add_blank_page(width, height)
    if change:
        change(writer)
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()


def action(kind="/JavaScript"):
    """Return an action of a PDF that does something on its own."""
    return DictionaryObject(
        {NameObject("/S"): NameObject(kind), NameObject("/JS"): TextStringObject("app.alert(1)")}
    )


def annotated(writer, **entries):
    """Put a mark with these entries on the first page of a PDF."""
    mark = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Annot"),
            NameObject("/Subtype"): NameObject("/Link"),
            NameObject("/Rect"): ArrayObject(
                [NumberObject(0), NumberObject(0), NumberObject(9), NumberObject(9)]
            ),
            **{NameObject(f"/{name}"): value for name, value in entries.items()},
        }
    )
    writer.pages[0][NameObject("/Annots")] = ArrayObject([writer._add_object(mark)])
