"""A draft, page by page: what is left to do, the item's questions, how the result comes."""

from datetime import timedelta
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from cases.hall.forms.apply import DeliveryForm
from cases.hall.forms.questions import Page, Places, QuestionsForm, pages
from cases.hall.models import Case, CaseFile
from cases.hall.queries import access
from cases.hall.services import drafts
from cases.hall.views import journey, shown
from cases.hall.views.asking import of_draft
from cases.shared.models import DRAFT_KEPT_DAYS
from tenants.shared import divisions
from tenants.shared.http import HallRequest
from tenants.shared.models import Hall


def given_files(case: Case) -> list[CaseFile]:
    """Return the files of a case that have not been taken back, oldest first."""
    return list(case.files.filter(removed_at=None, replaced_in=None).order_by("uploaded_at", "id"))


@of_draft
def tasks(request: HallRequest, case: Case) -> HttpResponse:
    """Show what is done and what is left."""
    steps = journey.steps(case, given_files(case))
    context = {
        "case": case,
        "steps": steps,
        "next_step": journey.first_open(steps),
        "keep_until": case.updated_at + timedelta(days=DRAFT_KEPT_DAYS),
    }
    return render(request, "cases_hall/tasks.html", context)


@require_POST
@of_draft
def discard(request: HallRequest, case: Case) -> HttpResponse:
    """Delete the draft and what was uploaded for it."""
    drafts.discard(case, actor=request.actor, now=timezone.now())
    if case.acted_for:
        return redirect("proxy")
    return redirect("bundle", case.bundle) if case.bundle else redirect("apply", case.item_code)


@require_http_methods(["GET", "HEAD", "POST"])
@of_draft
def form_page(request: HallRequest, case: Case, number: int) -> HttpResponse:
    """Ask one page of the item's questions. What is good is kept although something else must be changed."""
    page = next((page for page in pages(case.item.get("form") or []) if page.number == number), None)
    if page is None:
        raise Http404
    key = f"form-{number}"
    places = places_of(request.hall) if page.has_place else []
    data = request.POST if request.method == "POST" else None
    form = QuestionsForm(data, page=page, given=case.answers, places=places)
    if data is not None:
        is_valid = form.is_valid()
        case = drafts.save_answers(case, _kept(page, form), actor=request.actor, now=timezone.now())
        if "later" in data:
            return redirect("draft", case.pk)
        if is_valid:
            return _onward(request, case, key)
    here, before = journey.place(journey.steps(case, given_files(case)), key, case)
    context = {
        "case": case,
        "here": here,
        "previous_url": before,
        "page": page,
        "form": form,
        "sections": form.sections,
        "applicant": shown.of_applicant(access.applicant_for(request.actor, case), case, is_masked=True)
        if number == 1
        else [],
    }
    return render(request, "cases_hall/form.html", context)


def _kept(page: Page, form: QuestionsForm) -> dict[str, Any]:
    """Return this page's answers to keep: what was emptied is emptied, what is wrong stays as it was."""
    wrong = set(form.errors)
    return {row["name"]: form.kept.get(row["name"]) for row in page.fields if row["name"] not in wrong}


def places_of(hall: Hall) -> Places:
    """Return the towns by county, those that this hall serves first."""
    groups = sorted(
        divisions.by_county(), key=lambda group: all(town.hall_id != hall.pk for town in group[1])
    )
    return [(county, [(town.code, town.name) for town in towns]) for county, towns in groups]


@require_http_methods(["GET", "HEAD", "POST"])
@of_draft
def delivery(request: HallRequest, case: Case) -> HttpResponse:
    """Ask how the result is to come."""
    data = request.POST if request.method == "POST" else None
    offered = case.item.get("delivery") or ["window"]
    form = DeliveryForm(data, offered=offered, initial={"method": offered[0], **case.delivery})
    if form.is_valid():
        case = drafts.set_delivery(case, form.cleaned_data, actor=request.actor, now=timezone.now())
        return _onward(request, case, "delivery")
    here, before = journey.place(journey.steps(case, given_files(case)), "delivery", case)
    context = {"case": case, "here": here, "previous_url": before, "form": form}
    return render(request, "cases_hall/delivery.html", context)


def _onward(request: HallRequest, case: Case, key: str) -> HttpResponse:
    steps = journey.steps(case, given_files(case))
    return redirect(journey.after(steps, key, case, goes_back=journey.goes_back(request.GET)))
