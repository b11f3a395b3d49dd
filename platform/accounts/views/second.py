"""Asking for a second factor: the page that signing in and proving it anew share."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from accounts.access import actor_of
from accounts.enums import FactorKind
from accounts.forms import OtpForm
from accounts.middleware import host_key
from accounts.models import Person
from accounts.network import client_address
from accounts.paths import HOME, next_path
from accounts.services import passkeys, proof, second_factor
from accounts.services.counters import TooMany
from accounts.views import setting_up
from accounts.views.answers import page, too_many


def asked(request: HttpRequest, person: Person, context: dict[str, Any]) -> HttpResponse | None:
    """Return the page that asks for a code or a passkey, with what was wrong; None when it was right."""
    is_passkey = "passkey" in request.POST
    form = OtpForm(request.POST or None, is_needed=not is_passkey)
    status, headers = 200, dict[str, str]()
    if form.is_valid():
        try:
            _prove(request, person, form.cleaned_data["code"], is_passkey=is_passkey)
            return None
        except second_factor.NotProved as refusal:
            form.add_error(None if is_passkey else "code", str(refusal))
        except TooMany as refusal:
            status, headers = 429, too_many(form, refusal)
    site, now = setting_up.site(request), timezone.now()
    shown = {
        "form": form,
        "has_totp": person.factors.filter(kind=FactorKind.TOTP).exists(),
        "options": passkeys.to_use(site, person, setting_up.key(request), now=now),
    }
    return page(request, "accounts/second.html", {**context, **shown}, status=status, headers=headers)


def _prove(request: HttpRequest, person: Person, code: str, *, is_passkey: bool) -> None:
    at = second_factor.At(host_key(request), client_address(request), timezone.now())
    if not is_passkey:
        second_factor.by_code(person, code, at)
        return
    answer = request.POST["passkey"][: passkeys.LONGEST_ANSWER]
    passkeys.use(setting_up.site(request), person, setting_up.key(request), answer, at)


def confirm_second(request: HttpRequest) -> HttpResponse:
    """Ask somebody who is signed in for their second factor again; then go on."""
    person = Person.objects.get(pk=actor_of(request).person_id)  # type: ignore[misc]
    onward = next_path(request)
    refused = asked(request, person, {"is_anew": True, "leave": HOME})
    if refused is not None:
        return refused
    proof.note(request.session, proof.SECOND, now=timezone.now())
    return redirect(onward)
