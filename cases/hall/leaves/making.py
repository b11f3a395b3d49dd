"""What the child makes of files: photographs to keep, one PDF of several, other orders of pages, copies that are marked.

Each raises leaves.Unreadable, whose `problem` names the reason: large, broken, password, signed, active, pages, page, slow, busy.
"""

from collections.abc import Sequence
from typing import Any

from cases.hall import leaves

# for files that are made whole, page by page
_SECONDS = 20
MOST_BYTES = 48 * 1024 * 1024
FORMS = {"image/jpeg": "JPEG", "image/png": "PNG", "application/pdf": "PDF"}


def picture(content: bytes, form: str, *, turn: int = 0) -> tuple[str, bytes]:
    """Return kind (jpeg or png) and content of a photograph encoded anew: upright, then turned to the right by `turn` degrees.

    `form` is JPEG, PNG or HEIF. Nothing of the file that came is in it but the picture.
    """
    head, body = _make([content], {"do": "picture", "form": form, "turn": turn})
    return str(head["kind"]), body


def clean(content: bytes) -> bytes | None:
    """Return a PDF without what would run or is carried along; None when it has nothing of that and stays as it is."""
    head, body = _make([content], {"do": "clean"})
    return body if head["changed"] else None


def join(parts: Sequence[tuple[str, bytes]]) -> bytes:
    """Return one PDF of photographs and PDFs, each given by content type and content, in this order."""
    task = {"do": "join", "forms": [FORMS[kind] for kind, _content in parts]}
    return _make([content for _kind, content in parts], task)[1]


def arrange(content: bytes, order: Sequence[tuple[int, int]]) -> bytes:
    """Return a PDF of the pages (from 1) that are named, each turned to the right by so many degrees."""
    return _make([content], {"do": "arrange", "order": [list(page) for page in order]})[1]


def marked(content: bytes, kind: str, mark: str) -> tuple[str, bytes]:
    """Return content type and content of a copy that has the text all over each page, as pictures."""
    task = {"do": "mark", "form": FORMS[kind], "mark": mark, "font": str(leaves.FONT)}
    head, body = _make([content], task)
    return {"jpeg": "image/jpeg", "pdf": "application/pdf"}[head["kind"]], body


def _make(contents: Sequence[bytes], task: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    return leaves.run(contents, task, seconds=_SECONDS, most=MOST_BYTES)


def small(content: bytes, *, width: int, height: int, most: int, alpha: bool) -> tuple[str, int, int, bytes]:
    """Return kind (png or jpeg), width, height and content of a still PNG, JPEG or WebP made small, in at most `most` bytes.

    settings.SMALL_PICTURE names this: whoever stands below asks for it there. Raises ValueError with the reason's name
    (large, moving, thin, broken, slow, busy).
    """
    task = {"do": "small", "width": width, "height": height, "bytes": most, "alpha": alpha}
    try:
        head, body = _make([content], task)
    except leaves.Unreadable as problem:
        raise ValueError(problem.problem) from None
    return str(head["kind"]), int(head["width"]), int(head["height"]), body
