"""A person's own page at the portal: who they are here, their password, their companies."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import rotate_token
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import sms
from accounts.access import actor_of, own_door, signed_in
from accounts.forms import CompanyForm, ConfirmForm, NewPasswordForm, PasswordForm
from accounts.masking import mask_phone
from accounts.middleware import host_key
from accounts.network import client_address
from accounts.paths import next_path
from accounts.queries import applicant_of, companies_of
from accounts.services import codes, companies, passwords, people, proof, second_factor, sessions, sign_in
from accounts.services.counters import TooMany
from accounts.sessions import BY_CODE, PROVED
from accounts.views.answers import page, too_many
from accounts.views.second import confirm_second

# whoever has just proved the phone may set a password without knowing the old one
PROOF_LASTS = timedelta(minutes=15)


@signed_in
@require_GET
def account(request: HttpRequest) -> HttpResponse:
    """Show name, masked ID number and phone, and companies."""
    actor = actor_of(request)
    context = {
        "applicant": applicant_of(actor),
        "level": actor.level,
        "is_lost": actor.has_lost_phone,
        "is_phone_changed": request.GET.get("changed") == "phone",
        "companies": companies_of(actor),
        "is_changed": request.GET.get("changed") == "password",
    }
    return page(request, "accounts/account.html", context)


@sensitive_post_parameters("current", "password")
@own_door
@require_http_methods(["GET", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """Change the password: by the old one, or right after signing in by a code. All other sessions and all tokens end."""
    form: PasswordForm | NewPasswordForm
    form = (
        NewPasswordForm(request.POST or None) if _has_proof(request) else PasswordForm(request.POST or None)
    )
    status = 200
    headers: dict[str, str] = {}
    if request.method == "POST" and form.is_valid():
        try:
            if isinstance(form, PasswordForm):
                _check_current(request, form.cleaned_data["current"])
            proved_at = str(request.session.get(PROVED, ""))
            person = people.change_password(
                actor_of(request).person_id,  # type: ignore[arg-type]
                password=form.cleaned_data["password"],
                now=timezone.now(),
            )
            sessions.begin(
                request.session,  # type: ignore[arg-type]
                person,
                now=timezone.now(),
                proved_at=datetime.fromisoformat(proved_at) if proved_at else None,
            )
            rotate_token(request)
            at_hall = f"{reverse('security')}?done=password"
            return redirect(at_hall if host_key(request) else f"{reverse('account')}?changed=password")
        except ValidationError as refusal:
            form.add_error("password", refusal.messages)
        except (sign_in.WrongPassword, sessions.SignedOutMeanwhile) as refusal:
            form.add_error("current" if "current" in form.fields else None, str(refusal))
        except TooMany as refusal:
            status, headers = 429, too_many(form, refusal)
    context = {
        "form": form,
        "back": own_page(request),
        "is_at_hall": bool(host_key(request)),
        "is_strict": passwords.is_strict(request.session.person),  # type: ignore[attr-defined]
    }
    return page(request, "accounts/password.html", context, status=status, headers=headers)


def own_page(request: HttpRequest) -> str:
    """Return the page of somebody's own account at this host."""
    return reverse("security" if host_key(request) else "account")


def _has_proof(request: HttpRequest) -> bool:
    proved_at = str(request.session.get(BY_CODE, ""))
    return proved_at != "" and timezone.now() - datetime.fromisoformat(proved_at) < PROOF_LASTS


def _check_current(request: HttpRequest, typed: str) -> None:
    # the same counters as signing in: a stolen session must not be a place to guess
    sign_in.by_password(
        actor_of(request).username,
        typed,
        hall=host_key(request),
        address=client_address(request),
        now=timezone.now(),
        how="change",
    )


@sensitive_post_parameters("password", "code", "passkey")
@own_door
@require_http_methods(["GET", "POST"])
def confirm(request: HttpRequest) -> HttpResponse:
    """Ask again who this is, by password, code or second factor, before what a lent phone must not do."""
    actor, now = actor_of(request), timezone.now()
    if request.GET.get("how") == proof.SECOND and second_factor.exists(actor.person_id):  # type: ignore[arg-type]
        return confirm_second(request)
    phone = applicant_of(actor).phone
    needs_code = bool(phone) and request.GET.get("how") == proof.CODE
    wants_code = "send" in request.POST and bool(phone)
    takes = {"takes_password": not needs_code, "takes_code": bool(phone)}
    # what asks for a code has filled in nothing yet
    form = ConfirmForm({"code": "-"} if wants_code else request.POST or None, **takes)
    context: dict[str, Any] = {"form": form, "phone": mask_phone(phone), "back": own_page(request)}
    status, headers = 200, {}
    if request.method == "POST" and form.is_valid():
        given = proof.Given(address=client_address(request), now=now)
        try:
            if wants_code:
                code = proof.send(phone, given)
                sent = {
                    "form": ConfirmForm(**takes),
                    "is_sent": True,
                    "shown": code if settings.IS_DEMO else "",
                }
                return page(request, "accounts/confirm.html", {**context, **sent})
            typed = form.cleaned_data
            how = proof.check(actor, phone, given, typed.get("password", ""), typed.get("code", ""))
            proof.note(request.session, how, now=now)
            return redirect(next_path(request, own_page(request)))
        except sign_in.WrongPassword as refusal:
            form.add_error("password", str(refusal))
        except (codes.WrongCode, codes.CodeExpired) as refusal:
            form.add_error("code", str(refusal))
        except sms.NotSent as refusal:
            form.add_error(None, str(refusal))
        except TooMany as refusal:
            status, headers = 429, too_many(form, refusal)
    return page(request, "accounts/confirm.html", context, status=status, headers=headers)


@signed_in
@require_http_methods(["GET", "POST"])
def company_add(request: HttpRequest) -> HttpResponse:
    """Add a company that this person acts for."""
    form = CompanyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            companies.add(
                actor_of(request).person_id,  # type: ignore[arg-type]
                now=timezone.now(),
                **form.cleaned_data,
            )
            return redirect(next_path(request, reverse("account")))
        except companies.OtherName as refusal:
            form.add_error("name", str(refusal))
    return page(request, "accounts/company.html", {"form": form})


@signed_in
@require_POST
def company_leave(request: HttpRequest) -> HttpResponse:
    """Stop acting for a company."""
    companies.leave(actor_of(request).person_id, uscc=request.POST.get("uscc", ""))  # type: ignore[arg-type]
    return redirect("account")
