"""A hall's pages of sheets: those of catalog.shared with this hall's desk, items and posts."""

from collections.abc import Iterator
from datetime import datetime

from django.http import HttpRequest
from django.urls import reverse

from accounts.access import post_required
from catalog.hall.services import sheet_jobs
from catalog.hall.sheets import exporting
from catalog.hall.views.staff import EDITORS
from catalog.shared.sheets.marks import Origin
from catalog.shared.sheets.writing import Exported
from catalog.shared.views.sheets import Pages
from tenants.shared.models import Hall


def _origin(request: HttpRequest, now: datetime) -> Origin:
    hall: Hall = request.hall  # type: ignore[attr-defined]
    return exporting.origin(hall, now)


def _exported(here: Origin) -> Iterator[Exported]:
    return exporting.hall_items(here)


PAGES = Pages(
    names="staff-sheets",
    desk=sheet_jobs.here,
    ring=sheet_jobs.ring,
    origin=_origin,
    exported=_exported,
    guard=post_required(*EDITORS),
    back=lambda: reverse("staff-items"),
    is_hall=True,
)
