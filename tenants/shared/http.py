"""What the middleware adds to a request, for those who read it."""

from django.http import HttpRequest

from accounts.actor import Actor
from tenants.shared.models import Hall


class HostRequest(HttpRequest):
    """A request whose host, scope and person are known; on the portal `hall` is None."""

    hall: Hall | None
    hall_state: str
    staff_may_finish: bool
    actor: Actor
    has_token: bool
    urlconf: str | None


class HallRequest(HostRequest):
    """A request to a hall's host."""

    hall: Hall
