"""Suggestions while somebody types, and the staff's page of what searches did not find."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.access import actor_of, post_required
from catalog.hall import queries
from catalog.hall.forms import AliasForm
from catalog.hall.services import aliases
from catalog.hall.views.paging import page_of
from catalog.hall.views.staff import EDITORS, may_edit
from tenants.shared.models import Hall


def suggest(request: HttpRequest) -> HttpResponse:
    """Return up to eight items that an unfinished question may mean, for the script of the search field."""
    found = queries.suggestions(_hall(request), queries.Filters.read(request.GET).q)
    rows = [{"text": item.name, "url": reverse("item", args=[item.code])} for item in found]
    return JsonResponse({"suggestions": rows})


@post_required()
def staff_search(request: HttpRequest) -> HttpResponse:
    """Show what found nothing, the most asked first, and the hall's own aliases; `?alias=` opens the form for one."""
    alias = request.GET.get("alias", "").replace("\x00", "").strip()[: aliases.LONGEST]
    form = AliasForm(initial={"alias": alias}) if may_edit(request) else None
    return _page(request, form, opened=alias)


@require_POST
@post_required(*EDITORS)
def add_alias(request: HttpRequest) -> HttpResponse:
    """Let an item be found by an alias, then show the page again."""
    form = AliasForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            made = aliases.add(given["alias"], given["item"], by=actor_of(request), now=timezone.now())
        except aliases.NoSuchItem as refusal:
            form.add_error("item", str(refusal))
        except aliases.BadAlias as refusal:
            form.add_error("alias", str(refusal))
        else:
            return redirect(f"{reverse('staff-search')}?saved={made.pk}")
    return _page(request, form, status=422)


@require_POST
@post_required(*EDITORS)
def remove_alias(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an alias back, then show the page again."""
    aliases.remove(pk, by=actor_of(request), now=timezone.now())
    return redirect(f"{reverse('staff-search')}?removed=1")


def _page(
    request: HttpRequest, form: AliasForm | None, *, opened: str = "", status: int = 200
) -> HttpResponse:
    hall = _hall(request)
    own = queries.aliases(hall)
    saved = request.GET.get("saved", "")
    shown = {
        "form": form,
        "opened": opened,
        "page": page_of(request, queries.nothing_found(hall)),
        "aliases": own,
        "saved": next(((row, name) for row, name in own if str(row.pk) == saved), None),
        "was_removed": "removed" in request.GET,
    }
    return render(request, "catalog_hall/staff_search.html", shown, status=status)


def _hall(request: HttpRequest) -> Hall:
    hall: Hall = request.hall  # type: ignore[attr-defined]
    return hall
