"""One step at the desk. What the clerk wrote is kept when somebody else was faster."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import post_required
from cases.hall import fees, transitions
from cases.hall.forms.apply import METHODS
from cases.hall.forms.desk import StepForm
from cases.hall.models import Case
from cases.hall.queries import access, place, reasons
from cases.hall.services import transition
from cases.hall.services.asked import CORRECTABLE
from cases.hall.transitions import Transition
from cases.hall.views import came_from, history, standing
from tenants.hall.enums import PostRole
from tenants.shared import queries as city_queries
from tenants.shared.enums import TAKING
from tenants.shared.http import HallRequest

DESK = (PostRole.WINDOW, PostRole.APPROVER, PostRole.HEAD)
BAD = frozenset({"not_accept", "refuse", "terminate", "revoke"})
# a button that puts a text into the reason, instead of taking the step
USE = "use"


@require_http_methods(["GET", "HEAD", "POST"])
@post_required(*DESK)
def act(request: HallRequest, number: str, name: str) -> HttpResponse:
    """Ask what a step needs, and take it. A conflict shows who did what, above what was typed."""
    case = access.case_for(request.actor, number)
    step = _step(case, name, request)
    texts = reasons.for_step(case, name) if step.needs_reason else []
    if request.method != "POST":
        return _page(request, case, step, _form(case, step), texts)
    if USE in request.POST:
        return _page(request, case, step, _form(case, step, _with_text(request, texts)), texts, is_fresh=True)
    form = _form(case, step, request.POST)
    if not form.is_valid():
        return _page(request, case, step, form, texts)
    after = came_from.following_of(request, case)
    try:
        transition.apply(
            case,
            name,
            by=request.actor,
            now=timezone.now(),
            reason=form.reason,
            data=form.facts,
            seen_revision=form.cleaned_data["seen"],
        )
    except transition.DataNeeded as problem:
        for field, sentence in problem.fields.items():
            form.add_error(field if field in form.fields else None, sentence)
        return _page(request, case, step, form, texts)
    except transition.ReasonNeeded as problem:
        form.add_error("reason" if "reason" in form.fields else None, str(problem))
        return _page(request, case, step, form, texts)
    except (transition.SomebodyWasFaster, transition.NotAllowed) as problem:
        return _conflict(request, number, name, str(problem), texts)
    return came_from.land(request, case, name, after)


def _with_text(request: HallRequest, texts: list[reasons.Offered]) -> Any:
    """Return what was sent with the chosen text in the reason: below what was typed, which nobody loses."""
    typed = request.POST.copy()
    chosen = next((each.text for each in texts if str(each.pk) == typed.get("text")), "")
    before = typed.get("reason", "").strip()
    if chosen and chosen not in before:
        typed["reason"] = f"{before}\n{chosen}" if before else chosen
    return typed


def _step(case: Case, name: str, request: HallRequest) -> Transition:
    """Return the row that is open to this person, else the first of its name. Raises Http404 for an unknown name."""
    rows = [step for step in transitions.named(name) if name in transitions.ASKED_FOR]
    if not rows:
        raise Http404
    opened = [
        step for step in transition.open_actions(case, request.actor, timezone.localdate()) if step in rows
    ]
    return (opened or [step for step in rows if step.who & request.actor.posts] or rows)[0]


def _form(case: Case, step: Transition, data: Any = None) -> StepForm:
    offered = [*(case.item.get("delivery") or []), str(case.delivery.get("method") or "window")]
    methods = [(name, str(label)) for name, label in METHODS.items() if name in offered]
    windows = [str(row["name"]) for row in case.item.get("windows") or [] if row.get("name")]
    initial = {
        "seen": case.revision,
        "reason": case.proposed_refusal if step.name == "refuse" else "",
        "method": case.delivery.get("method") or "window",
        "window": windows[0] if windows else "",
        "ground": "other" if step.quiet else "",
    }
    return StepForm(data, step=step, methods=methods, choices=_choices(case, step), initial=initial)


def _choices(case: Case, step: Transition) -> dict[str, list[tuple[str, str]]]:
    """Return what may be chosen of what this step asks."""
    if "procedure" in step.asks:
        kinds = [str(row["kind"]) for row in case.item.get("special_procedures") or []]
        return {"procedure": [(kind, kind) for kind in kinds]}
    if "to_hall" in step.asks:
        here = place.here().role
        return {
            "to_hall": [
                (hall.key, hall.name)
                for hall in city_queries.halls()
                if hall.role != here and hall.state in TAKING
            ]
        }
    if step.name == "record_opinion":
        waiting = case.opinions.filter(answered_at=None).order_by("asked_at", "id")
        return {"department": [(name, name) for name in waiting.values_list("department", flat=True)]}
    if step.name == "charge":
        return {"fee": [(fee.key, f"{fee.name} {fee.standard}") for fee in fees.of(case.item)]}
    if step.name == "correct":
        return {"field": [(name, str(label)) for name, label in CORRECTABLE.items()]}
    if step.quiet:
        return {
            "ground": [("other", _("别的原因")), (transitions.DEATH, _("申请人去世了：不发短信，只留决定书"))]
        }
    return {}


def _conflict(
    request: HallRequest, number: str, name: str, sentence: str, texts: list[reasons.Offered]
) -> HttpResponse:
    """Show the case as it is now; what was typed stays, and counts for the case as it is shown now."""
    case = access.case_for(request.actor, number)
    step = _step(case, name, request)
    typed = request.POST.copy()
    happened = history.since(case, typed.get("seen", ""))
    typed["seen"] = str(case.revision)
    form = _form(case, step, typed)
    return _page(request, case, step, form, texts, conflict=sentence, happened=happened, status=409)


def _page(
    request: HallRequest,
    case: Case,
    step: Transition,
    form: StepForm,
    texts: list[reasons.Offered],
    *,
    conflict: str = "",
    happened: list[dict[str, Any]] | None = None,
    is_fresh: bool = False,
    status: int = 200,
) -> HttpResponse:
    if is_fresh:
        # nothing was sent off: what is still empty is no error yet
        form = _form_as_typed(case, step, form)
    context = {
        "case": case,
        "form": form,
        "texts": texts,
        "conflict": conflict,
        "happened": happened or [],
        "now_at": standing.at_desk(case, timezone.localdate()) if conflict else None,
        "back": came_from.url("review", case, came_from.of(request)),
        "proposed": case.proposed_refusal
        if step.settles == transition.REFUSAL
        else case.pending_reason
        if step.settles
        else "",
        "is_open": step in transition.open_actions(case, request.actor, timezone.localdate()),
        "act": {
            "label": step.label,
            "says": _says(step),
            "rights": _rights(step),
            "is_bad": step.name in BAD,
        },
    }
    return render(request, "cases_hall/act.html", context, status=status)


def _form_as_typed(case: Case, step: Transition, form: StepForm) -> StepForm:
    fresh = _form(case, step)
    fresh.initial = {**fresh.initial, **{name: form[name].value() for name in form.fields}}
    return fresh


def _says(step: Transition) -> str:
    texts = {
        "not_accept": _("申请人会收到不予受理决定书。"),
        "propose_refusal": _("负责人确认后才算数。"),
        "refuse": _("确认后，申请人会收到决定书。"),
        "return_refusal": _("退回后由审批人重新决定。"),
        "hand_over": _("申请人会收到短信，知道怎么取。"),
        "special": _("这段时间不算办理时间，申请人会收到告知书。"),
        "propose_extension": _("负责人批准后才算数，只能延一次。"),
        "extend": _("批准后，申请人会收到延期告知书。"),
        "terminate": _("这件会结束，申请人会收到决定书。"),
        "cancel_correction": _("申请人不用再补，答复的最后一天还是原来那天。"),
        "offer_transfer": _("申请人同意后才转，收到的日期不变。"),
        "ask_opinion": _("问别的部门不停止计时。"),
        "charge": _("申请人会收到缴款通知书，缴了才能同意。"),
        "paid": _("申请人会收到缴款收据。"),
        "waive": _("申请人会收到短信，不用缴了。"),
        "propose_refund": _("别人批准后才退。"),
        "refund": _("网上缴的原路退回；窗口缴的请当场退给他。"),
        "revoke": _("确认后，原来的证件查出来是已撤销。"),
    }
    return texts.get(step.logged_as, "")


def _rights(step: Transition) -> str:
    if step.name not in BAD:
        return ""
    return _("不服可在 60 天内申请行政复议，6 个月内起诉。")
