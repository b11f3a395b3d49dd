"""The staff's pages of items: the list, one shared item field by field, and hiding it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import actor_of, post_required
from accounts.actor import Actor
from catalog.hall import queries
from catalog.hall.forms import ValueForm, WhyForm
from catalog.hall.models import EffectiveItem
from catalog.hall.services import local, overrides
from catalog.hall.services.overrides import ChangedMeanwhile
from catalog.hall.services.values import BadValue
from catalog.hall.views import rows as value_rows
from catalog.hall.views.listing import choices, rows
from catalog.hall.views.paging import page_of
from catalog.shared import labels, policy_page
from catalog.shared.queries import city_life, city_values
from tenants.hall.enums import PostRole
from tenants.shared.models import Hall

# who fits items to the hall
EDITORS = (PostRole.BRANCH_STAFF, PostRole.HALL_ADMIN)
REFUSALS = (overrides.BreaksPolicy, overrides.SameAsCity, overrides.ReasonMissing, BadValue)
# what a redirect may say was done, each with the field's name
DONE = ("saved", "reset", "unchanged")
# what a form sends beside what somebody wrote
NOT_TYPED = {"csrfmiddlewaretoken", "seen", "reset"}


@dataclass(frozen=True)
class Conflict:
    """What somebody else made of a field meanwhile: shown beside what was typed."""

    ours: str
    city: str
    person_name: str
    made_at: datetime | None


def may_edit(request: HttpRequest) -> bool:
    """Say whether who asks may change items here."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor.holds(*EDITORS)


@post_required()
def items(request: HttpRequest) -> HttpResponse:
    """Show a page of all items with where their values come from, and the drafts that wait for a second person."""
    hall: Hall = request.hall  # type: ignore[attr-defined]
    filters = queries.Filters.read(request.GET)
    page = page_of(request, queries.staff_items(hall, filters).only(*queries.LISTED))
    listed = rows(page.object_list)
    for row, item in zip(listed, page.object_list, strict=True):
        row.update(changed=item.changes, hidden=item.hidden)
    shown = {
        "page": page,
        "rows": listed,
        "counts": queries.counts_by_source(hall),
        "waiting": queries.review_counts(timezone.now())["all"],
        "drafts": queries.local_drafts(),
        "out_of_use": queries.local_out_of_use(),
        "may_edit": may_edit(request),
        **choices(request, hall, filters),
    }
    return render(request, "catalog_hall/staff_items.html", shown)


@post_required()
def item(request: HttpRequest, code: str) -> HttpResponse:
    """Show a shared item field by field, the field `?field=` opened for change; a local item on its own page."""
    found = _effective(code)
    if found is None or found.is_local:
        return redirect("staff-local-item", code) if local.known(code) else _retired(request, code)
    field = request.GET.get("field", "")
    form = _form(found, field) if field and may_edit(request) else None
    return _page(request, found, form)


@require_POST
@post_required(*EDITORS)
def value(request: HttpRequest, code: str, field: str) -> HttpResponse:
    """Set this hall's own value of a field, or give the field back to the city; then show the item again.

    Whoever wrote on a page that a colleague or the city has overtaken gets 409 and both values, his own still in the form.
    """
    found = _effective(code)
    if found is None:
        return _retired(request, code, status=409)
    if found.is_local:
        raise Http404
    if "reset" in request.POST:
        return _reset(request, found, field)
    form = _form(found, field, request.POST)
    if form is None:
        return _row_gone(request, found)
    if not form.is_valid():
        return _page(request, found, form, status=422)

    def save(by: Actor, now: datetime) -> str:
        row = overrides.set_value(
            code, field, form.value, by=by, reason=form.cleaned_data["reason"], now=now, seen=_seen(request)
        )
        return "saved" if row.made_at == now else "unchanged"

    return _done(request, found, field, form, save)


@post_required(*EDITORS)
def hide(request: HttpRequest, code: str) -> HttpResponse:
    """Ask why this hall does not do an item, and hide it from the public; showing it again is a reset of the field."""
    found = _effective(code)
    if found is None:
        return _retired(request, code, status=409 if request.method == "POST" else 200)
    if found.is_local:
        raise Http404
    form = WhyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        overrides.set_value(code, "hidden", True, by=actor_of(request), reason=reason, now=timezone.now())
        return _back(code, "hidden", "saved")
    shown = {"item": found, "form": form, "has_own": bool(found.sources)}
    return render(request, "catalog_hall/staff_hide.html", shown, status=422 if form.errors else 200)


@post_required()
def policy(request: HttpRequest) -> HttpResponse:
    """Show what a hall may change of a shared item, field by field: the declaration itself."""
    return render(request, "catalog_hall/staff_policy.html", {"rows": policy_page.table()})


def _done(
    request: HttpRequest,
    item: EffectiveItem,
    field: str,
    form: ValueForm,
    act: Callable[[Actor, datetime], str],
) -> HttpResponse:
    try:
        done = act(actor_of(request), timezone.now())
    except ChangedMeanwhile as meanwhile:
        form.add_error(None, str(meanwhile))
        return _page(request, item, form, status=409, conflict=_conflict(item, field, meanwhile))
    except REFUSALS as refusal:
        form.add_error("value" if "value" in form.fields else None, str(refusal))
        return _page(request, item, form, status=422)
    return _back(item.code, field, done)


def _reset(request: HttpRequest, item: EffectiveItem, field: str) -> HttpResponse:
    try:
        overrides.reset(item.code, field, by=actor_of(request), now=timezone.now(), seen=_seen(request))
    except ChangedMeanwhile:
        told = [_("您打开这一页以后，这一项又有人改过。看过现在的值，还要恢复再点一次")]
        return _page(request, item, None, status=409, problems=told)
    return _back(item.code, field, "reset")


def _row_gone(request: HttpRequest, item: EffectiveItem) -> HttpResponse:
    """Say that the city removed the row that somebody was writing on, with what he wrote. Raises Http404 for any other field."""
    if not _seen(request):
        raise Http404
    told = [
        _("市里已经删去这一条，您填的没有保存：%(typed)s") % {"typed": _typed(request).replace("\n", "；")}
    ]
    return _page(request, item, None, status=409, problems=told)


def _conflict(item: EffectiveItem, field: str, meanwhile: ChangedMeanwhile) -> Conflict:
    row = value_rows.value_row(field, item, city_values(item.code) or {}, meanwhile.override)
    return Conflict(
        ours=row.shown if meanwhile.override else "",
        city=row.city,
        person_name=row.person_name,
        made_at=row.made_at,
    )


def _page(
    request: HttpRequest,
    item: EffectiveItem,
    form: ValueForm | None,
    *,
    status: int = 200,
    conflict: Conflict | None = None,
    problems: list[str] | None = None,
) -> HttpResponse:
    city = city_values(item.code) or {}
    own = queries.overrides_of(item.code)
    shown: dict[str, Any] = {
        "item": item,
        "groups": value_rows.groups(item, city, own),
        "hiding": value_rows.value_row("hidden", item, city, own.get("hidden")),
        "locked": value_rows.locked(city),
        "reviews": queries.reviews_of(item.code),
        "form": form,
        "opened": form.field_name if form else "",
        "conflict": conflict,
        # a page that was refused for its words still stands on what was seen before them
        "seen": _seen(request) if status == 422 else None,
        "problems": problems or [],
        "may_edit": may_edit(request),
        "done": {name: labels.field(request.GET[name]) for name in DONE if name in request.GET},
    }
    return render(request, "catalog_hall/staff_item.html", shown, status=status)


def _effective(code: str) -> EffectiveItem | None:
    return queries.effective_item(code, with_hidden=True)


def _retired(request: HttpRequest, code: str, *, status: int = 200) -> HttpResponse:
    """Say that the city no longer has an item of this hall in use, and show what was typed for it. Raises Http404."""
    life = city_life(code) if queries.is_taken(code) else None
    if life is None:
        raise Http404
    shown = {"life": life, "typed": _typed(request)}
    return render(request, "catalog_hall/staff_retired.html", shown, status=status)


def _typed(request: HttpRequest) -> str:
    return "\n".join(
        text for name, texts in request.POST.lists() if name not in NOT_TYPED for text in texts if text
    )


def _seen(request: HttpRequest) -> str | None:
    return request.POST.get("seen") or None


def _form(item: EffectiveItem, field: str, data: Any = None) -> ValueForm | None:
    """Return the form of a field that a hall may change, filled with what holds now; None for any other field."""
    city = city_values(item.code)
    if city is None or not value_rows.is_open(field, city):
        return None
    row = value_rows.value_row(field, item, city, queries.overrides_of(item.code).get(field))
    return ValueForm(data, field=field, current=row.current, unit=city["promised_unit"])


def _back(code: str, field: str, done: str) -> HttpResponse:
    return redirect(f"{reverse('staff-item', args=[code])}?{urlencode({done: field})}#v-{field}")
