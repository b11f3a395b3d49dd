"""How a clerk likes to work, kept in the session: going on to the next case at once, and single keys."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from accounts.access import post_required
from cases.hall.transitions import DESK
from tenants.shared.http import HallRequest

STRAIGHT_ON = "straight_on"
# on unless switched off (WCAG 2.1.4)
KEYS_OFF = "keys_off"
_KNOWN = frozenset({STRAIGHT_ON, KEYS_OFF})


def is_on(request: HallRequest, name: str) -> bool:
    """Say whether this clerk has chosen so in this session."""
    return bool(request.session.get(name))


@require_POST
@post_required(*DESK)
def change(request: HallRequest) -> HttpResponse:
    """Switch one habit and go back to the page; only to a path of this host."""
    name = request.POST.get("name", "")
    if name in _KNOWN:
        if request.POST.get("value") == "1":
            request.session[name] = True
        else:
            request.session.pop(name, None)
    back = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(back, allowed_hosts=None) and back.startswith("/clerk/")
    return redirect(back if is_ours else "clerk")
