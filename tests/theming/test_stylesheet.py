"""site.css: small, and only readable pairs of colours in each of its two palettes."""

import re
from pathlib import Path

import pytest

import theming
from theming import contrast

CSS = (Path(theming.__file__).parent / "static/theming/site.css").read_text(encoding="utf-8")
WORDS = ("text", "muted", "link", "visited", "ok", "warn", "danger", "info", "paused", "neutral", "ink")
GROUNDS = ("surface", "canvas", "sunk")
TINTED = ("ok", "warn", "danger", "info", "paused", "neutral")


def palette(selector):
    block = re.search(re.escape(selector) + r"\{([^}]*)\}", CSS).group(1)
    found = dict(re.findall(r"--([\w-]+):(#[0-9A-F]{3,6})(?=[;}]|$)", block))
    return {
        name: f"#{value[1] * 2}{value[2] * 2}{value[3] * 2}" if len(value) == 4 else value
        for name, value in found.items()
    }


PALETTES = {"usual": palette(":root"), "high contrast": palette("html.hc")}


def pairs():
    for name, colours in PALETTES.items():
        for word in WORDS:
            for ground in GROUNDS:
                yield name, colours[word], colours[ground], 4.5, f"{word} on {ground}"
        for word in TINTED:
            yield name, colours[word], colours[f"{word}-bg"], 6.0, f"{word} on its tint"
            yield name, colours["text"], colours[f"{word}-bg"], 7.0, f"text on the tint of {word}"
        yield name, colours["on-dot"], colours["danger"], 6.0, "sign on danger"
        yield name, colours["on-brand"], colours["brand"], 6.0, "word on the main button"
        yield name, colours["control"], colours["surface"], 3.0, "edge of a field"


def test_stylesheet_is_small_enough_for_an_old_phone():
    assert 10_000 < len(CSS.encode()) <= 25 * 1024


@pytest.mark.parametrize(("palette_name", "front", "ground", "needed", "pair"), list(pairs()))
def test_every_pair_of_tokens_can_be_read(palette_name, front, ground, needed, pair):
    assert contrast.ratio(front, ground) >= needed, f"{palette_name}: {pair}"


def test_elder_letters_and_touch_targets_are_large():
    block = re.search(r"html\.elder\{([^}]*)\}", CSS).group(1)
    rems = {name: float(value) * 16 for name, value in re.findall(r"--fs-([\w-]+):([\d.]+)rem", block)}

    assert rems == {"s": 24, "b": 24, "h3": 26, "h2": 28, "h1": 32, "small": 24}
    assert "--hit:56px" in block
    assert "--tap:48px" in block


def test_no_letter_is_under_fifteen_pixels_but_the_header_line():
    sizes = [
        float(rem) * 16 for name, rem in re.findall(r"--fs-([\w-]+):([\d.]+)rem", CSS) if name != "small"
    ]

    assert min(sizes) == 15
    assert not re.search(r"font-size:\s*(\d|1[0-4])px", CSS)


def test_nothing_moves_and_nothing_is_fetched_from_elsewhere():
    assert not re.search(r"animation|transition|@import|url\(|gradient|font-style:italic", CSS)


def test_the_halo_of_the_focus_ring_is_seen_on_the_main_button():
    usual = PALETTES["usual"]

    assert contrast.ratio(usual["halo"], usual["brand"]) >= 3
    assert contrast.ratio(usual["ring"], usual["surface"]) >= 15
