"""What is made of files: photographs bare and upright, one PDF of several, PDFs without programs, copies that are marked."""

import io
import subprocess

import pytest
from PIL import Image, ImageChops
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, NumberObject, TextStringObject

from cases.hall import leaves
from cases.hall.files import FileRefused, inspect
from cases.hall.leaves import making
from tests.data import samples

PDF = "application/pdf"
WORDS = "仅供 东县政务服务大厅 办理\n《开店许可》（办件编号 {}）使用\n2026-11-28"


def image(content):
    return Image.open(io.BytesIO(content))


def kept(content, name="a"):
    return inspect(io.BytesIO(content), name).content.read()


@pytest.mark.parametrize("form", ["JPEG", "PNG"])
def test_a_photograph_says_nothing_of_where_it_was_taken_and_stands_upright(form):
    sent = samples.photo(form=form, held=6)
    assert b"Exif" in sent or b"eXIf" in sent
    found = image(kept(sent))

    assert (found.size, dict(found.getexif()), found.format) == ((60, 80), {}, form)
    # held with its right side down: what was above is on the right
    assert found.convert("L").getpixel((55, 40)) > 200 > 100 > found.convert("L").getpixel((5, 40))


def test_a_heic_becomes_a_jpeg_without_its_place():
    assert b"Exif" in samples.heic()
    found = image(kept(samples.heic()))

    assert (found.format, found.size, dict(found.getexif())) == ("JPEG", (64, 40), {})


def test_what_a_picture_carries_besides_stays_behind():
    page = b"<script>alert(1)</script>"
    sent = samples.photo(comment=page) + page
    assert page in sent
    assert page not in kept(sent)


@pytest.mark.parametrize("progressive", [False, True])
def test_a_picture_of_a_hundred_megapixels_is_kept_smaller_and_costs_the_server_nothing(progressive):
    stream = io.BytesIO()
    Image.new("L", (12_000, 9_000), 90).convert("RGB").save(stream, "JPEG", progressive=progressive)

    assert image(kept(stream.getvalue())).size == (4000, 3000)


def test_a_turn_is_to_the_right():
    kind, content = making.picture(samples.photo(), "JPEG", turn=90)
    found = image(content).convert("L")

    assert (kind, found.size) == ("jpeg", (60, 80))
    assert found.getpixel((55, 40)) > 200 > 100 > found.getpixel((5, 40))


def test_several_become_one_pdf_in_the_order_given():
    parts = [
        ("image/jpeg", samples.photo(300, 200)),
        (PDF, samples.pdf((50, 70))),
        ("image/png", samples.photo(200, 300, form="PNG")),
    ]
    content = making.join(parts)
    shapes = [
        round(float(page.mediabox.width / page.mediabox.height), 1)
        for page in PdfReader(io.BytesIO(content)).pages
    ]

    assert shapes == [1.5, 0.7, 0.7]
    # a page is a page: as large as A4, not as its pixels
    assert float(PdfReader(io.BytesIO(content)).pages[0].mediabox.width) == pytest.approx(842, abs=2)


def test_pages_change_places_turn_and_go():
    content = making.arrange(samples.pdf((10, 20), (30, 40), (50, 60)), [(3, 0), (1, 90)])
    pages = PdfReader(io.BytesIO(content)).pages

    assert [(float(page.mediabox.width), page.rotation) for page in pages] == [(50, 0), (10, 90)]
    with pytest.raises(leaves.Unreadable) as refused:
        making.arrange(samples.pdf(), [(2, 0)])
    assert refused.value.problem == "page"


def scripted(writer):
    script = DictionaryObject({NameObject("/Names"): ArrayObject([TextStringObject("a"), samples.action()])})
    writer.root_object[NameObject("/Names")] = DictionaryObject({NameObject("/JavaScript"): script})


def signed(writer):
    form = DictionaryObject({NameObject("/SigFlags"): NumberObject(3)})
    writer.root_object[NameObject("/AcroForm")] = form


def test_a_signed_pdf_is_kept_as_it_is_or_not_at_all():
    content = samples.pdf(change=signed)
    assert kept(content) == content
    for make in (lambda: making.arrange(content, [(1, 90)]), lambda: making.join([(PDF, content)])):
        with pytest.raises(leaves.Unreadable) as refused:
            make()
        assert refused.value.problem == "signed"

    def both(writer):
        signed(writer)
        scripted(writer)

    with pytest.raises(FileRefused, match="打印成新的 PDF"):
        kept(samples.pdf(change=both))


ACTIVE = {
    "script": scripted,
    "file": lambda writer: writer.add_attachment("a.exe", b"MZ-carried"),
    "opening": lambda writer: writer.root_object.update({NameObject("/OpenAction"): samples.action("/Launch")}),
    "link": lambda writer: samples.annotated(writer, A=samples.action()),
    "hover": lambda writer: samples.annotated(writer, AA=DictionaryObject({NameObject("/E"): samples.action()})),
    "clip": lambda writer: samples.annotated(writer, Subtype=NameObject("/FileAttachment")),
    "page": lambda writer: writer.pages[0].update({NameObject("/AA"): DictionaryObject({NameObject("/O"): samples.action()})}),
}  # fmt: skip


@pytest.mark.parametrize("change", ACTIVE.values(), ids=ACTIVE)
def test_what_would_run_or_is_carried_is_taken_out_and_the_pages_stay(change):
    sent = samples.pdf((40, 50), (60, 70), change=change)
    content = kept(sent)
    sizes = [tuple(map(float, page.mediabox[2:])) for page in PdfReader(io.BytesIO(content)).pages]

    assert sizes == [(40, 50), (60, 70)]
    assert content != sent
    assert not [
        word
        for word in (b"JavaScript", b"alert", b"Launch", b"MZ-carried", b"/AA", b"FileAttachment")
        if word in content
    ]
    # and there is nothing left to take out
    assert kept(content) == content


def test_a_link_stays_a_link():
    def change(writer):
        samples.annotated(writer, A=DictionaryObject({NameObject("/S"): NameObject("/GoTo")}))

    content = samples.pdf(change=change)
    assert kept(content) == content


@pytest.mark.parametrize("form", ["JPEG", "PNG"])
def test_the_mark_is_all_over_and_names_the_case(form):
    kind = f"image/{form.lower()}"
    plain = samples.photo(800, 600, form=form)
    marked = [image(making.marked(plain, kind, WORDS.format(number))[1]) for number in ("1", "2")]
    changed = (
        ImageChops.difference(marked[0], image(plain).convert("RGB"))
        .convert("L")
        .point(lambda value: 255 * (value > 24))
    )

    # in every part of it, on light ground and on dark
    for left in range(0, 800, 400):
        for top in range(0, 600, 300):
            share = changed.crop((left, top, left + 400, top + 300)).histogram()[255] / 120_000
            assert 0.01 < share < 0.4
    assert ImageChops.difference(*marked).getbbox()


def test_a_marked_pdf_holds_pictures_and_not_the_page_that_was():
    writer = PdfWriter()
    writer.append(io.BytesIO(making.join([("image/jpeg", samples.photo(600, 400))] * 2)))
    stream = io.BytesIO()
    writer.write(stream)
    kind, content = making.marked(stream.getvalue(), PDF, WORDS.format(1))
    pages = PdfReader(io.BytesIO(content)).pages

    assert (kind, len(pages)) == (PDF, 2)
    assert all(len(page.images) == 1 and not page.extract_text() for page in pages)
    with pytest.raises(leaves.Unreadable) as refused:
        making.marked(samples.pdf(*[(9, 9)] * 31), PDF, "x")
    assert refused.value.problem == "pages"


def test_it_is_all_done_in_the_child(monkeypatch):
    started = []
    run = subprocess.run
    monkeypatch.setattr(
        subprocess, "run", lambda *args, **kwargs: started.append(kwargs["env"]) or run(*args, **kwargs)
    )
    monkeypatch.setenv("FIELD_KEY", "secret")
    monkeypatch.setattr(Image, "open", lambda *_args, **_kwargs: pytest.fail("decoded here"))

    assert inspect(io.BytesIO(samples.photo()), "a.jpg").kind == "jpeg"
    assert len(started) == 1
    assert "FIELD_KEY" not in started[0]
