"""The city's pages of the working calendar: a year's notice is entered by one administrator and approved by another."""

from datetime import date

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import actor_of, city_required
from accounts.capabilities import Can, may
from cases.shared.forms.notice import NoticeForm
from cases.shared.models import CalendarDay, CalendarDraft
from cases.shared.queries import days
from cases.shared.services import calendars
from tenants.shared.http import HostRequest
from tenants.shared.queries import halls


@city_required(Can.WATCH)
def calendar(request: HostRequest) -> HttpResponse:
    """List the years: published, waiting for a second person, or only expected."""
    shown = {
        "years": days.years(timezone.localdate()),
        "may_edit": _may_edit(request),
        "done": request.GET.get("done", ""),
    }
    return render(request, "cases_shared/calendar.html", shown)


@city_required(Can.RUN)
def enter(request: HostRequest) -> HttpResponse:
    """Take a year's notice; what is wrong is named row by row, and nothing is kept then."""
    if request.method != "POST":
        year = request.GET.get("year", "")
        form = NoticeForm(initial={"year": year if year.isdigit() and len(year) == 4 else ""})
        return render(request, "cases_shared/calendar_enter.html", {"form": form})
    form, problems = NoticeForm(request.POST, request.FILES), []
    if form.is_valid():
        given = form.cleaned_data
        try:
            calendars.propose(
                given["year"], given["notice"], given["rows"], by=actor_of(request), now=timezone.now()
            )
        except calendars.WrongNotice as problem:
            problems = problem.problems
            form.add_error(
                "upload" if given.get("upload") else "text",
                _("有 %(n)d 处不对，都列在下面") % {"n": len(problems)},
            )
        else:
            return redirect("city-calendar-year", year=given["year"])
    shown = {"form": form, "problems": problems}
    return render(request, "cases_shared/calendar_enter.html", shown, status=422)


@city_required(Can.WATCH)
def year_page(request: HostRequest, year: int) -> HttpResponse:
    """Show a year: what holds, or what the draft would change and for how many cases; the second person approves here."""
    return _year(request, year)


def _year(request: HostRequest, year: int, refused: str = "") -> HttpResponse:
    draft = CalendarDraft.objects.filter(year=year).first()
    named = CalendarDay.objects.filter(day__year=year).exclude(name="").order_by("day")
    if draft is None and not named:
        raise Http404(_("这一年还没有放假安排"))
    names = {hall.role: hall.short_name for hall in halls()}
    preview = days.preview(draft, timezone.localdate()) if draft else None
    moving = preview.moving if preview else {}
    shown = {
        "year": year,
        "draft": draft,
        "preview": preview,
        "moving": [{"hall": names[role], "cases": moving[role]} for role in names if role in moving],
        "total": sum(moving.values()),
        "named": named,
        "is_published": days.is_published(year),
        "may_edit": _may_edit(request),
        "is_own": draft is not None and draft.proposed_by == actor_of(request).person_id,
        "refused": refused,
        "is_over": date(year, 12, 31) < timezone.localdate(),
    }
    return render(request, "cases_shared/calendar_year.html", shown, status=409 if refused else 200)


@require_POST
@city_required(Can.RUN)
def approve(request: HostRequest, year: int) -> HttpResponse:
    """Let what another administrator entered hold."""
    return _act(request, year, "approve")


@require_POST
@city_required(Can.RUN)
def discard(request: HostRequest, year: int) -> HttpResponse:
    """Throw away what was entered."""
    return _act(request, year, "discard")


def _act(request: HostRequest, year: int, name: str) -> HttpResponse:
    act = calendars.approve if name == "approve" else calendars.discard
    try:
        act(year, by=actor_of(request), now=timezone.now())
    except CalendarDraft.DoesNotExist:
        # two pressed at once: who came second sees what holds now
        return redirect("city-calendar")
    except calendars.NotAllowed as refusal:
        return _year(request, year, refused=str(refusal))
    return redirect(f"{reverse('city-calendar')}?done={name}")


def _may_edit(request: HostRequest) -> bool:
    return may(actor_of(request).city_role, Can.RUN)
