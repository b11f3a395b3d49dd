"""An item as its editors see it; acting on a draft; versions and their comparison. For any desk."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import actor_of
from accounts.actor import Actor
from catalog.shared import catalogue, labels, said
from catalog.shared.catalogue import Shown
from catalog.shared.enums import Status
from catalog.shared.models import Version
from catalog.shared.services import editions
from catalog.shared.views.desk import Desk, shown
from catalog.shared.views.desk import page as item_page

PAGE_SIZE = 20
REFUSALS = (editions.SamePerson, editions.NotADraft, editions.NothingChanged, editions.ChangedMeanwhile)


def act(request: HttpRequest, code: str, does: Callable[[Actor, datetime], object]) -> dict[str, str] | None:
    """Do something with a draft; return None when it is done, else what refuses it: field → sentence. Raises Http404."""
    try:
        does(actor_of(request), timezone.now())
    except editions.NotPublishable as refusal:
        return refusal.problems
    except REFUSALS as refusal:
        return {"": str(refusal)}
    except editions.Unknown:
        raise Http404 from None
    return None


def seen_of(request: HttpRequest) -> int | None:
    """Return the revision that whoever approves had read; None where the page did not say."""
    text = request.POST.get("revision", "")
    return int(text) if text.isdecimal() and len(text) < 10 else None


def told(problems: Mapping[str, str] | None) -> list[str]:
    """Return refusals as sentences that name their field."""
    return [f"{labels.field(field)}：{text}" if field else text for field, text in (problems or {}).items()]


def item(
    desk: Desk,
    request: HttpRequest,
    code: str,
    template: str,
    problems: dict[str, str] | None = None,
    **more: Any,
) -> HttpResponse:
    """Show an item as its editors see it, and what refused an act on it."""
    refused = told(problems)
    context = {**item_page(desk, request, shown(desk, code)), "problems": refused, **more}
    return render(request, template, context, status=422 if refused else 200)


def versions(desk: Desk, request: HttpRequest, code: str) -> HttpResponse:
    """Show every published version of an item: when, by whom, what changed, and from and to which day."""
    found = shown(desk, code)
    page = Paginator(catalogue.versions_of(desk.shelf, code), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [version_row(version) for version in page.object_list],
        "names": _names(desk, found),
        "item": found.fields,
        "code": code,
        "urls": desk.urls(code),
        "list_label": desk.list_label,
    }
    return render(request, "catalog_shared/versions.html", context)


def version_row(version: Version) -> dict[str, Any]:
    """Return what a list says of a version."""
    return {
        "version": version,
        "change_label": version.get_change_display(),
        "status_label": Status(version.status).label,
        "changed": list(dict.fromkeys(labels.field(field) for field in version.changed)),
        "before": version.version - 1,
    }


def compare(desk: Desk, request: HttpRequest, code: str) -> HttpResponse:
    """Show two editions (`?a=&b=`: a version's number, `live` or `draft`) field by field, what differs first."""
    found = shown(desk, code)
    a, b = request.GET.get("a", ""), request.GET.get("b", "")
    if not a and not b:
        a, b = _usual(found)
    before, after = catalogue.edition(desk.shelf, code, a), catalogue.edition(desk.shelf, code, b)
    if before is None or after is None:
        raise Http404
    lines = said.lines(before, after)
    changed = {line.field.partition(".")[0] for line in lines}
    rest = tuple(name for name in after if name not in changed)
    context = {
        "a": a,
        "b": b,
        "a_label": edition_label(a),
        "b_label": edition_label(b),
        "lines": lines,
        "same": [(labels.field(name), said.words(name, after[name]) or "—") for name in rest],
        "names": _names(desk, found),
        "item": found.fields,
        "code": code,
        "urls": desk.urls(code),
        "list_label": desk.list_label,
    }
    return render(request, "catalog_shared/compare.html", context)


def edition_label(name: str) -> str:
    """Return what an edition is called on a page."""
    named = {catalogue.LIVE: _("现在用的"), catalogue.DRAFT: _("草稿")}
    return named.get(name) or _("第 %(n)s 版") % {"n": name}


def _names(desk: Desk, found: Shown) -> list[tuple[str, str]]:
    numbers = catalogue.versions_of(desk.shelf, found.code).values_list("version", flat=True)[:200]
    names = [str(number) for number in numbers]
    if found.draft is not None:
        names.insert(0, catalogue.DRAFT)
    return [(name, edition_label(name)) for name in names]


def _usual(found: Shown) -> tuple[str, str]:
    if found.draft is not None and found.live is not None:
        return catalogue.LIVE, catalogue.DRAFT
    return str(max(found.version - 1, 1)), str(max(found.version, 1))
