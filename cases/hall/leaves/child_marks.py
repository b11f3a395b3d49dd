"""Writes over a picture for whom and for what it was shown. Part of the child: imports nothing of the project."""

from typing import Any

from PIL import Image, ImageDraw, ImageFont

# Simplified Chinese within the collection
FACE = 2
WEIGHT = 500
SLANT = 24
INK, HALO = (150, 30, 30, 92), (255, 255, 255, 60)


def marked(image: Any, text: str, font: str) -> Any:
    """Return the picture with the text in slanting rows all over it, see-through and light on dark ground too."""
    size = max(12, min(image.size) // 28)
    face = ImageFont.truetype(font, size, index=FACE)
    # a font of all weights opens as its thinnest
    face.set_variation_by_axes([WEIGHT])
    lines = text.split("\n")
    widths = [int(face.getlength(line)) for line in lines]
    leading = int(size * 1.4)
    step = (max(widths) + size * 3, leading * len(lines) + size * 3)
    # drawn level on a sheet that is large enough, then turned and cut to the picture
    side = int((image.width**2 + image.height**2) ** 0.5) + 2 * size
    sheet = Image.new("RGBA", (side, side), (0, 0, 0, 0))
    pen = ImageDraw.Draw(sheet)
    for row, top in enumerate(range(0, side, step[1])):
        for left in range(-(step[0] // 2) * (row % 2), side, step[0]):
            for number, line in enumerate(lines):
                place = (left, top + number * leading)
                pen.text(place, line, font=face, fill=INK, stroke_width=max(1, size // 20), stroke_fill=HALO)
    turned = sheet.rotate(SLANT, resample=Image.Resampling.BILINEAR)
    left, top = (side - image.width) // 2, (side - image.height) // 2
    layer = turned.crop((left, top, left + image.width, top + image.height))
    return Image.alpha_composite(image.convert("RGBA"), layer).convert("RGB")
