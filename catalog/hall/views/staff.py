"""The staff's pages of items: the list, and one shared item field by field."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_POST

from accounts.access import post_required
from accounts.actor import Actor
from catalog.hall import queries
from catalog.hall.forms import ValueForm
from catalog.hall.models import EffectiveItem
from catalog.hall.services import overrides
from catalog.hall.services.values import BadValue
from catalog.hall.views import rows as value_rows
from catalog.hall.views.listing import choices, rows
from catalog.hall.views.paging import page_of
from catalog.shared import labels
from catalog.shared.queries import city_values
from tenants.hall.enums import PostRole
from tenants.shared.models import Hall

# who fits items to the hall
EDITORS = (PostRole.BRANCH_STAFF, PostRole.HALL_ADMIN)
REFUSALS = (overrides.BreaksPolicy, overrides.SameAsCity, overrides.ReasonMissing, BadValue)


def may_edit(request: HttpRequest) -> bool:
    """Say whether who asks may change items here."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor.holds(*EDITORS)


@post_required()
def items(request: HttpRequest) -> HttpResponse:
    """Show a page of all items with where their values come from, and the drafts that wait for a second person."""
    hall: Hall = request.hall  # type: ignore[attr-defined]
    filters = queries.Filters.read(request.GET)
    page = page_of(request, queries.staff_items(filters).only(*queries.LISTED))
    listed = rows(page.object_list)
    for row, item in zip(listed, page.object_list, strict=True):
        row.update(changed=len(item.sources), is_local=item.is_local, hidden=item.hidden)
    shown = {
        "page": page,
        "rows": listed,
        "counts": queries.counts_by_source(),
        "drafts": queries.local_drafts(),
        "may_edit": may_edit(request),
        **choices(hall, filters),
    }
    return render(request, "catalog_hall/staff_items.html", shown)


@post_required()
def item(request: HttpRequest, code: str) -> HttpResponse:
    """Show a shared item field by field, the field `?field=` opened for change; a local item on its own page."""
    found = _effective(code)
    if found is None or found.is_local:
        return redirect("staff-local-item", code) if queries.local_item(code) else _gone()
    field = request.GET.get("field", "")
    form = _form(found, field) if field and may_edit(request) else None
    return _page(request, found, form)


@require_POST
@post_required(*EDITORS)
def value(request: HttpRequest, code: str, field: str) -> HttpResponse:
    """Set this hall's own value of a field, or give the field back to the city; then show the item again."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = _effective(code)
    if found is None or found.is_local:
        raise Http404
    if "reset" in request.POST:
        overrides.reset(code, field, by=actor, now=timezone.now())
        return _back(code, field, "reset")
    form = _form(found, field, request.POST)
    if form is None:
        raise Http404
    if form.is_valid():
        try:
            overrides.set_value(
                code, field, form.value, by=actor, reason=form.cleaned_data["reason"], now=timezone.now()
            )
        except REFUSALS as refusal:
            form.add_error("value" if "value" in form.fields else None, str(refusal))
        else:
            return _back(code, field, "saved")
    return _page(request, found, form, status=422)


def _page(request: HttpRequest, item: EffectiveItem, form: ValueForm | None, *, status: int = 200) -> HttpResponse:
    city = city_values(item.code) or {}
    shown: dict[str, Any] = {
        "item": item,
        "groups": value_rows.groups(item, city, queries.overrides_of(item.code)),
        "locked": value_rows.locked(city),
        "form": form,
        "opened": form.field_name if form else "",
        "may_edit": may_edit(request),
        "saved": labels.field(request.GET.get("saved", "")) if "saved" in request.GET else "",
        "was_reset": labels.field(request.GET.get("reset", "")) if "reset" in request.GET else "",
    }
    return render(request, "catalog_hall/staff_item.html", shown, status=status)


def _effective(code: str) -> EffectiveItem | None:
    return queries.effective_item(code, with_hidden=True)


def _gone() -> HttpResponse:
    raise Http404


def _form(item: EffectiveItem, field: str, data: Any = None) -> ValueForm | None:
    """Return the form of a field that a hall may change, filled with what holds now; None for any other field."""
    city = city_values(item.code)
    if city is None or not value_rows.is_open(field, city):
        return None
    row = value_rows.value_row(field, item, city, queries.overrides_of(item.code).get(field))
    return ValueForm(data, field=field, current=row.current, unit=city["promised_unit"])


def _back(code: str, field: str, done: str) -> HttpResponse:
    return redirect(f"{reverse('staff-item', args=[code])}?{urlencode({done: field})}#v-{field}")
