"""A new phone for an account: whoever is signed in proves it by a code, and says the password or has just proved the old one."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts import sms
from accounts.access import actor_of, signed_in
from accounts.encryption import decrypt, encrypt
from accounts.forms import CodeForm, NewPhoneForm
from accounts.masking import mask_phone
from accounts.network import client_address
from accounts.paths import next_path, with_next
from accounts.services import codes, people, sign_in
from accounts.services.counters import TooMany
from accounts.views.answers import clock_time, page, too_many

FLOW = "new_phone"


@sensitive_post_parameters("password")
@signed_in
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for the new phone and the password; send a code."""
    form = NewPhoneForm(request.POST or None)
    status = 200
    headers: dict[str, str] = {}
    if request.method == "POST" and form.is_valid():
        try:
            # the same counters as signing in: a stolen session must not move the phone
            sign_in.by_password(
                actor_of(request).username,
                form.cleaned_data["password"],
                hall="",
                address=client_address(request),
                now=timezone.now(),
                how="change",
            )
            phone = form.cleaned_data["phone"]
            code = codes.send(
                phone, purpose=_purpose(request), address=client_address(request), now=timezone.now()
            )
            shown = {"shown": code} if settings.IS_DEMO else {}
            request.session[FLOW] = {"phone": encrypt(phone, FLOW), **shown}
            return redirect(with_next(reverse("account-phone-code"), next_path(request)))
        except sign_in.WrongPassword as refusal:
            form.add_error("password", _("密码不对，还能试 %(n)d 次") % {"n": refusal.left})
        except sms.NotSent as refusal:
            form.add_error(None, str(refusal))
        except TooMany as refusal:
            words = _("试得太多，%(time)s后再试") % {"time": clock_time(refusal.until)}
            status, headers = 429, too_many(form, refusal, words)
    context = {"form": form, "is_lost": actor_of(request).has_lost_phone}
    return page(request, "accounts/new_phone.html", context, status=status, headers=headers)


@signed_in
@require_http_methods(["GET", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """Ask for the code; the right one moves the account to the new phone."""
    flow: dict[str, Any] | None = request.session.get(FLOW)
    if flow is None:
        return redirect(with_next(reverse("account-phone"), next_path(request)))
    phone = decrypt(flow["phone"], FLOW)
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        try:
            codes.check(phone, form.cleaned_data["code"], purpose=_purpose(request), now=now)
            people.change_phone(actor_of(request).person_id, phone=phone, now=now)  # type: ignore[arg-type]
            del request.session[FLOW]
            return redirect(next_path(request, f"{reverse('account')}?changed=phone"))
        except (codes.WrongCode, codes.CodeExpired) as refusal:
            form.add_error("code", str(refusal))
        except people.AlreadyRegistered:
            form.add_error(None, _("这个手机号在别的账号上，请换一个"))
    context = {"form": form, "phone": mask_phone(phone), "shown": flow.get("shown", "")}
    return page(request, "accounts/new_phone_code.html", context)


def _purpose(request: HttpRequest) -> str:
    return f"phone:{actor_of(request).person_id}"
