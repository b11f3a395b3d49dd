"""我的消息: what one person was told in every hall, the latest first. To show a message is to have shown it."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import actor_of, signed_in
from portal import queries
from portal.services import inbox
from portal.views.me import way_in
from tenants.shared import queries as halls

PAGE = 20


@require_safe
@signed_in
def messages(request: HttpRequest) -> HttpResponse:
    """Show a page of messages; the new ones among them are new this once."""
    person = actor_of(request).person_id
    page = Paginator(queries.inbox(person), PAGE).get_page(request.GET.get("page"))
    names = {hall.role: hall for hall in halls.halls()}
    rows: list[dict[str, Any]] = []
    for told in page.object_list:
        hall = names.get(told.hall_id)
        url = way_in(request, hall, told.path) if hall and told.path else ""
        rows.append({"told": told, "hall": hall.name if hall else "", "url": url})
    response = render(request, "portal/messages.html", {"page": page, "rows": rows})
    if request.method == "GET":
        inbox.read(
            person, [row["told"].pk for row in rows if row["told"].read_at is None], now=timezone.now()
        )
    return response
