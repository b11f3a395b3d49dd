"""What the pages of signing in share: how they are answered, and how a refusal is shown."""

from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _

from accounts import places
from accounts.paths import next_path
from accounts.services.counters import TooMany


def page(
    request: HttpRequest,
    template: str,
    context: dict[str, Any] | None = None,
    *,
    status: int = 200,
    headers: dict[str, str] | None = None,
) -> HttpResponse:
    """Return a page that nobody keeps; its form may lead on to the hall that the visitor came from."""
    response = render(request, template, {"onward": next_path(request), **(context or {})}, status=status)
    for name, value in (headers or {}).items():
        response[name] = value
    add_never_cache_headers(response)
    if hall_origin := _origin_led_to(request):
        # Chromium holds redirects after a form to form-action too
        response._csp_update = {"form-action": [hall_origin]}  # type: ignore[attr-defined]
    return response


def _origin_led_to(request: HttpRequest) -> str | None:
    """Return the origin of the hall that `next` leads to by the portal's way in; None when it leads nowhere else."""
    if getattr(request, "hall", None) is not None:
        return None
    onward = urlsplit(next_path(request))
    if onward.path != reverse("enter-hall"):
        return None
    host = parse_qs(onward.query).get("to", [""])[0].lower()
    return places.origin(request, host) if places.hall_at(host) else None


def too_many(form: Form, refusal: TooMany, words: str = "") -> dict[str, str]:
    """Say in the form when it may be tried again; return the headers that say it to a program."""
    form.add_error(None, words or _("试错太多，%(time)s后再试") % {"time": clock_time(refusal.until)})
    return {"Retry-After": str(wait_seconds(refusal.until))}


def clock_time(moment: datetime) -> str:
    """Return the time of day as pages write it."""
    return timezone.localtime(moment).strftime("%H:%M")


def wait_seconds(until: datetime) -> int:
    """Return how many whole seconds there are until then, one at least."""
    return max(1, round((until - timezone.now()).total_seconds()))
