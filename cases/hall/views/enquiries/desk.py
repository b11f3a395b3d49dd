"""The desk of questions and complaints: its queues, one of them with all acts, and publishing after a second look."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import post_required
from accounts.masking import mask_phone
from cases.hall import clock
from cases.hall import enquiry_rules as rules
from cases.hall.clock import Mark
from cases.hall.enquiry_enums import Kind
from cases.hall.forms.enquiry import (
    AnswerForm,
    DepartmentForm,
    ExtendForm,
    NoteForm,
    PublishForm,
    ToForm,
    WithdrawForm,
)
from cases.hall.models.enquiry import Enquiry, EnquiryEvent
from cases.hall.queries import calendar, enquiries
from cases.hall.services.enquiries import answering, handling, publishing
from cases.hall.services.enquiries.refusals import EnquiryRefused
from cases.hall.views.enquiries.words import COLOURS, WORDS
from catalog.hall.views.paging import page_of
from catalog.shared.enums import Unit
from tenants.hall.models import Department, Post
from tenants.shared.http import HallRequest

QUEUES = {
    "new": _("没人办的"),
    "mine": _("我的"),
    "department": _("转给我们部门的"),
    "late": _("过期的"),
    "complaints": _("投诉"),
    "answered": _("答复过的"),
}


@require_safe
@post_required()
def index(request: HallRequest) -> HttpResponse:
    """Show one queue, what is due first first; the counts are of what this person may see."""
    today = timezone.localdate()
    name = request.GET.get("queue", "new")
    name = name if name in QUEUES else "new"
    numbers = enquiries.counts(request.actor, today)
    page = page_of(request, enquiries.queue(request.actor, name, today))
    context = {
        "queue": name,
        "queues": [(key, label, numbers[key]) for key, label in QUEUES.items()],
        "page": page,
        "rows": [{"enquiry": row, "clock": _mark(row, today)} for row in page.object_list],
    }
    return render(request, "cases_hall/enquiries/desk.html", context)


def _mark(enquiry: Enquiry, today: date) -> dict[str, Any] | None:
    """Return the tag of the clock that ends first: being taken up, then the answer."""
    if not enquiry.is_running:
        return None
    name = rules.TAKE_UP if enquiry.take_up_by else rules.ANSWER
    day = enquiry.take_up_by or enquiry.due_on
    total = rules.TAKE_UP_DAYS if enquiry.take_up_by else rules.ANSWER_DAYS[Kind(enquiry.kind)]
    due = clock.Due(name, day, enquiry.is_due_expected and not enquiry.take_up_by, total, Unit.WORKING)
    mark: Mark = clock.colour(due, today, calendar.current())
    return {"kind": mark.kind, "label": mark.label, "date": day}


@require_safe
@post_required()
def show(request: HallRequest, number: str) -> HttpResponse:
    """Show one with what this person may do."""
    found = enquiries.one_for_staff(request.actor, number, timezone.localdate())
    return _page(request, found)


def _people(found: Enquiry) -> list[tuple[str, str]]:
    return [
        (str(post.person), f"{post.name}（{post.get_role_display()}）")
        for post in enquiries.colleagues(found)
    ]


def _staff() -> list[tuple[str, str]]:
    posts = Post.objects.order_by("name", "person", "pk")
    return list({str(post.person): f"{post.name}（{post.get_role_display()}）" for post in posts}.items())


def _departments() -> list[tuple[str, str]]:
    return [(row.short_name, row.name) for row in Department.objects.order_by("name")]


@dataclass(frozen=True)
class Act:
    """One act of the page: its form, and the service that takes what the form gives."""

    run: Callable[..., Any]
    form: Callable[[Any, Enquiry], forms.Form] | None = None
    field: str = ""


def _to(
    people: Callable[[Enquiry], list[tuple[str, str]]], prefix: str
) -> Callable[[Any, Enquiry], forms.Form]:
    return lambda data, found: ToForm(data, people=people(found), auto_id=f"id_{prefix}_%s")


def _plain(form: type[forms.Form], prefix: str) -> Callable[[Any, Enquiry], forms.Form]:
    return lambda data, _found: form(data, auto_id=f"id_{prefix}_%s")


def _answer_form(data: Any, found: Enquiry) -> forms.Form:
    return AnswerForm(data, initial={"text": found.draft}, auto_id="id_answer_%s")


def _department_form(data: Any, _found: Enquiry) -> forms.Form:
    return DepartmentForm(data, departments=_departments(), auto_id="id_route_%s")


ACTS = {
    "take": Act(handling.take),
    "release": Act(handling.release),
    "assign": Act(handling.assign, _to(_people, "assign"), "to"),
    "route": Act(handling.route, _department_form, "department"),
    "name_party": Act(handling.name_party, _to(lambda _found: _staff(), "party"), "to"),
    "note": Act(handling.note, _plain(NoteForm, "note"), "text"),
    "draft": Act(handling.keep_draft, _answer_form, "text"),
    "answer": Act(answering.answer, _answer_form, "text"),
    "extend": Act(handling.extend, _plain(ExtendForm, "extend"), "text"),
    "withdraw": Act(publishing.withdraw, _plain(WithdrawForm, "withdraw"), "text"),
}


@require_POST
@post_required()
def act(request: HallRequest, number: str, name: str) -> HttpResponse:
    """Do one thing; what is refused is said on the page, with what was written."""
    found = enquiries.one_for_staff(request.actor, number, timezone.localdate())
    # the answer's form has two buttons
    name = "draft" if name == "answer" and request.POST.get("keep") else name
    wanted = ACTS.get(name)
    if wanted is None:
        raise Http404
    given: list[Any] = []
    if wanted.form is not None:
        form = wanted.form(request.POST, found)
        if not form.is_valid():
            return _page(request, found, sent={name: form}, status=422)
        given = [form.cleaned_data[wanted.field]]
    if name in {"assign", "name_party"}:
        given = [UUID(given[0])]
    try:
        wanted.run(found, *given, by=request.actor, now=timezone.now())
    except EnquiryRefused as refusal:
        sent = {name: wanted.form(request.POST, found)} if wanted.form is not None else {}
        return _page(request, found, sent=sent, problem=str(refusal), status=refusal.status)
    if name in {"take", "note", "draft", "extend"}:
        return redirect("clerk-enquiry", number)
    # after the others it may be nothing of this person's any more
    return redirect("clerk-enquiries")


def _page(
    request: HallRequest,
    found: Enquiry,
    *,
    sent: dict[str, forms.Form] | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    today, actor = timezone.localdate(), request.actor
    events = enquiries.events_of(found)
    shown = {"answer": _answer_form(None, found)} | {
        name: wanted.form(None, found) for name, wanted in ACTS.items() if wanted.form and name != "draft"
    }
    sent = dict(sent or {})
    if "draft" in sent:
        sent["answer"] = sent.pop("draft")
    shown |= sent
    leads = handling.is_led_by(found, actor)
    published = getattr(found, "published", None)
    context = {
        "enquiry": found,
        "colour": COLOURS[found.state],
        "clock": _mark(found, today),
        "lines": clock.explain(rules.entries(found.kind, events), rules.ANSWER, calendar.current()),
        "steps": [_step(found, each) for each in events],
        "files": found.files.order_by("uploaded_at", "id"),
        "phone": mask_phone(str(found.contact.get("phone", ""))),
        "parties": found.parties.order_by("name") if found.kind == Kind.COMPLAIN else [],
        "forms": shown,
        "sent": next(iter(sent.values()), None),
        "is_mine": found.claimed_by == actor.person_id,
        "can_take": found.is_running and found.claimed_by is None,
        "can_assign": found.is_running and leads,
        "can_route": found.is_running and (leads or found.kind == Kind.ASK),
        "can_name": found.is_running and leads and found.kind == Kind.COMPLAIN,
        "can_extend": found.is_running
        and found.extended_at is None
        and today <= found.due_on
        and handling.may_extend(found, actor),
        "published": published if published is not None and published.withdrawn_at is None else None,
        "can_publish": not found.is_running and found.kind == Kind.ASK and found.may_publish,
        "problem": problem,
    }
    return render(request, "cases_hall/enquiries/desk_one.html", context, status=status)


def _step(found: Enquiry, event: EnquiryEvent) -> dict[str, Any]:
    """Return a step as the staff reads it: of whoever asked no more of the name than elsewhere."""
    by = found.name_masked if event.actor == found.person else event.actor_name
    return {"title": WORDS[event.action], "at": event.at, "by": by, "text": event.text}


@require_http_methods(["GET", "HEAD", "POST"])
@post_required()
def publish(request: HallRequest, number: str) -> HttpResponse:
    """Look at what would be published, put it right, publish."""
    found = enquiries.one_for_staff(request.actor, number, timezone.localdate())
    try:
        publishing.check_publishable(found)
    except EnquiryRefused as refusal:
        return _page(request, found, problem=str(refusal), status=refusal.status)
    proposed = publishing.proposal(found)
    form = PublishForm(
        request.POST if request.method == "POST" else None,
        initial={"question": proposed.question, "answer": proposed.answer},
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            publishing.publish(
                found, given["question"], given["answer"], by=request.actor, now=timezone.now()
            )
        except EnquiryRefused as refusal:
            return _page(request, found, problem=str(refusal), status=refusal.status)
        return redirect("clerk-enquiry", number)
    context = {"enquiry": found, "form": form}
    return render(request, "cases_hall/enquiries/publish.html", context, status=422 if form.errors else 200)
