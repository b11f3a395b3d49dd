"""Papers as PDF: typst lays them out, with the one font that the wheel brings (no font of the system); QR codes as SVG.

Values travel as JSON in `sys.inputs`, never inside the source, so no text can become a command of the template.
"""

import json
import unicodedata
from collections.abc import Mapping
from datetime import date
from importlib import resources
from io import BytesIO
from pathlib import Path
from typing import Any, Literal

import segno
import typst

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
    folder. `seconds` is the time of the paper, since 1970. Raises CannotSet, for an archive file also when a character has no shape.
    """
    return typst.compile(
        template,
        root=template.parent,
        font_paths=[_FONTS],
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"facts": json.dumps(facts, ensure_ascii=False), "qr": qr(url)},
        pdf_standards=standard,
        timestamp=seconds,
    )


def clean(value: Any) -> Any:
    """Return the value with its texts on one line and without characters that have no shape; nothing is an empty text."""
    if isinstance(value, str):
        spaced = "".join(" " if letter.isspace() else letter for letter in value)
        return "".join(letter for letter in spaced if unicodedata.category(letter)[0] != "C")
    if isinstance(value, Mapping):
        return {name: clean(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [clean(entry) for entry in value]
    return "" if value is None else value


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
