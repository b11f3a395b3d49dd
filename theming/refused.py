"""The page of a refusal: what it says, and where it can be put right when the refusal knows."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts import places


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 403; whoever must be known better first is led to do so, and back to this place."""
    context = {"exception": str(exception)}
    if getattr(exception, "needs_identity", False):
        context["identity_url"] = places.identity_url(request)
    return render(request, "403.html", context, status=403)
