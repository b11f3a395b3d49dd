"""A hall's people: the list for its staff, one page per person for its admins."""

from datetime import date
from itertools import groupby
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import post_required
from tenants.hall import queries
from tenants.hall.enums import PostRole
from tenants.hall.forms import GiveForm, PeopleFilter, ReasonForm, TermForm
from tenants.hall.models import Post
from tenants.hall.services import posts
from tenants.shared import declared
from tenants.shared.http import HallRequest

ADMIN = PostRole.HALL_ADMIN
PAGE_SIZE = 20
# a state of a post: its word and the colour of its tag
HELD, LATER, OVER, ENDED, SUSPENDED = "held", "later", "over", "ended", "suspended"


@require_safe
@post_required()
def people(request: HallRequest) -> HttpResponse:
    """Show who works in this hall and in which posts: to its staff, to be read only."""
    form = PeopleFilter(request.GET)
    form.full_clean()
    is_admin = request.actor.holds(ADMIN)
    page = queries.people_page(form.cleaned_data, number=request.GET.get("page"), size=PAGE_SIZE)
    rows = []
    for _person, found in groupby(page.object_list, key=lambda post: post.person):
        held = list(found)
        roles = dict.fromkeys(post.get_role_display() for post in held)
        departments = dict.fromkeys(post.department.name for post in held if post.department)
        rows.append({"post": held[0], "roles": list(roles), "departments": list(departments)})
    context = {"rows": rows, "page": page.page, "form": form, "is_admin": is_admin}
    return render(request, "tenants_hall/people.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@post_required(ADMIN)
def person(request: HallRequest, person: UUID) -> HttpResponse:
    """Show somebody's posts with their history, and give another one. Raises Http404 for whoever never worked here."""
    found = _posts_of(person)
    form = GiveForm(
        request.POST if request.method == "POST" else None, departments=queries.department_names()
    )
    if form.is_bound and form.is_valid():
        try:
            posts.give(
                person,
                username=found[0].username,
                name=found[0].name,
                wanted=form.wanted(),
                reason=form.cleaned_data["reason"],
                by=request.actor,
                now=timezone.now(),
            )
            return redirect("staff-person", person=person)
        except posts.Refused as refusal:
            _say(form, refusal)
    return _person_page(request, found, form)


@require_http_methods(["GET", "HEAD", "POST"])
@post_required(ADMIN)
def change(request: HallRequest, pk: int) -> HttpResponse:
    """Extend a post, shorten it, or change what it acts on."""
    post = get_object_or_404(Post, pk=pk)
    form = TermForm(
        request.POST if request.method == "POST" else None,
        departments=queries.department_names(),
        initial={
            "starts_on": post.starts_on,
            "ends_on": post.ends_on,
            "departments": post.departments,
            "items": "\n".join(post.items),
        },
    )
    if form.is_bound and form.is_valid():
        try:
            posts.change(
                pk,
                wanted=form.wanted(post.role),
                reason=form.cleaned_data["reason"],
                by=request.actor,
                now=timezone.now(),
            )
            return redirect("staff-person", person=post.person)
        except posts.Refused as refusal:
            _say(form, refusal)
    context = {"form": form, "post": post}
    return render(request, "tenants_hall/post.html", context, status=422 if form.errors else 200)


@require_POST
@post_required(ADMIN)
def end(request: HallRequest, pk: int) -> HttpResponse:
    """End a post now."""
    post = get_object_or_404(Post, pk=pk)
    return _with_reason(
        request,
        post.person,
        lambda reason: posts.end(pk, reason=reason, by=request.actor, now=timezone.now()),
    )


@require_POST
@post_required(ADMIN)
def suspend(request: HallRequest, person: UUID) -> HttpResponse:
    """Suspend somebody in this hall."""
    return _with_reason(
        request,
        person,
        lambda reason: posts.suspend(
            person, hall=request.hall.key, reason=reason, by=request.actor, now=timezone.now()
        ),
    )


@require_POST
@post_required(ADMIN)
def reopen(request: HallRequest, person: UUID) -> HttpResponse:
    """Lift somebody's suspension in this hall."""
    return _with_reason(
        request,
        person,
        lambda reason: posts.reopen(person, reason=reason, by=request.actor, now=timezone.now()),
    )


def _with_reason(request: HallRequest, person: UUID, act: Any) -> HttpResponse:
    """Do what a small form with a reason asks, and go back to the person's page; say there why not."""
    found = _posts_of(person)
    form = ReasonForm(request.POST)
    if form.is_valid():
        try:
            act(form.cleaned_data["reason"])
            return redirect("staff-person", person=person)
        except posts.Refused as refusal:
            _say(form, refusal)
    return _person_page(request, found, GiveForm(departments=queries.department_names()), refused=form)


def _posts_of(person: UUID) -> list[Post]:
    found = list(
        Post.objects.filter(person=person).select_related("department").order_by("-is_active", "role", "-pk")
    )
    if not found:
        raise Http404
    return found


def _say(form: Any, refusal: posts.Refused) -> None:
    for field, sentence in refusal.fields.items():
        form.add_error(field if field in form.fields else None, sentence)


def _person_page(
    request: HallRequest, found: list[Post], form: GiveForm, *, refused: ReasonForm | None = None
) -> HttpResponse:
    now = timezone.now()
    today = timezone.localdate(now)
    person = found[0].person
    context = {
        "post": found[0],
        "rows": [{"post": post, "state": state_of(post, today)} for post in found],
        "form": form,
        "refused": refused,
        "suspended": next((post for post in found if post.is_active and post.suspended_at), None),
        "is_active": any(post.is_active for post in found),
        "is_self": request.actor.person_id == person,
        "facts": [
            fact
            for facts in declared.functions("staff_facts")
            for fact in facts(person, hall=request.hall.key, now=now)
        ],
        "history": queries.post_history(person),
    }
    status = 422 if form.errors or (refused is not None and refused.errors) else 200
    return render(request, "tenants_hall/person.html", context, status=status)


def state_of(post: Post, today: date) -> str:
    """Return how a post stands on a day."""
    if not post.is_active:
        return ENDED
    if post.suspended_at is not None:
        return SUSPENDED
    if post.starts_on is not None and post.starts_on > today:
        return LATER
    return OVER if post.ends_on is not None and post.ends_on < today else HELD
