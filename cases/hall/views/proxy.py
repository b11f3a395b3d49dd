"""我代办的人: the roster from which a proxy starts, a new mandate, a child. Nothing of a principal stands in the session."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.access import signed_in
from accounts.network import client_address
from cases.hall.files import FileRefused
from cases.hall.forms.proxy import AskForm, ChildForm
from cases.hall.models import Case
from cases.hall.queries import items, mandates
from cases.hall.services import guardians, principals, track
from cases.hall.services import mandates as service
from catalog.hall.models import EffectiveItem
from catalog.hall.queries import suggestions
from catalog.hall.views.paging import page_of
from tenants.shared.http import HallRequest

SHOWN = 12


@signed_in
def roster(request: HallRequest) -> HttpResponse:
    """Show whom this person acts for, until when, and what is open."""
    today = timezone.localdate()
    found = mandates.roster(request.actor, today)
    page = page_of(request, found)
    context = {
        "page": page,
        "rows": [
            {"mandate": row, "principal": row.principal, "standing": row.standing(today)}
            for row in page.object_list
        ],
        "term": mandates.term_of(request.actor.person_id, today),
    }
    return render(request, "cases_hall/proxy.html", context)


@sensitive_post_parameters("id_number", "name", "phone")
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def ask(request: HallRequest) -> HttpResponse:
    """Ask whom a proxy acts for, and for what; the proof is the next page's."""
    today = timezone.localdate()
    if mandates.term_of(request.actor.person_id, today) is None:
        raise service.NoTerm
    chosen = item_of(request)
    form = AskForm(
        request.POST if request.method == "POST" else None, initial={"item": chosen.code if chosen else ""}
    )
    if form.is_valid():
        given = form.cleaned_data
        try:
            mandate = service.ask(
                principals.Facts(given["name"], given["id_number"], given["phone"]),
                service.Terms(form.until(today), given["powers"], given["item"], _case(request, form)),
                actor=request.actor,
                now=timezone.now(),
            )
            return redirect("proxy-person", mandate.pk)
        except service.NotGiven as refusal:
            add_errors(form, refusal)
        except (track.WrongCode, track.Locked) as refusal:
            form.add_error("code", str(refusal))
    context = {"form": form, "item": chosen, **found_items(request)}
    return render(request, "cases_hall/proxy_ask.html", context)


def _case(request: HallRequest, form: AskForm) -> Case | None:
    """Return the case that the mandate names; number and query code must belong together. Raises track's refusals."""
    given = form.cleaned_data
    if not given["number"]:
        return None
    return track.track(given["number"], given["code"], address=client_address(request), now=timezone.now())


def add_errors(form: Any, refusal: service.NotGiven) -> None:
    """Put a refusal's sentences at their boxes."""
    for name, text in refusal.fields.items():
        box = {"until": "lasts"}.get(name, name)
        form.add_error(box if box in form.fields and not form.fields[box].widget.is_hidden else None, text)


def item_of(request: HallRequest) -> EffectiveItem | None:
    """Return the item that the address or the form names, if it can be applied for."""
    code = request.POST.get("item") or request.GET.get("item") or ""
    return items.applicable(code) if len(code) == 14 and code.isdigit() else None


def found_items(request: HallRequest) -> dict[str, Any]:
    """Return what the search for an item found, for the page that has one."""
    q = request.GET.get("q", "").strip()[:60]
    return {"q": q, "found": suggestions(request.hall, q, most=SHOWN) if q else []}


@sensitive_post_parameters("id_number", "name", "phone")
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def child(request: HallRequest) -> HttpResponse:
    """Ask a parent for the child and for the paper that shows the relation."""
    posted = request.method == "POST"
    form = ChildForm(request.POST if posted else None, request.FILES if posted else None)
    if form.is_valid():
        try:
            mandate = guardians.declare(actor=request.actor, now=timezone.now(), **form.cleaned_data)
            return redirect("proxy-person", mandate.pk)
        except service.NotGiven as refusal:
            add_errors(form, refusal)
        except FileRefused as refusal:
            form.add_error("upload", str(refusal))
    return render(request, "cases_hall/proxy_child.html", {"form": form})
