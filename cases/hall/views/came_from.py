"""Where a clerk came from: the queue and filter of the list, kept in the address of every page of a case."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from cases.hall.forms.desk_filters import DeskFilters
from cases.hall.models import Case
from cases.hall.queries import following
from cases.hall.views import habits
from tenants.shared.http import HallRequest

# what the pages of a case say in their address of themselves; all else is the list's
_OWN = frozenset({"file", "page", "zoom", "turn", "done", "of", "next", "field"})
_LONGEST = 600


def of(request: HallRequest) -> dict[str, str]:
    """Return what the list's address asked for."""
    asked = {name: str(value) for name, value in request.GET.items() if name not in _OWN and name.isascii()}
    return asked if len(query(asked)) <= _LONGEST else {}


def place(request: HallRequest) -> following.Place:
    """Return the queue and filters of the list."""
    return DeskFilters.asked(of(request))


def query(asked: Mapping[str, str], **own: Any) -> str:
    """Return an address' query, with its mark, of the list's and these parts of a page; empty parts are left out."""
    made = QueryDict(mutable=True)
    made.update(dict(asked))
    made.update({name: str(value) for name, value in own.items() if value not in (None, "")})
    return f"?{made.urlencode()}" if made else ""


def url(name: str, case: Case, asked: Mapping[str, str], **own: Any) -> str:
    """Return the address of a page of this case that remembers the list."""
    return f"{reverse(name, args=[case.number])}{query(asked, **own)}"


def following_of(request: HallRequest, case: Case) -> Case | None:
    """Return what comes after this case in the list: asked before an act, while the case still has its place."""
    return following.next_after(request.actor, place(request), case, timezone.localdate())


def land(request: HallRequest, case: Case, action: str, after: Case | None) -> HttpResponse:
    """Lead on after an act: to the next case when the clerk chose so, else to this one, where the next is offered."""
    asked = of(request)
    if after is not None and habits.is_on(request, habits.STRAIGHT_ON):
        return redirect(url("review", after, asked, done=action, of=case.number))
    return redirect(url("review", case, asked, done=action, next=after.number if after else ""))
