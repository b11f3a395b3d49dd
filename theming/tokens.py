"""A hall's five colours as data, and the stylesheet they make. No ORM."""

import hashlib
import re
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
        if close := contrast.failures(values):
            words = _("{front} 在 {ground} 上看不清：对比度 {ratio}，至少要 {needed}")
            raise ValidationError(
                [
                    words.format(front=p.front, ground=p.ground, ratio=f"{p.ratio:.2f}", needed=p.needed)
                    for p in close
                ]
            )


def motif_paths(motif: str) -> list[str]:
    """Return a drawing's paths, one a line, blank lines dropped."""
    return [line.strip() for line in motif.splitlines() if line.strip()]


def check_motif(motif: str) -> None:
    """Raise ValidationError unless each line is an SVG path (`d`) and the whole is at most 1 KB."""
    if len(motif.encode()) > MOTIF_BYTES or not all(
        MOTIF_LINE.fullmatch(line) for line in motif_paths(motif)
    ):
        raise ValidationError(_("图案每行是一条 SVG 路径，只用路径命令和数字，合起来不超过 1 KB"))
