"""Pages as pictures: what is drawn, and that hostile files cost a sentence and nothing else."""

import json
import struct
import subprocess
import sys
import zlib
from io import BytesIO

import pytest
from PIL import Image
from pypdf import PdfWriter

from cases.hall import leaves
from tests.cases.hall.test_files import bomb

PDF = "application/pdf"


def pdf(*sizes, password=None):
    writer, content = PdfWriter(), BytesIO()
    for width, height in sizes or [(595, 842)]:
        writer.add_blank_page(width, height)
    if password:
        writer.encrypt(password)
    writer.write(content)
    return content.getvalue()


def picture(content, kind=PDF, **asked):
    drawn = leaves.draw(BytesIO(content), kind, **asked)
    return drawn, Image.open(BytesIO(drawn.content), formats=("JPEG",))


def photograph(form="JPEG", size=(400, 300), mode="RGB", **more):
    content = BytesIO()
    Image.new(mode, size, 200 if mode == "L" else None).save(content, form, **more)
    return content.getvalue()


def test_a_page_of_a_pdf_is_a_picture_of_its_shape():
    drawn, image = picture(pdf((595, 842), (842, 595)), page=2)
    assert drawn.pages == 2
    assert image.width == 1100
    assert 775 < image.height < 780


def test_zoom_makes_it_larger_and_a_turn_turns_it():
    _drawn, near = picture(pdf(), zoom=2)
    _drawn, turned = picture(pdf(), turn=90)
    assert max(near.size) == 1800
    assert turned.width > turned.height


def test_a_photograph_is_shown_the_right_way_up():
    exif = Image.Exif()
    exif[0x0112] = 6
    _drawn, image = picture(photograph(exif=exif), "image/jpeg")
    assert image.size == (300, 400)


def test_what_is_transparent_is_white():
    content = BytesIO()
    Image.new("RGBA", (20, 20), (0, 0, 0, 0)).save(content, "PNG")
    _drawn, image = picture(content.getvalue(), "image/png")
    assert image.getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (bomb("PNG", 60_000, 60_000), "image/png"),
        (bomb("JPEG", 65_000, 65_000), "image/jpeg"),
        (b"%PDF-1.7 nothing", PDF),
        (b"", PDF),
        (pdf()[:-200], "image/jpeg"),
        (b"<svg/>", "image/svg+xml"),
    ],
    ids=["png bomb", "jpeg bomb", "no pdf", "empty", "pdf as jpeg", "another kind"],
)
def test_what_is_broken_or_a_bomb_is_a_sentence(content, kind):
    with pytest.raises(leaves.Unreadable, match="下载"):
        leaves.draw(BytesIO(content), kind)


def test_a_page_as_large_as_a_field_is_drawn_small():
    drawn, image = picture(pdf((1_000_000, 14_000)))
    assert max(image.size) <= 6000
    assert image.width * image.height <= 9_000_000
    assert len(drawn.content) < leaves.MOST_BYTES


def test_a_pdf_with_a_password_says_so():
    with pytest.raises(leaves.Unreadable, match="密码"):
        leaves.draw(BytesIO(pdf(password="x")), PDF)


def test_of_a_thousand_pages_two_hundred_are_offered_and_the_last_can_be_drawn():
    content = pdf(*[(200, 200)] * 1000)
    assert leaves.pages(BytesIO(content), PDF, "thousand") == leaves.MOST_PAGES
    assert picture(content, page=1000)[0].pages == 1000
    with pytest.raises(leaves.Unreadable, match="没有这一页"):
        leaves.draw(BytesIO(content), PDF, page=1001)


def test_pages_are_counted_once_for_a_content(monkeypatch):
    assert leaves.pages(BytesIO(pdf((9, 9), (9, 9))), PDF, "two") == 2
    monkeypatch.setattr(leaves, "run", lambda *_: pytest.fail("counted again"))
    assert leaves.pages(BytesIO(b""), PDF, "two") == 2
    assert leaves.pages(BytesIO(b""), "image/png", "picture") == 1


def swelling(megabytes):
    """A PDF whose page's content is small on disk and endless in memory."""
    stream = zlib.compress(b"q " * (megabytes * 512 * 1024))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 4 0 R>>",
        b"<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream" % (len(stream), stream),
    ]
    body, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(body))
        body += b"%d 0 obj%s endobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return body + b"xref\n0 5\n0000000000 65535 f \n%strailer<</Size 5/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (
        table, len(body),
    )  # fmt: skip


def test_a_content_that_swells_is_ended_by_the_limits(monkeypatch):
    monkeypatch.setattr(leaves, "WALL_SECONDS", 4)
    with pytest.raises(leaves.Unreadable, match="下载"):
        picture(swelling(900))


def test_one_that_hangs_is_ended(monkeypatch, tmp_path):
    slow = tmp_path / "child.py"
    slow.write_text("import time\ntime.sleep(60)\n")
    monkeypatch.setattr(leaves, "_CHILD", slow)
    monkeypatch.setattr(leaves, "WALL_SECONDS", 0.5)
    with pytest.raises(leaves.Unreadable, match="太复杂"):
        leaves.draw(BytesIO(pdf()), PDF)


def test_the_child_knows_none_of_our_secrets(monkeypatch, tmp_path):
    spy = tmp_path / "child.py"
    spy.write_text("import os, json\nprint(json.dumps({'pages': 1}))\nprint(sorted(os.environ))\n")
    monkeypatch.setattr(leaves, "_CHILD", spy)
    monkeypatch.setenv("FIELD_KEY", "secret")
    names = leaves.draw(BytesIO(b""), PDF).content.decode()
    assert "FIELD_KEY" not in names
    assert "URL" not in names


def test_the_child_has_limits_before_it_reads():
    code = (
        "import resource, runpy, sys; child = runpy.run_path(sys.argv[1]); child['limit']();"
        "print([resource.getrlimit(n)[0] for n in (resource.RLIMIT_AS, resource.RLIMIT_CPU, resource.RLIMIT_FSIZE)])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(leaves._CHILD)], capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout) == [768 * 1024 * 1024, 8, 0]


def test_a_png_of_a_lying_size_is_a_sentence():
    content = photograph("PNG", (10, 10))
    lying = content[:16] + struct.pack(">II", 9000, 9000) + content[24:]
    with pytest.raises(leaves.Unreadable):
        leaves.draw(BytesIO(lying), "image/png")
