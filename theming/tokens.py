"""A hall's five colours as data, and the stylesheet they make. No ORM."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from theming import contrast

# an SVG path's `d`: commands, numbers, separators and nothing that could close an attribute
MOTIF_LINE = re.compile(r"[Mm][MmLlHhVvCcSsQqTtAaZz0-9 ,.+-]{1,600}")
MOTIF_BYTES = 1024


@dataclass(frozen=True)
class Tokens:
    """The five colours of a hall, each `#RRGGBB`: header and main button, hover, tint, headings, line under the header."""

    brand: str
    dark: str
    soft: str
    ink: str
    accent: str

    def css(self) -> str:
        """Return the stylesheet: custom properties and nothing else."""
        return (
            ":root{" + ";".join(f"--{name}:{value.upper()}" for name, value in asdict(self).items()) + "}\n"
        )

    def digest(self) -> str:
        """Return 12 hex digits of the stylesheet's SHA-256: its name, and why it may be kept for ever."""
        return hashlib.sha256(self.css().encode()).hexdigest()[:12]

    def check(self) -> None:
        """Raise ValidationError naming every value that is no colour, else every pair that is too hard to read."""
        values = asdict(self)
        wrong = [name for name, value in values.items() if not contrast.COLOUR.fullmatch(value)]
        if wrong:
            raise ValidationError({name: _("颜色要写成 #155A86 这样") for name in wrong})
        if lines := pair_words(values):
            raise ValidationError(lines)


def pair_words(colours: Mapping[str, str]) -> list[str]:
    """Return a sentence for each pair of these colours that is too close; empty when all can be read."""
    words = _("{front} 在 {ground} 上看不清：对比度 {ratio}，至少要 {needed}")
    return [
        words.format(
            front=side_words(pair.front),
            ground=side_words(pair.ground),
            # rounded down: what does not pass never reads as if it did
            ratio=f"{int(pair.ratio * 100) / 100:.2f}",
            needed=pair.needed,
        )
        for pair in contrast.failures(colours)
    ]


def side_words(name: str) -> str:
    """Return what a side of a pair is called on pages."""
    names = {
        "white": _("白色"),
        "canvas": _("页面底色"),
        "text": _("正文"),
        "muted": _("浅色的字"),
        "link": _("链接"),
        "visited": _("看过的链接"),
        "halo": _("光标的外圈"),
        "brand": _("页头和主按钮"),
        "dark": _("按钮按下时"),
        "soft": _("浅底色"),
        "ink": _("标题"),
        "tag ok": _("绿色标签的字"),
        "tag warn": _("棕色标签的字"),
        "tag danger": _("红色标签的字"),
        "tag info": _("蓝色标签的字"),
        "tag paused": _("紫色标签的字"),
        "tag neutral": _("灰色标签的字"),
    }
    return names[name]


def motif_paths(motif: str) -> list[str]:
    """Return a drawing's paths, one a line, blank lines dropped."""
    return [line.strip() for line in motif.splitlines() if line.strip()]


def check_motif(motif: str) -> None:
    """Raise ValidationError unless each line is an SVG path (`d`) and the whole is at most 1 KB."""
    if len(motif.encode()) > MOTIF_BYTES or not all(
        MOTIF_LINE.fullmatch(line) for line in motif_paths(motif)
    ):
        raise ValidationError(_("图案每行是一条 SVG 路径，只用路径命令和数字，合起来不超过 1 KB"))
