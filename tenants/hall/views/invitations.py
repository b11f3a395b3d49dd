"""Inviting somebody to a post, and the page that the link opens at the hall's own host."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import post_required
from accounts.network import client_address
from accounts.services import sessions, sign_in
from accounts.services.counters import TooMany
from accounts.views.answers import too_many
from tenants.hall import queries
from tenants.hall.enums import PostRole
from tenants.hall.forms import AcceptKnownForm, AcceptNewForm, InviteForm
from tenants.hall.models import Invitation
from tenants.hall.services import invitations, posts
from tenants.shared.http import HallRequest
from tenants.shared.queries import city

ADMIN = PostRole.HALL_ADMIN
SHOWN = 50
# which of the two forms was sent
KNOWN = "known"


@require_http_methods(["GET", "HEAD", "POST"])
@post_required(ADMIN)
def index(request: HallRequest) -> HttpResponse:
    """Show who was invited, and invite somebody."""
    form = InviteForm(
        request.POST if request.method == "POST" else None, departments=queries.department_names()
    )
    sent = None
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        try:
            sent = invitations.invite(
                name=given["name"],
                wanted=form.wanted(),
                phone=given["phone"],
                mail=given["mail"],
                reason=given["reason"],
                by=request.actor,
                now=timezone.now(),
            )
        except posts.Refused as refusal:
            for field, sentence in refusal.fields.items():
                form.add_error(field if field in form.fields else None, sentence)
    if sent is not None:
        return _told(request, sent)
    return _page(request, form)


@require_POST
@post_required(ADMIN)
def resend(request: HallRequest, pk: int) -> HttpResponse:
    """Send a new link; the former one is nothing any more."""
    get_object_or_404(Invitation, pk=pk)
    try:
        return _told(request, invitations.resend(pk, by=request.actor, now=timezone.now()))
    except invitations.NotWaiting:
        return redirect("staff-invitations")


@require_POST
@post_required(ADMIN)
def withdraw(request: HallRequest, pk: int) -> HttpResponse:
    """Take an invitation back."""
    get_object_or_404(Invitation, pk=pk)
    invitations.withdraw(pk, by=request.actor, now=timezone.now())
    return redirect("staff-invitations")


def _told(request: HallRequest, sent: invitations.Sent) -> HttpResponse:
    """Send the link, and say so; the demo, which sends nothing, shows it too."""
    url = request.build_absolute_uri(sent.path)
    shown = {
        "outcome": invitations.deliver(sent, url, hall_name=request.hall.name),
        "sent": sent.invitation,
        "link": url if city().is_demo else "",
    }
    return _page(request, InviteForm(departments=queries.department_names()), **shown)


def _page(request: HallRequest, form: InviteForm, **shown: Any) -> HttpResponse:
    rows = Invitation.objects.order_by("-made_at", "-pk")[:SHOWN]
    context = {"form": form, "rows": rows, "now": timezone.now(), **shown}
    return render(request, "tenants_hall/invitations.html", context, status=422 if form.errors else 200)


@never_cache
@sensitive_post_parameters("password", "again")
@require_http_methods(["GET", "HEAD", "POST"])
def accept(request: HallRequest, secret: str) -> HttpResponse:
    """Show what somebody is asked to be here, and take it with a new account or the one they have."""
    now = timezone.now()
    try:
        invitation = invitations.opened(secret, now=now)
    except invitations.NotWaiting as refusal:
        return _unreferred(
            render(request, "tenants_hall/no_invitation.html", {"why": str(refusal)}, status=404)
        )
    is_known = request.method == "POST" and request.POST.get("how") == KNOWN
    is_new = request.method == "POST" and not is_known
    new = AcceptNewForm(request.POST if is_new else None, prefix="new")
    known = AcceptKnownForm(request.POST if is_known else None, prefix="known")
    status, headers = 200, {}
    form = known if is_known else new
    if form.is_bound and form.is_valid():
        try:
            _take(request, secret, form, is_known=is_known)
            return _unreferred(redirect("staff-sign-in"))
        except invitations.NotWaiting as refusal:
            return _unreferred(
                render(request, "tenants_hall/no_invitation.html", {"why": str(refusal)}, status=409)
            )
        except ValidationError as problem:
            form.add_error("username", problem.messages[0])
        except (posts.Refused, sign_in.WrongPassword, sessions.SignedOutMeanwhile) as refusal:
            form.add_error("username", str(refusal))
        except TooMany as refusal:
            status, headers = 429, too_many(form, refusal)
    if form.errors and status == 200:
        status = 422
    shown = {"invitation": invitation, "new": new, "known": known, "is_known": is_known}
    response = render(request, "tenants_hall/accept.html", shown, status=status)
    for name, value in headers.items():
        response[name] = value
    return _unreferred(response)


def _take(request: HallRequest, secret: str, form: Any, *, is_known: bool) -> None:
    given = form.cleaned_data
    take = invitations.accept_known if is_known else invitations.accept_new
    take(
        secret,
        username=given["username"],
        password=given["password"],
        by_address=client_address(request),
        hall=request.hall.key,
        now=timezone.now(),
    )


def _unreferred(response: HttpResponse) -> HttpResponse:
    """Let the address, which is the key, be told to no other place."""
    response["Referrer-Policy"] = "same-origin"
    return response
