"""Looking at the draft in real pages: for one session of whoever may publish it, and for nobody else.

The session says so, on its own host alone. Each such page is one that nothing may keep (Cache-Control: no-store), and
says at its top what it is.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from accounts.access import actor_of
from accounts.enums import CityRole
from tenants.hall.enums import PostRole
from tenants.shared.models import Hall
from theming.looks import Look

KEY = "theme_preview"


def may_dress(request: HttpRequest) -> bool:
    """Say whether who asks may change the look of this host: the hall's admin, on the portal the city's."""
    actor = getattr(request, "actor", None)
    if actor is None or not actor.is_authenticated:
        return False
    if getattr(request, "hall", None) is not None:
        return bool(actor_of(request).holds(PostRole.HALL_ADMIN))
    return str(actor_of(request).city_role) == CityRole.CITY_ADMIN


def is_on(request: HttpRequest) -> bool:
    """Say whether this request is shown the draft."""
    return bool(getattr(request, "theme_preview", False))


def start(request: HttpRequest) -> None:
    """Show this session the draft from now on."""
    request.session[KEY] = True


def stop(request: HttpRequest) -> None:
    """Show this session what everybody sees again."""
    request.session.pop(KEY, None)


def address(hall: Hall | None) -> str:
    """Return where the preview begins and ends; pages that know no other addresses ask for it too."""
    return "/staff/theme/preview/" if hall else "/city/theme/preview/"


def stylesheet_url(hall: Hall | None, look: Look) -> str:
    """Return the address of the draft's stylesheet."""
    return f"{'/staff' if hall else '/city'}/theme/draft-{look.hash}.css"


class PreviewMiddleware:
    """Mark the requests that are shown the draft, inside the scope, and let nobody keep what they get."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # the session is asked last: it is read for those alone who may dress the hall
        if not may_dress(request) or not request.session.get(KEY):
            return self.get_response(request)
        request.theme_preview = True  # type: ignore[attr-defined]
        response = self.get_response(request)
        response["Cache-Control"] = "private, no-store"
        for name in ("ETag", "Last-Modified"):
            response.headers.pop(name, None)
        return response
