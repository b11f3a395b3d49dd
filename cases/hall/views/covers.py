"""请假代办: a clerk's own, or anybody's for the hall's admin."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import post_required
from cases.hall.forms.work import CoverForm
from cases.hall.models import Cover
from cases.hall.services import covers
from cases.hall.services.refusals import DataNeeded
from cases.hall.views.step import DESK
from tenants.hall.enums import PostRole
from tenants.hall.models import Post
from tenants.shared.http import HallRequest

WHO = (*DESK, PostRole.HALL_ADMIN)
SHOWN = 50


@require_http_methods(["GET", "HEAD", "POST"])
@post_required(*WHO)
def cover(request: HallRequest) -> HttpResponse:
    """Show who stands in for whom, and arrange it."""
    now, actor = timezone.now(), request.actor
    is_admin = actor.holds(PostRole.HALL_ADMIN)
    own = str(actor.person_id)
    people = _people(DESK if is_admin else actor.posts)
    form = CoverForm(
        request.POST if request.method == "POST" else None,
        people=people if is_admin else [],
        colleagues=people if is_admin else [row for row in people if row[0] != own],
        initial={"person": own},
    )
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        try:
            person = UUID(given.get("person", own))
            covers.arrange(person, UUID(given["by"]), given["first"], given["last"], by=actor, now=now)
        except DataNeeded as problem:
            for field, sentence in problem.fields.items():
                form.add_error(field if field in form.fields else None, sentence)
        else:
            return redirect("clerk-cover")
    context: dict[str, Any] = {
        "form": form,
        "is_admin": is_admin,
        "has_colleagues": any(pk != own for pk, _name in people),
        "covers": _covers(request, timezone.localdate(now), is_admin=is_admin),
    }
    return render(request, "cases_hall/cover.html", context, status=422 if form.errors else 200)


@require_POST
@post_required(*WHO)
def end(request: HallRequest, pk: UUID) -> HttpResponse:
    """Take an arrangement back; one that is not theirs is none."""
    found = Cover.objects.filter(_theirs(request), pk=pk).first()
    if found is None:
        raise Http404
    covers.end(found, by=request.actor, now=timezone.now())
    return redirect("clerk-cover")


def _people(roles: Iterable[str]) -> list[tuple[str, str]]:
    """Return who has one of these posts of the desk, once each, by name. One query."""
    asked = {str(role) for role in roles}.intersection(map(str, DESK))
    found = Post.objects.held().filter(role__in=sorted(asked)).order_by("name", "username")
    return list(
        {str(person): (str(person), name) for person, name in found.values_list("person", "name")}.values()
    )


def _theirs(request: HallRequest) -> Q:
    if request.actor.holds(PostRole.HALL_ADMIN):
        return Q()
    return Q(person=request.actor.person_id) | Q(by=request.actor.person_id)


def _covers(request: HallRequest, today: date, *, is_admin: bool) -> list[dict[str, Any]]:
    found = Cover.objects.filter(_theirs(request), ended_at=None, last_day__gte=today)
    return [
        {"cover": row, "is_now": row.first_day <= today} for row in found.order_by("first_day", "id")[:SHOWN]
    ]
