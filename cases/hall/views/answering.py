"""补材料: the applicant answers a notice in a copy, sees what is not sent yet, and hands it in once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import signed_in
from cases.hall.enums import State
from cases.hall.files import FileRefused
from cases.hall.forms.questions import Page, Places, QuestionsForm
from cases.hall.forms.upload import UploadForm
from cases.hall.models import Case, CaseFile, CorrectionPoint, CorrectionRequest
from cases.hall.queries import access
from cases.hall.services import corrections, transition
from cases.hall.views import shown
from cases.hall.views.draft import given_files, places_of
from catalog.shared import questions
from tenants.shared.http import HallRequest


@dataclass
class Asked:
    """One point as the page shows it: what is wrong, what was there, what the copy holds."""

    point: CorrectionPoint
    old: list[CaseFile] = field(default_factory=list)
    new: list[CaseFile] = field(default_factory=list)
    form: Any = None
    part: Any = None
    add_url: str = ""
    key: str = ""
    name: str = ""
    is_ready: bool = False


def _own(request: HallRequest, number: str) -> Case:
    case = access.case_for(request.actor, number)
    if not access.is_owner(request.actor, case):
        raise Http404
    return case


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def page(request: HallRequest, number: str) -> HttpResponse:
    """Show the points; POST keeps what was typed in the copy, and sends nothing."""
    case = _own(request, number)
    notice = corrections.current(case)
    if notice is None or case.state != State.CORRECTION:
        return redirect("case", case.number)
    if request.method != "POST":
        return _page(request, case, notice)
    form = _questions(request, case, notice, request.POST)
    is_valid = form is None or form.is_valid()
    acted = form.acted() if form else None
    try:
        if form is not None:
            typed = {name: value for name, value in form.kept(acted).items() if value not in (None, "")}
            corrections.save_answers(case, typed, actor=request.actor, now=timezone.now())
    except transition.NotOpen as refusal:
        return _page(request, case, notice, problems=[str(refusal)], status=409)
    if acted is not None:
        return _page(request, case, notice, form=_questions(request, case, notice, typed=acted))
    if not is_valid:
        return _page(request, case, notice, form=form)
    if form is not None and form.unseen:
        return redirect(f"{reverse('case-correction', args=[case.number])}#id_{form.unseen[0]}")
    if "send" in request.POST:
        return _send(request, case)
    return redirect("case-correction", case.number)


@require_POST
@signed_in
def send(request: HallRequest, number: str) -> HttpResponse:
    """Hand the copy in, once; what is missing is said at its place."""
    return _send(request, _own(request, number))


def _send(request: HallRequest, case: Case) -> HttpResponse:
    try:
        transition.apply(case, "resubmit", by=request.actor, now=timezone.now())
    except transition.DataNeeded as missing:
        notice = corrections.current(case)
        if notice is None:
            return redirect("case", case.number)
        return _page(request, case, notice, problems=list(missing.fields.values()), status=422)
    except transition.SomebodyWasFaster:
        return redirect("case", case.number)
    except transition.NotAllowed as refusal:
        notice = corrections.current(case)
        if notice is None:
            return redirect("case", case.number)
        return _page(request, case, notice, problems=[str(refusal)], status=409)
    return redirect("case", case.number)


@require_POST
@signed_in
def add(request: HallRequest, number: str, key: str) -> HttpResponse:
    """Take one file into the copy."""
    case = _own(request, number)
    notice = corrections.current(case)
    if notice is None:
        return redirect("case", case.number)
    point = notice.points.filter(kind=CorrectionPoint.MATERIAL, key=key).first()
    if point is None:
        raise Http404
    form = UploadForm(request.POST, request.FILES, name=point.label, key=key)
    if form.is_valid():
        try:
            upload = form.cleaned_data["upload"]
            corrections.add_file(
                case, material_key=key, upload=upload, actor=request.actor, now=timezone.now()
            )
        except (FileRefused, transition.NotOpen) as refusal:
            form.add_error("upload", str(refusal))
        else:
            return redirect(f"{reverse('case-correction', args=[case.number])}#m-{key}")
    return _page(request, case, notice, sent={key: form})


@require_POST
@signed_in
def remove(request: HallRequest, number: str, file_pk: UUID) -> HttpResponse:
    """Take a file out of the copy again."""
    case = _own(request, number)
    try:
        corrections.remove_file(case, file_pk, actor=request.actor, now=timezone.now())
    except (CaseFile.DoesNotExist, transition.NotOpen):
        raise Http404 from None
    return redirect("case-correction", case.number)


def _questions(
    request: HallRequest,
    case: Case,
    notice: CorrectionRequest,
    data: Any = None,
    typed: Mapping[str, Any] | None = None,
) -> QuestionsForm | None:
    """Return the form of the answers that must be mended, with what the copy holds or the case has; None: no answers."""
    rows = corrections.to_mend(case, notice)
    if not rows:
        return None
    page = Page(1, "", tuple(rows))
    places: Places = places_of(request.hall) if page.has_place else []
    given = {**case.answers, **notice.answers, **(typed or {})}
    return QuestionsForm(
        data,
        page=page,
        given=given,
        places=places,
        said=corrections.merged(case, notice),
        own_number=str(case.applicant.get("id_number", "")),
    )


def _page(
    request: HallRequest,
    case: Case,
    notice: CorrectionRequest,
    *,
    form: QuestionsForm | None = None,
    sent: Mapping[str, UploadForm] | None = None,
    problems: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    form = form or _questions(request, case, notice)
    points = _points(case, notice, form, sent or {})
    context = {
        "case": case,
        "points": points,
        "count": len(points),
        "open": sum(not row.is_ready for row in points),
        "materials": [row for row in points if row.point.kind == CorrectionPoint.MATERIAL],
        "fields": [row for row in points if row.point.kind == CorrectionPoint.FIELD],
        "opened": [form.part(name) for name in sorted(form.page.names - {row.key for row in points})]
        if form
        else [],
        "form": next(iter((sent or {}).values()), None) or form,
        "problems": problems or [],
    }
    return render(request, "cases_hall/correction.html", context, status=status)


def _points(
    case: Case, notice: CorrectionRequest, form: QuestionsForm | None, sent: Mapping[str, UploadForm]
) -> list[Asked]:
    missing = {point.pk for point in corrections.open_points(notice)}
    old, new = given_files(case), list(corrections.unsent_files(notice).order_by("uploaded_at", "id"))
    shown_now = form.page.names if form else set()
    rows = []
    for point in notice.points.order_by("position"):
        row = Asked(point, key=point.key, name=point.label, is_ready=point.pk not in missing)
        if point.kind == CorrectionPoint.MATERIAL:
            row.old = [file for file in old if file.material_key == point.key]
            row.new = [file for file in new if file.material_key == point.key]
            row.form = sent.get(point.key) or UploadForm(name=point.label, key=point.key)
            row.add_url = reverse("case-correction-add", args=[case.number, point.key])
        else:
            row.part = form.part(point.key) if form and point.key in shown_now else None
        rows.append(row)
    return rows


def changes_of(case: Case) -> list[dict[str, Any]]:
    """Return what the last answered notice changed, the old beside the new: for the desk. Three queries, or one."""
    notice = case.corrections.exclude(answered_at=None).order_by("-answered_at").first()
    if notice is None:
        return []
    points = corrections.points_of([notice])[notice.pk]
    files = {str(file.pk): file for file in CaseFile.objects.filter(case=case)}
    rows = questions.by_name(case.item.get("form") or [])
    return [
        {
            "label": point.label,
            "verdict": point.get_verdict_display(),
            "reason": point.reason,
            "old_files": [files[pk] for pk in point.before.get("files", []) if pk in files],
            "new_files": [files[pk] for pk in point.after.get("files", []) if pk in files],
            "old": shown.text_of(rows.get(point.key), point.before.get("value")),
            "new": shown.text_of(rows.get(point.key), point.after.get("value")),
        }
        for point in points
    ]
