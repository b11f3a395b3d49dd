"""Papers as PDF: typst lays them out, with the one font that the wheel brings (no font of the system); QR codes as SVG.

Values travel as JSON in `sys.inputs`, never inside the source, so no text can become a command of the template: nothing
that somebody wrote reads a file or fetches a package.
"""

import json
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from importlib import resources
from io import BytesIO
from pathlib import Path
from typing import Any, Literal

import segno
import typst
from fontTools.ttLib import TTCollection

_FONTS = Path(str(resources.files("manimgx_fonts_cjk")))
CannotSet = typst.TypstError
# ISO 19005-2: what an electronic archive keeps, with the structure that a screen reader needs
ARCHIVE: Literal["a-2a"] = "a-2a"


def pdf(
    template: Path,
    facts: Mapping[str, Any],
    *,
    seconds: int,
    url: str = "",
    standard: Literal["a-2a"] | None = None,
) -> bytes:
    """Return the paper that a template makes of these facts, the same bytes for the same facts.

    The template finds `facts` as JSON and the QR code of `url` as SVG in `sys.inputs`; what it includes stands in its own
    folder; `facts.missing` are the characters that the font has no shape for. `seconds` is the time of the paper, since
    1970. Raises CannotSet.
    """
    written = {**facts, "missing": without_shape(facts)}
    return typst.compile(
        template,
        root=template.parent,
        font_paths=[_FONTS],
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"facts": json.dumps(written, ensure_ascii=False), "qr": qr(url)},
        pdf_standards=standard,
        timestamp=seconds,
    )


@cache
def _shapes() -> frozenset[int]:
    """Return the code points that the font draws: 44,810, those of GB 18030 that names are registered with among them."""
    with TTCollection(next(_FONTS.glob("*.ttc")), lazy=True) as collection:
        # all faces of the collection draw the same
        return frozenset(collection.fonts[0].getBestCmap())


def without_shape(value: Any) -> list[str]:
    """Return the characters of all texts in a value that the font has no shape for, in their order."""
    return sorted({letter for text in _texts(value) for letter in text if ord(letter) not in _shapes()})


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _texts(each)


def clean(value: Any) -> Any:
    """Return the value with its texts on one line and without what is no letter; nothing is an empty text.

    A rare character stays, also one that this Python's Unicode tables do not know yet, or one of a private area.
    """
    if isinstance(value, str):
        spaced = "".join(" " if letter.isspace() else letter for letter in value)
        return "".join(letter for letter in spaced if _is_letter(letter))
    if isinstance(value, Mapping):
        return {name: clean(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [clean(entry) for entry in value]
    return "" if value is None else value


def _is_letter(letter: str) -> bool:
    """Whether a character is for reading: no control or format character, no half of one, no selector of a variant."""
    point = ord(letter)
    # noncharacters: the last two of each plane, and 32 that Unicode set apart
    if point & 0xFFFE == 0xFFFE or 0xFDD0 <= point <= 0xFDEF:
        return False
    if 0xFE00 <= point <= 0xFE0F or 0xE0100 <= point <= 0xE01EF:
        return False
    return unicodedata.category(letter) not in {"Cc", "Cf", "Cs"}


def day_text(day: date) -> str:
    """Return a day as papers write it: 2026年3月4日."""
    return f"{day.year}年{day.month}月{day.day}日"


def qr(url: str, *, light: str | None = None) -> str:
    """Return the QR code of the address as SVG, on a ground of `light` where one is named; nothing for no address."""
    if not url:
        return ""
    target = BytesIO()
    segno.make(url, error="m").save(target, kind="svg", border=2 if light else 1, scale=4, light=light)
    return target.getvalue().decode()
