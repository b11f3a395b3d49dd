"""Which characters look alike, found by drawing them: `python -m bench.shapes font.ttc > catalog/shared/shapes.txt`.

One line for each common character (the first level of GB 2312): it, a space, and those it is taken for, the most alike
first. Two characters are alike when nearly all the ink of each lies on or beside that of the other.
"""

import sys

from PIL import Image, ImageDraw, ImageFilter, ImageFont

GRID, INK = 40, 110
# of two characters at least this part lies on or beside the other; of each no more than so many are kept
ALIKE, MOST = 0.855, 6
# the first level of GB 2312 ends here; the second holds rarer ones, for which a common one may be meant
FIRST_LEVEL, BOTH_LEVELS = range(0xB0, 0xD8), range(0xB0, 0xF8)
# the face of the font's collection that draws simplified characters
FACE = 2


def characters(rows: range) -> list[str]:
    """Return the characters of rows of GB 2312, in its order."""
    found = []
    for row in rows:
        for cell in range(0xA1, 0xFF):
            try:
                found.append(bytes([row, cell]).decode("gb2312"))
            except UnicodeDecodeError:
                continue
    return found


def drawn(char: str, font: ImageFont.FreeTypeFont) -> tuple[int, int]:
    """Return a character's ink as bits of a square grid, and the same with a cell's width more around it."""
    page = Image.new("L", (80, 96), 0)
    ImageDraw.Draw(page).text((8, 4), char, fill=255, font=font)
    ink = page.crop(page.getbbox())
    square = Image.new("L", (68, 68), 0)
    square.paste(ink, ((68 - ink.width) // 2, (68 - ink.height) // 2))
    small = square.resize((GRID, GRID), Image.Resampling.BOX)
    return _bits(small), _bits(small.filter(ImageFilter.MaxFilter(3)))


def _bits(image: Image.Image) -> int:
    found = 0
    for value in image.tobytes():
        found = found << 1 | (value > INK)
    return found


def alike(one: tuple[int, int], other: tuple[int, int]) -> float:
    """Return the part of two characters' ink that lies on or beside the other's, the mean of both."""
    first = (one[0] & other[1]).bit_count() / one[0].bit_count()
    second = (other[0] & one[1]).bit_count() / other[0].bit_count()
    return (first + second) / 2


def main() -> None:
    """Print the lines."""
    font = ImageFont.truetype(sys.argv[1], 64, index=FACE)
    ink = {char: drawn(char, font) for char in characters(BOTH_LEVELS)}
    for char in characters(FIRST_LEVEL):
        near = sorted(
            ((alike(ink[char], shape), other) for other, shape in ink.items() if other != char), reverse=True
        )
        kept = [other for value, other in near[:MOST] if value >= ALIKE]
        if kept:
            print(char, "".join(kept))


if __name__ == "__main__":
    main()
