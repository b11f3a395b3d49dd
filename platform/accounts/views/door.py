"""A citizen's way from the portal into a hall: three redirects that nobody notices.

A hall's /come-in/ keeps a nonce in a cookie and sends its hash to the portal's /enter/, which gives a ticket to whoever
has signed in there; the hall's /arrive/ spends it and begins the session. None of them leads back by itself, so there is no loop.
"""

import re
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.request import split_domain_port
from django.middleware.csrf import rotate_token
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.views.decorators.http import require_GET

from accounts import places
from accounts.access import actor_of
from accounts.middleware import host_key
from accounts.network import client_address
from accounts.paths import next_path, with_next
from accounts.queries import digest
from accounts.services import sessions, tickets
from accounts.services.sign_in import write_down
from accounts.views.answers import page

NONCE_SECONDS = 15 * 60
_NONCE = re.compile(r"[A-Za-z0-9_-]{43}")
_DIGEST = re.compile(r"[0-9a-f]{64}")


def nonce_cookie() -> str:
    """Return the name of the cookie that binds a ticket to one browser."""
    return "__Host-nonce" if settings.SESSION_COOKIE_SECURE else "nonce"


@require_GET
def come_in(request: HttpRequest) -> HttpResponse:
    """Send a citizen from a hall to the portal's way in, and on to `next` here when it is done."""
    onward = next_path(request)
    if actor_of(request).is_authenticated:
        return redirect(onward)
    known = request.COOKIES.get(nonce_cookie(), "")
    # two pages opened at once share one nonce: the second must not lock the first out
    nonce = known if _NONCE.fullmatch(known) else tickets.new_nonce()
    host = split_domain_port(request.get_host())[0].rstrip(".").lower()
    query = urlencode({"to": host, "nonce": digest(nonce), "next": onward})
    enter = reverse("enter-hall", urlconf=settings.ROOT_URLCONF)
    response = _away(f"{places.origin(request, places.portal_host())}{enter}?{query}")
    response.set_cookie(
        nonce_cookie(),
        nonce,
        max_age=NONCE_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


@require_GET
def enter(request: HttpRequest) -> HttpResponse:
    """Give a ticket into the hall of this host to whoever has signed in at the portal; others sign in first."""
    host = request.GET.get("to", "").lower()
    hall = places.hall_at(host)
    nonce_digest = request.GET.get("nonce", "")
    if hall is None or not _DIGEST.fullmatch(nonce_digest):
        raise Http404
    if not actor_of(request).is_authenticated:
        return redirect(with_next(reverse("sign-in"), request.get_full_path()))
    ticket = tickets.issue(
        request.session,  # type: ignore[arg-type]
        hall=hall.key,
        nonce_digest=nonce_digest,
        now=timezone.now(),
    )
    arrive_path = reverse("arrive", urlconf=settings.HALL_URLCONF)
    query = urlencode({"ticket": ticket, "next": next_path(request)})
    return _away(f"{places.origin(request, host)}{arrive_path}?{query}")


@require_GET
def arrive(request: HttpRequest) -> HttpResponse:
    """Spend a ticket and begin the citizen's session of this hall; a ticket that is no good begins nothing."""
    onward, now = next_path(request), timezone.now()
    nonce = request.COOKIES.get(nonce_cookie(), "")
    try:
        spent = tickets.spend(request.GET.get("ticket", ""), hall=host_key(request), nonce=nonce, now=now)
        sessions.begin_from(request.session, spent, now=now)  # type: ignore[arg-type]
    except (tickets.NotAdmitted, sessions.SignedOutMeanwhile):
        if actor_of(request).is_authenticated:
            return _unreferred(redirect(onward))
        # the ticket in this page's address is spent: a form of the page needs its Origin more than the address hiding
        return page(request, "accounts/not_admitted.html", status=403)
    write_down(
        spent.person, hall=spent.hall, how="ticket", succeeded=True, address=client_address(request), now=now
    )
    rotate_token(request)
    response = _unreferred(redirect(onward))
    response.delete_cookie(nonce_cookie(), samesite="Lax")
    return response


def _away(url: str) -> HttpResponse:
    """Redirect to another host of ours: the URL is made of a host that stands in a row, never of what was asked."""
    return _unreferred(redirect(url))


def _unreferred(response: HttpResponse) -> HttpResponse:
    """Let the address, which holds a ticket, be told to nobody and kept by nobody."""
    response["Referrer-Policy"] = "no-referrer"
    add_never_cache_headers(response)
    return response
