"""One act on many cases: what would come of it, then the act, then what came of it."""

from typing import Any
from uuid import UUID, uuid4

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import post_required
from cases.hall import numbers, transitions
from cases.hall.enums import Outcome
from cases.hall.queries import batches, following
from cases.hall.services import batch
from cases.hall.transitions import DESK
from cases.hall.views import came_from
from cases.hall.views.standing import waits
from tenants.shared.http import HallRequest

PAGE = 50
_COLOURS = {Outcome.DONE: "ok", Outcome.STALE: "warn", Outcome.NOT: "danger", Outcome.WAITING: "neutral"}


@require_http_methods(["GET", "HEAD", "POST"])
@post_required(*DESK)
def choose(request: HallRequest) -> HttpResponse:
    """Say of each chosen case whether the act may be done on it; nothing is written. GET lists what was done before."""
    if request.method != "POST":
        page = Paginator(batches.of(request.actor), PAGE).get_page(request.GET.get("page"))
        done = [{"job": job, "label": transitions.row(job.action).label} for job in page.object_list]
        return render(request, "cases_hall/batches.html", {"rows": done, "page": page})
    action = request.POST.get("act", "")
    picked = _all_of_list(request) if request.POST.get("all") else _picked(request)
    try:
        rows = batch.plan(request.actor, action, picked, timezone.now())
    except batch.NotForMany as problem:
        return _refused(request, str(problem))
    may = [row for row in rows if row.may]
    context: dict[str, Any] = {
        "act": action,
        "label": transitions.row(action).label,
        "rows": [{"row": row, "waits": waits(row.case)} for row in rows],
        "may": may,
        "not_n": len(rows) - len(may),
        "key": uuid4(),
        "is_behind": len(may) > batch.MOST_AT_ONCE,
        "came_from": came_from.query(came_from.of(request)),
        "list_url": _list_url(request),
        "is_cut": bool(request.POST.get("all")) and len(picked) == batch.MOST,
        "most": batch.MOST,
    }
    return render(request, "cases_hall/batch.html", context)


@require_POST
@post_required(*DESK)
def run(request: HallRequest) -> HttpResponse:
    """Do it. The key of the page makes one job of however many presses."""
    try:
        key = UUID(request.POST.get("key", ""))
    except ValueError:
        return _refused(request, _("这一页旧了，请从列表重新选"))
    try:
        job = batch.start(
            request.actor,
            request.POST.get("act", ""),
            _picked(request),
            reason=request.POST.get("reason", "").strip(),
            key=key,
            now=timezone.now(),
        )
    except batch.NotForMany as problem:
        return _refused(request, str(problem))
    return redirect(f"{reverse('clerk-batch-job', args=[job.pk])}{came_from.query(came_from.of(request))}")


@post_required(*DESK)
def job(request: HallRequest, pk: UUID) -> HttpResponse:
    """Show how far a job is, and what came of each case."""
    found = batches.job_for(request.actor, pk)
    page = Paginator(batches.lines(found), PAGE).get_page(request.GET.get("page"))
    counts = batches.counts(found)
    context = {
        "job": found,
        "label": transitions.row(found.action).label,
        "counts": counts,
        "settled": found.total - counts[Outcome.WAITING],
        "rows": [{"line": line, "colour": _COLOURS[Outcome(line.outcome)]} for line in page.object_list],
        "page": page,
        "list_url": _list_url(request),
        "here": request.get_full_path(),
    }
    return render(request, "cases_hall/batch_job.html", context)


def _picked(request: HallRequest) -> dict[str, int]:
    """Return the chosen cases, number → revision that was seen; what is neither is left out."""
    found: dict[str, int] = {}
    for text in request.POST.getlist("pick"):
        number, _colon, revision = text.partition(":")
        if numbers.check(number) and revision.isascii() and revision.isdigit() and len(revision) < 9:
            found[number] = int(revision)
    return found


def _all_of_list(request: HallRequest) -> dict[str, int]:
    listed = following.listed(request.actor, came_from.place(request), timezone.localdate())
    found = listed.values_list("number", "revision")[: batch.MOST]
    return {str(number): revision for number, revision in found}


def _refused(request: HallRequest, sentence: str) -> HttpResponse:
    context = {"problem": sentence, "list_url": _list_url(request)}
    return render(request, "cases_hall/batch_refused.html", context, status=422)


def _list_url(request: HallRequest) -> str:
    return f"{reverse('clerk')}{came_from.query(came_from.of(request))}"
