"""部门系统: the hall's admin declares departments' systems, and sees what goes out, what is dead, what waits."""

from collections.abc import Iterable
from contextlib import suppress
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import post_required
from cases.hall import transitions
from cases.hall.forms.systems import SystemForm
from cases.hall.models import Inbound, Letter, System
from cases.hall.queries import access
from cases.hall.queries import systems as query
from cases.hall.services import inbound, letters, systems
from cases.hall.views.step import DESK
from tenants.hall.enums import PostRole
from tenants.hall.models import Department
from tenants.shared.http import HallRequest

PAGE = 20
_PILLS = {"dead": lazy("没送到"), "waiting": lazy("等发"), "all": lazy("全部")}
_STATES = {
    Inbound.WAITING: ("warn", lazy("等前一步")),
    Inbound.APPLIED: ("ok", lazy("已登记")),
    Inbound.RECORDED: ("neutral", lazy("只记下")),
    Inbound.SKIPPED: ("neutral", lazy("没有用")),
}


@require_safe
@post_required(PostRole.HALL_ADMIN)
def index(request: HallRequest) -> HttpResponse:
    """List the systems with what waits and what is dead."""
    rows = query.systems(timezone.now() - inbound.WAIT_LIMIT)
    return render(request, "cases_hall/systems.html", {"rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@post_required(PostRole.HALL_ADMIN)
def new(request: HallRequest) -> HttpResponse:
    """Declare a system; its secret is shown once, on the page that answers."""
    form = SystemForm(request.POST if request.method == "POST" else None, departments=_departments())
    if not form.is_valid():
        return _form(request, form)
    now = timezone.now()
    made = systems.declare(form.cleaned_data["key"], form.said, by=request.actor, now=now)
    return _secret(request, made, made.secret)


@require_http_methods(["GET", "HEAD", "POST"])
@post_required(PostRole.HALL_ADMIN)
def edit(request: HallRequest, pk: UUID) -> HttpResponse:
    """Change what is said of a system."""
    found = _system(pk)
    given = request.POST if request.method == "POST" else None
    form = SystemForm(given, departments=_departments(found), system=found)
    if not form.is_valid():
        return _form(request, form, found)
    systems.change(found, form.said, by=request.actor, now=timezone.now())
    return redirect("staff-system", found.pk)


@require_safe
@post_required(PostRole.HALL_ADMIN)
def one(request: HallRequest, pk: UUID) -> HttpResponse:
    """Show a system: what is said of it, steps that wait, and its letters, the dead first."""
    found = _system(pk)
    which = request.GET.get("show", "dead")
    if which not in _PILLS:
        raise Http404
    page = Paginator(query.letters(found, which), PAGE).get_page(request.GET.get("page"))
    context = {
        "system": found,
        "endpoint": request.build_absolute_uri(f"/api/v1/systems/{found.key}/events/"),
        "waiting": [_step(row) for row in query.waiting_steps(found)[:PAGE]],
        "page": page,
        "letters": [_letter(row) for row in page.object_list],
        "which": which,
        "pills": list(_PILLS.items()),
        "again": request.GET.get("again", ""),
    }
    return render(request, "cases_hall/system.html", context)


@require_POST
@post_required(PostRole.HALL_ADMIN)
def secret(request: HallRequest, pk: UUID) -> HttpResponse:
    """Give a system another secret and show it once."""
    found = _system(pk)
    return _secret(request, found, systems.renew_secret(found, by=request.actor, now=timezone.now()))


@require_POST
@post_required(PostRole.HALL_ADMIN)
def resend_all(request: HallRequest, pk: UUID) -> HttpResponse:
    """Put all dead letters of a system back in line."""
    found = _system(pk)
    number = letters.send_again(found, by=request.actor, now=timezone.now())
    return redirect(f"/staff/systems/{found.pk}/?show=waiting&again={number}")


@require_POST
@post_required(PostRole.HALL_ADMIN)
def resend(request: HallRequest, pk: UUID, letter_pk: UUID) -> HttpResponse:
    """Put one letter back in line."""
    found = _system(pk)
    if not letters.send_again(found, letter_pk, by=request.actor, now=timezone.now()):
        raise Http404
    return redirect(f"/staff/systems/{found.pk}/?show=waiting&again=1")


@require_POST
@post_required(PostRole.HALL_ADMIN)
def skip(request: HallRequest, pk: UUID, step_pk: UUID) -> HttpResponse:
    """Go on without what a waiting step waits for."""
    found = _system(pk)
    row = Inbound.objects.filter(system=found, pk=step_pk).first()
    if row is None:
        raise Http404
    # somebody may have been faster: the page shows how it is now
    with suppress(inbound.UnknownCase):
        inbound.skip(row, by=request.actor, now=timezone.now())
    return redirect("staff-system", found.pk)


@require_safe
@post_required(*DESK)
def trail(request: HallRequest, number: str) -> HttpResponse:
    """Show what went to systems and what came from them of one case."""
    case = access.case_for(request.actor, number)
    context = {
        "case": case,
        "steps": [_step(row) for row in query.steps_of(case)],
        "letters": [_letter(row) for row in query.letters_of(case)],
    }
    return render(request, "cases_hall/case_systems.html", context)


def _system(pk: UUID) -> System:
    found = query.system(pk)
    if found is None:
        raise Http404
    return found


def _departments(system: System | None = None) -> list[tuple[str, str]]:
    """Return the hall's departments, and any that a system names besides."""
    names = dict(Department.objects.order_by("short_name").values_list("short_name", "name"))
    kept: Iterable[str] = system.departments if system else ()
    return [*names.items(), *((name, name) for name in kept if name not in names)]


def _form(request: HallRequest, form: SystemForm, system: System | None = None) -> HttpResponse:
    status = 422 if form.is_bound else 200
    return render(request, "cases_hall/system_form.html", {"form": form, "system": system}, status=status)


def _secret(request: HallRequest, system: System, value: str) -> HttpResponse:
    endpoint = request.build_absolute_uri(f"/api/v1/systems/{system.key}/events/")
    context = {"system": system, "secret": value, "endpoint": endpoint}
    answer = render(request, "cases_hall/system_secret.html", context)
    answer["Cache-Control"] = "no-store"
    return answer


def _letter(row: Letter) -> dict[str, Any]:
    colour, label = ("ok", _("送到了")) if row.sent_at else ("warn", _("等发"))
    if row.dead_at:
        colour, label = "danger", _("没送到")
    return {
        "row": row,
        "colour": colour,
        "label": label,
        "step": transitions.TOLD.get(row.event.action, row.event.action),
    }


def _step(row: Inbound) -> dict[str, Any]:
    colour, label = _STATES[row.state]
    return {
        "row": row,
        "colour": colour,
        "label": label,
        "step": transitions.TOLD.get(row.step, row.step),
        "is_late": row.state == Inbound.WAITING and timezone.now() - row.received_at > inbound.WAIT_LIMIT,
    }
