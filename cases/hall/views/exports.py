"""The desk's list as a file: asked for, fetched, and who took which."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.access import post_required
from cases.hall.forms.desk_filters import DeskFilters
from cases.hall.models import Export
from cases.hall.queries import desk as query
from cases.hall.queries import desk_choices
from cases.hall.services import exports
from cases.hall.services.refusals import NotAllowed
from cases.hall.views.download import guard
from cases.hall.views.keeping import clean_address
from cases.hall.views.paging import PAGE
from cases.hall.views.step import DESK
from tenants.hall.enums import PostRole
from tenants.shared.http import HallRequest

TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}


@require_POST
@post_required(*DESK)
def ask(request: HallRequest) -> HttpResponse:
    """Let the worker make a file of what the desk shows, and go back there."""
    asked = QueryDict(request.POST.get("address", ""))
    address = clean_address(asked)
    queue = QueryDict(address)["queue"]
    filters = DeskFilters(asked).filters
    told = "，".join([str(query.QUEUES[queue]), *(value for value in filters.named().values())])
    try:
        exports.ask(
            queue, filters, request.POST.get("format", ""), told, by=request.actor, now=timezone.now()
        )
    except NotAllowed as problem:
        context = {"problem": str(problem), "address": address}
        return render(request, "cases_hall/export_refused.html", context, status=409)
    return redirect(f"/clerk/?{address}#exports")


@require_GET
@post_required(*DESK, PostRole.HALL_ADMIN)
def fetch(request: HallRequest, pk: UUID) -> HttpResponseBase:
    """Answer with the file, to who asked for it or the hall's admin; that is noted. Another's is none."""
    export = Export.objects.filter(pk=pk).first()
    if export is None or not exports.may_fetch(export, request.actor):
        raise Http404
    try:
        stream = exports.fetch(export, by=request.actor, now=timezone.now())
    except NotAllowed as problem:
        raise PermissionDenied(str(problem)) from None
    except FileNotFoundError:
        return render(request, "cases_hall/export_gone.html", {"export": export}, status=410)
    name = _("办件 {day}.{ending}").format(
        day=timezone.localdate(export.asked_at).isoformat(), ending=export.format
    )
    response = FileResponse(stream, as_attachment=True, filename=name, content_type=TYPES[export.format])
    guard(response)
    return response


@require_GET
@post_required(PostRole.HALL_ADMIN)
def log(request: HallRequest) -> HttpResponse:
    """Show which lists left the hall: who asked, how many rows, who took them when."""
    page = Paginator(desk_choices.asked_for(), PAGE).get_page(request.GET.get("page"))
    return render(request, "cases_hall/export_log.html", {"page": page})
