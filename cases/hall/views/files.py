"""传材料: one block a material, each file sent alone, or taken from what one keeps; and one's own file again, to look at it."""

from collections.abc import Mapping
from uuid import UUID

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.views.decorators.http import require_http_methods, require_POST

from cases.hall.files import FileRefused, NotStored
from cases.hall.forms.upload import MissingForm, UploadForm
from cases.hall.models import Case
from cases.hall.services import drafts
from cases.hall.views import journey, shown
from cases.hall.views.asking import of_draft
from cases.hall.views.draft import given_files
from cases.hall.views.uploads import keeping, marking
from tenants.shared.http import HallRequest


@require_http_methods(["GET", "HEAD", "POST"])
@of_draft
def upload_page(request: HallRequest, case: Case) -> HttpResponse:
    """Show all materials; POST goes on when every needed one is there."""
    if request.method != "POST":
        return _page(request, case)
    files = given_files(case)
    missing = [block for block in shown.blocks(case, files) if block.is_needed and not block.files]
    if missing:
        forms = {
            block.key: UploadForm({}, MultiValueDict(), name=block.name, key=block.key) for block in missing
        }
        return _page(request, case, forms, MissingForm([(block.key, block.name) for block in missing]))
    return redirect(journey.after(journey.steps(case, files), "files", case))


@require_POST
@of_draft
def add(request: HallRequest, case: Case, key: str) -> HttpResponse:
    """Take one material's file; its place on the page is where the answer leads back to."""
    block = next((block for block in shown.blocks(case, []) if block.key == key), None)
    if block is None:
        raise Http404
    form = UploadForm(
        request.POST, request.FILES, name=block.name, key=key, may_keep=keeping.may(request, case)
    )
    status = 200
    if form.is_valid():
        try:
            upload = form.cleaned_data["upload"]
            taken = drafts.add_file(
                case, material_key=key, upload=upload, actor=request.actor, now=timezone.now()
            )
        except FileRefused as refusal:
            form.add_error("upload", str(refusal))
            status = 507 if isinstance(refusal, NotStored) else 200
        else:
            address = keeping.after(request, case, taken, is_wanted=form.cleaned_data.get("keep"))
            files = given_files(case)
            is_done = all(block.files for block in shown.blocks(case, files))
            if "onward" in request.POST and is_done and keeping.TROUBLE not in address:
                return redirect(journey.after(journey.steps(case, files), "files", case))
            return redirect(address)
    answer = _page(request, case, {key: form}, form)
    answer.status_code = status
    return answer


@require_POST
@of_draft
def remove(request: HallRequest, case: Case, file_pk: UUID) -> HttpResponse:
    """Take a file back."""
    file = get_object_or_404(case.files.filter(removed_at=None), pk=file_pk)
    drafts.remove_file(file, actor=request.actor, now=timezone.now())
    return redirect(f"{reverse('draft-files', args=[case.pk])}#m-{file.material_key}")


@of_draft
def own_file(request: HallRequest, case: Case, file_pk: UUID) -> HttpResponseBase:
    """Give back a file of one's own draft."""
    return marking.given(request, case, get_object_or_404(case.files.filter(removed_at=None), pk=file_pk))


def refused(request: HallRequest, case: Case, key: str, why: str) -> HttpResponse:
    """Show the page with a refusal in one material's block."""
    block = next((block for block in shown.blocks(case, []) if block.key == key), None)
    if block is None:
        raise Http404
    form = UploadForm({}, MultiValueDict(), name=block.name, key=key, may_keep=keeping.may(request, case))
    form.errors["upload"] = form.error_class([why])
    return _page(request, case, {key: form}, form)


def _page(
    request: HallRequest,
    case: Case,
    sent: Mapping[str, UploadForm] | None = None,
    summary: UploadForm | MissingForm | None = None,
) -> HttpResponse:
    """Show the page; `sent` are the blocks whose file was refused or is missing, `summary` says so on top."""
    files = given_files(case)
    blocks = shown.blocks(case, files)
    may_keep = keeping.may(request, case)
    for block in blocks:
        block.form = (sent or {}).get(block.key) or UploadForm(
            name=block.name, key=block.key, may_keep=may_keep
        )
        block.add_url = reverse("draft-file-add", args=[case.pk, block.key])
        block.parts_url = reverse("draft-upload-begin", args=[case.pk, block.key])
    keeping.offer(request, case, blocks)
    without = [block for block in blocks if not block.files]
    if len(without) == 1:
        without[0].leads_on = True
    steps = journey.steps(case, files)
    if not blocks:
        return redirect(journey.first_open(steps).url)
    here, before = journey.place(steps, "files", case)
    context = {
        "case": case,
        "here": here,
        "previous_url": before,
        "blocks": blocks,
        "form": summary,
        "not_kept": keeping.trouble(request),
        # its own button goes on; beside it another one would only say that it is missing
        "leads_on": any(block.leads_on and block.is_needed for block in blocks),
    }
    return render(request, "cases_hall/files.html", context)
