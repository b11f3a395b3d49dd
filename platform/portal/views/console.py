"""The city's console: its halls at a glance, a page for each, and what the runs of check_halls found."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.access import actor_of, city_required
from accounts.capabilities import Can
from accounts.places import origin
from portal import console, queries
from portal.views.home import PAGE_SIZE
from tenants.shared import declared, hall_page, health, jobs
from tenants.shared.checks.findings import Severity
from tenants.shared.enums import HallState, JobKind
from tenants.shared.hall_sections import migration_row
from tenants.shared.health import Health
from tenants.shared.models import Hall, HallCheck, HallJob, HallMigration

_MARKS = {"bad": ("danger", "▲"), "look": ("warn", "◆"), "unknown": ("neutral", "○"), "good": ("ok", "●")}
_STATE_MARKS = {HallState.OPEN: "ok", HallState.FROZEN: "warn", HallState.CLOSING: "warn"}


@city_required(Can.CONSOLE)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Show a page of the halls: state, health, items, open and late cases, last backup; filtered and sorted in SQL."""
    now, filters, checked = timezone.now(), console.HallFilters.read(request.GET), health.last_check()
    page = Paginator(console.halls(filters, checked, now), PAGE_SIZE).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    figures = console.figures(shown, now)
    counts = console.health_counts(filters, checked)
    total = sum(counts.values())
    return render(
        request,
        "portal/city.html",
        {
            "page": page,
            "rows": [{"hall": hall, **figures[hall.role], **_at_a_glance(hall)} for hall in shown],
            "number": queries.in_words(Hall.objects.count()),
            "orphaned": queries.complaints_for_city(),
            "checked": checked,
            "filters": filters,
            "states": [(value, label, value == filters.state) for value, label in HallState.choices],
            "sorts": [(value, label, value == filters.sort) for value, label in console.SORTS.items()],
            "healths": [
                ("", "", total),
                *((value, label, counts.get(value, 0)) for value, label in Health.choices),
            ],
        },
    )


def _at_a_glance(hall: Any) -> dict[str, Any]:
    tag, sign = _MARKS[hall.health]
    return {
        "tag": tag,
        "sign": sign,
        "health": Health(hall.health).label,
        "state_tag": _STATE_MARKS.get(HallState(hall.state), "neutral"),
        "found": hall.errors + hall.warnings,
    }


@city_required(Can.SEE_HALLS)
@require_safe
def one(request: HttpRequest, key: str) -> HttpResponse:
    """Show everything that the city knows of a hall, part by part: what the apps declare."""
    now, checked = timezone.now(), health.last_check()
    hall: Any = get_object_or_404(health.with_health(Hall.objects.all(), checked), schema_name=key)
    parts = (part for sections in declared.functions("hall_page") for part in sections(hall, now))
    found = list(console.findings(checked, hall=key)[:PAGE_SIZE]) if checked else []
    host = console.figures([hall], now)[hall.role]["host"]
    shown = {
        "of": hall,
        **_at_a_glance(hall),
        "url": f"{origin(request, host)}/" if host else "",
        "sections": hall_page.together(parts),
        "checked": checked,
        "findings": console.told(found),
    }
    return render(request, "portal/hall.html", shown)


@city_required(Can.SEE_HALLS)
@require_safe
def migrations(request: HttpRequest, key: str) -> HttpResponse:
    """Show a page of the ledger of a hall's migrations, the latest first."""
    hall = get_object_or_404(Hall, schema_name=key)
    found = HallMigration.objects.filter(hall=hall).order_by("-started_at", "-pk")
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    rows = [(row, migration_row(row)) for row in page.object_list]
    return render(request, "portal/hall_migrations.html", {"of": hall, "page": page, "rows": rows})


@city_required(Can.HALLS)
@require_POST
def migrate(request: HttpRequest, key: str) -> HttpResponse:
    """Ask the operator to bring this hall's tables up to date, and lead to how that goes."""
    hall = get_object_or_404(Hall, schema_name=key)
    return _asked(request, JobKind.MIGRATE, key, hall)


@city_required(Can.SEE_HALLS)
@require_safe
def checks(request: HttpRequest) -> HttpResponse:
    """Show the last runs, and a page of what one of them found: the last, or the one that the address names."""
    runs = list(HallCheck.objects.order_by("-started_at", "-pk")[:10])
    asked = request.GET.get("run", "")
    chosen = (
        HallCheck.objects.filter(pk=int(asked)).first()
        if asked.isdecimal() and len(asked) < 10
        else health.last_check()
    )
    hall, severity = request.GET.get("hall", ""), request.GET.get("severity", "")
    severity = severity if severity in Severity.values else ""
    known = Hall.objects.filter(schema_name=hall).first()
    found: Any = (
        console.findings(chosen, hall=known.key if known else "", severity=severity) if chosen else []
    )
    page: Any = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    shown = {
        "runs": runs,
        "chosen": chosen,
        "of": known,
        "severity": severity,
        "severity_label": Severity(severity).label if severity else "",
        "page": page,
        "findings": console.told(list(page.object_list)),
        "job": HallJob.objects.filter(
            kind=JobKind.CHECK, key=HallJob.EVERY_HALL, state__in=HallJob.UNFINISHED
        ).first(),
    }
    return render(request, "portal/checks.html", shown)


@city_required(Can.HALLS)
@require_POST
def check_now(request: HttpRequest) -> HttpResponse:
    """Ask the operator to check all halls now, and lead to how that goes."""
    return _asked(request, JobKind.CHECK, HallJob.EVERY_HALL)


def _asked(request: HttpRequest, kind: str, key: str, hall: Hall | None = None) -> HttpResponse:
    """Ask for a job, or lead to the one that is unfinished."""
    try:
        job = jobs.ask(kind, key=key, hall=hall, by=actor_of(request), now=timezone.now())
    except jobs.Busy:
        job = HallJob.objects.filter(kind=kind, key=key, state__in=HallJob.UNFINISHED).latest("pk")
    return redirect("city-job", pk=job.pk)
