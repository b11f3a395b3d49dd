"""Files: what a phone or a scanner makes is taken, what an attacker makes is not, and a disk keeps all or nothing."""

import errno
import hashlib
import io
import os
import signal
import struct
import subprocess
import sys
import tracemalloc
import zipfile
import zlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.files.storage import InMemoryStorage, storages
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    StreamObject,
    TextStringObject,
)

from accounts.disk import remove_partial
from cases.hall.files import MIB, FileRefused, NotStored, clean_name, inspect, store
from tests.data import samples

KIND, BROKEN = "只能传 JPG、PNG、HEIC、PDF", "这个文件打不开，请重新拍"
ACTIVE = "PDF 里带有程序或附件，请打印成新的 PDF 再传"
FOLDER = "test_h1/2026"


def picture(form, size=(60, 40), mode="RGB", **options):
    stream = io.BytesIO()
    Image.linear_gradient("L").resize(size).convert(mode).save(stream, form, **options)
    return stream.getvalue()


def pdf(pages=1, change=None, encrypt=None):
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(100, 100)
    if change:
        change(writer)
    if encrypt is not None:
        writer.encrypt(encrypt, "owner")
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()


def zipped(content=b"x"):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a", content)
    return stream.getvalue()


def refusal(content, name="a.pdf", **limits):
    with pytest.raises(FileRefused) as refused:
        inspect(io.BytesIO(content), name, **limits)
    return str(refused.value)


JPEG, PNG, PDF = picture("JPEG"), picture("PNG"), pdf()


@pytest.mark.parametrize(
    ("content", "name", "facts"),
    [
        (JPEG, "身份证 正面.JPG", ("jpeg", "image/jpeg", ".jpg", "身份证 正面.jpg")),
        (picture("JPEG", progressive=True, mode="CMYK"), "a.jpeg", ("jpeg", "image/jpeg", ".jpg", "a.jpg")),
        (samples.heic(), "IMG_0815.HEIC", ("jpeg", "image/jpeg", ".jpg", "IMG_0815.jpg")),
        (PNG, "a.png", ("png", "image/png", ".png", "a.png")),
        (picture("PNG", mode="1"), "a.png", ("png", "image/png", ".png", "a.png")),
        (PDF, "合同.pdf", ("pdf", "application/pdf", ".pdf", "合同.pdf")),
        (pdf(200), "a.pdf", ("pdf", "application/pdf", ".pdf", "a.pdf")),
        # the content counts, not the name
        (JPEG, "a.pdf", ("jpeg", "image/jpeg", ".jpg", "a.pdf.jpg")),
        (PDF, "a.exe", ("pdf", "application/pdf", ".pdf", "a.exe.pdf")),
    ],
)
def test_what_people_send_is_taken(content, name, facts):
    found = inspect(io.BytesIO(content), name)
    kept = found.content.read()

    assert (found.kind, found.content_type, found.extension, found.name) == facts
    assert (found.size, found.sha256) == (len(kept), hashlib.sha256(kept).hexdigest())
    # a PDF without a program is kept as it came; a photograph is a new picture of the same (tests of `making`)
    if found.kind == "pdf":
        assert kept == content
    else:
        assert Image.open(io.BytesIO(kept)).size == samples.size(content)


@pytest.mark.parametrize("upload", [SimpleUploadedFile, None])
def test_uploads_of_django_are_streams_too(upload):
    if upload:
        stream = upload("a.jpg", JPEG)
    else:
        stream = TemporaryUploadedFile("a.jpg", "image/jpeg", len(JPEG), None)
        stream.write(JPEG)

    assert inspect(stream, stream.name) == inspect(io.BytesIO(JPEG), "a.jpg")
    stream.close()


def test_a_photo_of_several_pictures_as_phones_make_them():
    stream = io.BytesIO()
    first = Image.new("RGB", (60, 40))
    first.save(stream, "MPO", save_all=True, append_images=[first])

    assert inspect(stream, "a.jpg").kind == "jpeg"
    # a moving photo: a film behind the picture
    assert inspect(io.BytesIO(JPEG + b"\0\0\0\x18ftypmp42" + b"film" * 100), "a.jpg").kind == "jpeg"


def test_size():
    assert refusal(b"") == "这份是空的，请重新选"
    assert refusal(b"%PDF-" + bytes(20 * MIB)) == "太大（20.1 MB），最多 20 MB"
    assert refusal(bytes(3 * MIB), limit=2 * MIB) == "太大（3 MB），最多 2 MB"


@pytest.mark.parametrize(
    "content",
    [
        b"x",
        b"hello, world",
        b"MZ" + bytes(100),
        picture("GIF"),
        picture("TIFF"),
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"<html><script>alert(1)</script>",
        zipped(),
        b"\0" + PDF,
        b"\n" + PDF,
        b"\0" * 10 + JPEG,
        # two in one
        JPEG + zipped(),
        PDF + zipped(),
        JPEG[:20] + PDF,
        PNG[:8] + b"\0\0\0\x20" + PDF,
    ],
)
def test_other_kinds(content):
    assert refusal(content) == KIND


@pytest.mark.parametrize(
    "content",
    [
        JPEG[:3],
        JPEG[: len(JPEG) // 2],
        JPEG[:200],
        PNG[:8],
        PNG[: len(PNG) // 2],
        PNG[:-20] + b"x" + PNG[-19:],
        PNG.replace(b"IHDR", b"IHDX"),
        b"%PDF-1.7",
        b"%PDF-1.7\n" + b"x" * 5000,
        b"%PDF-1.7\nstartxref\n0\n%%EOF",
        PDF[:200],
        pdf(0),
        PDF.replace(b"/Pages", b"/Sages"),
        PDF.replace(b"/Catalog", b"/Katalog").replace(b"/Root", b"/Loot"),
    ],
)
def test_broken_files(content):
    assert refusal(content) == BROKEN


def bomb(form, width, height):
    """Return a picture that claims to be this large."""
    if form == "PNG":
        header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
        body = zlib.compress(bytes((width // 8 + 1) * height // 100), 9)
        chunks = [(b"IHDR", header), (b"IDAT", body), (b"IEND", b"")]
        return b"\x89PNG\r\n\x1a\n" + b"".join(
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
            for kind, data in chunks
        )
    place = JPEG.index(b"\xff\xc0") + 5
    return JPEG[:place] + struct.pack(">HH", height, width) + JPEG[place + 4 :]


@pytest.mark.parametrize(
    "content",
    [
        bomb("PNG", 60_000, 60_000),
        bomb("PNG", 8_000, 8_000),
        bomb("JPEG", 20_000, 16_000),
        bomb("JPEG", 65_000, 65_000),
    ],
)
def test_pictures_that_would_fill_the_memory(content):
    assert refusal(content) == "照片的像素太多，请调低清晰度再拍"


MEASURED = """
import re, sys
from cases.hall.files import inspect
with open(sys.argv[1], "rb") as stream:
    kind = inspect(stream, "a.jpg").kind
# not ru_maxrss: a process inherits that of the one that started it
print(kind, re.search(r"VmHWM:\\s+([0-9]+)", open("/proc/self/status").read())[1])
"""


def run(script, path):
    """Run a script in a process of its own, and return how it ended and what it printed."""
    root = Path(__file__).parents[3]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(root), str(root / "platform")])}
    command = [sys.executable, "-c", script, str(path)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)


def test_a_large_photo_is_decoded_in_little_memory(tmp_path):
    photo = tmp_path / "photo"
    photo.write_bytes(picture("JPEG", size=(8_000, 6_000)))

    kind, kilobytes = run(MEASURED, photo).stdout.split()
    assert kind == "jpeg"
    # its pixels alone are 144 MB
    assert int(kilobytes) < 130_000


def stream_object(data, **entries):
    found = StreamObject()
    found.set_data(data)
    found.update({NameObject("/Filter"): NameObject("/FlateDecode"), **entries})
    return found


def test_a_page_that_would_inflate_enormously_is_never_inflated():
    compressor = zlib.compressobj(9)
    packed = b"".join(compressor.compress(bytes(MIB)) for _ in range(300)) + compressor.flush()

    def add(writer):
        writer.pages[0][NameObject("/Contents")] = writer._add_object(stream_object(packed))

    content = pdf(change=add)
    tracemalloc.start()
    try:
        assert inspect(io.BytesIO(content), "a.pdf").kind == "pdf"
        assert tracemalloc.get_traced_memory()[1] < 10 * MIB
    finally:
        tracemalloc.stop()


def test_an_object_stream_that_would_inflate_enormously_is_refused():
    # the page tree itself lies in an object stream of 300 MB
    compressor = zlib.compressobj(9)
    inside = compressor.compress(b"2 0 << /Type /Pages /Count 1 /Kids [] >> ")
    inside += b"".join(compressor.compress(b" " * MIB) for _ in range(300)) + compressor.flush()
    objects = b"%PDF-1.5\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n"
    holder = len(objects)
    objects += b"3 0 obj\n<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length %d >>\nstream\n" % len(
        inside
    )
    objects += inside + b"\nendstream\nendobj\n"
    table = len(objects)
    rows = b"".join(
        struct.pack(">BIH", *row)
        for row in [(0, 0, 65535), (1, 9, 0), (2, 3, 0), (1, holder, 0), (1, table, 0)]
    )
    objects += b"4 0 obj\n<< /Type /XRef /Size 5 /W [1 4 2] /Root 1 0 R /Length %d >>\nstream\n" % len(rows)
    objects += rows + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF" % table
    tracemalloc.start()
    try:
        assert refusal(objects) == BROKEN
        assert tracemalloc.get_traced_memory()[1] < 60 * MIB
    finally:
        tracemalloc.stop()


def test_pdf_with_too_many_pages():
    assert refusal(pdf(201)) == "PDF 页数太多，最多 200 页"


def test_page_tree_that_multiplies_itself():
    def multiply(writer):
        page = writer.pages[0].indirect_reference
        for _ in range(40):
            node = DictionaryObject(
                {NameObject("/Type"): NameObject("/Pages"), NameObject("/Count"): NumberObject(1)}
            )
            node[NameObject("/Kids")] = writer._add_object(ArrayObject([page, page]))
            page = writer._add_object(node)
        writer.root_object[NameObject("/Pages")] = page

    assert refusal(pdf(change=multiply)) == BROKEN


@pytest.mark.parametrize("password", ["geheim", ""])
def test_pdf_with_a_password(password):
    assert refusal(pdf(encrypt=password)) == "PDF 有密码，请去掉密码再传"


def names(kind):
    return DictionaryObject({NameObject(kind): DictionaryObject()})


def opening(kind):
    def change(writer):
        writer.root_object[NameObject("/OpenAction")] = DictionaryObject(
            {NameObject("/S"): NameObject(kind), NameObject("/JS"): TextStringObject("app.alert(1)")}
        )

    return change


@pytest.mark.parametrize(
    "change",
    [
        lambda writer: writer.root_object.update({NameObject("/Names"): names("/JavaScript")}),
        lambda writer: writer.add_attachment("a.exe", b"MZ"),
        opening("/JavaScript"),
        opening("/Launch"),
        lambda writer: writer.root_object.update({NameObject("/AA"): DictionaryObject()}),
    ],
)
def test_pdf_that_would_run_or_carry_something(change):
    assert refusal(pdf(change=change), keeps_as_it_is=True) == ACTIVE


def test_pdf_that_opens_at_a_page_is_taken():
    assert inspect(io.BytesIO(pdf(change=opening("/GoTo"))), "a.pdf").kind == "pdf"


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("../../etc/passwd", "passwd.jpg"),
        ("C:\\Users\\张\\照片.JPEG", "照片.jpg"),
        ("a/b\\c.jpg", "c.jpg"),
        ("\u202egpj.exe", "gpj.exe.jpg"),
        ("a\u200b\ufeff\0\x1b[31mb.jpg", "a[31mb.jpg"),
        ("a\r\nContent-Type: x.jpg", "a Content-Type_ x.jpg"),
        ("a\nb  c.jpg", "a b c.jpg"),
        ('<b>"x"?*|.jpg', "_b__x____.jpg"),
        (".htaccess", "htaccess.jpg"),
        ("..", "文件.jpg"),
        ("", "文件.jpg"),
        (".jpg", "jpg.jpg"),
        ("\ud800a.jpg", "a.jpg"),
        ("长" * 300 + ".jpg", "长" * 78 + ".jpg"),
        ("é" * 300 + ".jpg", "é" * 116 + ".jpg"),
        ("𠮷" * 60, "𠮷" * 59 + ".jpg"),
    ],
)
def test_names(name, clean):
    assert clean_name(name, "jpeg") == clean
    assert len(clean_name(name, "jpeg")) <= 120
    # a disk takes no longer name than 255 bytes
    assert len(clean_name(name, "jpeg").encode()) <= 240


@pytest.fixture
def place(settings, tmp_path):
    """Return the folder of the storage of cases, empty."""
    location = tmp_path / "files"
    settings.STORAGES = {
        **settings.STORAGES,
        "cases": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {
                "location": location,
                "file_permissions_mode": 0o600,
                "directory_permissions_mode": 0o700,
            },
        },
    }
    return location


def kept(place):
    return sorted(str(path.relative_to(place)) for path in place.rglob("*") if path.is_file())


def test_stored_under_a_random_name_that_nobody_else_may_read(place):
    stream = io.BytesIO(JPEG)
    inspect(stream, "a.jpg")
    first, second = store(stream, FOLDER), store(stream, FOLDER)

    assert kept(place) == sorted([first, second])
    assert first != second
    assert first.startswith("test_h1/2026/")
    assert len(Path(first).name) == 32
    with storages["cases"].open(first) as found:
        assert found.read() == JPEG
    assert (place / first).stat().st_mode & 0o777 == 0o600
    assert {path.stat().st_mode & 0o777 for path in (place / first).parents[:3]} <= {0o700}


@pytest.mark.parametrize(
    "folder", ["", "2026", "a/../2026", "/a/2026", "a/b/2026", "a/202", "a/2026/", "../2026"]
)
def test_another_folder_is_refused(folder, place):
    with pytest.raises(ValueError, match="role and a year"):
        store(io.BytesIO(JPEG), folder)
    assert not place.exists()


class Failing(io.BytesIO):
    """A stream that breaks after the first chunk."""

    def read(self, size=-1):
        if self.tell():
            raise OSError(errno.ENOSPC, "no space left on device")
        return super().read(size)


def test_full_disk_leaves_nothing(place):
    with pytest.raises(NotStored, match="没有存下"):
        store(Failing(bytes(MIB)), FOLDER)
    assert kept(place) == []


def test_a_failing_sync_leaves_nothing(place, monkeypatch):
    def fail(descriptor):
        raise OSError(errno.EIO, "input/output error")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(NotStored, match="没有存下"):
        store(io.BytesIO(JPEG), FOLDER)
    assert kept(place) == []


KILLED = """
import io, os, signal, sys
from django.conf import settings
options = {"location": sys.argv[1]}
settings.configure(STORAGES={"cases": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": options}})
from cases.hall.files import store
class Killing(io.BytesIO):
    def read(self, size=-1):
        if self.tell():
            os.kill(os.getpid(), signal.SIGKILL)
        return super().read(size)
store(Killing(bytes(1 << 20)), "test_h1/2026")
"""


def test_a_killed_process_leaves_nothing_under_a_final_name(place):
    killed = run(KILLED, place)

    assert killed.returncode == -signal.SIGKILL
    assert [path for path in kept(place) if not path.startswith("partial/")] == []
    assert len(kept(place)) == 1
    now = datetime.now(tz=UTC)
    assert remove_partial(now - timedelta(hours=1)) == 0
    assert remove_partial(now + timedelta(hours=1)) == 1
    assert kept(place) == []


def test_a_storage_that_is_no_disk_takes_it_as_it_is(settings):
    settings.STORAGES = {
        **settings.STORAGES,
        "cases": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    }
    name = store(io.BytesIO(PNG), FOLDER)

    assert isinstance(storages["cases"], InMemoryStorage)
    assert storages["cases"].open(name).read() == PNG
    assert remove_partial(datetime.now(tz=UTC)) == 0
