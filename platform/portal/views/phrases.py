"""The city's page of the search: what found nothing in any hall, and what people say for which items."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import actor_of, city_required
from accounts.capabilities import Can, may
from catalog.shared.services import phrases
from portal import queries
from portal.forms import PhraseForm
from tenants.shared.queries import halls

PAGE_SIZE = 20


@city_required(Can.WATCH)
def city_search(request: HttpRequest) -> HttpResponse:
    """Show what found nothing, the most asked first, and the popular phrases; `?phrase=` fills the form with one."""
    may_edit = may(actor_of(request).city_role, Can.RUN)
    phrase = request.GET.get("phrase", "").replace("\x00", "").strip()[:40]
    return _page(request, PhraseForm(initial={"phrase": phrase}) if may_edit else None)


@require_POST
@city_required(Can.RUN)
def add(request: HttpRequest) -> HttpResponse:
    """Add a popular phrase, then show the page again."""
    form = PhraseForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            phrases.add(given["phrase"], given["stands_for"], by=actor_of(request), now=timezone.now())
        except phrases.BadPhrase as refusal:
            form.add_error("phrase", str(refusal))
        except phrases.MeansNothing as refusal:
            form.add_error("stands_for", str(refusal))
        else:
            return redirect(f"{reverse('city-search')}?saved=1")
    return _page(request, form, status=422)


@require_POST
@city_required(Can.RUN)
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a popular phrase out, then show the page again."""
    phrases.remove(pk, by=actor_of(request), now=timezone.now())
    return redirect(f"{reverse('city-search')}?removed=1")


def _page(request: HttpRequest, form: PhraseForm | None, *, status: int = 200) -> HttpResponse:
    names = {hall.role: hall.short_name for hall in halls()}
    part = request.GET.get("q", "").replace("\x00", "").strip()[:40]
    missed = queries.nothing_found()[:PAGE_SIZE]
    shown = {
        "form": form,
        "missed": [{**row, "place": names.get(str(row["hall_id"]), _("门户"))} for row in missed],
        "page": Paginator(queries.phrases(part), PAGE_SIZE).get_page(request.GET.get("page")),
        "part": part,
        "was_saved": "saved" in request.GET,
        "was_removed": "removed" in request.GET,
    }
    return render(request, "portal/city_search.html", shown, status=status)
