"""验证证件: anybody may ask whether a paper is good; the answer shows no more of a person than the bearer holds."""

import re
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from accounts.network import client_address
from accounts.places import origin
from accounts.services import counters
from cases.shared.models import PaperState, Verification
from portal import queries, uploads
from portal.uploads import Outcome
from tenants.shared import queries as halls
from tenants.shared.enums import HallState
from theming.formats import cn_time

LIMIT, WINDOW_SECONDS = 30, 600
CODE = re.compile(r"[A-Za-z0-9_-]{20,43}")
COLOURS = {"valid": "ok", "replaced": "warn", "revoked": "danger", "expired": "warn"}
# what stands of the issuing hall when it is not simply open
OF_HALL = {
    HallState.CLOSING.value: gettext_lazy("发证的大厅正在关闭。证件还算不算数，以这里为准。"),
    HallState.ARCHIVED.value: gettext_lazy("发证的大厅已经关闭、归档。证件还算不算数，以这里为准。"),
    HallState.DELETED.value: gettext_lazy("发证的大厅已经撤销。证件还算不算数，以这里为准。"),
}
# outcome of looking at a file → (colour, what it means, what to do)
OF_FILE = {
    Outcome.SAME: ("ok", gettext_lazy("文件是我们签发的，没有改过"), ""),
    Outcome.CHANGED: (
        "danger",
        gettext_lazy("文件被改过，不是签发时的样子"),
        gettext_lazy("请不要凭这个文件办事，向持有人要原来的文件，或扫证件上的二维码。"),
    ),
    Outcome.UNKNOWN: (
        "warn",
        gettext_lazy("是我们的签章，但查不到这份文书"),
        gettext_lazy("请打电话问发证的大厅。"),
    ),
    Outcome.FOREIGN: (
        "danger",
        gettext_lazy("文件没有我们的签章"),
        gettext_lazy("打印后扫描的、另存过的文件没有签章，请用证件上的二维码或验证码查。"),
    ),
}


class VerifyForm(forms.Form):
    """The code that stands under the QR code."""

    code = forms.CharField(
        label=gettext_lazy("验证码"),
        help_text=gettext_lazy("印在证件二维码旁边，分大小写"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "off", "spellcheck": "false"}),
    )

    def clean_code(self) -> str:
        """Return the code without spaces; what cannot be one is refused before anything is counted."""
        code = "".join(str(self.cleaned_data["code"]).split())
        if not CODE.fullmatch(code):
            raise forms.ValidationError(_("验证码不对，请对照证件再看一遍"))
        return code


class FileForm(forms.Form):
    """A PDF to be looked at; nothing of it is kept."""

    file = forms.FileField(
        label=gettext_lazy("证件的 PDF 文件"),
        help_text=gettext_lazy("最多 5 MB。看完就删，不保存"),
        allow_empty_file=True,
        widget=forms.ClearableFileInput(attrs={"accept": ".pdf,application/pdf"}),
        error_messages={"required": gettext_lazy("请选一个 PDF 文件")},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """Ask for the code; the answer has an address of its own, the one in the QR code."""
    form = VerifyForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        return redirect("verify-code", form.cleaned_data["code"])
    return _page(request, form=form)


@require_http_methods(["GET", "HEAD"])
def verify_code(request: HttpRequest, code: str) -> HttpResponse:
    """Say what the paper of this code is worth. Tries are counted by address before the code is looked up."""
    if problem := _too_many(request):
        return _page(request, problem=[problem], status=429)
    found = Verification.objects.filter(code=code).first() if CODE.fullmatch(code) else None
    if found is None:
        problem = _("没有这个验证码。请对照证件再看一遍，还不对就打电话问发证的大厅。")
        return _page(request, problem=[problem], status=404)
    return _page(request, found=found)


@require_POST
def verify_file(request: HttpRequest) -> HttpResponse:
    """Say whether a file is one that we signed, whether it was changed, and what the paper is worth."""
    form = FileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, file_form=form, status=422)
    if problem := _too_many(request):
        return _page(request, problem=[problem], status=429)
    given = form.cleaned_data["file"]
    try:
        looked = uploads.look(given.file, given.size)
    except uploads.Refused as refusal:
        form.add_error("file", str(refusal))
        return _page(request, file_form=form, status=422)
    return _page(request, found=looked.paper, outcome=looked.outcome)


def _too_many(request: HttpRequest) -> str:
    """Count this try by address; return what to say when there were too many, else nothing."""
    if key := counters.by_address("verify", client_address(request)):
        try:
            counters.reserve(key, limit=LIMIT, window_seconds=WINDOW_SECONDS, now=timezone.now())
        except counters.TooMany as locked:
            return _("试错太多，{time}后再试").format(time=cn_time(locked.until))
    return ""


def _page(
    request: HttpRequest,
    *,
    form: VerifyForm | None = None,
    file_form: FileForm | None = None,
    problem: list[str] | None = None,
    found: Verification | None = None,
    outcome: Outcome | None = None,
    status: int = 200,
) -> HttpResponse:
    shown: dict[str, Any] = {
        "form": form or VerifyForm(),
        "file_form": file_form or FileForm(),
        "problem": problem,
        "file": OF_FILE[outcome] if outcome else None,
        "is_changed": outcome == Outcome.CHANGED,
        "registers": [(hall, f"{origin(request, hall.host)}/register/") for hall in queries.shown_halls()],
    }
    if found is not None:
        shown |= _found(found)
    response = render(request, "portal/verify.html", shown, status=status)
    response["X-Robots-Tag"] = "noindex"
    return response


def _found(paper: Verification) -> dict[str, Any]:
    hall = next((hall for hall in halls.all_halls() if hall.role == paper.hall_id), None)
    state = paper.state_on(timezone.localdate())
    return {
        "found": paper,
        "issuer": hall.name if hall else "",
        "of_hall": OF_HALL.get(str(hall.state), "") if hall else "",
        "state": state,
        "colour": COLOURS.get(state, "neutral"),
        "word": PaperState(state).label if state in PaperState else state,
    }
