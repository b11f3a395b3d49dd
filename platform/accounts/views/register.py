"""By phone and code: signing in, and registering whoever has no account yet. One question a page.

What was answered so far stands in the session of this host, the phone encrypted.
"""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts import checking, devices, sms
from accounts.encryption import decrypt, encrypt
from accounts.enums import Level
from accounts.forms import CodeForm, HolderForm, NotMeForm, PersonForm, PhoneForm, RegisterForm
from accounts.masking import mask_phone
from accounts.models import PHONE_SHARED_BY, Person
from accounts.network import client_address
from accounts.paths import next_path, with_next
from accounts.queries import holders_of
from accounts.services import codes, identity, people, sessions
from accounts.services.counters import TooMany
from accounts.services.sign_in import WrongProof, by_holder, write_down
from accounts.views.answers import clock_time, page, too_many
from accounts.views.entering import enter

FLOW = "by_code"
PURPOSE = "portal"
BUSINESS = "business"
# how long a proved phone may wait for name and number
PROVED_LASTS = timedelta(minutes=30)


@require_http_methods(["GET", "POST"])
def ask_phone(request: HttpRequest, *, is_new: bool) -> HttpResponse:
    """Ask for the phone and send it a code, whether it has an account or not: the answer does not tell."""
    form = (RegisterForm if is_new else PhoneForm)(request.POST or None)
    status = 200
    headers: dict[str, str] = {}
    if request.method == "POST" and form.is_valid():
        kind = form.cleaned_data.get("kind", "")
        try:
            _send(request, form.cleaned_data["phone"], {"is_new": is_new, "kind": kind})
            return redirect(with_next(reverse(_step(is_new)), next_path(request)))
        except sms.NotSent as refusal:
            form.add_error(None, str(refusal))
        except TooMany as refusal:
            words = _("验证码取得太多，%(time)s后再取") % {"time": clock_time(refusal.until)}
            status, headers = 429, too_many(form, refusal, words)
    return page(
        request, "accounts/phone.html", {"form": form, "is_new": is_new}, status=status, headers=headers
    )


def _step(is_new: bool) -> str:
    return "register-code" if is_new else "sign-in-code-check"


def _send(request: HttpRequest, phone: str, flow: dict[str, Any]) -> None:
    code = codes.send(phone, purpose=PURPOSE, address=client_address(request), now=timezone.now())
    # only the demo shows a code, and only to the browser that asked
    shown = {"shown": code} if settings.IS_DEMO else {}
    request.session[FLOW] = {**flow, "phone": encrypt(phone, FLOW), **shown}


@require_http_methods(["GET", "POST"])
def check_code(request: HttpRequest, *, is_new: bool) -> HttpResponse:
    """Ask for the code; the right one signs in, or leads on to registering."""
    flow = request.session.get(FLOW)
    if flow is None:
        return redirect(with_next(reverse("register" if is_new else "sign-in-code"), next_path(request)))
    phone = decrypt(flow["phone"], FLOW)
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            codes.check(phone, form.cleaned_data["code"], purpose=PURPOSE, now=timezone.now())
            return _proved(request, phone, flow)
        except (codes.WrongCode, codes.CodeExpired) as refusal:
            write_down(next(iter(holders_of(phone)), None), succeeded=False, **_of(request))
            form.add_error("code", str(refusal))
        except (_Refused, sessions.SignedOutMeanwhile) as refusal:
            form.add_error(None, str(refusal))
    context = {
        "form": form,
        "phone": mask_phone(phone),
        "shown": flow.get("shown", ""),
        "is_new": is_new,
        "steps": _steps(flow),
    }
    return page(request, "accounts/code.html", context)


def _steps(flow: dict[str, Any]) -> int:
    return 4 if flow["kind"] == BUSINESS else 3


class _Refused(Exception):
    """The phone is proved, and its account is not to be entered by a code."""


def _proved(request: HttpRequest, phone: str, flow: dict[str, Any]) -> HttpResponse:
    holders = holders_of(phone)
    if any(person.city_role for person in holders):
        raise _Refused(_("工作人员的账号请用密码登录"))
    active = [person for person in holders if person.is_active]
    if holders and not active:
        raise _Refused(_("这个账号停用了。有疑问请打服务热线"))
    if len(active) == 1 and (active[0].level == Level.PHONE or devices.is_known(request, active[0])):
        return _begin(request, active[0], next_path(request))
    kept = {key: value for key, value in flow.items() if key != "shown"}
    # what comes after the code is another session than what came before
    request.session.cycle_key()
    request.session[FLOW] = {**kept, "proved_at": timezone.now().isoformat()}
    return redirect(with_next(reverse("sign-in-who" if active else "register-person"), next_path(request)))


@sensitive_post_parameters("password", "tail")
@require_http_methods(["GET", "POST"])
def who(request: HttpRequest) -> HttpResponse:
    """Ask who of those that hold the proved phone it is: by the end of the ID number, or by the password."""
    flow = _proved_flow(request.session, timezone.now())
    if flow is None:
        return redirect(with_next(reverse("sign-in-code"), next_path(request)))
    form = HolderForm(request.POST or None)
    status = 200
    headers: dict[str, str] = {}
    if request.method == "POST" and form.is_valid():
        try:
            person = by_holder(
                decrypt(flow["phone"], FLOW),
                **form.cleaned_data,
                hall="",
                address=client_address(request),
                now=timezone.now(),
            )
            return _begin(request, person, next_path(request), is_written=True)
        except (WrongProof, sessions.SignedOutMeanwhile) as refusal:
            form.add_error(None, str(refusal))
        except TooMany as refusal:
            status, headers = 429, too_many(form, refusal)
    return page(request, "accounts/who.html", {"form": form}, status=status, headers=headers)


@require_http_methods(["GET", "POST"])
def not_me(request: HttpRequest) -> HttpResponse:
    """Ask how somebody comes to hold a phone that has another's account; then they register."""
    flow = _proved_flow(request.session, timezone.now())
    if flow is None:
        return redirect(with_next(reverse("sign-in-code"), next_path(request)))
    held = len(holders_of(decrypt(flow["phone"], FLOW)))
    form = NotMeForm(request.POST or None, may_share=held < PHONE_SHARED_BY)
    if request.method == "POST" and form.is_valid():
        request.session[FLOW] = {**flow, "holders": form.cleaned_data["holders"]}
        return redirect(with_next(reverse("register-person"), next_path(request)))
    return page(request, "accounts/not_me.html", {"form": form})


def _begin(request: HttpRequest, person: Person, onward: str, *, is_written: bool = False) -> HttpResponse:
    answer = enter(request, person, onward=onward, is_by_code=True, remembers=True)
    if not is_written:
        write_down(person, succeeded=True, **_of(request))
    return answer


def _of(request: HttpRequest) -> dict[str, Any]:
    return {"hall": "", "how": "code", "address": client_address(request), "now": timezone.now()}


@sensitive_post_parameters("password", "id_number", "name")
@require_http_methods(["GET", "POST"])
def ask_person(request: HttpRequest) -> HttpResponse:
    """Ask who registers, once the phone is proved; the agent of a company then names the company."""
    flow = _proved_flow(request.session, timezone.now())
    if flow is None:
        return redirect(with_next(reverse("register"), next_path(request)))
    form = PersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            person = people.register(
                phone=decrypt(flow["phone"], FLOW),
                holders=people.Holders(flow.get("holders", "")),
                now=timezone.now(),
                **form.cleaned_data,
            )
            onward = next_path(request)
            if flow["kind"] == BUSINESS:
                onward = with_next(reverse("company-add"), onward)
            return _begin(request, person, onward)
        except (people.AlreadyRegistered, checking.NoMatch) as refusal:
            form.add_error(None, str(refusal))
        except identity.NumberTaken as refusal:
            form.add_error("id_number", str(refusal))
        except TooMany as refusal:
            too_many(form, refusal)
    context = {"form": form, "is_business": flow["kind"] == BUSINESS, "steps": _steps(flow)}
    return page(request, "accounts/person.html", context)


def _proved_flow(session: SessionBase, now: datetime) -> dict[str, Any] | None:
    """Return what was answered so far when the phone was proved and not long ago."""
    flow: dict[str, Any] | None = session.get(FLOW)
    if flow is None or "proved_at" not in flow:
        return None
    return flow if now - datetime.fromisoformat(flow["proved_at"]) < PROVED_LASTS else None
