"""Who may see a page: decorators for views. They read `request.actor`, which the middleware has set."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.capabilities import Can, roles_of
from accounts.enums import CityRole
from accounts.paths import HOME, with_next
from accounts.queries import applicant_of
from accounts.services import proof

View = Callable[..., HttpResponseBase]
STAFF_SIGN_IN, SIGN_IN, COME_IN = "staff-sign-in", "sign-in", "come-in"


def actor_of(request: HttpRequest) -> Actor:
    """Return who is asking."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def signed_in(view: View) -> View:
    """Let in whoever has signed in; a citizen in a hall comes by way of the portal without noticing, and back here."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if actor_of(request).is_authenticated:
            return view(request, *args, **kwargs)
        return _to_sign_in(request, SIGN_IN if _is_portal(request) else COME_IN)

    return guarded


def proved_anew(*, by_code: bool = False) -> Callable[[View], View]:
    """Let in whoever proved in the last minutes who they are, by a code where one is asked for; others prove it and come back."""

    def decorate(view: View) -> View:
        @signed_in
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            has_phone = by_code and bool(applicant_of(actor_of(request)).phone)
            if proof.is_fresh(request.session, by_code=has_phone, now=timezone.now()):
                return view(request, *args, **kwargs)
            way = with_next(reverse("account-confirm"), request.get_full_path())
            return redirect(f"{way}&how={proof.CODE}" if by_code else way)

        return guarded

    return decorate


def post_required(*roles: Any) -> Callable[[View], View]:
    """Let in who holds one of these posts in this hall (any post, when none is named).

    Whoever has not signed in is led to the hall's own sign-in; others get a 403 page that names the post.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            actor = actor_of(request)
            if not actor.is_authenticated:
                return _to_sign_in(request, STAFF_SIGN_IN)
            if not (actor.holds(*(str(role) for role in roles)) if roles else actor.is_staff_here):
                posts = "、".join(str(getattr(role, "label", role)) for role in roles) or _("本厅工作人员")
                raise PermissionDenied(_("这一页要用%(post)s的账号看。") % {"post": posts})
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def city_required(*allowed: Can | CityRole) -> Callable[[View], View]:
    """Let in whose role in the city has one of these capabilities (any role, when nothing is named). For pages of the portal.

    Which roles those are stands in `accounts.capabilities`; the view bears them as `city_roles`.
    """
    roles = roles_of(allowed) if allowed else frozenset(CityRole)

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            actor = actor_of(request)
            if not actor.is_authenticated:
                return _to_sign_in(request, SIGN_IN)
            if actor.city_role not in roles:
                named = [str(role.label) for role in CityRole if role in roles] if allowed else []
                posts = "、".join(named) or _("市级工作人员")
                raise PermissionDenied(_("这一页要用%(post)s的账号看。") % {"post": posts})
            return view(request, *args, **kwargs)

        guarded.city_roles = roles  # type: ignore[attr-defined]
        return guarded

    return decorate


def _is_portal(request: HttpRequest) -> bool:
    return getattr(request, "hall", None) is None


def _to_sign_in(request: HttpRequest, name: str) -> HttpResponse:
    if request.method in {"GET", "HEAD"}:
        return redirect(with_next(reverse(name), request.get_full_path()))
    # what a form sends may not leave this host (CSP form-action), and is not sent again after signing in
    return render(
        request, "accounts/sign_in_first.html", {"way_in": with_next(reverse(name), HOME)}, status=403
    )
