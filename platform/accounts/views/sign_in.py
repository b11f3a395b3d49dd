"""Signing in by password and signing out: the portal's page for everybody, a hall's for its staff."""

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import rotate_token
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts import places
from accounts.forms import SignInForm, StaffSignInForm
from accounts.middleware import host_key
from accounts.models import Person
from accounts.network import client_address
from accounts.paths import HOME, next_path, safe_path, with_next
from accounts.services import sessions, sign_in
from accounts.services.counters import TooMany
from accounts.views.answers import page, too_many
from accounts.views.entering import enter

# where a day's work begins: cases, or items for whoever decides nothing
DESK, ITEMS = "/clerk/", "/staff/"
OF_ITEMS = {"branch_staff", "hall_admin"}


@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def portal(request: HttpRequest) -> HttpResponse:
    """Sign in at the portal by password."""
    form = SignInForm(request.POST or None)
    status = 200
    headers: dict[str, str] = {}
    if request.method == "POST" and form.is_valid():
        try:
            person = _checked(request, form)
            onward = next_path(request)
            return enter(
                request,
                person,
                # a phone that has passed on is changed first: no message comes any more
                onward=with_next(reverse("account-phone"), onward) if person.lost_phone else onward,
                typed=form.cleaned_data["password"],
                remembers=True,
            )
        except (sign_in.WrongPassword, sessions.SignedOutMeanwhile) as refusal:
            form.add_error(None, str(refusal))
        except TooMany as refusal:
            status, headers = 429, too_many(form, refusal)
    context = {"form": form, "was_idle": request.GET.get("why") == "idle"}
    return page(request, "accounts/sign_in.html", context, status=status, headers=headers)


@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def staff(request: HttpRequest) -> HttpResponse:
    """Sign in at a hall as one of its staff; whoever holds no post here is sent the citizens' way."""
    form = StaffSignInForm(request.POST or None)
    status = 200
    headers: dict[str, str] = {}
    if request.method == "POST" and form.is_valid():
        try:
            person = _checked(request, form, how="staff")
            posts = places.posts_here(person.pk)
            if posts:
                desk = ITEMS if posts <= OF_ITEMS else DESK
                onward = next_path(request)
                return enter(
                    request,
                    person,
                    onward=desk if onward == HOME else onward,
                    typed=form.cleaned_data["password"],
                )
            form.add_error(None, _("这个账号在本厅没有岗位。来办事的请点“群众从这里进”"))
        except (sign_in.WrongPassword, sessions.SignedOutMeanwhile) as refusal:
            form.add_error(None, str(refusal))
        except TooMany as refusal:
            status, headers = 429, too_many(form, refusal)
    context = {"form": form, "was_idle": request.GET.get("why") == "idle"}
    return page(request, "accounts/staff_sign_in.html", context, status=status, headers=headers)


def _checked(request: HttpRequest, form: SignInForm, how: str = "password") -> Person:
    return sign_in.by_password(
        form.cleaned_data["username"],
        form.cleaned_data["password"],
        hall=host_key(request),
        address=client_address(request),
        now=timezone.now(),
        how=how,
    )


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Sign out: a citizen everywhere, staff in this hall."""
    sessions.end(request.session)  # type: ignore[arg-type]
    rotate_token(request)
    return redirect(safe_path(request.POST.get("next", HOME)))
