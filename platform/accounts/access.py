"""Who may see a page: decorators for views. They read `request.actor`, which the middleware has set."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.capabilities import Can, roles_of
from accounts.enums import CityRole
from accounts.paths import HOME, safe_path, with_next
from accounts.queries import applicant_of
from accounts.services import proof, second_factor

View = Callable[..., HttpResponseBase]
# tells the page of signing in why somebody is there
IDLE = "why=idle"
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


def own_door(view: View) -> View:
    """Let in whoever has signed in by the door that is theirs: anybody at the portal, its staff at a hall."""
    as_citizen, as_staff = signed_in(view), post_required()(view)

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return (as_citizen if _is_portal(request) else as_staff)(request, *args, **kwargs)

    return guarded


def proved_anew(*, by_code: bool = False, by_second: bool = False) -> Callable[[View], View]:
    """Let in whoever proved in the last minutes who they are; others prove it and come back.

    `by_code` asks for a code to the phone of whoever has one, `by_second` for the second factor of whoever has one.
    """

    def decorate(view: View) -> View:
        @signed_in
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            has_phone = by_code and bool(applicant_of(actor_of(request)).phone)
            person = actor_of(request).person_id
            has_second = by_second and person is not None and second_factor.exists(person)
            if proof.is_fresh(request.session, by_code=has_phone, by_second=has_second, now=timezone.now()):
                return view(request, *args, **kwargs)
            how = proof.SECOND if has_second else proof.CODE if by_code else ""
            query = {"next": _page_of(request, request.get_full_path()), **({"how": how} if how else {})}
            return redirect(f"{reverse('account-confirm')}?{urlencode(query)}")

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


def _page_of(request: HttpRequest, default: str) -> str:
    """Return the page to come back to: this one, or the one that sent a form; the default where no browser says which."""
    if request.method in {"GET", "HEAD"}:
        return request.get_full_path()
    came = urlsplit(request.headers.get("Referer", ""))
    if came.netloc != request.get_host():
        return default
    return safe_path(came.path + (f"?{came.query}" if came.query else ""), default)


def _to_sign_in(request: HttpRequest, name: str) -> HttpResponse:
    way = with_next(reverse(name), _page_of(request, HOME))
    if getattr(getattr(request, "session", None), "was_idle", False):
        way += f"{'&' if '?' in way else '?'}{IDLE}"
    if request.method in {"GET", "HEAD"}:
        return redirect(way)
    # what a form sends may not leave this host (CSP form-action), and is not sent again after signing in
    return render(request, "accounts/sign_in_first.html", {"way_in": way}, status=403)
