"""Pages travel compressed, papers as they are."""

import gzip

from django.http import FileResponse, HttpResponse
from django.test import RequestFactory

from config.compression import TextGZipMiddleware

LONG = "办事" * 400


def answered(response):
    request = RequestFactory().get("/", headers={"accept-encoding": "gzip, br"})
    return TextGZipMiddleware(lambda _request: response)(request)


def test_a_page_is_compressed():
    response = answered(HttpResponse(LONG))

    assert response.headers["Content-Encoding"] == "gzip"
    assert len(response.content) < len(LONG)
    assert gzip.decompress(response.content).decode() == LONG


def test_a_paper_is_sent_as_it_is(tmp_path):
    paper = tmp_path / "paper.pdf"
    paper.write_bytes(b"%PDF-" + bytes(4000))

    with paper.open("rb") as file:
        response = answered(FileResponse(file, content_type="application/pdf"))

        assert "Content-Encoding" not in response.headers
        assert b"".join(response) == paper.read_bytes()
