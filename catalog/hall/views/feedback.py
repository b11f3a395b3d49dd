"""「这一页有错」: somebody writes it, reads the answer later at an address of their own, and staff work through the queue."""

from uuid import UUID, uuid4

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import post_required
from accounts.network import client_address
from accounts.services.counters import TooMany
from catalog.hall import queries
from catalog.hall.enums import SECTION_FIELDS, FeedbackState, Section
from catalog.hall.forms import AnswerForm, FeedbackForm
from catalog.hall.models import Feedback
from catalog.hall.services import feedback
from catalog.hall.views.paging import page_of
from catalog.hall.views.staff import EDITORS, may_edit
from catalog.shared.codes import is_local
from tenants.shared.http import HallRequest
from theming.formats import cn_time


@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HallRequest, code: str) -> HttpResponse:
    """Ask what is wrong with a guide, and put it into the hall's queue; sent twice it is there once."""
    item = queries.effective_item(code)
    if item is None:
        raise Http404
    form = FeedbackForm(request.POST if request.method == "POST" else None, initial={"key": uuid4()})
    status = 200
    if form.is_valid():
        values = form.cleaned_data
        said = feedback.Said(values["key"], Section(values["section"]), values["text"])
        address = client_address(request)
        try:
            made = feedback.submit(item, said, address=address, by=request.actor, now=timezone.now())
        except TooMany as refusal:
            again = cn_time(timezone.localtime(refusal.until))
            form.add_error(None, _("您提得太多了，%(time)s后再来，或打电话告诉我们") % {"time": again})
            status = 429
        except feedback.Unlike as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("feedback", made.key)
    if form.is_bound and status == 200:
        status = 422
    return render(request, "catalog_hall/feedback_form.html", {"form": form, "item": item}, status=status)


@require_safe
def read(request: HallRequest, key: UUID) -> HttpResponse:
    """Show somebody what they wrote, and what came of it. Whoever has the address may read it: it names nobody."""
    found = queries.feedback_by_key(key)
    if found is None:
        raise Http404
    return render(request, "catalog_hall/feedback.html", {"row": found})


@require_safe
@post_required()
def queue(request: HallRequest) -> HttpResponse:
    """Show a page of what people say is wrong: what waits, longest first, or what was answered."""
    filters = queries.FeedbackFilters.read(request.GET)
    counts = queries.feedback_counts()
    states = [*FeedbackState.choices, ("all", _("全部"))]
    shown = {
        "page": page_of(request, queries.feedback(filters)),
        "filters": filters,
        "pills": [(state, label, counts[state]) for state, label in states],
    }
    return render(request, "catalog_hall/feedback_queue.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
@post_required()
def answer(request: HallRequest, pk: int) -> HttpResponseBase:
    """Show one feedback; who fits items to the hall answers it, once."""
    row = queries.feedback_by_pk(pk)
    if row is None:
        raise Http404
    if request.method == "POST":
        return _answered(request, row)
    return _answer_page(request, row, AnswerForm(may_pass_on=_may_pass_on(row)))


@post_required(*EDITORS)
def _answered(request: HallRequest, row: Feedback) -> HttpResponse:
    form = AnswerForm(request.POST, may_pass_on=_may_pass_on(row))
    if form.is_valid():
        values = form.cleaned_data
        try:
            feedback.answer(
                row.pk,
                is_right=values["state"] == FeedbackState.ACCEPTED,
                words=values["answer"],
                passes_on=bool(values.get("passes_on")),
                by=request.actor,
                now=timezone.now(),
            )
        except (feedback.AnswerMissing, feedback.AlreadyAnswered) as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("staff-feedback-answer", row.pk)
    return _answer_page(request, row, form, status=422)


def _may_pass_on(row: Feedback) -> bool:
    """A local item is the hall's own: there is nobody to pass it on to."""
    return not is_local(row.code)


def _answer_page(request: HallRequest, row: Feedback, form: AnswerForm, *, status: int = 200) -> HttpResponse:
    shown = {
        "row": row,
        "form": form if may_edit(request) and row.state == FeedbackState.NEW else None,
        "field": SECTION_FIELDS.get(Section(row.section), ""),
        "is_local": is_local(row.code),
    }
    return render(request, "catalog_hall/feedback_answer.html", shown, status=status)
