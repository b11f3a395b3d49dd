"""The hall's own items: drafted on a plain page, published by a second person."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.access import post_required
from accounts.actor import Actor
from catalog.hall import queries
from catalog.hall.forms import LocalItemForm
from catalog.hall.models import LocalItem
from catalog.hall.services import local
from catalog.hall.views.staff import EDITORS, may_edit
from catalog.shared import labels
from catalog.shared.enums import Status
from catalog.shared.queries import themes
from tenants.hall.queries import department_names

NATIONAL = {"national_personal", "national_business"}


@post_required(*EDITORS)
def new(request: HttpRequest) -> HttpResponse:
    """Show the empty form of a local item; a good one becomes a draft."""
    form = _form(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actor: Actor = request.actor  # type: ignore[attr-defined]
        try:
            item = local.draft(form.values, by=actor, now=timezone.now())
        except local.BadFields as refusal:
            _tell(form, refusal.problems)
        else:
            return redirect("staff-local-item", item.code)
    return render(request, "catalog_hall/local_form.html", {"form": form}, status=422 if form.errors else 200)


@post_required(*EDITORS)
def edit(request: HttpRequest, code: str) -> HttpResponse:
    """Show a draft's form; a good one is saved."""
    item = _local(code)
    if item.status != Status.DRAFT:
        return redirect("staff-local-item", code)
    form = _form(request.POST or None, item=item)
    if request.method == "POST" and form.is_valid():
        actor: Actor = request.actor  # type: ignore[attr-defined]
        try:
            local.edit(code, form.values, by=actor, now=timezone.now())
        except local.BadFields as refusal:
            _tell(form, refusal.problems)
        else:
            return redirect("staff-local-item", code)
    return render(request, "catalog_hall/local_form.html", {"form": form, "item": item}, status=422 if form.errors else 200)


@post_required()
def item(request: HttpRequest, code: str) -> HttpResponse:
    """Show a local item as it stands: draft or published, by whom, and what can be done with it."""
    return _page(request, _local(code), {})


@require_POST
@post_required(*EDITORS)
def publish(request: HttpRequest, code: str) -> HttpResponse:
    """Put a draft before the public, as its second person."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    try:
        local.publish(code, by=actor, now=timezone.now())
    except local.NotPublishable as refusal:
        return _page(request, _local(code), refusal.problems)
    except (local.SamePerson, local.NotADraft) as refusal:
        return _page(request, _local(code), {"": str(refusal)})
    except local.UnknownLocalItem:
        raise Http404 from None
    return redirect("staff-local-item", code)


@require_POST
@post_required(*EDITORS)
def take_back(request: HttpRequest, code: str) -> HttpResponse:
    """Make a published local item a draft again."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    try:
        local.take_back(code, by=actor, now=timezone.now())
    except local.NotADraft as refusal:
        return _page(request, _local(code), {"": str(refusal)})
    except local.UnknownLocalItem:
        raise Http404 from None
    return redirect("staff-local-item", code)


def _page(request: HttpRequest, item: LocalItem, problems: dict[str, str]) -> HttpResponse:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    told = [_named(field, text) for field, text in problems.items()]
    shown: dict[str, Any] = {
        "item": item,
        "is_draft": item.status == Status.DRAFT,
        "is_own": item.drafted_by == actor.person_id,
        "may_edit": may_edit(request),
        "problems": told,
    }
    return render(request, "catalog_hall/local_item.html", shown, status=422 if told else 200)


def _named(field: str, text: str) -> str:
    return f"{labels.field(field)}：{text}" if field else text


def _tell(form: LocalItemForm, problems: dict[str, str]) -> None:
    for field, text in problems.items():
        if field in form.fields:
            form.add_error(field, text)
        else:
            form.add_error(None, _named(field, text))


def _form(data: Any, item: LocalItem | None = None) -> LocalItemForm:
    shown = [theme for theme in themes() if theme.list in NATIONAL]
    return LocalItemForm(data, departments=department_names(), themes=shown, item=item)


def _local(code: str) -> LocalItem:
    found = queries.local_item(code)
    if found is None:
        raise Http404
    return found
