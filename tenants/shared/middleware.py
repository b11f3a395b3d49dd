"""The hall of a request comes from its host name alone; its work is one transaction as that hall's role."""

from collections.abc import Callable
from contextlib import AbstractContextManager

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.request import split_domain_port
from django.shortcuts import render

from tenants.shared import queries, scope
from tenants.shared.models import Hall

Handler = Callable[[HttpRequest], HttpResponse]
# answered without a database scope: they must work when the database does not
SCOPELESS = ("/healthz", "/readyz", "/static/")


# the city's console: entered as `city`, and only by somebody with a role there
CITY_PATH = "/city/"


def _public_scope(request: HttpRequest) -> AbstractContextManager[scope.Scope]:
    is_city = bool(request.actor.city_role) and request.path.startswith(CITY_PATH)  # type: ignore[attr-defined]
    return scope.city() if is_city else scope.portal()


class HallMiddleware:
    """Set `request.hall` (None on the portal) and the URLs that belong to it; an unknown host gets a page that leads on."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.hall = None  # type: ignore[attr-defined]
        if request.path.startswith(SCOPELESS):
            return self.get_response(request)
        host = split_domain_port(request.get_host())[0].rstrip(".").lower()
        hall = queries.hall_of(host)
        if hall is not None:
            request.hall = hall  # type: ignore[attr-defined]
            request.urlconf = settings.HALL_URLCONF
        elif host != queries.city().portal_domain:
            return render(request, "errors/no_hall.html", status=404)
        return self.get_response(request)


class ScopeMiddleware:
    """Run the view as the hall's role (or as `portal`) in one transaction; an answer of 400 or more rolls it back."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(SCOPELESS):
            return self.get_response(request)
        hall: Hall | None = request.hall  # type: ignore[attr-defined]
        try:
            return self._in_scope(request, hall)
        except scope.WrongHall:
            # the cache may be up to five seconds old: ask again, once
            queries.forget()
            request.hall = hall = queries.hall_of(
                split_domain_port(request.get_host())[0].rstrip(".").lower()
            )  # type: ignore[attr-defined]
            if hall is None:
                return render(request, "errors/no_hall.html", status=404)
            return self._in_scope(request, hall)

    def _in_scope(self, request: HttpRequest, hall: Hall | None) -> HttpResponse:
        with scope.hall(hall) if hall else _public_scope(request) as entered:
            request.hall_state = entered.state  # type: ignore[attr-defined]
            response = self.get_response(request)
            if response.status_code >= 400:
                transaction.set_rollback(True)
        return response
