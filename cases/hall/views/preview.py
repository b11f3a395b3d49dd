"""An item's form as those who apply will see it, for whoever edits it: tried out, never kept."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from accounts.access import post_required
from cases.hall.forms.questions import Page, Places, QuestionsForm, pages
from cases.hall.views.draft import places_of
from catalog.hall import queries
from catalog.hall.views.local import DESK
from catalog.shared import questions
from catalog.shared.forms.sections import BY_KEY, SectionForm
from catalog.shared.validators import shape_problems
from catalog.shared.views.desk import Desk, shown
from tenants.shared.http import HallRequest
from theming.fields import summary

# the form that is being tried, carried by the page itself: it may not be saved yet
DEFINITION = "definition"
Rows = Sequence[Mapping[str, Any]]


@require_http_methods(["GET", "HEAD", "POST"])
@post_required()
def of_hall(request: HallRequest, code: str) -> HttpResponse:
    """Show the form of a local item as it is being edited, or of a shared one as it is in force here."""
    places = places_of(request.hall)
    shared = queries.effective_item(code)
    if shared is not None and not shared.is_local:
        return page(request, shared.name, shared.form, back=f"/staff/items/{code}/", places=places)
    return of_desk(DESK, request, code, places)


def of_desk(desk: Desk, request: HttpRequest, code: str, places: Places) -> HttpResponse:
    """Show the form of an item as its editors see it, with what is typed on their page and not saved."""
    found = shown(desk, code)
    edited = SectionForm(
        BY_KEY["form"],
        found.fields,
        own=desk.own_choices(),
        data=request.POST if "form-rows" in request.POST else None,
    )
    back = f"{desk.urls(code)['edit']}?section=form"
    if edited.data is not None and not edited.is_valid():
        context = {"item_name": found.fields["name"], "back": back, "errors": summary(edited.forms)}
        return render(request, "cases_hall/preview.html", context, status=422)
    form = edited.values["form"] if edited.data is not None else found.fields.get("form") or []
    return page(request, found.fields["name"], form, back=back, places=places)


def page(request: HttpRequest, name: str, form: Rows, *, back: str, places: Places) -> HttpResponse:
    """Show all pages of a form under one another, filled in as they were sent; what conditions close is closed.

    Raises Http404 for a carried definition that is none.
    """
    is_tried = DEFINITION in request.POST
    if is_tried:
        form = _carried(request.POST[DEFINITION])
    whole = Page(1, "", tuple(questions.nested(form)))
    tried = QuestionsForm(request.POST if is_tried else None, page=whole, given={}, places=places)
    if is_tried and (acted := tried.acted()) is not None:
        tried = QuestionsForm(None, page=whole, given=acted, places=places)
    context = {
        "item_name": name,
        "back": back,
        "form": tried,
        "eligibility": questions.eligibility(form),
        "problem": questions.problems(form),
        "pages": [(part.title, [tried.part(row["name"]) for row in part.fields]) for part in pages(form)],
        "definition": json.dumps(list(form), ensure_ascii=False),
    }
    return render(request, "cases_hall/preview.html", context)


def _carried(text: str) -> Rows:
    try:
        form = json.loads(text)
    except ValueError:
        raise Http404 from None
    if shape_problems({"form": form}):
        raise Http404
    rows: Rows = form
    return rows
