"""A hall's colours: what may be published, and the stylesheet they make."""

import pytest
from django.core.exceptions import ValidationError

from theming import contrast
from theming.tokens import Tokens, check_motif, motif_paths, side_words

BLUE = Tokens(brand="#155A86", dark="#0D4163", soft="#E4F0F8", ink="#135379", accent="#7CC0DE")


def changed(**colours):
    return Tokens(**{**BLUE.__dict__, **colours})


def test_black_on_white_is_twenty_one():
    assert contrast.ratio("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast.ratio("#155A86", "#155A86") == pytest.approx(1)


def test_look_figures_are_met():
    # the table of LOOK §2, rounded down there
    assert contrast.ratio("#FFFFFF", "#155A86") == pytest.approx(7.35, abs=0.06)
    assert contrast.ratio("#1C2320", "#F7F6F2") == pytest.approx(14.85, abs=0.06)


def test_a_readable_theme_passes():
    BLUE.check()

    assert contrast.failures(BLUE.__dict__) == []


@pytest.mark.parametrize(
    ("colours", "front", "ground"),
    [
        ({"brand": "#7CC0DE"}, "white", "brand"),
        ({"dark": "#FFFF00"}, "white", "dark"),
        ({"soft": "#777777"}, "muted", "soft"),
        ({"ink": "#BBBBBB"}, "ink", "white"),
    ],
)
def test_a_pair_that_cannot_be_read_is_refused_by_name(colours, front, ground):
    theme = changed(**colours)

    assert (front, ground) in {(pair.front, pair.ground) for pair in contrast.failures(theme.__dict__)}
    with pytest.raises(ValidationError, match=f"{side_words(front)} 在 {side_words(ground)} 上看不清"):
        theme.check()


@pytest.mark.parametrize("value", ["red", "#12345", "#12345G", "", "#155A86;}body{display:none", "#155A86\n"])
def test_what_is_no_colour_is_refused(value):
    with pytest.raises(ValidationError) as refusal:
        changed(accent=value).check()

    assert list(refusal.value.message_dict) == ["accent"]


def test_stylesheet_holds_the_five_colours_and_its_name_follows_them():
    assert (
        BLUE.css() == ":root{--brand:#155A86;--dark:#0D4163;--soft:#E4F0F8;--ink:#135379;--accent:#7CC0DE}\n"
    )
    assert BLUE.digest() == changed(brand="#155a86").digest()
    assert BLUE.digest() != changed(accent="#7CC0DF").digest()
    assert len(BLUE.digest()) == 12


def test_motif_takes_paths_and_nothing_else():
    check_motif("M8 80q14-18 28 0t28 0\nM8 100.5 L 12,4 z\n")

    assert motif_paths("M1 1\n\n m2 2 \n") == ["M1 1", "m2 2"]
    for bad in ['M1 1"/><script>', "url(#a)", "L1 1", "M" + "1 " * 600, "\n".join(["M1 1h2"] * 300)]:
        with pytest.raises(ValidationError):
            check_motif(bad)
