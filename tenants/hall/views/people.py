"""The page of a hall's people."""

from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.access import actor_of, post_required
from tenants.hall import queries
from tenants.hall.enums import PostRole


@post_required()
def people(request: HttpRequest) -> HttpResponse:
    """Show who works in this hall and in which posts: to its staff, to be read only."""
    posts = groupby(queries.people(), key=lambda post: (post.person, post.department_id))
    rows = []
    for _key, found in posts:
        held = list(found)
        rows.append({"post": held[0], "roles": [post.get_role_display() for post in held]})
    return render(
        request,
        "tenants_hall/people.html",
        {"rows": rows, "is_admin": actor_of(request).holds(PostRole.HALL_ADMIN)},
    )
