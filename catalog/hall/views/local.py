"""The hall's own items: edited section by section as the city's are, published by a second person."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts.access import actor_of, post_required
from catalog.hall.services import local
from catalog.hall.views.staff import EDITORS, may_edit
from catalog.shared.forms.codes import NewForm
from catalog.shared.services import editions
from catalog.shared.views import editing, section
from catalog.shared.views.desk import Desk
from tenants.hall.queries import department_names

DESK = Desk(
    shelf=local.SHELF,
    names={
        "item": "staff-local-item",
        "edit": "staff-local-edit",
        "publish": "staff-local-publish",
        "discard": "staff-local-discard",
        "versions": "staff-local-versions",
        "compare": "staff-local-compare",
        "form": "staff-item-form",
    },
    list_name="staff-items",
    list_label=gettext_lazy("事项"),
    save=local.edit,
    departments=department_names,
    may_edit=may_edit,
)


@post_required(*EDITORS)
def new(request: HttpRequest) -> HttpResponse:
    """Ask what a new local item is; a good answer becomes a draft under the next code of origin 99."""
    form = NewForm(request.POST or None, departments=[(name, name) for name in department_names()])
    if request.method == "POST" and form.is_valid():
        try:
            draft = local.draft(form.values, by=actor_of(request), now=timezone.now())
        except editions.BadFields as refusal:
            for field, text in refusal.problems.items():
                form.add_error(field if field in form.fields else None, text)
        else:
            return redirect("staff-local-item", draft.code)
    return render(request, "catalog_hall/local_form.html", {"form": form}, status=422 if form.errors else 200)


@post_required(*EDITORS)
def edit(request: HttpRequest, code: str) -> HttpResponse:
    """Edit one section of a local item."""
    return section.edit(DESK, request, code)


@post_required()
def item(request: HttpRequest, code: str) -> HttpResponse:
    """Show a local item as it stands: draft or published, by whom, and what can be done with it."""
    return _item(request, code)


@require_POST
@post_required(*EDITORS)
def publish(request: HttpRequest, code: str) -> HttpResponse:
    """Put a draft before the public as its second person, or let it wait for its day."""
    seen = editing.seen_of(request)
    problems = editing.act(
        request,
        code,
        lambda by, now: local.publish(code, seen=seen, by=by, now=now),
    )
    return redirect("staff-local-item", code) if problems is None else _item(request, code, problems)


@require_POST
@post_required(*EDITORS)
def discard(request: HttpRequest, code: str) -> HttpResponse:
    """Throw a draft away; an item that was never published is gone with it."""
    problems = editing.act(request, code, lambda by, now: local.discard(code, by=by, now=now))
    if problems is not None:
        return _item(request, code, problems)
    return redirect("staff-local-item", code) if local.known(code) else redirect("staff-items")


@post_required()
def versions(request: HttpRequest, code: str) -> HttpResponse:
    """Show every published version of a local item."""
    return editing.versions(DESK, request, code)


@post_required()
def compare(request: HttpRequest, code: str) -> HttpResponse:
    """Show any two versions of a local item, or its draft against what holds, field by field."""
    return editing.compare(DESK, request, code)


def _item(request: HttpRequest, code: str, problems: dict[str, str] | None = None) -> HttpResponse:
    guide_url = reverse("item", args=[code])
    return editing.item(DESK, request, code, "catalog_hall/local_item.html", problems, guide_url=guide_url)
