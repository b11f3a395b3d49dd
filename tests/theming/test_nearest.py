"""The nearest passing colour: it passes, it is near, and what passes is left alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from theming import contrast, nearest

BLUE = {"brand": "#155A86", "dark": "#0D4163", "soft": "#E4F0F8", "ink": "#135379", "accent": "#7CC0DE"}
colours = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06X}")


def test_what_passes_is_left_alone():
    assert nearest.passing(BLUE) == {}


@given(brand=colours, dark=colours, soft=colours, ink=colours)
def test_whatever_is_typed_what_is_offered_passes(brand, dark, soft, ink):
    typed = {"brand": brand, "dark": dark, "soft": soft, "ink": ink, "accent": "#000000"}

    assert contrast.failures({**typed, **nearest.passing(typed)}) == []


@pytest.mark.parametrize("colour", ["#7CC0DE", "#E39AB8", "#FFD45E", "#808080"])
def test_a_colour_keeps_its_hue_and_moves_no_further_than_it_must(colour):
    found = nearest.passing({**BLUE, "brand": colour})["brand"]

    light, _colourful, hue = nearest._oklch(colour)
    moved, left, kept = nearest._oklch(found)
    assert moved < light
    assert left < 0.02 or abs(kept - hue) < 0.1
    assert contrast.ratio("#FFFFFF", found) < 4.75 or contrast.ratio(contrast.HALO, found) < 3.2
