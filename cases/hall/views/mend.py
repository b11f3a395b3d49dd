"""当场更正 at the desk: which answer, its new value, why, and how the applicant agreed."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.access import post_required
from cases.hall import transitions
from cases.hall.forms.mending import MendForm
from cases.hall.models import Case
from cases.hall.queries import access
from cases.hall.services import mending, transition
from cases.hall.views import came_from, history, shown, standing
from cases.hall.views.draft import places_of
from cases.hall.views.step import DESK
from tenants.shared.http import HallRequest

NAME = "mend"


@require_http_methods(["GET", "HEAD", "POST"])
@post_required(*DESK)
def mend(request: HallRequest, number: str) -> HttpResponse:
    """Let an answer be chosen, then put right; `?field=` names it. A conflict keeps what was typed."""
    case = access.case_for(request.actor, number)
    if "field" not in request.GET:
        return _page(request, case, None)
    form = _form(request, case)
    if request.method != "POST" or not form.is_valid():
        return _page(request, case, form)
    after = came_from.following_of(request, case)
    data = {
        "field": request.GET["field"],
        "value": form.cleaned_data["value"],
        "consent": form.cleaned_data["consent"],
    }
    try:
        transition.apply(
            case,
            NAME,
            by=request.actor,
            now=timezone.now(),
            reason=form.cleaned_data["reason"],
            data=data,
            seen_revision=form.cleaned_data["seen"],
        )
    except transition.DataNeeded as problem:
        for field, sentence in problem.fields.items():
            form.add_error(field if field in form.fields else None, sentence)
        return _page(request, case, form)
    except (transition.SomebodyWasFaster, transition.NotAllowed) as problem:
        return _conflict(request, number, str(problem))
    return came_from.land(request, case, NAME, after)


def _form(request: HallRequest, case: Case, data: Any = None) -> MendForm:
    """Return the form of the answer that the address names. Raises Http404 for one that may not be put right."""
    row = mending.mendable(case).get(request.GET["field"])
    if row is None:
        raise Http404
    places = places_of(request.hall) if row["type"] == "division" else []
    if data is None and request.method == "POST":
        data = request.POST
    given = case.answers.get(row["name"])
    if row["type"] == "yes_no" and isinstance(given, bool):
        given = "yes" if given else "no"
    return MendForm(data, row=row, given=given, places=places, initial={"seen": case.revision})


def _conflict(request: HallRequest, number: str, sentence: str) -> HttpResponse:
    case = access.case_for(request.actor, number)
    typed = request.POST.copy()
    happened = history.since(case, typed.get("seen", ""))
    typed["seen"] = str(case.revision)
    return _page(request, case, _form(request, case, typed), conflict=sentence, happened=happened, status=409)


def _page(
    request: HallRequest,
    case: Case,
    form: MendForm | None,
    *,
    conflict: str = "",
    happened: list[dict[str, Any]] | None = None,
    status: int = 200,
) -> HttpResponse:
    step = transitions.row(NAME)
    asked = came_from.of(request)
    rows = mending.mendable(case)
    named = rows.get(request.GET.get("field", ""))
    context = {
        "case": case,
        "form": form,
        "label": step.label,
        "answer": {"label": named["label"], "value": shown.text_of(named, case.answers.get(named["name"]))}
        if named
        else None,
        "choices": [
            {
                "label": row["label"],
                "value": shown.text_of(row, case.answers.get(name)),
                "url": came_from.query(asked, field=name),
            }
            for name, row in rows.items()
        ],
        "conflict": conflict,
        "happened": happened or [],
        "now_at": standing.at_desk(case, timezone.localdate()) if conflict else None,
        "back": came_from.url("review", case, asked),
        "is_open": step in transition.open_actions(case, request.actor, timezone.localdate()),
    }
    return render(request, "cases_hall/mend.html", context, status=status)
