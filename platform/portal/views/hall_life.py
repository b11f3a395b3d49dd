"""A hall's life at the city's console: where it is, the steps that lead on, what still runs, and its history."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import actor_of, city_required
from accounts.capabilities import Can
from cases.shared import closing
from portal.forms_life import StepForm
from tenants.shared import jobs
from tenants.shared.enums import HallState, JobKind
from tenants.shared.life import changing, transitions
from tenants.shared.models import Hall, HallJob, HallTransition

HISTORY = 50
# colour of a state's tag
COLOURS = {
    HallState.OPEN: "ok",
    HallState.FROZEN: "warn",
    HallState.CLOSING: "warn",
    HallState.DELETED: "danger",
}
# what a line of the history is called that is no step of the table
_RENAMED = ("rename", "rename_back", "readdress", "readdress_back")


def hall_named(key: str) -> Hall:
    """Return the hall of this key as it is now, a deleted one too. Raises Http404."""
    hall: Hall | None = Hall.objects.filter(schema_name=key).first()
    if hall is None:
        raise Http404(_("没有这个大厅"))
    return hall


def standing_hall(key: str) -> Hall:
    """Return the hall of this key as it is now, unless it was deleted. Raises Http404."""
    hall = hall_named(key)
    if hall.state == HallState.DELETED:
        raise Http404(_("这个大厅已经撤销"))
    return hall


def running(hall: Hall, kind: str) -> HallJob | None:
    """Return the job of this kind that is not finished at this hall."""
    return HallJob.objects.filter(hall=hall, kind=kind, state__in=HallJob.UNFINISHED).first()


@city_required(Can.SEE_HALLS)
@require_safe
def life(request: HttpRequest, key: str) -> HttpResponse:
    """Show where a hall is in its life, which steps lead on and what hinders each, and its history."""
    hall = hall_named(key)
    steps = [
        {"step": step, "hindered": changing.findings(step.checks, hall)}
        for step in transitions.open_from(hall.state)
    ]
    shown = {
        "of": hall,
        "colour": COLOURS.get(HallState(hall.state), "neutral"),
        "steps": steps,
        "job": running(hall, "state"),
        "history": [_told(row) for row in _history(hall)],
    }
    return render(request, "portal/hall_life.html", shown)


def _history(hall: Hall) -> Any:
    return HallTransition.objects.filter(hall=hall).order_by("-at", "-pk")[:HISTORY]


def _told(row: HallTransition) -> dict[str, Any]:
    known = HallState.values
    if row.name == JobKind.RELEASE:
        words = _("放掉了旧网址 %(host)s") % {"host": row.before}
    elif row.name in _RENAMED:
        words = _("改成 %(after)s（原来 %(before)s）") % {"after": row.after, "before": row.before}
    else:
        before = HallState(row.before).label if row.before in known else row.before
        after = HallState(row.after).label if row.after in known else row.after
        words = f"{before} → {after}"
    return {"row": row, "words": words}


@city_required(Can.HALLS)
@require_http_methods(["GET", "POST"])
def step(request: HttpRequest, key: str, name: str) -> HttpResponse:
    """Say what a step means and what hinders it, ask why, and ask the operator for it."""
    hall = hall_named(key)
    wanted = transitions.named(name)
    if wanted is None:
        raise Http404(_("没有这一步"))
    form = StepForm(request.POST if request.method == "POST" else None, step=wanted)
    problems = [] if hall.state in wanted.frm else [changing.possible(hall)]
    problems = problems or changing.findings(wanted.checks, hall)
    if request.method == "POST" and not problems and form.is_valid():
        try:
            job = jobs.ask(
                "state",
                key=hall.key,
                hall=hall,
                by=actor_of(request),
                params={
                    "step": wanted.name,
                    "staff_may_finish": form.cleaned_data.get("staff", "yes") == "yes",
                },
                reason=form.cleaned_data["reason"],
                now=timezone.now(),
            )
        except jobs.Busy as busy:
            problems = [str(busy)]
        else:
            return redirect("city-job", pk=job.pk)
    status = 200 if request.method == "GET" else 409 if problems else 422
    shown = {"of": hall, "step": wanted, "form": form, "problems": problems}
    return render(request, "portal/hall_step.html", shown, status=status)


@city_required(Can.SEE_HALLS)
@require_safe
def left(request: HttpRequest, key: str) -> HttpResponse:
    """Show what still runs in a hall and what may be done about each kind: what must be empty before it is archived."""
    hall = hall_named(key)
    rows = closing.left(hall)
    shown = {
        "of": hall,
        "rows": rows,
        "is_empty": not any(row.holds and row.number for row in rows),
        "is_closing": hall.state == HallState.CLOSING,
        "items": closing.open_items(hall)[:HISTORY],
        "days": closing.NOTICE_DAYS,
    }
    return render(request, "portal/hall_left.html", shown)
