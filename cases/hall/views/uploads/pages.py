"""The pages of a draft's file, each with its picture: turned, earlier, later, out; and more behind."""

from uuid import UUID

from django.core.files.storage import storages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from cases.hall import leaves
from cases.hall.files import FileRefused, NotStored
from cases.hall.forms.upload import UploadForm
from cases.hall.models import Case, CaseFile
from cases.hall.services.uploads import pages
from cases.hall.views import shown
from cases.hall.views.asking import of_draft
from cases.hall.views.download import guard
from cases.hall.views.uploads import marking
from tenants.shared.http import HallRequest

# so many are shown with their picture; a longer document is not put together on a phone
_SHOWN = 40


@require_GET
@of_draft
def arrange(request: HallRequest, case: Case, file_pk: UUID) -> HttpResponse:
    """Show the pages of a file."""
    return _page(request, case, _file(case, file_pk))


@require_POST
@of_draft
def change(request: HallRequest, case: Case, file_pk: UUID, page: int) -> HttpResponse:
    """Do one thing with one page; the answer leads to the file that came of it."""
    file = _file(case, file_pk)
    act = request.POST.get("act", "")
    if act not in pages.ACTS:
        raise Http404
    try:
        changed = pages.change(case, file.pk, page=page, act=act, actor=request.actor, now=timezone.now())
    except FileRefused as refusal:
        return _page(request, case, file, problem=refusal)
    except CaseFile.DoesNotExist:
        return redirect("draft-files", case.pk)
    place = {"earlier": page - 1, "later": page + 1}.get(act, page)
    return redirect(f"{reverse('draft-file-pages', args=[case.pk, changed.pk])}#p-{max(place, 1)}")


@require_POST
@of_draft
def append(request: HallRequest, case: Case, file_pk: UUID) -> HttpResponse:
    """Put more pages behind."""
    file = _file(case, file_pk)
    form = UploadForm(request.POST, request.FILES, name=_name(case, file), key="more")
    if not form.is_valid():
        return _page(request, case, file, form)
    try:
        more = form.cleaned_data["upload"]
        changed = pages.append(case, file.pk, upload=more, actor=request.actor, now=timezone.now())
    except FileRefused as refusal:
        form.add_error("upload", str(refusal))
        return _page(request, case, file, form, problem=refusal)
    except CaseFile.DoesNotExist:
        return redirect("draft-files", case.pk)
    return redirect("draft-file-pages", case.pk, changed.pk)


@require_GET
@of_draft
def picture(request: HallRequest, case: Case, file_pk: UUID, page: int) -> HttpResponse:
    """Give one page of a file of one's draft as JPEG. 422 says why not."""
    file = _file(case, file_pk)
    try:
        with storages["cases"].open(file.path) as stream:
            mark = marking.mark(request, case, file)
            drawn = leaves.draw(stream, file.content_type, page=page, mark=mark)
    except FileNotFoundError:
        raise Http404 from None
    except leaves.Unreadable as refusal:
        response = HttpResponse(str(refusal), content_type="text/plain; charset=utf-8", status=422)
    else:
        response = HttpResponse(drawn.content, content_type="image/jpeg")
    guard(response)
    return response


def _file(case: Case, file_pk: UUID) -> CaseFile:
    return get_object_or_404(case.files.filter(removed_at=None), pk=file_pk)


def _name(case: Case, file: CaseFile) -> str:
    names = {block.key: block.name for block in shown.blocks(case, [])}
    return names.get(file.material_key, file.name)


def _page(
    request: HallRequest,
    case: Case,
    file: CaseFile,
    form: UploadForm | None = None,
    problem: FileRefused | None = None,
) -> HttpResponse:
    why = "" if form is not None or problem is None else str(problem)
    try:
        with storages["cases"].open(file.path) as stream:
            total = leaves.pages(stream, file.content_type, file.sha256)
    except FileNotFoundError:
        raise Http404 from None
    except leaves.Unreadable as refusal:
        total, why = 0, str(refusal)
    name = _name(case, file)
    context = {
        "case": case,
        "file": file,
        "name": name,
        "numbers": range(1, min(total, _SHOWN) + 1),
        "total": total,
        "form": form or UploadForm(name=name, key="more"),
        "sent": form,
        "problem": why,
    }
    status = 507 if isinstance(problem, NotStored) else 200
    return render(request, "cases_hall/uploads/pages.html", context, status=status)
