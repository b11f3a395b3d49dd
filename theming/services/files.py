"""Pictures of looks: made anew, kept in the hall's folder under the name of their content, given out by it."""

import hashlib
from datetime import datetime
from io import BytesIO
from typing import IO, Any

from django.conf import settings
from django.core.files.storage import storages
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from accounts import disk
from tenants.shared.models import Hall
from theming import svg
from theming.models import ThemeFile
from theming.services.problems import ThemeRefused

STORAGE = "cases"
MOST_UPLOAD = 4 * 1024 * 1024
# twice the pixels that a page shows: header 40 px high, the banner as wide as the page's text
LOGO = {"width": 320, "height": 96, "most": 6 * 1024, "alpha": True}
BANNER = {"width": 1056, "height": 320, "most": 14 * 1024, "alpha": False}


class PictureRefused(ThemeRefused):
    """The picture is not taken, or the disk did not take it."""


def keep(hall: Hall | None, upload: IO[bytes], *, shape: dict[str, Any], now: datetime) -> dict[str, Any]:
    """Make a picture anew and keep it; return what a part of a look says of it. Raises PictureRefused.

    A PNG, JPEG or WebP is decoded in a process of its own; an SVG is written anew from what is allowed in one.
    """
    content = upload.read(MOST_UPLOAD + 1)
    if not content:
        raise PictureRefused(_("这份是空的，请重新选"))
    if len(content) > MOST_UPLOAD:
        raise PictureRefused(_("太大，图片最多 {n} MB").format(n=MOST_UPLOAD // 1024 // 1024))
    kind, width, height, made = _made(content, shape)
    digest = hashlib.sha256(made).hexdigest()
    known = ThemeFile.objects.filter(hall=hall, digest=digest).first()
    row = known or ThemeFile(
        # by number: a hall that came from another login would take the row there
        hall_id=hall.pk if hall else None,
        hall_role=hall.role if hall else "",
        digest=digest,
        kind=kind,
        width=width,
        height=height,
        size=len(made),
        added_at=now,
    )
    try:
        # again also when it is known: the file may have been lost
        disk.keep_as(BytesIO(made), row.stored_as)
    except OSError:
        raise PictureRefused(_("没有存下：现在存不了文件，请过一会儿再传")) from None
    if known is None:
        row.save()
    return row.part


def _made(content: bytes, shape: dict[str, Any]) -> tuple[str, int, int, bytes]:
    try:
        if _is_drawing(content):
            width, height, made = svg.clean(content)
            return "svg", width, height, made
        made_of = import_string(settings.SMALL_PICTURE)
        found: tuple[str, int, int, bytes] = made_of(content, **shape)
        return found
    except ValueError as problem:
        raise PictureRefused(_sentence(str(problem))) from None


def _is_drawing(content: bytes) -> bool:
    head = content[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    return head.startswith(b"<")


def _sentence(problem: str) -> str:
    sentences = {
        "large": _("图片太大或太复杂，请缩小再传"),
        "moving": _("动图不能用，请传不动的图"),
        "thin": _("图片太窄太长，请裁一裁再传"),
        "active": _("SVG 里只能有图形：不能有文字、图片、样式、链接、脚本。请转成图形，或另存为 PNG"),
        "busy": _("现在传的人多，请过一会儿再传"),
    }
    return sentences.get(problem, _("这张图打不开。只能传 PNG、JPG、WebP、SVG"))


def read(row: ThemeFile) -> bytes | None:
    """Return the content of a picture, or None when the file is lost or is another."""
    try:
        with storages[STORAGE].open(row.stored_as) as stream:
            content: bytes = stream.read()
    except OSError:
        return None
    return content if hashlib.sha256(content).hexdigest() == row.digest else None
