"""要求补材料 at the desk: everything at once. What was written is kept when somebody else was faster."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.access import post_required
from cases.hall import corrections as words
from cases.hall import transitions
from cases.hall.clock import CORRECTION_DAYS
from cases.hall.forms.correction import FINE, NoticeForm
from cases.hall.models import Case, CorrectionPoint
from cases.hall.queries import access, reasons
from cases.hall.services import corrections, transition
from cases.hall.views import came_from, history, shown, standing, viewer
from cases.hall.views.draft import given_files
from cases.hall.views.step import DESK, USE
from catalog.shared import questions
from tenants.shared.http import HallRequest


@require_http_methods(["GET", "HEAD", "POST"])
@post_required(*DESK)
def ask(request: HallRequest, number: str, name: str) -> HttpResponse:
    """Ask for a verdict on each material and answer; POST sends the notice."""
    case = access.case_for(request.actor, number)
    if request.method != "POST":
        return _page(request, case, name, _form(case, name))
    if USE in request.POST:
        return _page(request, case, name, _form(case, name, initial=_with_text(request, case)))
    form = _form(case, name, request.POST)
    if not form.is_valid():
        return _page(request, case, name, form)
    after = came_from.following_of(request, case)
    try:
        transition.apply(
            case,
            name,
            by=request.actor,
            now=timezone.now(),
            reason=form.cleaned_data.get("reason", ""),
            data={"points": form.points},
            seen_revision=form.cleaned_data["seen"],
        )
    except transition.DataNeeded as problem:
        for place, sentence in problem.fields.items():
            box = f"{place.replace('.', '__')}__verdict"
            form.add_error(box if box in form.fields else None, sentence)
        return _page(request, case, name, form)
    except corrections.AlreadySeen as refusal:
        form.add_error(None, str(refusal))
        return _page(request, case, name, form)
    except (transition.SomebodyWasFaster, transition.NotAllowed) as problem:
        return _conflict(request, number, name, str(problem))
    return came_from.land(request, case, name, after)


def _with_text(request: HallRequest, case: Case) -> dict[str, Any]:
    """Return what was typed, with the chosen text as the reason of one point, and its verdict. Nothing is sent."""
    typed: dict[str, Any] = request.POST.dict()
    place = typed.get(USE, "")
    rows = {str(row.pk): row for row in reasons.for_verdicts(case)}
    row = rows.get(typed.get(f"{place}__text", ""))
    label = {"__".join(key): name for key, name in corrections.asked_about(case).items()}.get(place)
    if row is not None and label is not None:
        before = typed.get(f"{place}__reason", "").strip()
        (said,) = reasons.filled(case, [row], label, frozenset({row.verdict}))
        if said.text not in before:
            typed[f"{place}__reason"] = f"{before}\n{said.text}" if before else said.text
        if typed.get(f"{place}__verdict") in (None, "", FINE):
            typed[f"{place}__verdict"] = row.verdict
    return typed


def _form(case: Case, name: str, data: Any = None, *, initial: dict[str, Any] | None = None) -> NoticeForm:
    asked = corrections.asked_about(case)
    materials = {row["key"]: row for row in case.item.get("materials") or []}
    fields = questions.by_name(case.item.get("form") or [])
    rows = {CorrectionPoint.MATERIAL: materials, CorrectionPoint.FIELD: fields}
    given = {file.material_key for file in given_files(case)}
    there = {
        (kind, key)
        for kind, key in asked
        if (key in given if kind == CorrectionPoint.MATERIAL else case.answers.get(key) not in (None, ""))
    }
    return NoticeForm(
        data,
        asked=asked,
        there=there,
        places={place: words.where_of(rows[place[0]].get(place[1], {})) for place in asked},
        needs_reason=transitions.row(name).needs_reason,
        initial={"seen": case.revision, **(initial or {})},
    )


def _conflict(request: HallRequest, number: str, name: str, sentence: str) -> HttpResponse:
    """Show the case as it is now; what was typed stays, and counts for the case as it is shown now."""
    case = access.case_for(request.actor, number)
    typed = request.POST.copy()
    happened = history.since(case, typed.get("seen", ""))
    typed["seen"] = str(case.revision)
    form = _form(case, name, typed)
    return _page(request, case, name, form, conflict=sentence, happened=happened, status=409)


def _page(
    request: HallRequest,
    case: Case,
    name: str,
    form: NoticeForm,
    *,
    conflict: str = "",
    happened: list[dict[str, Any]] | None = None,
    status: int = 200,
) -> HttpResponse:
    given = given_files(case)
    for file in given:
        file.kind = shown.kind(file)  # type: ignore[attr-defined]
        file.picture = viewer.picture_url(case, file)  # type: ignore[attr-defined]
    texts = reasons.for_verdicts(case)
    by_key: dict[str, list[Any]] = {}
    for file in given:
        by_key.setdefault(file.material_key, []).append(file)
    fields = questions.by_name(case.item.get("form") or [])
    rows = list(form.rows())
    for row in rows:
        is_material = row["kind"] == CorrectionPoint.MATERIAL
        row["files"] = by_key.get(row["key"], []) if is_material else []
        row["value"] = (
            "" if is_material else shown.text_of(fields.get(row["key"]), case.answers.get(row["key"]))
        )
        row["texts"] = reasons.filled(case, texts, row["label"], row["verdicts"])
    step = transitions.row(name)
    opened = transition.open_actions(case, request.actor, timezone.localdate())
    context = {
        "case": case,
        "form": form,
        "rows": rows,
        "conflict": conflict,
        "happened": happened or [],
        "now_at": standing.at_desk(case, timezone.localdate()) if conflict else None,
        "back": came_from.url("review", case, came_from.of(request)),
        "label": step.label,
        "is_open": step in opened,
        "days": CORRECTION_DAYS,
    }
    return render(request, "cases_hall/ask_correction.html", context, status=status)
