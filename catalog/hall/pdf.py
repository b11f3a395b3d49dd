"""The guide of an item on paper, as PDF: what the page says, opened whole, with the page's address as a QR code."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from theming import papers

_TEMPLATE = Path(__file__).parent / "templates_typst" / "guide.typ"
Rows = Sequence[tuple[str, str]]


def guide(
    *,
    hall: str,
    name: str,
    summary: str,
    facts: Rows,
    sections: Iterable[tuple[str, Rows]],
    url: str,
    version: str,
    updated_at: datetime,
) -> bytes:
    """Return the guide as PDF, the same bytes for the same facts. A section without rows says that there is nothing."""
    day = papers.day_text(updated_at.date())
    edition = _("%(name)s　%(day)s更新　第 %(version)s 版") % {"name": name, "day": day, "version": version}
    written: Mapping[str, Any] = {
        "hall": hall,
        "name": name,
        "summary": summary,
        "facts": facts,
        "sections": [
            {"title": title, "rows": rows, "text": _("什么都不用准备。")} for title, rows in sections
        ],
        "url": url,
        "edition": edition,
    }
    seconds = int(updated_at.timestamp())
    return papers.pdf(_TEMPLATE, papers.clean(written), seconds=seconds, url=url)
