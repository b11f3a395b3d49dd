"""实名认证 at the portal: what level somebody has, and the ways up: name and number, the national platform, the window."""

from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import checking, oidc, places
from accounts.access import actor_of, signed_in
from accounts.enums import Level, ProvedBy
from accounts.forms import IdentityForm
from accounts.models import Person
from accounts.paths import next_path, safe_path
from accounts.services import identity
from accounts.services.counters import TooMany
from accounts.views.answers import page, too_many

# where to go on to when it is done, while the browser is at the platform
_ONWARD = "identity_onward"


def _me(request: HttpRequest) -> Person:
    return Person.objects.get(pk=actor_of(request).person_id)  # type: ignore[misc]  # signed_in has asked


def _onward(request: HttpRequest) -> dict[str, str]:
    """Return where the person came from: a path here, or a hall's host and a path there."""
    host = request.GET.get("to", "").lower()
    hall = places.hall_at(host) if host else None
    path = next_path(request, "")
    if not path:
        return {}
    return {"to": host, "next": path} if hall else {"next": path}


def _address(request: HttpRequest, kept: dict[str, str]) -> str:
    """Return the address of the place that somebody came from; empty for none."""
    path = safe_path(kept.get("next", ""), "")
    host = kept.get("to", "")
    if not path or not host:
        return path
    return f"{places.origin(request, host)}{path}" if places.hall_at(host) else ""


def _page(
    request: HttpRequest,
    *,
    kept: dict[str, str],
    form: IdentityForm | None = None,
    problem: str = "",
    code: str = "",
    status: int = 200,
    headers: dict[str, str] | None = None,
) -> HttpResponse:
    me = _me(request)
    may_claim = me.level != Level.VERIFIED
    # the number is typed anew: whoever finds an open session learns no more than the masked one
    context: dict[str, Any] = {
        "level": me.level,
        "is_verified": me.level == Level.VERIFIED,
        "has_number": bool(me.id_number),
        "is_format_only": me.proved_by == ProvedBy.FORMAT,
        "form": (form or IdentityForm(initial={"name": me.name})) if may_claim else None,
        "problems": [problem] if problem else [],
        "has_platform": oidc.is_set(),
        "code": code,
        "minutes": int(identity.CODE_LASTS.total_seconds() // 60),
        "back": _address(request, kept),
        "query": urlencode(kept),
        "is_done": request.GET.get("done") == "1",
    }
    return page(request, "accounts/identity.html", context, status=status, headers=headers)


@sensitive_post_parameters("name", "id_number")
@signed_in
@require_http_methods(["GET", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """Show the level and the ways up; POST claims name and number."""
    kept = _onward(request)
    if request.method != "POST":
        return _page(request, kept=kept)
    form = IdentityForm(request.POST)
    status, headers = 200, {}
    if form.is_valid():
        try:
            identity.claim(actor_of(request).person_id, now=timezone.now(), **form.cleaned_data)  # type: ignore[arg-type]
            return redirect(f"{reverse('identity')}?{urlencode({**kept, 'done': 1})}")
        except identity.NumberTaken as refusal:
            form.add_error("id_number", str(refusal))
            status = 409
        except (identity.AlreadyVerified, checking.NoMatch, checking.NotReachable) as refusal:
            form.add_error(None, str(refusal))
        except TooMany as refusal:
            status, headers = 429, too_many(form, refusal)
    return _page(request, kept=kept, form=form, status=status, headers=headers)


@signed_in
@require_GET
def platform(request: HttpRequest) -> HttpResponse:
    """Lead to the national platform; where the person came from waits in the session."""
    if not oidc.is_set():
        return redirect("identity")
    kept = _onward(request)
    request.session[_ONWARD] = kept
    try:
        return oidc.send(request, request.build_absolute_uri(reverse("identity-callback")))
    except oidc.NotThere as refusal:
        return _page(request, kept=kept, problem=str(refusal), status=503)


@signed_in
@require_GET
def callback(request: HttpRequest) -> HttpResponse:
    """Take what the platform says; the account that began it is verified, or nothing is."""
    if not oidc.is_set():
        return redirect("identity")
    kept: dict[str, str] = request.session.pop(_ONWARD, {})
    me = actor_of(request).person_id
    try:
        claims = oidc.claims_of(request)
        identity.verify(
            me,  # type: ignore[arg-type]
            name=claims.name,
            id_number=claims.id_number,
            how=ProvedBy.PLATFORM,
            by=me,  # type: ignore[arg-type]
            now=timezone.now(),
        )
    except oidc.NotThere as refusal:
        return _page(request, kept=kept, problem=str(refusal), status=503)
    except (oidc.Cancelled, oidc.NotOurs) as refusal:
        return _page(request, kept=kept, problem=str(refusal), status=400)
    except (identity.OtherPerson, identity.NumberTaken) as refusal:
        return _page(request, kept=kept, problem=str(refusal), status=409)
    except ValidationError:
        return _page(
            request, kept=kept, problem=_("认证平台给的证件号我们认不得，请带证件到窗口认证"), status=409
        )
    return redirect(f"{reverse('identity')}?{urlencode({**kept, 'done': 1})}")


@signed_in
@require_POST
def window_code(request: HttpRequest) -> HttpResponse:
    """Show a code for the window."""
    code = identity.show_code(actor_of(request).person_id, now=timezone.now())  # type: ignore[arg-type]
    return _page(request, kept=_onward(request), code=code)
