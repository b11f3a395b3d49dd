"""What the city changed under a hall's look: three values, and the hall's decision."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.access import actor_of
from theming import parts, queries
from theming.looks import Review
from theming.parts import BY_KEY
from theming.services import reviews as services
from theming.services.problems import ChangedMeanwhile, ThemeRefused
from theming.views.desk import Desk, dresser_required


@require_http_methods(["GET", "HEAD", "POST"])
@dresser_required
def reviews(request: HttpRequest) -> HttpResponse:
    """Show each part that waits with its three values; POST decides one: `part`, `decision`, `reason`."""
    if request.method != "POST":
        return _page(request)
    key, decision = request.POST.get("part", ""), request.POST.get("decision", "")
    hall = request.hall  # type: ignore[attr-defined]
    try:
        services.decide(
            hall,
            key,
            services.ACCEPT if decision == services.ACCEPT else services.KEEP,
            seen=request.POST.get("seen", ""),
            reason=request.POST.get("reason", ""),
            by=actor_of(request),
            now=timezone.now(),
        )
    except ThemeRefused as problem:
        return _page(request, str(problem), status=409 if isinstance(problem, ChangedMeanwhile) else 422)
    done = "accepted" if decision == services.ACCEPT else "kept"
    return redirect(f"{reverse('theme-reviews')}?{done}=1")


def _page(request: HttpRequest, problem: str = "", *, status: int = 200) -> HttpResponse:
    desk = Desk.of(request)
    waiting = [_shown(review) for review in queries.reviews_of(desk.live, desk.city)]
    shown: dict[str, Any] = {
        "rows": waiting,
        "problems": [problem] if problem else [],
        "typed": {request.POST.get("part", ""): request.POST.get("reason", "")} if problem else {},
        "done": next((name for name in ("accepted", "kept") if name in request.GET), ""),
    }
    return render(request, "theming/reviews.html", shown, status=status)


def _shown(review: Review) -> dict[str, Any]:
    said = {
        name: parts.words(review.key, value) if value is not None or review.key in {"logo", "banner"} else ""
        for name, value in (("before", review.before), ("now", review.now), ("ours", review.ours))
    }
    return {
        "key": review.key,
        "label": BY_KEY[review.key].label,
        "group": BY_KEY[review.key].group,
        "before": said["before"],
        "now": [{"kind": "same" if said["before"] == said["now"] else "ins", "text": said["now"]}],
        "ours": said["ours"],
        "is_in_force": not review.is_locked,
        "seen": review.seen,
    }
