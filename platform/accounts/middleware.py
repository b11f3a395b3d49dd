"""Whose session this is and who is asking: read on `gate`, before the hall's work begins."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.sessions.middleware import SessionMiddleware as DjangoSessionMiddleware
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from accounts import demands, user_agents
from accounts.actor import NOBODY, Actor
from accounts.masking import mask_address
from accounts.network import client_address
from accounts.queries import actor_of_token
from accounts.sessions import PARENT, PROVED, Origin, SessionStore

TOKEN_SCHEME = "Token "  # noqa: S105 -- the name of a scheme
# asks how long a session may still be idle; asking is no work
LEFT_PATH = "/account/session/"


def host_key(request: HttpRequest) -> str:
    """Return the stamp of this host's sessions and tokens: the hall's key, or empty on the portal."""
    hall = getattr(request, "hall", None)
    return hall.key if hall is not None else ""


class SessionMiddleware(DjangoSessionMiddleware):
    """Django's session middleware with a store that knows its hall."""

    def process_request(self, request: HttpRequest) -> None:
        """Give the request the session of this host."""
        key = request.COOKIES.get(settings.SESSION_COOKIE_NAME)

        def origin() -> Origin:
            device = user_agents.words(request.headers.get("User-Agent", ""))
            return Origin(device, mask_address(client_address(request)))

        request.session = SessionStore(key, hall=host_key(request), origin=origin)


class PersonMiddleware:
    """Set `request.actor`: from the API's token where one is given, else from the session, else nobody."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        header = request.headers.get("Authorization", "")
        request.has_token = header.startswith(TOKEN_SCHEME) and request.path.startswith("/api/")  # type: ignore[attr-defined]
        if request.has_token:  # type: ignore[attr-defined]
            request.actor = actor_of_token(header.removeprefix(TOKEN_SCHEME).strip(), host_key(request))  # type: ignore[attr-defined]
        else:
            request.actor = self._of_session(request)  # type: ignore[attr-defined]
        return self.get_response(request)

    def _of_session(self, request: HttpRequest) -> Actor:
        if settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return NOBODY
        session: SessionStore = request.session  # type: ignore[assignment]
        came_by_ticket = bool(session.get(PARENT))
        person = session.person
        if person is None:
            return NOBODY
        if request.path != LEFT_PATH or request.method == "POST":
            session.touch(now=timezone.now())
        is_proved = bool(session.get(PROVED))
        if demands.second_factor([person.city_role]) and not (is_proved or came_by_ticket):
            # the demand is newer than the session: it is proved by signing in again
            return NOBODY
        return Actor.of(person, may_hold_posts=not came_by_ticket, is_proved=is_proved)
