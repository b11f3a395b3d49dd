"""申诉: the admin decides whether a no-show counts."""

from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import post_required
from cases.hall.forms.booking import DecisionForm
from cases.hall.models.booking import Appeal
from cases.hall.services.bookings import appeals
from cases.hall.services.bookings.refusals import BookingRefused
from tenants.hall.enums import PostRole
from tenants.shared.http import HallRequest

PAGE = 20


@require_safe
@post_required(PostRole.HALL_ADMIN)
def index(request: HallRequest) -> HttpResponse:
    """List what waits for a decision, the oldest first, then what was decided."""
    found = Appeal.objects.select_related("booking__window")
    waiting_first = found.order_by(F("decided_at").desc(nulls_first=True), "asked_at", "id")
    page = Paginator(waiting_first, PAGE).get_page(request.GET.get("page"))
    return render(request, "cases_hall/booking/appeals.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
@post_required(PostRole.HALL_ADMIN)
def decide(request: HallRequest, pk: UUID) -> HttpResponse:
    """Show one appeal, and decide it once."""
    appeal = get_object_or_404(Appeal.objects.select_related("booking__window"), pk=pk)
    form = DecisionForm(request.POST if request.method == "POST" else None)
    problem = ""
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            appeals.decide(
                appeal,
                grants=given["grants"] == "yes",
                answer=given["answer"],
                by=request.actor,
                now=timezone.now(),
            )
        except BookingRefused as refusal:
            problem = str(refusal)
        else:
            return redirect("appeals")
    context = {"appeal": appeal, "booking": appeal.booking, "form": form, "problem": problem}
    status = 409 if problem else 422 if form.errors else 200
    return render(request, "cases_hall/booking/decide.html", context, status=status)
