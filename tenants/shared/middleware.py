"""The hall of a request comes from its host name alone; its work is one transaction as that hall's role."""

from collections.abc import Callable
from contextlib import AbstractContextManager

from django.conf import settings
from django.db import transaction
from django.http import HttpResponse, JsonResponse
from django.http.request import split_domain_port
from django.shortcuts import render
from django.utils.translation import gettext as _

from tenants.shared import queries, scope
from tenants.shared.http import HostRequest
from tenants.shared.models import Hall

Handler = Callable[[HostRequest], HttpResponse]
# answered without a database scope: they must work when the database does not
SCOPELESS = ("/healthz", "/readyz", "/static/")


# the city's console and its API: entered as `city`, and only by somebody with a role there
# seconds
RETRY_AFTER = 300
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


class HallMiddleware:
    """Set `request.hall` (None on the portal) and the URLs that belong to it; an unknown host gets a page that leads on."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HostRequest) -> HttpResponse:
        request.hall = None
        if request.path.startswith(SCOPELESS):
            return self.get_response(request)
        host = _host(request)
        hall = queries.hall_of(host)
        if hall is not None:
            if hall.quarantined_at:
                return _closed(request, hall)
            request.hall = hall
            request.urlconf = settings.HALL_URLCONF
        elif host != queries.city().portal_domain:
            return render(request, "errors/no_hall.html", status=404)
        return self.get_response(request)


class ScopeMiddleware:
    """Run the view as the hall's role (or as `portal`) in one transaction; an answer of 400 or more rolls it back."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HostRequest) -> HttpResponse:
        if request.path.startswith(SCOPELESS):
            return self.get_response(request)
        hall: Hall | None = request.hall
        try:
            return self._in_scope(request, hall)
        except scope.WrongHall:
            # the cache may be up to five seconds old: ask again, once
            queries.forget()
            request.hall = hall = queries.hall_of(_host(request))
            if hall is None:
                return render(request, "errors/no_hall.html", status=404)
            return self._in_scope(request, hall)

    def _in_scope(self, request: HostRequest, hall: Hall | None) -> HttpResponse:
        with scope.hall(hall) if hall else _public_scope(request) as entered:
            request.hall_state = entered.state
            response = self.get_response(request)
            if response.status_code >= 400:
                transaction.set_rollback(True)
        return response
