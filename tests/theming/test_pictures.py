"""Pictures of looks: whatever comes, what is kept is small, still and made by us."""

import struct
import zlib
from io import BytesIO

import pytest
from django.core.files.storage import storages
from PIL import Image

from tenants.shared import queries as kept
from tenants.shared import scope
from tests.conftest import actor, client_for
from tests.template import PORTAL
from theming import checks, queries, svg, tasks
from theming.models import HallTheme, ThemeFile
from theming.services import drafts, files, publishing

GOOD = (
    b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20"><title>x</title>'
    b'<g fill="#155A86"><path d="M0 0h40v20H0z"/></g></svg>'
)


def image(form="PNG", size=(900, 300), mode="RGB", **more):
    made = BytesIO()
    picture = Image.effect_noise(size, 60).convert(mode)
    picture.save(made, form, **more)
    return made.getvalue()


def bomb():
    """A PNG that claims 30,000 × 30,000 pixels in a few bytes."""

    def chunk(name, body):
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    rows = zlib.compress(b"\0" * 90_001 * 40)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def moving():
    made = BytesIO()
    frames = [Image.new("RGB", (60, 60), colour) for colour in ("red", "blue")]
    frames[0].save(made, "PNG", save_all=True, append_images=frames[1:])
    return made.getvalue()


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP"])
def test_a_picture_is_made_anew_and_small(in_east, east, now, form):
    logo = files.keep(east, BytesIO(image(form, mode="RGB")), shape=files.LOGO, now=now)
    banner = files.keep(east, BytesIO(image(form)), shape=files.BANNER, now=now)

    assert (logo["kind"], banner["kind"]) == ("png", "jpeg")
    for part, shape in ((logo, files.LOGO), (banner, files.BANNER)):
        row = ThemeFile.objects.get(digest=part["file"])
        content = files.read(row)
        assert len(content) <= shape["most"]
        with Image.open(BytesIO(content)) as made:
            assert made.size == (part["width"], part["height"])
            assert made.width <= shape["width"]
            assert made.height <= shape["height"]
        assert row.stored_as.startswith(f"{east.role}/theme/")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "空的"),
        (b"x" * (files.MOST_UPLOAD + 1), "太大"),
        (b"GIF89a" + b"\0" * 60, "打不开"),
        (b"PK\x03\x04" + b"\0" * 60, "打不开"),
        (image()[:400], "打不开"),
        (bomb(), "太大或太复杂"),
        (moving(), "动图"),
        (GOOD.replace(b"<g ", b"<script>alert(1)</script><g "), "SVG 里只能有图形"),
        (b'<!DOCTYPE svg [<!ENTITY a "b">]>' + GOOD[21:], "SVG 里只能有图形"),
    ],
)
def test_what_is_no_fit_picture_is_refused_and_nothing_is_kept(in_east, east, now, content, words):
    with pytest.raises(files.PictureRefused, match=words):
        files.keep(east, BytesIO(content), shape=files.LOGO, now=now)

    assert not ThemeFile.objects.exists()


def test_a_drawing_is_written_anew():
    width, height, made = svg.clean(GOOD)

    assert (width, height) == (40, 20)
    assert made == (
        b'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20" viewBox="0 0 40 20">'
        b'<g fill="#155A86"><path d="M0 0h40v20H0z"></path></g></svg>'
    )


@pytest.mark.parametrize(
    "inside",
    [
        "<script>alert(1)</script>",
        "<foreignObject><p xmlns='http://www.w3.org/1999/xhtml'>x</p></foreignObject>",
        "<image href='https://elsewhere.example/x.png'/>",
        "<use xmlns:xlink='http://www.w3.org/1999/xlink' xlink:href='#a'/>",
        "<style>@import url(//elsewhere.example)</style>",
        "<path d='M0 0' onload='alert(1)'/>",
        "<path d='M0 0' style='fill:red'/>",
        "<path d='M0 0' fill='url(https://elsewhere.example/#a)'/>",
        "<path d='M0 0' fill='url(#a) url(//elsewhere.example)'/>",
        "<path d='M0 0' fill='URL(data:x)'/>",
        "<a href='javascript:alert(1)'><path d='M0 0'/></a>",
        "<animate attributeName='href' to='javascript:alert(1)'/>",
        "<text>x</text>",
        "<?xml-stylesheet href='x.css'?>",
        "<svg><path d='M0 0'/></svg>",
        "<path xmlns='http://www.w3.org/1999/xhtml' d='M0 0'/>",
        "<path d='&#60;script&#62;'/>",
    ],
)
def test_what_acts_or_fetches_ends_the_reading(inside):
    drawing = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h1"/>{inside}</svg>'

    with pytest.raises(svg.BadDrawing, match="active"):
        svg.clean(drawing.encode())


@pytest.mark.parametrize(
    ("drawing", "problem"),
    [
        (b"<svg", "broken"),
        (b"<html/>", "active"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0"/></svg>', "broken"),
        (b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"></svg>', "broken"),
        (b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 999999"><path d="M0 0"/></svg>', "broken"),
        (b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 nan 9"><path d="M0 0"/></svg>', "broken"),
        (b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">' + b"<g>" * 600, "large"),
        (b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">' + b" " * svg.MOST_BYTES, "large"),
        (b'<?xml version="1.0" encoding="no-such"?><svg/>', "broken"),
        (b'<!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><svg>&b;</svg>', "active"),
    ],
)
def test_a_drawing_that_is_none_is_refused(drawing, problem):
    with pytest.raises(svg.BadDrawing, match=problem):
        svg.clean(drawing)


@pytest.fixture
def shown(fresh_database, east, now):
    """East with a logo that is published."""
    admin = actor("east_admin", {"hall_admin"})
    with scope.hall(east):
        logo = files.keep(east, BytesIO(GOOD), shape=files.LOGO, now=now)
        drafts.save(east, {"logo": logo}, seen="0.0", by=admin, now=now)
        publishing.publish_draft(east, seen="0.1", by=admin, reason="标志", now=now)
    kept.forget()
    return logo


def test_a_logo_is_served_by_its_own_host_for_ever(shown, west):
    address = f"/look/{shown['file']}.svg"
    here = client_for(f"east.{PORTAL}")
    served = here.get(address)

    assert served.content == svg.clean(GOOD)[2]
    assert served["Content-Type"] == "image/svg+xml"
    assert served["Cache-Control"] == "public, max-age=31536000, immutable"
    assert served["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in served["Content-Security-Policy"]
    assert f'src="{address}"' in here.get("/items/").content.decode()
    assert here.get(address.replace(".svg", ".png")).status_code == 404
    for host in (f"west.{PORTAL}", PORTAL):
        assert client_for(host).get(address).status_code == 404


def test_a_lost_logo_is_found_and_pages_do_without(shown, east):
    row = ThemeFile(digest=shown["file"], hall_role=east.role)
    storages["cases"].delete(row.stored_as)
    here = client_for(f"east.{PORTAL}")

    assert here.get("/").status_code == 200
    assert here.get(f"/look/{shown['file']}.svg").status_code == 404
    with scope.hall(east):
        assert any("is lost or altered" in finding for finding in checks.hall_look(east))


def test_a_row_that_somebody_broke_shows_the_citys(shown, east, now):
    broken = {"brand": "red;}body{", "logo": 7, "blocks": [{"key": "x"}], "notices": "x", "soft": "#123456"}
    with scope.city():
        HallTheme.objects.create(
            hall=east, hall_role=east.role, number=2, parts=broken, bases=[], published_at=now
        )
    kept.forget()
    page = client_for(f"east.{PORTAL}").get("/")

    assert page.status_code == 200
    assert (
        "body{"
        not in client_for(f"east.{PORTAL}").get(f"/theme-{queries.look_of(east).hash}.css").content.decode()
    )
    assert queries.look_of(east).tokens == queries.look_of(None).tokens
    with scope.hall(east):
        found = list(checks.hall_look(east))
    assert [line for line in found if "is no value of a look" in line]
    assert [line for line in found if "contrast" in line]


def test_pictures_that_nothing_shows_go_after_a_day(shown, east, now):
    from datetime import timedelta

    with scope.hall(east):
        other = files.keep(east, BytesIO(GOOD.replace(b"155A86", b"000000")), shape=files.LOGO, now=now)
        tasks.unused_pictures_go(east, now + timedelta(hours=1))
        assert ThemeFile.objects.count() == 2
    with scope.hall(east):
        tasks.unused_pictures_go(east, now + timedelta(days=2))
        assert list(ThemeFile.objects.values_list("digest", flat=True)) == [shown["file"]]
    assert not storages["cases"].exists(f"{east.role}/theme/{other['file']}")
    assert storages["cases"].exists(f"{east.role}/theme/{shown['file']}")
