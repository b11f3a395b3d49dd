"""A draft, page by page: what is left to do, the item's questions, how the result comes."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from cases.hall import answers
from cases.hall.forms.apply import DeliveryForm
from cases.hall.forms.questions import Page, Places, QuestionsForm, pages
from cases.hall.models import Case, CaseFile
from cases.hall.queries import access, bundles
from cases.hall.services import drafts, prefilling
from cases.hall.services.bundles import drafting
from cases.hall.views import journey, shown
from cases.hall.views.asking import of_draft
from cases.shared.models import DRAFT_KEPT_DAYS, DRAFT_TOLD_DAYS
from catalog.hall.models import EffectiveItem
from catalog.shared import questions
from tenants.shared import divisions
from tenants.shared.http import HallRequest
from tenants.shared.models import Hall


def given_files(case: Case) -> list[CaseFile]:
    """Return the files of a case that have not been taken back, oldest first."""
    return list(case.files.filter(removed_at=None, replaced_in=None).order_by("uploaded_at", "id"))


@of_draft
def tasks(request: HallRequest, case: Case) -> HttpResponse:
    """Show what is done and what is left."""
    meanwhile = bundles.meanwhile(case)
    if meanwhile is not None and meanwhile.is_gone:
        return _gone(request, case, meanwhile.successor)
    steps = journey.steps(case, given_files(case))
    ends_at = case.updated_at + timedelta(days=DRAFT_KEPT_DAYS)
    context = {
        "case": case,
        "steps": steps,
        "next_step": journey.first_open(steps),
        "keep_until": ends_at,
        "ends_soon": ends_at - timezone.now() <= timedelta(days=DRAFT_TOLD_DAYS),
        "changes": meanwhile.changes if meanwhile else (),
        "filled": sum(why in prefilling.FILLED for why in case.to_check.values()),
    }
    return render(request, "cases_hall/tasks.html", context)


def _gone(request: HallRequest, case: Case, successor: EffectiveItem | None) -> HttpResponse:
    """Say that the item is not offered any more, what takes its place, and what was filled in, to be copied."""
    context = {
        "case": case,
        "successor": successor,
        "keep_until": case.updated_at + timedelta(days=DRAFT_KEPT_DAYS),
        "sections": shown.sections(case, is_masked=bool(case.acted_for)),
    }
    return render(request, "cases_hall/draft_gone.html", context)


@require_POST
@of_draft
def seen(request: HallRequest, case: Case) -> HttpResponse:
    """Go on with the item as it is now: its applicant has read what changed."""
    # of an item that is gone the draft's own page says what to do
    refresh = drafting.refresh if case.bundle else drafts.refresh
    with suppress(drafts.NotOffered, drafting.TooFew):
        refresh(case, actor=request.actor, now=timezone.now())
    return redirect("draft", case.pk)


@require_POST
@of_draft
def clear(request: HallRequest, case: Case) -> HttpResponse:
    """Take away what was filled in for the applicant."""
    drafts.clear_filled(case, actor=request.actor, now=timezone.now())
    return redirect("draft", case.pk)


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
    if all(step.key != key for step in journey.steps(case, [])):
        # what was answered elsewhere has closed the whole page
        return redirect("draft", case.pk)
    places = places_of(request.hall) if page.has_place else []
    data = request.POST if request.method == "POST" else None
    applicant = access.applicant_for(request.actor, case)
    form = _questions(applicant.id_number, case, page, places, case.answers, data)
    if data is not None:
        is_valid = form.is_valid()
        acted = form.acted()
        case = drafts.save_answers(case, form.kept(acted), actor=request.actor, now=timezone.now())
        if acted is not None:
            form = _questions(applicant.id_number, case, page, places, acted)
        elif "later" in data:
            return redirect("draft", case.pk)
        elif is_valid and form.unseen:
            return redirect(f"{request.get_full_path()}#id_{form.unseen[0]}")
        elif is_valid:
            return _onward(request, case, key)
    here, before = journey.place(journey.steps(case, given_files(case)), key, case)
    context = {
        "case": case,
        "here": here,
        "previous_url": before,
        "page": page,
        "form": form,
        "sections": form.sections,
        "applicant": shown.of_applicant(applicant, case, is_masked=True) if number == 1 else [],
    }
    return render(request, "cases_hall/form.html", context)


def _questions(
    own_number: str, case: Case, page: Page, places: Places, given: Mapping[str, Any], data: Any = None
) -> QuestionsForm:
    given = {**given, **answers.own(page.fields, own_number)}
    marks = {name: str(prefilling.WORDS[why]) for name, why in case.to_check.items()}
    said = questions.pruned(case.item.get("form") or [], case.answers)
    return QuestionsForm(
        data, page=page, given=given, places=places, said=said, marks=marks, own_number=own_number
    )


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
