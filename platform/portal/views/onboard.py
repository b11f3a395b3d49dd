"""Opening a new hall: nine questions, one a page, all of it once more, then the job."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.access import actor_of, city_required
from accounts.capabilities import Can
from portal.onboarding import plan, sheet
from portal.onboarding.base import Question
from portal.onboarding.equipment import DepartmentsQuestion, ItemsQuestion
from portal.onboarding.identity import HostQuestion
from portal.onboarding.questions import QUESTIONS, following, question
from portal.services import onboarding
from tenants.shared import jobs
from tenants.shared.models import OnboardingDraft
from tenants.shared.queries import city

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CHECK = "check"


@city_required(Can.HALLS)
def drafts(request: HttpRequest) -> HttpResponse:
    """Show the halls that somebody has begun to open; begin another."""
    if request.method == "POST":
        made = onboarding.begin(by=actor_of(request), now=timezone.now())
        return redirect("onboard-question", made.pk, QUESTIONS[0].slug)
    found = [
        {"draft": draft, "answered": sum(plan.is_answered(each, draft.answers) for each in QUESTIONS)}
        for draft in onboarding.unfinished()
    ]
    return render(request, "portal/onboard/drafts.html", {"rows": found, "total": len(QUESTIONS)})


@require_GET
@city_required(Can.HALLS)
def draft(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Lead to the first question without an answer, or to all of them."""
    found = _found(pk)
    slug = onboarding.next_question(found.answers)
    return redirect("onboard-question", pk, slug) if slug else redirect("onboard-check", pk)


@city_required(Can.HALLS)
def ask(request: HttpRequest, pk: UUID, slug: str) -> HttpResponse:
    """Ask one question; keep the answer and go on, back to where all is looked at when that is where one came from."""
    found, kind = _found(pk), question(slug)
    if kind is None:
        raise Http404
    if request.method != "POST":
        return _question(request, found, kind(known=found.answers))
    form = kind(request.POST, request.FILES, known=found.answers)
    if not form.is_valid():
        return _question(request, found, form, status=422)
    onboarding.save(found, form, now=timezone.now())
    then = following(slug)
    if request.GET.get("back") == CHECK or not then:
        return redirect("onboard-check", pk)
    return redirect("onboard-question", pk, then)


def _question(
    request: HttpRequest, found: OnboardingDraft, form: Question, *, status: int = 200
) -> HttpResponse:
    number = QUESTIONS.index(type(form)) + 1
    is_back = request.GET.get("back") == CHECK
    before = QUESTIONS[number - 2].slug if number > 1 else ""
    shown: dict[str, Any] = {
        "draft": found,
        "form": form,
        "number": number,
        "total": len(QUESTIONS),
        "before": reverse("onboard-question", args=[found.pk, before]) if before and not is_back else "",
        "is_back": is_back,
        "problems": getattr(form, "problems", []),
        "portal_domain": city().portal_domain,
        "is_sheet": isinstance(form, DepartmentsQuestion),
    }
    return render(request, "portal/onboard/question.html", shown, status=status)


@city_required(Can.HALLS)
def check(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show all answers once more, with what is wrong by now; open the hall."""
    found = _found(pk)
    try:
        made = plan.make(found.answers)
    except plan.NotReady as refusal:
        return _check(request, found, refusal.problems)
    if request.method != "POST":
        return _check(request, found, {}, made)
    try:
        job = onboarding.ask(found, by=actor_of(request), now=timezone.now())
    except jobs.Busy:
        told = _("刚有人用这个代号开厅，请换一个代号，或等他办完")
        return _check(request, found, {"host": {"key": [told]}}, made, status=409)
    return redirect("city-job", job.pk)


def _check(
    request: HttpRequest,
    found: OnboardingDraft,
    problems: Any,
    made: plan.Plan | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    """Show every question: its answer where it holds, what is wrong where it does not."""
    whole = {section.slug: section for section in made.sections} if made else {}
    rows: list[dict[str, Any]] = []
    for kind in QUESTIONS:
        section = whole.get(kind.slug) or _alone(kind, found)
        rows.append(
            {
                "title": kind.title,
                "lines": section.lines if section else [],
                "url": f"{reverse('onboard-question', args=[found.pk, kind.slug])}?back={CHECK}",
                "problems": [text for texts in problems.get(kind.slug, {}).values() for text in texts],
            }
        )
    shown = {
        "draft": found,
        "rows": rows,
        "faults": [
            _("%(title)s：%(text)s") % {"title": row["title"], "text": text}
            for row in rows
            for text in row["problems"]
        ],
        "name": found.answers.get("name", ""),
    }
    return render(request, "portal/onboard/check.html", shown, status=status)


def _alone(kind: type[Question], found: OnboardingDraft) -> plan.Section | None:
    """Return one question's answer in words, where it is a good one while another is not."""
    if not plan.is_answered(kind, found.answers):
        return None
    form = plan.asked_anew(kind, found.answers)
    return plan.Section(kind.slug, str(kind.title), form.lines()) if form.is_valid() else None


@require_POST
@city_required(Can.HALLS)
def remove(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Delete a draft."""
    onboarding.remove(_found(pk))
    return redirect(f"{reverse('onboard')}?removed=1")


@require_GET
@city_required(Can.HALLS)
def template(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Give the sheet of departments and windows to fill in, the departments of the chosen items in it already."""
    found = _found(pk)
    items = plan.asked_anew(ItemsQuestion, found.answers)
    names = [name for name, _n in items.chosen().departments] if items.is_valid() else []
    made = plan.from_items(names, str(found.answers.get("department_prefix") or ""))
    rows = [(row["short_name"], row["name"]) for row in made["departments"]]
    answer = HttpResponse(sheet.write(rows, plan.general_window()), content_type=XLSX)
    answer["Content-Disposition"] = 'attachment; filename="departments.xlsx"'
    return answer


@require_GET
@city_required(Can.HALLS)
def live(request: HttpRequest) -> JsonResponse:
    """Say while somebody types whether key and host are free, as the form will once it is sent: each what is wrong, or nothing."""
    asked = HostQuestion(request.GET, known={})
    asked.is_valid()
    return JsonResponse({name: _said(asked, name) for name in ("key", "host")})


def _said(asked: Question, name: str) -> dict[str, Any]:
    problems = " ".join(str(each) for each in asked.errors.get(name, []))
    good = asked.cleaned_data.get(name)
    return {"is_good": not problems, "text": problems or (_("%(it)s 可以用") % {"it": good} if good else "")}


def _found(pk: UUID) -> OnboardingDraft:
    try:
        return onboarding.find(pk)
    except onboarding.NoDraft:
        raise Http404 from None
