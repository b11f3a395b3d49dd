"""A stored file leaves as an attachment that no browser runs or guesses at (DESIGN rule 12)."""

from django.core.files.storage import storages
from django.http import FileResponse, Http404, HttpResponse
from django.utils.http import content_disposition_header

from cases.hall.models import CaseFile, DepartmentPaper, EnquiryFile, MandatePaper


def attachment(file: CaseFile | MandatePaper | EnquiryFile) -> FileResponse:
    """Answer with the file under its own name. Whether the asker may have it was decided before. Raises Http404."""
    return _attached(file.path, file.name, file.content_type)


def stored(paper: DepartmentPaper) -> FileResponse:
    """Answer with the paper of a department: hostile like any file that came from outside. Raises Http404."""
    return _attached(paper.path, paper.name, "application/pdf")


def _attached(path: str, name: str, content_type: str) -> FileResponse:
    try:
        stream = storages["cases"].open(path)
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(stream, as_attachment=True, filename=name, content_type=content_type)
    guard(response)
    return response


def named(content: bytes, name: str, content_type: str) -> HttpResponse:
    """Answer with a copy that was made for whoever asks, under its own name."""
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = content_disposition_header(True, name)
    guard(response)
    return response


def pdf(content: bytes, name: str) -> HttpResponse:
    """Answer with a paper made on demand."""
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    guard(response)
    return response


def guard(response: HttpResponse | FileResponse) -> None:
    """Set what keeps a browser from running, guessing or keeping it."""
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
