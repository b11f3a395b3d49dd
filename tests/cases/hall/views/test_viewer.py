"""The files beside the answers: page by page, safely, recorded, and never a fault of ours."""

from io import BytesIO

import pytest
from PIL import Image

from tests.cases.hall import making
from tests.cases.hall.test_leaves import pdf
from tests.cases.hall.views.conftest import text
from tests.template import NOW


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    from django.utils import timezone

    monkeypatch.setattr(timezone, "now", lambda: NOW)


def with_pdf(content, name="合同.pdf"):
    from django.core.files.uploadedfile import SimpleUploadedFile

    from cases.hall.services import attachments
    from tests.conftest import actor

    case = making.submitted()
    upload = SimpleUploadedFile(name, content)
    return case, attachments.add_later(case, material_key="m2", upload=upload, actor=actor("lin"), now=NOW)


def broken(file, content=b"%PDF-1.4 nothing more"):
    """What a disk may make of a file that was good when it came."""
    from pathlib import Path

    from django.core.files.storage import storages

    Path(storages["cases"].path(file.path)).write_bytes(content)
    type(file).objects.filter(pk=file.pk).update(sha256=file.sha256[:60] + "dead")


def test_a_pdf_is_turned_page_by_page_by_links(made, window, inside):
    with inside():
        case, file = with_pdf(pdf(*[(200, 300)] * 3))
    base = f"/clerk/cases/{case.number}/"

    page = text(window.get(f"{base}?queue=new&file={file.pk}&page=2"))

    assert "第 2 页，共 3 页" in page
    assert f'src="{base}files/{file.pk}/2/"' in page
    for number in (1, 3):
        link = f"?queue=new&amp;file={file.pk}" + (f"&amp;page={number}" if number > 1 else "") + "#viewer"
        assert f'href="{link}"' in page, page
    assert ">放大</a>" in page
    assert ">缩小</a>" not in page


def test_a_page_is_a_private_picture_that_no_browser_guesses_at(made, window, inside):
    with inside():
        case, file = with_pdf(pdf((200, 300), (300, 200)))

    answer = window.get(f"/clerk/cases/{case.number}/files/{file.pk}/2/?zoom=2&turn=90")

    assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "private, max-age=600"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    image = Image.open(BytesIO(answer.content))
    assert image.height == 1800


def test_who_looked_at_which_page_is_on_record(made, window, inside, monkeypatch):
    from audit.models import Record

    seen = []
    save = Record.save
    monkeypatch.setattr(
        Record,
        "save",
        lambda self, *a, **k: (seen.append((self.action, self.object, self.detail)), save(self, *a, **k)),
    )
    case = made("submitted")
    with inside():
        file = case.files.get()
    seen.clear()
    assert window.get(f"/clerk/cases/{case.number}/files/{file.pk}/1/").status_code == 200
    ((action, number, detail),) = seen
    assert (action, number) == ("read_file", case.number)
    assert (detail["opened"], detail["page"], detail["posts"]) == (str(file.pk), 1, ["window"])


def test_a_file_that_cannot_be_read_is_a_sentence_and_the_way_to_download_it(made, window, inside):
    with inside():
        case, file = with_pdf(pdf())
        broken(file)

    answer = window.get(f"/clerk/cases/{case.number}/?file={file.pk}")

    assert answer.status_code == 200
    assert "这份在页面里打不开，请下载看。" in text(answer)
    assert f'<a href="/cases/{case.number}/files/{file.pk}/">下载' in text(answer)
    picture = window.get(f"/clerk/cases/{case.number}/files/{file.pk}/1/")
    assert (picture.status_code, text(picture)) == (422, "这份在页面里打不开，请下载看。")


def test_a_lost_file_and_a_page_that_is_none_are_sentences_too(made, window, inside):
    from django.core.files.storage import storages

    with inside():
        case, file = with_pdf(pdf())
    base = f"/clerk/cases/{case.number}/files/{file.pk}"
    assert text(window.get(f"{base}/9/")) == "这份没有这一页。"
    storages["cases"].delete(file.path)
    assert "找不到了" in text(window.get(f"{base}/1/"))
    assert "找不到了" in text(window.get(f"/clerk/cases/{case.number}/?file={file.pk}"))


def test_a_file_of_another_case_is_nothing_here(made, window, inside):
    case, other = made("submitted"), made("submitted")
    with inside():
        file = other.files.get()
    assert window.get(f"/clerk/cases/{case.number}/?file={file.pk}").status_code == 404
    assert window.get(f"/clerk/cases/{case.number}/?file=x").status_code == 404
    assert window.get(f"/clerk/cases/{case.number}/files/{file.pk}/1/").status_code == 404


def test_strange_numbers_in_the_address_are_the_nearest_good_ones(made, window):
    case = made("submitted")
    page = text(window.get(f"/clerk/cases/{case.number}/?page=99&zoom=77&turn=100"))
    assert "zoom=3&amp;turn=90" in page
    assert window.get(f"/clerk/cases/{case.number}/?page=-1&zoom=&turn=abc").status_code == 200


def test_the_applicant_gets_no_pictures(made, lin, inside):
    case = made("submitted")
    with inside():
        file = case.files.get()
    assert lin.get(f"/clerk/cases/{case.number}/files/{file.pk}/1/").status_code == 403
