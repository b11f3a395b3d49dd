"""The nearest colour that can be read: lightness moves in OKLCH, hue stays, colourfulness gives way. Pure functions.

OKLCH (Björn Ottosson, 2020) is even to the eye: the same step of lightness looks like the same step everywhere.
"""

from collections.abc import Mapping
from math import atan2, cos, hypot, sin

from theming import contrast

STEP = 0.004
# in this order, since headings stand on the tint
NAMES = ("brand", "dark", "soft", "ink")


def passing(tokens: Mapping[str, str]) -> dict[str, str]:
    """Return the colours to change, each with the nearest that passes all its pairs; empty when all pass."""
    good, found = dict(tokens), {}
    for name in NAMES:
        if _passes(good, name):
            continue
        good[name] = found[name] = _nearest(good, name)
    return found


def _passes(tokens: Mapping[str, str], name: str) -> bool:
    # the tint is judged without the headings: these follow it
    others = {"ink"} if name == "soft" else set()
    return all(
        pair.passes
        for pair in contrast.pairs(tokens)
        if name in {pair.front, pair.ground} and not others & {pair.front, pair.ground}
    )


def _nearest(tokens: Mapping[str, str], name: str) -> str:
    light, colourful, hue = _oklch(tokens[name])
    for step in range(1, round(1 / STEP) + 1):
        for moved in (light - step * STEP, light + step * STEP):
            if 0 <= moved <= 1:
                colour = _in_gamut(moved, colourful, hue)
                if _passes({**tokens, name: colour}, name):
                    return colour
    # a heading can be read on any tint that passes, a ground under white when it is black
    return "#FFFFFF" if name == "soft" else "#000000"


def _oklch(colour: str) -> tuple[float, float, float]:
    red, green, blue = (_linear(int(colour[i : i + 2], 16) / 255) for i in (1, 3, 5))
    one = (0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue) ** (1 / 3)
    two = (0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue) ** (1 / 3)
    three = (0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue) ** (1 / 3)
    light = 0.2104542553 * one + 0.7936177850 * two - 0.0040720468 * three
    a = 1.9779984951 * one - 2.4285922050 * two + 0.4505937099 * three
    b = 0.0259040371 * one + 0.7827717662 * two - 0.8086757660 * three
    return light, hypot(a, b), atan2(b, a)


def _in_gamut(light: float, colourful: float, hue: float) -> str:
    """Return `#RRGGBB`, as colourful as a screen can show at this lightness."""
    for part in range(20, -1, -1):
        channels = _rgb(light, colourful * part / 20, hue)
        if all(-0.001 <= channel <= 1.001 for channel in channels):
            break
    return "#" + "".join(f"{round(255 * min(1.0, max(0.0, channel))):02X}" for channel in channels)


def _rgb(light: float, colourful: float, hue: float) -> tuple[float, float, float]:
    a, b = colourful * cos(hue), colourful * sin(hue)
    one = (light + 0.3963377774 * a + 0.2158037573 * b) ** 3
    two = (light - 0.1055613458 * a - 0.0638541728 * b) ** 3
    three = (light - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        _encoded(4.0767416621 * one - 3.3077115913 * two + 0.2309699292 * three),
        _encoded(-1.2684380046 * one + 2.6097574011 * two - 0.3413193965 * three),
        _encoded(-0.0041960863 * one - 0.7034186147 * two + 1.7076147010 * three),
    )


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)


def _encoded(channel: float) -> float:
    if channel <= 0.0031308:
        return 12.92 * channel
    return float(1.055 * channel ** (1 / 2.4) - 0.055)
