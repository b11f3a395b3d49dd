"""Who is asking, in this hall, and whether the hall's state lets them: read and decided inside the hall's scope."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import demands
from accounts.actor import NOBODY, Actor
from tenants.hall.queries import posts_of
from tenants.hall.services import visits
from tenants.shared.http import HostRequest
from tenants.shared.life import gate
from tenants.shared.life.transitions import Work
from tenants.shared.middleware import gone

STAFF_PATHS = ("/staff/", "/clerk/")
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
        if actor is None or actor.visit is None or request.method in gate.SAFE:
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
        return actor.visiting(visit, visits.LOOKS if request.method in gate.SAFE else visits.ACTS)


class LifeMiddleware:
    """Refuse what the hall's state does not let this person see or do, before any view: one place for pages and API."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HostRequest, view: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Answer in the view's place where the state says so. A safe request to a hall that everybody sees costs nothing."""
        if request.hall is None or request.resolver_match is None:
            return None
        name, state, method = request.resolver_match.view_name, request.hall_state, request.method or ""
        work = gate.work_of(name, request.path_info, method)
        if request.path_info.startswith(STAFF_PATHS) and not request.actor.is_authenticated:
            # to who has not signed in these pages are the way to the staff's door
            work = Work.DOOR
        try:
            gate.may_enter(state, request.actor, work)
            gate.may_do(
                state,
                request.actor,
                work,
                method,
                staff_may_finish=request.staff_may_finish,
                name=name,
            )
        except gate.NotEntered as problem:
            return self._not_entered(request, problem)
        except gate.DoesNotWork as problem:
            return self._does_not_work(request, problem, work)
        return None

    def _not_entered(self, request: HostRequest, problem: gate.NotEntered) -> HttpResponse:
        if problem.status == 410 and request.hall is not None:
            return gone(request, request.hall)
        if request.path.startswith("/api/"):
            return _refused(str(problem), problem.code, problem.status)
        shown = {
            "words": str(problem),
            "come_in_url": reverse("come-in"),
            "staff_url": reverse("staff-sign-in"),
        }
        return render(request, "errors/not_open.html", shown, status=problem.status)

    def _does_not_work(self, request: HostRequest, problem: gate.DoesNotWork, work: Work) -> HttpResponse:
        if request.path.startswith("/api/"):
            return _refused(f"{problem}。{problem.works}", problem.code, 409)
        shown = {"words": str(problem), "works": problem.works, "is_staff": request.actor.is_staff_here}
        return render(request, "errors/does_not_work.html", shown, status=409)


def _refused(detail: str, code: str, status: int) -> HttpResponse:
    return JsonResponse({"detail": detail, "code": code, "fields": {}}, status=status)
