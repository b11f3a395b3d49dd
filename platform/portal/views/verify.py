"""验证证件: anybody may ask whether a result is valid; the answer shows no more of a person than the bearer holds."""

import re

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.network import client_address
from accounts.services import counters
from cases.shared.models import Verification
from tenants.shared import queries as halls
from theming.formats import cn_time

LIMIT, WINDOW_SECONDS = 30, 600
CODE = re.compile(r"[A-Za-z0-9_-]{20,43}")
# state → (colour, word)
STATES = {
    "valid": ("ok", gettext_lazy("有效")),
    "replaced": ("warn", gettext_lazy("已换新")),
    "revoked": ("danger", gettext_lazy("已撤销")),
    "expired": ("warn", gettext_lazy("过期")),
}


class VerifyForm(forms.Form):
    """The code that stands under the QR code."""

    code = forms.CharField(
        label=gettext_lazy("验证码"),
        help_text=gettext_lazy("印在证件二维码下面，分大小写"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "off", "spellcheck": "false"}),
    )

    def clean_code(self) -> str:
        """Return the code without spaces; what cannot be one is refused before anything is counted."""
        code = "".join(str(self.cleaned_data["code"]).split())
        if not CODE.fullmatch(code):
            raise forms.ValidationError(_("验证码不对，请对照证件再看一遍"))
        return code


@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """Ask for the code; the answer has an address of its own, the one in the QR code."""
    form = VerifyForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        return redirect("verify-code", form.cleaned_data["code"])
    return render(request, "portal/verify.html", {"form": form})


@require_http_methods(["GET", "HEAD"])
def verify_code(request: HttpRequest, code: str) -> HttpResponse:
    """Say whether the result of this code is valid. Tries are counted by address before the code is looked up."""
    form = VerifyForm()
    now = timezone.now()
    if key := counters.by_address("verify", client_address(request)):
        try:
            counters.reserve(key, limit=LIMIT, window_seconds=WINDOW_SECONDS, now=now)
        except counters.TooMany as locked:
            problem = _("试错太多，{time}后再试").format(time=cn_time(locked.until))
            return render(request, "portal/verify.html", {"form": form, "problem": [problem]}, status=429)
    found = Verification.objects.filter(code=code).first() if CODE.fullmatch(code) else None
    if found is None:
        problem = _("没有这个验证码。请对照证件再看一遍，还不对就打电话问发证的大厅。")
        return render(request, "portal/verify.html", {"form": form, "problem": [problem]}, status=404)
    hall = next((hall for hall in halls.halls() if hall.role == found.hall_id), None)
    colour, word = STATES.get(found.state, ("neutral", found.state))
    context = {
        "form": form,
        "found": found,
        "issuer": hall.name if hall else "",
        "colour": colour,
        "word": word,
    }
    return render(request, "portal/verify.html", context)
