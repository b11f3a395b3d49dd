"""After the password: the second factor, setting one up, a password that has run out. Pages of a half session alone.

The same at the portal and in every hall. Whoever is not half in is led to the door they came from.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import rotate_token
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts import devices, places
from accounts.forms import NewPasswordForm, RecoveryForm
from accounts.middleware import host_key
from accounts.models import Person
from accounts.network import client_address
from accounts.paths import with_next
from accounts.services import people, second_factor, sessions
from accounts.services.counters import TooMany
from accounts.services.entering import Half, Stage, done, go_on, stages_of
from accounts.sessions import SessionStore
from accounts.views import setting_up
from accounts.views.answers import page, too_many
from accounts.views.second import asked

PAGES = {
    Stage.PROVE: "sign-in-second",
    Stage.SET_UP: "sign-in-set-up",
    Stage.PASSWORD: "sign-in-password",
}
View = Callable[..., HttpResponse]


def enter(
    request: HttpRequest,
    person: Person,
    *,
    onward: str,
    typed: str = "",
    is_by_code: bool = False,
    remembers: bool = False,
) -> HttpResponse:
    """Let in whoever has just proved this account by password (`typed`) or phone code, or ask for what is still owed.

    `remembers` lets the browser be known afterwards. Raises sessions.SignedOutMeanwhile.
    """
    roles = places.roles_here(request, person.pk, person.city_role)
    half = Half(stages_of(person, roles, typed, now=timezone.now()), onward, is_by_code, remembers)
    # what was half begun before is forgotten: it may have gone on in another window
    _session(request).flush()
    return _onward(request, person, half)


def _onward(request: HttpRequest, person: Person, half: Half) -> HttpResponse:
    stage = go_on(_session(request), person, half, now=timezone.now())
    rotate_token(request)
    if stage:
        return redirect(_page_of(request, half))
    answer = redirect(half.onward)
    if half.remembers:
        devices.remember(answer, person)
    return answer


def _page_of(request: HttpRequest, half: Half) -> str:
    """Return the page of the next stage; at the portal with where it leads, so that its form may lead on into a hall (CSP)."""
    path = reverse(PAGES[Stage(half.stages[0])])
    return path if host_key(request) else with_next(path, half.onward)


def _session(request: HttpRequest) -> SessionStore:
    session: SessionStore = request.session  # type: ignore[assignment]
    return session


def at_stage(*stages: Stage) -> Callable[[View], View]:
    """Let in a half session that is at one of these stages; it hands on person and half. Others go to their next page."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, **kwargs: Any) -> HttpResponse:
            half, person = Half.of(_session(request)), _session(request).half
            if half is None or person is None:
                return redirect(sign_in_page(request))
            if half.stages[0] not in stages:
                return redirect(_page_of(request, half))
            return view(request, person, half, **kwargs)

        return guarded

    return decorate


def sign_in_page(request: HttpRequest) -> str:
    """Return the page of signing in of this host."""
    return reverse("staff-sign-in" if host_key(request) else "sign-in")


def _pass(request: HttpRequest, person: Person, half: Half, stage: Stage) -> HttpResponse:
    """Go on after a stage; to signing in again where the account changed meanwhile."""
    try:
        return _onward(request, person, done(half, stage, now=timezone.now()))
    except sessions.SignedOutMeanwhile:
        _session(request).flush()
        return redirect(sign_in_page(request))


@sensitive_post_parameters("code", "passkey")
@require_http_methods(["GET", "POST"])
@at_stage(Stage.PROVE)
def prove(request: HttpRequest, person: Person, half: Half) -> HttpResponse:
    """Ask for a code of the authenticator, or the passkey."""
    refused = asked(request, person, {"is_anew": False, "leave": sign_in_page(request)})
    return _pass(request, person, half, Stage.PROVE) if refused is None else refused


@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
@at_stage(Stage.PROVE)
def recover(request: HttpRequest, person: Person, half: Half) -> HttpResponse:
    """Ask for a recovery code of somebody who has lost every device; they see to their factors next."""
    form = RecoveryForm(request.POST or None)
    status, headers = 200, dict[str, str]()
    if request.method == "POST" and form.is_valid():
        try:
            at = second_factor.At(host_key(request), client_address(request), timezone.now())
            left = second_factor.by_recovery_code(person, form.cleaned_data["code"], at)
            # what was lost is taken off the list first
            lost = replace(half, onward=f"{reverse('security')}?recovered={left}")
            return _pass(request, person, lost, Stage.PROVE)
        except second_factor.NotProved as refusal:
            form.add_error("code", str(refusal))
        except TooMany as refusal:
            status, headers = 429, too_many(form, refusal)
    return page(request, "accounts/recover.html", {"form": form}, status=status, headers=headers)


@sensitive_post_parameters("code", "passkey")
@require_http_methods(["GET", "POST"])
@at_stage(Stage.SET_UP)
def set_up(request: HttpRequest, person: Person, half: Half, *, is_passkey: bool = False) -> HttpResponse:
    """Let somebody whose post demands a second factor make their first one; nothing else works before it is there."""
    way = setting_up.passkey if is_passkey else setting_up.totp
    made = way(request, person, {"is_first": True, "leave": sign_in_page(request)})
    if isinstance(made, HttpResponse):
        return made
    codes = second_factor.new_recovery_codes(person, now=timezone.now())
    answer = _pass(request, person, half, Stage.SET_UP)
    shown = setting_up.codes_page(request, codes, onward=answer["Location"])
    shown.cookies = answer.cookies
    return shown


@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
@at_stage(Stage.PASSWORD)
def new_password(request: HttpRequest, person: Person, half: Half) -> HttpResponse:
    """Ask for another password: the one that was right is too old, or too simple for the post."""
    form = NewPasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            changed = people.change_password(
                person.pk, password=form.cleaned_data["password"], now=timezone.now()
            )
            # it ended with all the others: what goes on is what was proved here
            _session(request).flush()
            return _pass(request, changed, half, Stage.PASSWORD)
        except ValidationError as refusal:
            form.add_error("password", refusal.messages)
    lead = _("密码到期了，或对您的岗位太简单。换好才能接着用。")
    context = {"form": form, "back": sign_in_page(request), "lead": lead, "is_strict": True}
    return page(request, "accounts/password.html", context)
