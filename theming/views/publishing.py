"""The pages on which a look is published, looked at before, looked up later and brought back."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import actor_of
from tenants.shared import declared
from theming import parts, preview, queries
from theming.forms import ReasonForm
from theming.models import HallTheme
from theming.parts import PARTS
from theming.services import drafts, publishing
from theming.services.problems import CannotRead, ChangedMeanwhile, ThemeRefused
from theming.views.desk import Desk, dresser_required
from theming.views.editing import overview_page

PAGE_SIZE = 20


@require_POST
@dresser_required
def publish(request: HttpRequest) -> HttpResponse:
    """Put the draft in force; a pair of colours that is too close, or a colleague who was quicker, ends it with the reason."""
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return overview_page(request, form, status=422)
    desk_hall = getattr(request, "hall", None)
    try:
        publishing.publish_draft(
            desk_hall,
            seen=request.POST.get("seen", ""),
            by=actor_of(request),
            reason=form.cleaned_data["reason"],
            now=timezone.now(),
        )
    except CannotRead as problem:
        return overview_page(request, form, problems=problem.lines, status=422)
    except ThemeRefused as problem:
        status = 409 if isinstance(problem, ChangedMeanwhile) else 422
        return overview_page(request, form, problems=[str(problem)], status=status)
    preview.stop(request)
    return redirect(f"{reverse('theme')}?published=1")


@require_POST
@dresser_required
def discard(request: HttpRequest) -> HttpResponse:
    """Throw the draft away."""
    try:
        drafts.discard(getattr(request, "hall", None), seen=request.POST.get("seen", ""))
    except ChangedMeanwhile as problem:
        return overview_page(request, ReasonForm(), problems=[str(problem)], status=409)
    preview.stop(request)
    return redirect(f"{reverse('theme')}?dropped=1")


@require_http_methods(["GET", "HEAD", "POST"])
@dresser_required
def preview_pages(request: HttpRequest) -> HttpResponse:
    """Name real pages to look at the draft in, and begin or end that: `do` is `start` or `stop`."""
    hall = getattr(request, "hall", None)
    if request.method == "POST":
        if request.POST.get("do") == "stop":
            preview.stop(request)
            return redirect("theme")
        preview.start(request)
        return redirect("theme-preview")
    pages = [page for kind in declared.functions("look_pages") for page in kind(hall)]
    has_draft = queries.draft(hall) is not None
    shown = {"pages": pages, "has_draft": has_draft, "is_on": preview.is_on(request)}
    return render(request, "theming/preview.html", shown)


@require_safe
@dresser_required
def draft_stylesheet(request: HttpRequest, digest: str) -> HttpResponse:
    """Serve the draft's stylesheet to its editor; nothing may keep it."""
    look = queries.prepared(getattr(request, "hall", None)) or queries.look_of(getattr(request, "hall", None))
    if look.hash != digest:
        raise Http404
    response = HttpResponse(look.tokens.css(), content_type="text/css; charset=utf-8")
    response["Cache-Control"] = "private, no-store"
    return response


@require_safe
@dresser_required
def history(request: HttpRequest) -> HttpResponse:
    """Show a page of what was published: who, when, why."""
    page = Paginator(queries.history(getattr(request, "hall", None)), PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    return render(request, "theming/history.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
@dresser_required
def version(request: HttpRequest, number: int) -> HttpResponse:
    """Show one published look beside the one in force, and bring it back with a reason."""
    desk = Desk.of(request)
    row = queries.history(desk.hall).filter(number=number).first()
    if row is None:
        raise Http404
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            publishing.roll_back(
                desk.hall,
                number,
                seen=request.POST.get("seen", ""),
                by=actor_of(request),
                reason=form.cleaned_data["reason"],
                now=timezone.now(),
            )
        except ThemeRefused as problem:
            form.add_error(None, str(problem))
            status = 409 if isinstance(problem, ChangedMeanwhile) else 422
            return _version(request, desk, row, form, status=status)
        return redirect(f"{reverse('theme')}?restored=1")
    return _version(request, desk, row, form, status=422 if form.errors else 200)


def _version(
    request: HttpRequest, desk: Desk, row: HallTheme, form: ReasonForm, *, status: int = 200
) -> HttpResponse:
    then, now = parts.usable(row.parts), parts.usable(desk.live.parts if desk.live else {})
    rows: list[dict[str, Any]] = [
        {
            "label": part.label,
            "then": parts.words(part.key, then[part.key]) if part.key in then else "",
            "now": parts.words(part.key, now[part.key]) if part.key in now else "",
            "differs": then.get(part.key) != now.get(part.key) or (part.key in then) != (part.key in now),
        }
        for part in PARTS
        if part.key in then or part.key in now
    ]
    shown = {
        "row": row,
        "rows": rows,
        "form": form,
        "desk": desk,
        "is_live": desk.live is not None and desk.live.number == row.number,
    }
    return render(request, "theming/version.html", shown, status=status)
