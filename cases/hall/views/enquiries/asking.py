"""我要咨询, 我要投诉: one question a page, without scripts; nothing is kept before it is sent."""

from typing import Any
from uuid import uuid4

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import signed_in
from cases.hall import enquiry_rules as rules
from cases.hall.enquiry_enums import About, Kind
from cases.hall.forms.enquiry import AskForm, ComplainForm
from cases.hall.models import Case
from cases.hall.queries import calendar
from cases.hall.services.enquiries import asking as service
from cases.hall.services.enquiries.refusals import EnquiryRefused
from catalog.hall.queries import effective_item
from tenants.hall.queries import windows
from tenants.shared.http import HallRequest

CASES_SHOWN = 20


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def ask(request: HallRequest) -> HttpResponse:
    """Ask: from an item's guide (`item`), from a case of one's own (`case`), or alone."""
    return _walk(request, Kind.ASK)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def complain(request: HallRequest) -> HttpResponse:
    """Complain of a case of one's own (`case`), of somebody of the staff, of a window or of the service."""
    return _walk(request, Kind.COMPLAIN)


def _form(
    request: HallRequest, kind: Kind, data: QueryDict | None, step: str, initial: dict[str, Any] | None = None
) -> AskForm | ComplainForm:
    given = initial or {"key": uuid4().hex, "case": request.GET.get("case", "")}
    if kind == Kind.ASK:
        return AskForm(data, step=step, initial=given)
    if initial is None and given["case"]:
        given["about"] = About.CASE
    names = [window.name for window in windows()]
    return ComplainForm(data, step=step, cases=_cases(request), windows=names, initial=given)


def _walk(request: HallRequest, kind: Kind) -> HttpResponse:
    if request.method != "POST":
        return _page(request, kind, _form(request, kind, None, ""))
    sent = request.POST.copy()
    step = sent.get("step", "")
    if sent.get("back"):
        return _page(request, kind, _moved(request, kind, sent, step, -1))
    form = _form(request, kind, sent, step)
    if not form.is_valid():
        wrong = form.first_wrong or form.step
        shown = form if wrong == form.step else _checked(_form(request, kind, sent, wrong))
        return _page(request, kind, shown, status=422)
    if form.step != "check":
        return _page(request, kind, _moved(request, kind, sent, form.step, 1))
    try:
        made = service.submit(
            _question(request, kind, form.cleaned_data),
            by=request.actor,
            idempotency_key=form.cleaned_data["key"],
            now=timezone.now(),
        )
    except EnquiryRefused as refusal:
        return _page(request, kind, form, problem=str(refusal), status=409)
    return redirect(f"{reverse('enquiry', args=[made.number])}?new=1")


def _moved(request: HallRequest, kind: Kind, sent: QueryDict, step: str, by: int) -> AskForm | ComplainForm:
    """Return the form of the step before or after, with what was said so far; one that asks nothing is passed over."""
    said = sent.dict()
    form = _form(request, kind, None, step, said)
    names = list(form.steps)
    place = min(max(0, form.place - 1 + by), len(names) - 1)
    found = _form(request, kind, None, names[place], said)
    if getattr(found, "is_empty_step", False):
        found = _form(request, kind, None, names[place + by], said)
    return found


def _checked(form: AskForm | ComplainForm) -> AskForm | ComplainForm:
    form.is_valid()
    return form


def _question(request: HallRequest, kind: Kind, given: dict[str, Any]) -> service.Question:
    item, case = request.POST.get("item", ""), request.POST.get("about_case", "")
    return service.Question(
        kind=kind,
        text=given["text"],
        item=item,
        case=given.get("case") or ("" if kind == Kind.COMPLAIN else case),
        about=given.get("about", ""),
        who=given.get("who") or "",
        window=given.get("window") or "",
        may_publish=given.get("may_publish") == "yes",
        hotline_number=given.get("hotline_number") or "",
    )


def _cases(request: HallRequest) -> list[tuple[str, str]]:
    """Return the person's cases here, the latest first."""
    latest = Case.objects.of_person(request.actor.person_id).filed().order_by("-received_at", "id")
    rows = latest.values_list("number", "item_name")[:CASES_SHOWN]
    return [(number, f"{name} {number}") for number, name in rows if number]


def _page(
    request: HallRequest,
    kind: Kind,
    form: AskForm | ComplainForm,
    *,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    given = request.POST if request.method == "POST" else request.GET
    named = given.get("about_case", "") if request.method == "POST" else given.get("case", "")
    own = Case.objects.of_person(request.actor.person_id).filed()
    case = own.filter(number=named).first() if kind == Kind.ASK and named else None
    code = given.get("item", "")
    due = calendar.current().add_workdays(timezone.localdate(), rules.ANSWER_DAYS[kind])
    context = {
        "form": form,
        "carried": [(bound.html_name, bound.value() or "") for bound in form.carried],
        "steps": len(form.steps),
        "case": case,
        "item": effective_item(code) if code and case is None else None,
        "title": _("我要咨询") if kind == Kind.ASK else _("我要投诉"),
        "kind": kind,
        "problem": problem,
        "days": rules.ANSWER_DAYS[kind],
        "due": due,
        "rows": _rows(form) if form.step == "check" else [],
    }
    return render(request, "cases_hall/enquiries/ask.html", context, status=status)


def _rows(form: AskForm | ComplainForm) -> list[tuple[str, str, str]]:
    """Return what was said, as the last page shows it: label, words, step."""
    rows = []
    for bound in form.carried:
        value = str(bound.value() or "")
        if bound.name == "key" or not value:
            continue
        choices = dict(getattr(bound.field, "choices", []) or [])
        rows.append((str(bound.label), str(choices.get(value, value)), form.step_of(bound.name)))
    return rows
