"""The city's people and, by username, the staff of all halls: accounts, roles, suspension everywhere at once."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import actor_of, city_required
from accounts.capabilities import Can, may
from accounts.models import Person
from accounts.services import city_people
from accounts.services.people import NameTaken
from portal.city_forms import FirstPasswordForm, NewPersonForm, ReasonForm, RoleForm

PAGE_SIZE = 20


@require_safe
@city_required(Can.FIND_PEOPLE)
def index(request: HttpRequest) -> HttpResponse:
    """Show the city's people, or whose username begins so."""
    asked = request.GET.get("q", "")[:60]
    page = Paginator(city_people.search(asked), PAGE_SIZE).get_page(request.GET.get("page"))
    shown = {"page": page, "q": asked, "may_create": may(actor_of(request).city_role, Can.ACCOUNTS)}
    return render(request, "portal/city_people.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
@city_required(Can.ACCOUNTS)
def create(request: HttpRequest) -> HttpResponse:
    """Make an account for somebody of the city."""
    form = NewPersonForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        try:
            person = city_people.create(
                username=given["username"], name=given["name"], by=actor_of(request), now=timezone.now()
            )
            return redirect("city-person", pk=person.pk)
        except ValidationError as problem:
            form.add_error("username", problem.messages[0])
        except NameTaken:
            form.add_error("username", _("这个账号名已经有人用，请换一个"))
    return render(request, "portal/city_person_new.html", {"form": form}, status=422 if form.errors else 200)


@require_safe
@city_required(Can.FIND_PEOPLE)
def person(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show one account: its role, whether it is open, and what this administrator may do with it."""
    return _page(request, _found(pk))


@require_POST
@city_required(Can.ROLES)
def role(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Give an account another role of the city."""
    form = RoleForm(request.POST)

    def act(given: dict[str, Any]) -> None:
        city_people.set_role(
            pk, given["role"], reason=given["reason"], by=actor_of(request), now=timezone.now()
        )

    return _done(request, pk, form, act, "role_form")


@require_POST
@city_required(Can.SUSPEND)
def suspend(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Close an account everywhere at once."""

    def act(given: dict[str, Any]) -> None:
        city_people.suspend(pk, reason=given["reason"], by=actor_of(request), now=timezone.now())

    return _done(request, pk, ReasonForm(request.POST, prefix="open"), act, "open_form")


@require_POST
@city_required(Can.SUSPEND)
def reopen(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Open an account again."""

    def act(given: dict[str, Any]) -> None:
        city_people.reopen(pk, reason=given["reason"], by=actor_of(request), now=timezone.now())

    return _done(request, pk, ReasonForm(request.POST, prefix="open"), act, "open_form")


@require_POST
@city_required(Can.ACCOUNTS)
def link(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show a link by which the person sets the first password: once, within three days. Only while there is none."""
    found = _found(pk)
    if found.has_usable_password():
        return redirect("city-person", pk=pk)
    path = reverse("first-password", args=[pk, city_people.link_for(found)])
    return _page(request, found, link=request.build_absolute_uri(path))


@never_cache
@sensitive_post_parameters("password", "again")
@require_http_methods(["GET", "HEAD", "POST"])
def first_password(request: HttpRequest, pk: UUID, token: str) -> HttpResponse:
    """Set the first password of an account of the city by the link that its administrator gave."""
    form = FirstPasswordForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            city_people.first_password(pk, token, password=form.cleaned_data["password"], now=timezone.now())
            return redirect("sign-in")
        except city_people.Refused as refusal:
            form.add_error(None, str(refusal))
    return render(request, "portal/first_password.html", {"form": form}, status=422 if form.errors else 200)


def _found(pk: UUID) -> Person:
    return get_object_or_404(Person, pk=pk)


def _done(
    request: HttpRequest, pk: UUID, form: Any, act: Callable[[dict[str, Any]], None], name: str
) -> HttpResponse:
    found = _found(pk)
    if form.is_valid():
        try:
            act(form.cleaned_data)
            return redirect("city-person", pk=pk)
        except city_people.Refused as refusal:
            for field, sentence in refusal.fields.items():
                form.add_error(field if field in form.fields else None, sentence)
    return _page(request, found, **{name: form})


def _page(request: HttpRequest, found: Person, **shown: Any) -> HttpResponse:
    actor = actor_of(request)
    forms = {
        "role_form": RoleForm(initial={"role": found.city_role}),
        "open_form": ReasonForm(prefix="open"),
        **shown,
    }
    context = {
        "person": found,
        "is_self": actor.person_id == found.pk,
        "may_roles": may(actor.city_role, Can.ROLES),
        "may_suspend": may(actor.city_role, Can.SUSPEND),
        "may_link": may(actor.city_role, Can.ACCOUNTS) and not found.has_usable_password(),
        **forms,
    }
    wrong = any(getattr(form, "errors", None) for form in forms.values())
    return render(request, "portal/city_person.html", context, status=422 if wrong else 200)
