"""What an old link to an item leads to: its successor, or a page that says since when it is suspended or cancelled."""

from django.http import HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.urls import reverse

from catalog.hall import queries
from catalog.shared.enums import Status
from catalog.shared.queries import successors
from tenants.shared.http import HallRequest


def gone(request: HallRequest, code: str) -> HttpResponse | None:
    """Answer for an item that is not in use; None for one that is, or that never was.

    A cancelled item with a successor that this hall offers leads there for good.
    """
    life = queries.former_life(code)
    if life is None:
        return None
    is_cancelled = life.status == Status.CANCELLED
    for following in successors(life.successor) if is_cancelled else ():
        if queries.effective_item(following) is not None:
            return HttpResponsePermanentRedirect(reverse("item", args=[following]))
    shown = {"life": life, "is_cancelled": is_cancelled}
    return render(request, "catalog_hall/gone.html", shown, status=410 if is_cancelled else 200)
