"""Who is asking, in this hall: the posts of a signed-in person, read inside the hall's scope."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from accounts import demands
from accounts.actor import NOBODY
from tenants.hall.queries import posts_of


class PostsMiddleware:
    """Give `request.actor` the posts it holds here; a session that came by a ticket carries none, whoever it is.

    Where a post demands a second factor, a session or token without one is nobody's.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        actor = getattr(request, "actor", None)
        if actor is not None and actor.may_hold_posts and getattr(request, "hall", None) is not None:
            posts = posts_of(actor.person_id)
            is_owed = demands.second_factor(posts) and not actor.is_proved
            request.actor = NOBODY if is_owed else actor.with_posts(posts)  # type: ignore[attr-defined]
        return self.get_response(request)
