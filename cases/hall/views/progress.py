"""A case's own page: status first, next step second, history last; its receipt, files and papers."""

from typing import Any
from uuid import UUID

import segno
from django.core.files.storage import storages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import signed_in
from accounts.places import origin
from cases.hall.enums import Power, State
from cases.hall.models import Case, Event
from cases.hall.paperwork import Paper
from cases.hall.queries import access, documents, items
from cases.hall.services import authority, papers, reading, transfers
from cases.hall.transitions import Fact
from cases.hall.views import shown
from cases.hall.views.acts import own_acts
from cases.hall.views.bundles import whole
from cases.hall.views.download import pdf, stored
from cases.hall.views.draft import given_files
from cases.hall.views.later import OPEN
from cases.hall.views.standing import at_desk, clocks, standing, timeline
from cases.hall.views.uploads import marking
from cases.shared.queries import outages
from catalog.hall.views.guide import kept_page
from tenants.shared import queries as city_queries
from tenants.shared.http import HallRequest

_DECIDED = ("grant", "refuse", "not_accept", "terminate", "reissue", "correct", "revoke")
_ENDED_BADLY = frozenset({State.REFUSED, State.NOT_ACCEPTED, State.TERMINATED})
_BAD = frozenset({"refuse", "terminate", "revoke"})


@signed_in
def case_page(request: HallRequest, number: str) -> HttpResponse:
    """Show a case to its owner or to the desk; anybody else finds nothing. A parent's number shows what it was filed for."""
    try:
        case = access.case_for(request.actor, number)
    except Http404:
        return whole.page(request, number)
    is_owner = access.is_owner(request.actor, case)
    decision = _decision(case)
    today = timezone.localdate()
    context: dict[str, Any] = {
        "case": case,
        "is_owner": is_owner,
        "is_staff": not is_owner,
        "status": standing(case, today) if is_owner else at_desk(case, today),
        "timeline": timeline(case, timezone.localdate()),
        "clocks": clocks(case),
        "paper": _paper(decision) if decision and documents.title(decision) else None,
        "has_remedy": case.state in _ENDED_BADLY or (decision is not None and decision.action in _BAD),
        "applicant": shown.of_snapshot(case, is_masked=True),
        "sections": shown.sections(case, is_masked=True),
        "files": shown.papers(case, given_files(case)),
        "delivery": shown.delivery(case, is_masked=True),
        "can_add": is_owner and case.state in OPEN and bool(case.item.get("materials")),
        "acts": own_acts(case, request.actor, today) if is_owner else [],
        "offered_hall": transfers.offered_hall(case) if Fact.TRANSFER_OFFERED in case.marks else "",
        "my_url": f"{_portal(request)}/me/",
        "may_keep": access.is_self(request.actor, case),
        "was_kept": request.GET.get("kept", ""),
        "not_kept": "not-kept" in request.GET,
    }
    return render(request, "cases_hall/case.html", context)


@signed_in
def guide(request: HallRequest, number: str) -> HttpResponse:
    """Show the guide as the case froze it, to whoever may see the case: later editions never change it."""
    case = access.case_for(request.actor, number)
    own = _("这是您提交时的指南，这件按它办")
    notice = own if access.is_owner(request.actor, case) else _("这是申请人提交时的指南，这件按它办")
    return kept_page(request, items.kept(case), notice)


@signed_in
def clock_page(request: HallRequest, number: str) -> HttpResponse:
    """怎么算的, on a page of its own: each line of each date with its ground."""
    case = access.case_for(request.actor, number)
    is_owner = access.is_owner(request.actor, case)
    today = timezone.localdate()
    context = {
        "case": case,
        "is_staff": not is_owner,
        "status": standing(case, today) if is_owner else at_desk(case, today),
        "clocks": clocks(case),
        "is_expected": case.is_due_expected,
        "outages": outages.between(case.received_at or case.created_at, timezone.now()),
    }
    return render(request, "cases_hall/clock.html", context)


@signed_in
def receipt(request: HallRequest, number: str) -> HttpResponse:
    """收件凭证, for the owner alone: it holds the query code. A parent's number has one for all."""
    try:
        case = access.case_for(request.actor, number)
    except Http404:
        return whole.receipt(request, number)
    if not access.is_owner(request.actor, case):
        raise Http404
    # neither number nor code goes into an address: who scans it types them
    track_url = request.build_absolute_uri(reverse("track"))
    context = {
        "case": case,
        "track_url": track_url,
        "qr": segno.make(track_url, micro=False).svg_data_uri(scale=4, border=2),
        "coming": [
            line for line in timeline(case, timezone.localdate()) if line["css"] in {"now", "next", "yours"}
        ],
        "files": shown.papers(case, given_files(case)),
    }
    return render(request, "cases_hall/receipt.html", context)


@signed_in
def case_file(request: HallRequest, number: str, file_pk: UUID) -> HttpResponseBase:
    """Give a file of a case to whoever may see the case."""
    case = access.case_for(request.actor, number)
    file = access.file_for(request.actor, file_pk)
    if file.case_id != case.pk:
        raise Http404
    answer = marking.given(request, case, file)
    reading.opened(case, file, by=request.actor, now=timezone.now())
    return answer


@signed_in
def result_pdf(request: HallRequest, number: str) -> HttpResponseBase:
    """Give the paper of the decision: the certificate, or why not."""
    case = access.case_for(request.actor, number)
    decision = _decision(case)
    if decision is None or not documents.title(decision):
        raise Http404
    if case.proxy is not None and case.proxy == request.actor.person_id:
        authority.check(case, request.actor, Power.COLLECT, now=timezone.now())
    return _given(request, case, decision, f"{case.number}.pdf")


@signed_in
def document_pdf(request: HallRequest, number: str, event_pk: UUID) -> HttpResponseBase:
    """Give the paper that one step of the case made."""
    case = access.case_for(request.actor, number)
    event = get_object_or_404(case.events, pk=event_pk)
    if not documents.title(event):
        raise Http404
    return _given(request, case, event, f"{case.number}-{event.sequence}.pdf")


def _given(request: HallRequest, case: Case, event: Event, name: str) -> HttpResponseBase:
    """Give a paper's signed file, or the one that a department's system sent; one that is being made says so."""
    if event.data.get("paper"):
        return stored(event.department_paper)
    now = timezone.now()
    paper = papers.at_once(papers.of(case, event, now), now=now)
    if not paper.is_made:
        is_owner = access.is_owner(request.actor, case)
        shown_then = {"case": case, "paper": paper, "title": paper.title, "is_staff": not is_owner}
        return render(request, "cases_hall/paper_wait.html", shown_then, status=202)
    try:
        return pdf(papers.content(paper), name)
    except FileNotFoundError:
        raise Http404 from None


def decided(case: Case) -> tuple[Event, bytes] | None:
    """Return the step that decided a case and its paper's bytes; None while there is none. Raises FileNotFoundError."""
    event = _decision(case)
    if event is None or not documents.title(event):
        return None
    if event.data.get("paper"):
        with storages["cases"].open(event.department_paper.path) as stream:
            return event, bytes(stream.read())
    now = timezone.now()
    paper = papers.at_once(papers.of(case, event, now), now=now)
    return (event, papers.content(paper)) if paper.is_made else None


def _decision(case: Case) -> Event | None:
    """Return the step that decided the case last, with its paper in the same query, but for what that says."""
    decided = case.events.filter(action__in=_DECIDED).select_related("paper").defer("paper__facts")
    return decided.order_by("-sequence").first()


def _paper(decision: Event) -> dict[str, Any]:
    """Return the decision's paper with its size; size 0: it is made when it is asked for."""
    if theirs := decision.data.get("paper"):
        return {"title": documents.title(decision), "size": theirs["size"], "is_waiting": False}
    paper: Paper | None = getattr(decision, "paper", None)
    if paper is None:
        return {"title": documents.title(decision), "size": 0, "is_waiting": False}
    return {"title": paper.title, "size": paper.size, "is_waiting": papers.is_waiting(paper)}


def _portal(request: HallRequest) -> str:
    return origin(request, city_queries.city().portal_domain)
