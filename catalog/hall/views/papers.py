"""A guide to take away: as PDF, and its address as a QR code. Made once for each version, so that nobody can wear us out."""

from collections.abc import Mapping
from typing import Any

from django.core.cache import cache
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.network import client_address
from accounts.services import counters
from catalog.hall import pdf, queries
from catalog.hall.models import EffectiveItem
from catalog.hall.views import guide
from catalog.hall.views.details import Detail
from tenants.shared.http import HallRequest
from tenants.shared.models import Hall
from theming import papers
from theming.formats import cn_time

# papers that one address may have made in ten minutes; those that are made already cost nothing
LIMIT, WINDOW_SECONDS = 30, 600
# an office that moves is on paper ten minutes later
KEPT_SECONDS = 600


@require_safe
def guide_pdf(request: HallRequest, code: str) -> HttpResponse:
    """Answer with the guide of an item that the public sees, as PDF."""
    item = _offered(code)
    hall: Hall = request.hall
    url = request.build_absolute_uri(reverse("item", args=[code]))
    key = f"guide.pdf:{hall.role}:{hall.generation}:{code}:{item.version}:{item.updated_at.timestamp()}:{url}"
    made: bytes | None = cache.get(key)
    if made is None:
        if counted := counters.by_address("guide-pdf", client_address(request)):
            try:
                counters.reserve(counted, limit=LIMIT, window_seconds=WINDOW_SECONDS, now=timezone.now())
            except counters.TooMany as refusal:
                again = cn_time(timezone.localtime(refusal.until))
                return render(
                    request, "catalog_hall/too_many.html", {"again": again, "item": item}, status=429
                )
        made = _made(request, item, url)
        cache.set(key, made, KEPT_SECONDS)
    response = HttpResponse(made, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{code}.pdf"'
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@require_safe
def qr(request: HallRequest, code: str) -> HttpResponse:
    """Answer with the address of an item's guide as a QR code."""
    item = _offered(code)
    url = request.build_absolute_uri(reverse("item", args=[item.code]))
    response = HttpResponse(papers.qr(url, light="#fff"), content_type="image/svg+xml")
    response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    response["Cache-Control"] = "max-age=3600"
    return response


def _offered(code: str) -> EffectiveItem:
    item = queries.effective_item(code)
    if item is None:
        raise Http404
    return item


def _made(request: HallRequest, item: EffectiveItem, url: str) -> bytes:
    said = guide.content(request, item, {})
    place = said["place"]
    facts = [
        (fact["label"], " ".join(part for part in (fact["value"], fact["note"]) if part))
        for fact in said["facts"]
    ]
    where = [
        (_("地址"), place["address"]),
        (_("办理时间"), place["hours"]),
        (_("咨询电话"), place["phone"]),
        (_("投诉电话"), place["complaint_phone"]),
        *(
            (row["name"], _words(row, "address", "hours", "phone") or _("在大厅里"))
            for row in place["windows"]
        ),
    ]
    sections = [
        (_("要准备什么"), [(row["name"], _material(row)) for row in said["materials"]]),
        (_("怎么办"), [(step["name"], str(step.get("role") or "")) for step in item.steps]),
        (_("到窗口办"), [row for row in where if row[1]]),
        (_("注意"), [(_("注意"), item.notes)] if item.notes else []),
        *((group.title, [(each.label, _lines(each)) for each in group.details]) for group in said["details"]),
        (_("常见问题"), [(row["question"], row["answer"]) for row in item.faq]),
    ]
    return pdf.guide(
        hall=request.hall.name,
        name=item.name,
        summary=item.summary,
        facts=facts,
        # what is to be prepared is said even where it is nothing
        sections=[(title, rows) for number, (title, rows) in enumerate(sections) if rows or not number],
        url=url,
        version=item.version,
        updated_at=timezone.localtime(item.updated_at),
    )


def _words(row: Mapping[str, Any], *names: str) -> str:
    return "　".join(str(row[name]) for name in names if row.get(name))


def _material(row: Mapping[str, Any]) -> str:
    if row["exempt_words"]:
        return _("不用交：%(why)s") % {"why": row["exempt_words"]}
    needed = str(row["needed"]) if row["is_optional"] else ""
    return "；".join(part for part in (row["counted"], needed, row.get("spec"), row.get("note")) if part)


def _lines(detail: Detail) -> str:
    return "；".join(f"{line.text}（{line.small}）" if line.small else line.text for line in detail.lines)
