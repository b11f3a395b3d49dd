"""What a clerk keeps for the desk: filters under a name, and columns."""

from uuid import UUID

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.access import post_required
from cases.hall.forms.desk_filters import DeskFilters, FilterName
from cases.hall.forms.work import ColumnsForm
from cases.hall.models import SavedFilter
from cases.hall.queries import desk as query
from cases.hall.queries.access import person_of
from cases.hall.services import desk
from cases.hall.services.refusals import DataNeeded
from cases.hall.views.desk import page
from cases.hall.views.step import DESK
from tenants.shared.http import HallRequest


@require_POST
@post_required(*DESK)
def save_filter(request: HallRequest) -> HttpResponse:
    """Keep the filter of the address that the form carries, under a name; then show the desk so filtered."""
    asked = QueryDict(request.POST.get("address", ""))
    form, address = FilterName(request.POST), clean_address(asked)
    if form.is_valid():
        try:
            desk.save_filter(form.cleaned_data["name"], address, by=request.actor, now=timezone.now())
        except DataNeeded as problem:
            form.add_error("name", problem.fields["name"])
    if form.errors:
        return page(request, name_form=form, status=422, asked=asked)
    return redirect(f"/clerk/?{address}")


@require_POST
@post_required(*DESK)
def remove_filter(request: HallRequest, pk: UUID) -> HttpResponse:
    """Forget one's own saved filter; another's is none."""
    saved = SavedFilter.objects.filter(pk=pk, person=person_of(request.actor)).first()
    if saved is None:
        raise Http404
    desk.remove_filter(saved)
    return redirect("clerk")


@require_POST
@post_required(*DESK)
def choose_columns(request: HallRequest) -> HttpResponse:
    """Keep which columns this clerk sees, and go back to the desk as it was."""
    form = ColumnsForm(request.POST)
    desk.choose_columns(form.cleaned_data["columns"] if form.is_valid() else [], by=request.actor)
    return redirect(f"/clerk/?{clean_address(QueryDict(request.POST.get('address', '')))}")


def clean_address(asked: QueryDict) -> str:
    """Return an address of the desk again with what is a filter in it, and nothing else."""
    queue = asked.get("queue", "mine")
    return DeskFilters(asked).filters.query(queue if queue in query.QUEUES else "mine")
