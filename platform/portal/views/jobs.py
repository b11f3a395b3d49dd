"""What the operator does to halls: the city's list, and how one of them goes."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import actor_of, city_required
from accounts.enums import CityRole
from portal.views.home import PAGE_SIZE
from tenants.shared import jobs
from tenants.shared.enums import StepState, Wish
from tenants.shared.models import HallJob


@city_required(CityRole.CITY_ADMIN, CityRole.INSPECTOR)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Show a page of what was asked of the operator, the latest first."""
    found = HallJob.objects.select_related("hall").order_by("-pk")
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "portal/jobs.html", {"page": page})


@city_required(CityRole.CITY_ADMIN, CityRole.INSPECTOR)
@require_safe
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """Show how far a job is, step by step, and what may be asked of it."""
    return _page(request, get_object_or_404(HallJob, pk=pk))


@city_required(CityRole.CITY_ADMIN)
@require_POST
def wish(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask that a job that failed is tried again, or that it is undone."""
    job = get_object_or_404(HallJob, pk=pk)
    asked = request.POST.get("wish", "")
    try:
        if asked not in Wish.values:
            raise jobs.CannotWish(_("请选“再试一次”或“撤回”"))
        jobs.wish(job, asked, by=actor_of(request), now=timezone.now())
    except jobs.CannotWish as refused:
        return _page(request, job, problem=str(refused), status=409)
    return redirect("city-job", pk=pk)


def _page(request: HttpRequest, job: HallJob, *, problem: str = "", status: int = 200) -> HttpResponse:
    steps = _steps(job)
    wished = job.wishes.filter(heard_at=None).order_by("-pk").first()
    shown = {
        "job": job,
        "steps": steps,
        "done": sum(step["is_done"] for step in steps),
        "number": next((number for number, step in enumerate(steps, 1) if not step["is_done"]), len(steps)),
        "is_moving": job.state in {"running", "undoing"} or bool(wished) or _is_due(job),
        "wished": wished,
        "problem": problem,
    }
    return render(request, "portal/job.html", shown, status=status)


def _is_due(job: HallJob) -> bool:
    return job.state == "waiting" and (job.not_before is None or job.not_before <= timezone.now())


def _steps(job: HallJob) -> list[dict[str, Any]]:
    rows = {row.name: row for row in job.steps.order_by("position")}
    try:
        labels = {step.name: step.label for step in jobs.steps_of(job.kind)}
    except jobs.UnknownKind:
        # a kind that this version has no more
        labels = {name: name for name in rows}
    return [
        {
            "label": label,
            "row": (row := rows.get(name)),
            "is_done": row is not None and row.state == StepState.DONE,
            "is_running": row is not None and row.state == StepState.RUNNING,
        }
        for name, label in labels.items()
    ]
