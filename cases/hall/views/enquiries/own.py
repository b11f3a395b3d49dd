"""What one asked and complained of in this hall: the list, one with its answer, adding, rating, asking once more."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import signed_in
from cases.hall import clock
from cases.hall import enquiry_rules as rules
from cases.hall.files import FileRefused
from cases.hall.forms.enquiry import AddForm, ReopenForm
from cases.hall.models.enquiry import Enquiry, EnquiryEvent
from cases.hall.queries import calendar, enquiries
from cases.hall.services.enquiries import asking, publishing
from cases.hall.services.enquiries.refusals import EnquiryRefused
from cases.hall.views.download import attachment
from cases.hall.views.enquiries.words import COLOURS, WORDS
from catalog.hall.views.paging import page_of
from tenants.shared.http import HallRequest


@require_safe
@signed_in
def index(request: HallRequest) -> HttpResponse:
    """List one's own, the latest first."""
    found = Enquiry.objects.of_person(request.actor.person_id).order_by("-created_at", "id")
    page = page_of(request, found.defer("text", "draft", "answer", "who", "contact"))
    rows = [{"enquiry": row, "colour": COLOURS[row.state]} for row in page.object_list]
    return render(request, "cases_hall/enquiries/own_list.html", {"page": page, "rows": rows})


@require_safe
@signed_in
def show(request: HallRequest, number: str) -> HttpResponse:
    """Show one's own; right after asking as a receipt."""
    return _page(request, enquiries.own(request.actor, number))


def _page(
    request: HallRequest,
    enquiry: Enquiry,
    *,
    add: AddForm | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    now = timezone.now()
    events = enquiries.events_of(enquiry)
    ledger = rules.entries(enquiry.kind, events)
    context: dict[str, Any] = {
        "enquiry": enquiry,
        "colour": COLOURS[enquiry.state],
        "is_new": request.GET.get("new") == "1" and enquiry.revision == 1,
        "is_late": enquiry.is_running and enquiry.due_on < timezone.localdate(now),
        "days": rules.ANSWER_DAYS[enquiry.kind],  # type: ignore[index]
        "steps": _shown(events),
        "lines": clock.explain(ledger, rules.ANSWER, calendar.current()),
        "files": enquiry.files.order_by("uploaded_at", "id"),
        "add_form": (add or AddForm()) if enquiry.is_running else None,
        "can_rate": not enquiry.is_running and enquiry.is_solved is None,
        "can_reopen": asking.may_reopen(enquiry, now),
        "problem": problem,
    }
    return render(request, "cases_hall/enquiries/own.html", context, status=status)


def _shown(events: list[EnquiryEvent]) -> list[dict[str, Any]]:
    """Return the steps that whoever asked reads: of the staff no name."""
    return [
        {"title": WORDS[event.action], "at": event.at, "text": event.text}
        for event in events
        if rules.STEPS[event.action].is_shown
    ]


@require_POST
@signed_in
def add(request: HallRequest, number: str) -> HttpResponse:
    """Add words, a file, or both."""
    enquiry = enquiries.own(request.actor, number)
    form = AddForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, enquiry, add=form, status=422)
    given, now = form.cleaned_data, timezone.now()
    try:
        if given["upload"]:
            asking.add_file(enquiry, given["upload"], by=request.actor, now=now)
        if given["text"]:
            asking.add(enquiry, given["text"], by=request.actor, now=now)
    except FileRefused as refusal:
        form.add_error("upload", str(refusal))
        return _page(request, enquiry, add=form, status=422)
    except EnquiryRefused as refusal:
        return _page(request, enquiry, problem=str(refusal), status=refusal.status)
    return redirect("enquiry", number)


@require_POST
@signed_in
def rate(request: HallRequest, number: str) -> HttpResponse:
    """Say whether the answer helped: once."""
    is_solved = request.POST.get("solved") == "yes"
    return _do(request, number, lambda found, **how: asking.rate(found, is_solved=is_solved, **how))


@require_POST
@signed_in
def keep_private(request: HallRequest, number: str) -> HttpResponse:
    """Say that one's own question shall not be published any more."""
    return _do(request, number, publishing.refuse)


def _do(request: HallRequest, number: str, act: Callable[..., Enquiry]) -> HttpResponse:
    enquiry = enquiries.own(request.actor, number)
    try:
        act(enquiry, by=request.actor, now=timezone.now())
    except EnquiryRefused as refusal:
        return _page(request, enquiry, problem=str(refusal), status=refusal.status)
    return redirect("enquiry", number)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def reopen(request: HallRequest, number: str) -> HttpResponse:
    """Ask once more, saying what is not solved."""
    enquiry = enquiries.own(request.actor, number)
    form = ReopenForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        text = form.cleaned_data["text"]
        return _do(request, number, lambda found, **how: asking.reopen(found, text, **how))
    context = {"enquiry": enquiry, "form": form, "title": _("没有解决，再办一次")}
    status = 422 if form.errors else 200
    return render(request, "cases_hall/enquiries/reopen.html", context, status=status)


@require_safe
@signed_in
def file(request: HallRequest, number: str, file_pk: UUID) -> HttpResponseBase:
    """Give back a file of one's own, or to whoever of the staff may handle the enquiry."""
    return attachment(enquiries.file_for(request.actor, number, file_pk, timezone.localdate()))
