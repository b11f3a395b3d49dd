"""核对本人 at the window: the code from the person's account, name and number beside the card, one confirmation."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.access import post_required
from accounts.services import identity
from accounts.services.counters import TooMany
from accounts.views.answers import clock_time
from cases.hall.forms.at_window import ConfirmForm, LookForm
from cases.hall.services import at_window, joining
from tenants.hall.enums import PostRole
from tenants.shared.http import HallRequest

_REFUSALS = (identity.CodeUnknown, identity.NothingGiven, identity.ChangedMeanwhile, identity.OtherPerson)


@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
@post_required(PostRole.WINDOW)
def verify(request: HallRequest) -> HttpResponse:
    """Ask for the code; POST shows whose it is, and a second POST, with what the clerk has seen, confirms."""
    if request.method == "POST" and "seen" in request.POST:
        return _confirm(request)
    form = LookForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _page(request, form=form)
    return _look(request, form.cleaned_data["code"], form)


def _look(
    request: HallRequest,
    code: str,
    form: LookForm,
    *,
    confirming: ConfirmForm | None = None,
    is_taken: bool = False,
) -> HttpResponse:
    try:
        found = at_window.look(code, by=request.actor, now=timezone.now())
    except (*_REFUSALS, TooMany) as refusal:
        return _refused(request, refusal, form)
    waits = found.waiting is not None
    if confirming is None:
        initial = {"code": code, "seen": found.mark, "document": "id_card", "joins": waits}
        confirming = ConfirmForm(initial=initial, may_take_over=is_taken, may_join=waits)
    context = {
        "form": confirming,
        "shown": found,
        "has_waiting": waits,
        "is_settled": found.is_verified and not waits,
    }
    return render(request, "cases_hall/at_window.html", context)


def _confirm(request: HallRequest) -> HttpResponse:
    form = ConfirmForm(
        request.POST, may_take_over="takes_over" in request.POST, may_join="joins" in request.POST
    )
    code = request.POST.get("code", "")
    if not form.is_valid():
        return _look(request, code, LookForm(), confirming=form)
    given = {"takes_over": False, "joins": False, **form.cleaned_data}
    try:
        person, cases = at_window.confirm(**given, by=request.actor, now=timezone.now())
    except identity.NumberTaken:
        again = ConfirmForm(request.POST, may_take_over=True, may_join="joins" in request.POST)
        again.add_error(
            "takes_over", _("这个身份证号在另一个账号上认证过。证件和本人都对，他又不要旧账号的，勾上再确认")
        )
        return _look(request, code, LookForm(), confirming=again)
    except (*_REFUSALS, TooMany) as refusal:
        return _refused(request, refusal, LookForm())
    except joining.NothingToClaim as refusal:
        return _page(request, form=LookForm(), problem=str(refusal), done=_("实名认证好了"))
    told = _("%(name)s认证好了") % {"name": person.name}
    if given["joins"]:
        told = _("%(name)s认证好了，转到他账号的办件 %(n)d 件") % {"name": person.name, "n": cases}
    return _page(request, form=LookForm(), done=told)


def _refused(request: HallRequest, refusal: Exception, form: LookForm) -> HttpResponse:
    if isinstance(refusal, TooMany):
        words = _("试错太多，%(time)s后再试") % {"time": clock_time(refusal.until)}
        return _page(request, form=form, problem=words, status=429)
    return _page(request, form=form, problem=str(refusal))


def _page(
    request: HallRequest, *, form: LookForm, problem: str = "", done: Any = "", status: int = 200
) -> HttpResponse:
    context = {"form": form, "problems": [problem] if problem else [], "done": done}
    return render(request, "cases_hall/at_window_code.html", context, status=status)
