"""The city's catalogue: its list, a new item, one item with its draft, and what the second person sees before publishing."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts.access import actor_of, city_required
from accounts.capabilities import Can, may
from catalog.shared import catalogue, impact
from catalog.shared.enums import ItemType, Status
from catalog.shared.forms.codes import NewSharedForm
from catalog.shared.services import editions, items
from catalog.shared.services.editions import SHARED
from catalog.shared.views import editing, section
from catalog.shared.views.desk import Desk, shown
from tenants.shared.queries import city

PAGE_SIZE = 20


def may_edit(request: HttpRequest) -> bool:
    """Say whether who asks may change the city's catalogue; an inspector reads."""
    return may(actor_of(request).city_role, Can.RUN)


DESK = Desk(
    shelf=SHARED,
    names={
        "item": "city-item",
        "edit": "city-item-edit",
        "publish": "city-item-publish",
        "discard": "city-item-discard",
        "versions": "city-item-versions",
        "compare": "city-item-compare",
        "form": "city-item-form",
    },
    list_name="city-items",
    list_label=gettext_lazy("全市事项"),
    save=items.save,
    departments=None,
    may_edit=may_edit,
)


@city_required(Can.WATCH)
def listing(request: HttpRequest) -> HttpResponse:
    """Show a page of the city's items, what waits for a second person first."""
    filters = catalogue.Filters.read(request.GET)
    page = Paginator(catalogue.listed(filters), PAGE_SIZE).get_page(request.GET.get("page"))
    counts = catalogue.counts()
    context = {
        "filters": filters,
        "page": page,
        "rows": [catalogue.row(values) for values in page.object_list],
        "pills": [
            ("", gettext_lazy("全部"), counts["all"]),
            (catalogue.DRAFT, gettext_lazy("有草稿"), counts["draft"]),
        ]
        + [(status, Status(status).label, counts[status]) for status in catalogue.STATES[1:]],
        "departments": catalogue.departments(),
        "type_choices": ItemType.choices,
        "type_label": dict(ItemType.choices).get(filters.type, ""),
        "may_edit": may_edit(request),
    }
    return render(request, "catalog_shared/items.html", context)


@city_required(Can.RUN)
def new(request: HttpRequest) -> HttpResponse:
    """Ask for the parts of a new item's code and for what it is; a good answer becomes a draft."""
    form = NewSharedForm(request.POST or None, province=city().code[:2])
    if request.method == "POST" and form.is_valid():
        try:
            draft = items.create(form.code, form.values, by=actor_of(request), now=timezone.now())
        except editions.BadFields as refusal:
            for field, text in refusal.problems.items():
                form.add_error({"code": "main"}.get(field, field if field in form.fields else None), text)
        except editions.ChangedMeanwhile as refusal:
            form.add_error("main", str(refusal))
        else:
            return redirect("city-item", draft.code)
    return render(request, "catalog_shared/new.html", {"form": form}, status=422 if form.errors else 200)


@city_required(Can.WATCH)
def item(request: HttpRequest, code: str) -> HttpResponse:
    """Show an item as it stands, its draft, its versions and the halls that have it."""
    return _item(request, code)


@city_required(Can.RUN)
def edit(request: HttpRequest, code: str) -> HttpResponse:
    """Edit one section of an item."""
    return section.edit(DESK, request, code)


@city_required(Can.WATCH)
def impact_page(request: HttpRequest, code: str) -> HttpResponse:
    """Show what publishing a draft would do, and the button that does it."""
    return _impact(request, code)


@require_POST
@city_required(Can.RUN)
def publish(request: HttpRequest, code: str) -> HttpResponse:
    """Publish a draft as its second person, or let it wait for its day."""
    seen = editing.seen_of(request)
    problems = editing.act(
        request,
        code,
        lambda by, now: items.approve(code, seen=seen, by=by, now=now),
    )
    if problems is None:
        return redirect("city-item", code)
    has_draft = catalogue.draft_of(SHARED, code) is not None
    return _impact(request, code, problems) if has_draft else _item(request, code, problems)


@require_POST
@city_required(Can.RUN)
def discard(request: HttpRequest, code: str) -> HttpResponse:
    """Throw a draft away; an item that was never published is gone with it."""
    problems = editing.act(request, code, lambda by, now: items.discard(code, by=by, now=now))
    if problems is not None:
        return _item(request, code, problems)
    return redirect("city-item", code) if items.known(code) else redirect("city-items")


@city_required(Can.WATCH)
def versions(request: HttpRequest, code: str) -> HttpResponse:
    """Show every published version of an item."""
    return editing.versions(DESK, request, code)


@city_required(Can.WATCH)
def compare(request: HttpRequest, code: str) -> HttpResponse:
    """Show any two versions of an item, or its draft against what holds, field by field."""
    return editing.compare(DESK, request, code)


def _item(request: HttpRequest, code: str, problems: dict[str, str] | None = None) -> HttpResponse:
    offering = catalogue.offering(code)
    return editing.item(DESK, request, code, "catalog_shared/item.html", problems, offering=offering)


def _impact(request: HttpRequest, code: str, problems: dict[str, str] | None = None) -> HttpResponse:
    found = shown(DESK, code)
    if found.draft is None:
        raise Http404
    refused = editing.told(problems)
    context: dict[str, Any] = {
        "impact": impact.of(found.draft, found.live),
        "item": found.fields,
        "code": code,
        "draft": found.draft,
        "live": found.live,
        "is_own": found.draft.edited_by == actor_of(request).person_id,
        "may_edit": may_edit(request),
        "status_label": Status(found.draft.status).label,
        "urls": DESK.urls(code),
        "problems": refused,
    }
    return render(request, "catalog_shared/impact.html", context, status=422 if refused else 200)
