"""Who is asking, in this hall: the posts of a signed-in person, read inside the hall's scope."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import demands
from accounts.actor import NOBODY, Actor
from tenants.hall.queries import posts_of
from tenants.hall.services import visits

LOOKING = frozenset({"GET", "HEAD", "OPTIONS"})
# what a visitor who only looks may send all the same
LEAVING = frozenset({"staff-visit-end", "sign-out", "theming:display"})


class PostsMiddleware:
    """Give `request.actor` the posts it holds here; a session that came by a ticket carries none, whoever it is.

    Where a post demands a second factor, a session or token without one is nobody's. Somebody of the city without a post is
    a visitor while a visit lets them in: looks, acts only where it was allowed, and each page is put on the hall's record.
    A token of the API never visits.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        actor: Actor | None = getattr(request, "actor", None)
        if actor is not None and actor.may_hold_posts and getattr(request, "hall", None) is not None:
            request.actor = actor = self._with_posts(request, actor)  # type: ignore[attr-defined]
        response = self.get_response(request)
        if actor is not None and actor.visit is not None and response.status_code < 400:
            visits.note(actor, method=str(request.method), path=request.path, now=timezone.now())
        return response

    def process_view(self, request: HttpRequest, *view: Any) -> None:
        """Refuse what a visitor may not send. Raises PermissionDenied."""
        actor: Actor | None = getattr(request, "actor", None)
        match = request.resolver_match
        if actor is None or actor.visit is None or request.method in LOOKING:
            return
        if not actor.visit.may_act and (match is None or match.view_name not in LEAVING):
            raise PermissionDenied(_("应急进入只能看，不能改。要改请重新申请，写明要改什么。"))

    def _with_posts(self, request: HttpRequest, actor: Actor) -> Actor:
        posts = posts_of(actor.person_id)  # type: ignore[arg-type]
        if demands.second_factor(posts) and not actor.is_proved:
            return NOBODY
        if posts or not actor.city_role or request.has_token:  # type: ignore[attr-defined]
            return actor.with_posts(posts)
        visit = visits.visit_of(actor.person_id)  # type: ignore[arg-type]
        if visit is None:
            return actor.with_posts(posts)
        return actor.visiting(visit, visits.LOOKS if request.method in LOOKING else visits.ACTS)
