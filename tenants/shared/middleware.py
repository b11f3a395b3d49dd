"""The hall of a request comes from its host name alone; its work is one transaction as that hall's role."""

from collections.abc import Callable
from contextlib import AbstractContextManager

from django.conf import settings
from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.http.request import split_domain_port
from django.shortcuts import render
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.translation import gettext as _

from accounts.places import origin
from tenants.shared import queries, scope
from tenants.shared.enums import HallState
from tenants.shared.http import HostRequest
from tenants.shared.models import Hall

Handler = Callable[[HostRequest], HttpResponse]
# answered without a database scope: they must work when the database does not
SCOPELESS = ("/healthz", "/readyz", "/static/")


# seconds
RETRY_AFTER = 300
# a browser asks again after so many: a hall that moved may move back
MOVED_SECONDS = 60
# the city's console and its API: entered as `city`, and only by somebody with a role there
CITY_PATHS = ("/city/", "/api/v1/city/")


def _host(request: HostRequest) -> str:
    return split_domain_port(request.get_host())[0].rstrip(".").lower()


def _public_scope(request: HostRequest) -> AbstractContextManager[scope.Scope]:
    is_city = bool(request.actor.city_role) and request.path.startswith(CITY_PATHS)
    return scope.city() if is_city else scope.portal()


def _closed(request: HostRequest, hall: Hall) -> HttpResponse:
    """Answer for a hall whose tables could not be brought up to date: nothing is read or written by code that is ahead of them."""
    if request.path.startswith("/api/"):
        told = _("%(hall)s正在维护，请过一会儿再试") % {"hall": hall.name}
        answer: HttpResponse = JsonResponse({"detail": told, "code": "closed", "fields": {}}, status=503)
    else:
        answer = render(request, "errors/closed_hall.html", {"closed": hall}, status=503)
    answer["Retry-After"] = str(RETRY_AFTER)
    return answer


def gone(request: HostRequest, hall: Hall) -> HttpResponse:
    """Answer for a hall that was deleted: what it issued is still verified by the portal."""
    if request.path.startswith("/api/"):
        told = _("%(hall)s已经撤销") % {"hall": hall.name}
        return JsonResponse({"detail": told, "code": "gone", "fields": {}}, status=410)
    city = queries.city()
    shown = {
        "gone": hall,
        "service_name": city.service_name,
        "hotline": city.hotline,
        "portal_url": origin(request, city.portal_domain),
    }
    return render(request, "errors/gone_hall.html", shown, status=410)


class HallMiddleware:
    """Set `request.hall` (None on the portal) and the URLs that belong to it; an unknown host gets a page that leads on."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HostRequest) -> HttpResponse:
        request.hall = None
        if request.path.startswith(SCOPELESS):
            return self.get_response(request)
        response = self._answer(request)
        if not getattr(response, "is_stale", False):
            return response
        # the cache may be up to five seconds old: ask again, once, from the session on, which is stamped with the hall
        queries.forget()
        del request.urlconf
        request.hall = None
        response = self._answer(request)
        if getattr(response, "is_stale", False) and (hall := queries.hall_of(_host(request))) is not None:
            # its schema is lost, or is another's: nothing is read or written there
            return _closed(request, hall)
        return response

    def _answer(self, request: HostRequest) -> HttpResponse:
        host = _host(request)
        hall = queries.hall_of(host)
        if hall is None:
            if host != queries.city().portal_domain:
                return render(request, "errors/no_hall.html", status=404)
            return self.get_response(request)
        if hall.state == HallState.DELETED:
            return gone(request, hall)
        if hall.quarantined_at:
            return _closed(request, hall)
        request.hall = hall
        request.urlconf = settings.HALL_URLCONF
        return self.get_response(request)


def _moved(request: HostRequest, hall: Hall) -> HttpResponse | None:
    """Lead whoever comes to a former address to the new one, page by page; None where the request is answered here.

    Who has signed in there goes on to the end of their session, and what a form sends is taken: cookies are one host's, so
    that a redirect would lose both. Nothing new begins there: whoever signs in does so at the new address.
    """
    if hall.host == _host(request) or not hall.host or request.actor.is_authenticated:
        return None
    if request.method not in {"GET", "HEAD"}:
        return None
    response = HttpResponseRedirect(origin(request, hall.host) + request.get_full_path(), status=301)
    patch_vary_headers(response, ["Cookie", "Authorization"])
    patch_cache_control(response, private=True, max_age=MOVED_SECONDS)
    return response


class ScopeMiddleware:
    """Run the view as the hall's role (or as `portal`) in one transaction; an answer of 400 or more rolls it back."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HostRequest) -> HttpResponse:
        if request.path.startswith(SCOPELESS):
            return self.get_response(request)
        hall: Hall | None = request.hall
        if hall is not None and (moved := _moved(request, hall)) is not None:
            return moved
        try:
            return self._in_scope(request, hall)
        except scope.WrongHall:
            # nothing was done yet; HallMiddleware begins anew
            response = HttpResponse(status=503, headers={"Retry-After": "1"})
            response.is_stale = True  # type: ignore[attr-defined]
            return response

    def _in_scope(self, request: HostRequest, hall: Hall | None) -> HttpResponse:
        with scope.hall(hall) if hall else _public_scope(request) as entered:
            request.hall_state = entered.state
            request.staff_may_finish = entered.staff_may_finish
            response = self.get_response(request)
            if response.status_code >= 400:
                transaction.set_rollback(True)
        return response
