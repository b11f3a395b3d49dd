"""补材料: papers that may follow while nothing is decided (容缺后补), given by the applicant."""

from collections.abc import Mapping

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.access import signed_in
from cases.hall.files import FileRefused
from cases.hall.forms.upload import UploadForm
from cases.hall.models import Case
from cases.hall.queries import access
from cases.hall.services import attachments
from cases.hall.states import TAKING_FILES
from cases.hall.views import shown
from cases.hall.views.draft import given_files
from tenants.shared.http import HallRequest

OPEN = TAKING_FILES


def _own(request: HallRequest, number: str) -> Case:
    """Return this person's own case. Raises Http404 for anybody else's, the desk's too."""
    case = access.case_for(request.actor, number)
    if not access.is_owner(request.actor, case):
        raise Http404
    return case


@signed_in
def add_page(request: HallRequest, number: str) -> HttpResponse:
    """Show every material with what is there; a decided case takes nothing more."""
    case = _own(request, number)
    if case.state not in OPEN:
        return redirect("case", case.number)
    return _page(request, case, {})


@require_POST
@signed_in
def add(request: HallRequest, number: str, key: str) -> HttpResponse:
    """Take one more file for a material: nothing that was given is replaced."""
    case = _own(request, number)
    block = next((block for block in shown.blocks(case, []) if block.key == key), None)
    if block is None:
        raise Http404
    form = UploadForm(request.POST, request.FILES, name=block.name, key=key)
    if form.is_valid():
        try:
            attachments.add_later(
                case,
                material_key=key,
                upload=form.cleaned_data["upload"],
                actor=request.actor,
                now=timezone.now(),
            )
        except (FileRefused, attachments.NotTakenNow) as refusal:
            form.add_error("upload", str(refusal))
        else:
            return redirect(f"{reverse('case-files', args=[case.number])}#m-{key}")
    return _page(request, case, {key: form})


def _page(request: HallRequest, case: Case, sent: Mapping[str, UploadForm]) -> HttpResponse:
    blocks = shown.blocks(case, given_files(case))
    for block in blocks:
        block.form = sent.get(block.key) or UploadForm(name=block.name, key=block.key)
        block.add_url = reverse("case-file-add", args=[case.number, block.key])
    context = {"case": case, "blocks": blocks, "form": next(iter(sent.values()), None)}
    return render(request, "cases_hall/later.html", context)
