"""The hall's audit log, for its administrator."""

from django.http import HttpResponse
from django.urls import reverse

from accounts.access import post_required
from cases.hall import numbers
from cases.hall.telling import words
from cases.shared import logged
from cases.shared.views.log import Log, check_page, log_page
from tenants.hall.enums import PostRole
from tenants.shared.http import HallRequest


def _url_of(object: str) -> str:
    return reverse("staff-trail", args=[object]) if numbers.check(object) else ""


HALL = Log("staff-audit", "staff-audit-check", words, "staff", logged.HALL_HOME, _url_of)


@post_required(PostRole.HALL_ADMIN)
def audit_log(request: HallRequest) -> HttpResponse:
    """Show what was done in this hall."""
    return log_page(request, HALL)


@post_required(PostRole.HALL_ADMIN)
def audit_check(request: HallRequest) -> HttpResponse:
    """Say what this hall's chain of seals proves."""
    return check_page(request, HALL)
