"""From 我的材料 into a draft, from a case into 我的材料; and what a clerk has compared with the original."""

from collections.abc import Callable
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_POST

from accounts.access import post_required, signed_in
from accounts.models import Material
from accounts.queries import material_of
from accounts.services import materials
from cases.hall.files import FileRefused, NotStored
from cases.hall.models import Case
from cases.hall.queries import access, documents
from cases.hall.services.uploads import comparing, kept
from cases.hall.transitions import DESK
from cases.hall.views import came_from, files, progress
from cases.hall.views.asking import of_draft
from cases.hall.views.uploads import keeping
from tenants.shared.http import HallRequest

# after these steps the case has a paper that holds
_GIVES = ("grant", "reissue", "correct")


@require_POST
@of_draft
def use(request: HallRequest, case: Case, key: str, material_pk: UUID) -> HttpResponse:
    """Put a copy of one's own kept paper into the draft; another's is a 404, like one that was never kept."""
    material = material_of(request.actor, material_pk)
    if material is None or not keeping.may(request, case):
        raise Http404
    try:
        kept.use(case, material, material_key=key, actor=request.actor, now=timezone.now())
    except FileRefused as refusal:
        answer = files.refused(request, case, key, str(refusal))
        answer.status_code = 507 if isinstance(refusal, NotStored) else 200
        return answer
    return redirect(f"{reverse('draft-files', args=[case.pk])}#m-{key}")


@require_POST
@signed_in
def keep(request: HallRequest, number: str, file_pk: UUID) -> HttpResponse:
    """Keep a file of one's own case."""
    case = _own(request, number)
    file = get_object_or_404(case.files.filter(removed_at=None), pk=file_pk)
    return _kept(case, lambda: kept.keep_file(case, file, actor=request.actor, now=timezone.now()))


@require_POST
@signed_in
def keep_result(request: HallRequest, number: str) -> HttpResponse:
    """Keep the paper that one's own case gave."""
    case = _own(request, number)
    result = case.results.order_by("-issued_at").first()
    found = progress.decided(case)
    if result is None or found is None:
        raise Http404
    event, content = found
    if event.action not in _GIVES:
        raise Http404
    until = parse_date(str(result.facts.get("valid_until") or ""))
    title = str(case.item.get("result_name") or documents.title(event))
    return _kept(
        case,
        lambda: kept.keep_result(
            case, content, title=title, valid_until=until, actor=request.actor, now=timezone.now()
        ),
    )


def _own(request: HallRequest, number: str) -> Case:
    case = access.case_for(request.actor, number)
    if not access.is_self(request.actor, case):
        raise Http404
    return case


def _kept(case: Case, keep_it: Callable[[], Material]) -> HttpResponse:
    address = reverse("case", args=[case.number])
    try:
        keep_it()
    except materials.NotKept:
        return redirect(f"{address}?{keeping.TROUBLE}=1#kept")
    except FileNotFoundError:
        raise Http404 from None
    return redirect(f"{address}?kept=1#kept")


@require_POST
@post_required(*DESK)
def compare(request: HallRequest, number: str, file_pk: UUID) -> HttpResponse:
    """Note that a file of a case was compared with the original at the window."""
    case = access.case_for(request.actor, number)
    file = access.file_for(request.actor, file_pk)
    if file.case_id != case.pk:
        raise Http404
    comparing.note_seen(case, file, by=request.actor, now=timezone.now())
    query = came_from.query(came_from.of(request), file=file.pk)
    return redirect(f"{reverse('review', args=[case.number])}{query}#viewer")
