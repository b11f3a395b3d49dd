"""Who is let in to a page, and where the others are sent."""

import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.test import RequestFactory

from accounts.access import city_required, post_required, signed_in
from accounts.actor import NOBODY
from accounts.enums import CityRole
from tenants.hall.enums import PostRole
from tests.conftest import actor


def ask(view, who, *, hall=None, method="get", settings=None):
    request = getattr(RequestFactory(), method)("/somewhere/?a=1")
    request.actor, request.hall = who, hall
    request.urlconf = settings.HALL_URLCONF if hall else settings.ROOT_URLCONF
    from django.urls import set_urlconf

    set_urlconf(request.urlconf)
    try:
        return view(request)
    finally:
        set_urlconf(None)


@pytest.fixture
def asked(settings):
    """A view, and a function that asks it; `seen` tells whether it was reached."""

    class Asked:
        seen = 0

        def view(self, request):
            self.seen += 1
            return HttpResponse("in")

        def __call__(self, decorator, who, **more):
            return ask(decorator(self.view), who, settings=settings, **more)

    return Asked()


def test_nobody_in_a_hall_comes_by_way_of_the_portal(asked, east):
    response = asked(signed_in, NOBODY, hall=east)

    assert response["Location"] == "/come-in/?next=%2Fsomewhere%2F%3Fa%3D1"
    assert asked.seen == 0


def test_nobody_at_the_portal_signs_in(asked):
    assert asked(signed_in, NOBODY)["Location"] == "/sign-in/?next=%2Fsomewhere%2F%3Fa%3D1"
    assert asked.seen == 0


def test_whoever_has_signed_in_is_let_in(asked, east):
    assert asked(signed_in, actor("lin", by_ticket=True), hall=east).content == b"in"


def test_a_form_of_somebody_signed_out_is_not_sent_to_another_host(asked):
    response = asked(signed_in, NOBODY, method="post")

    assert response.status_code == 403
    assert "刚才那一步没有做" in response.content.decode()
    assert asked.seen == 0


@pytest.mark.parametrize(
    ("roles", "is_let_in"),
    [
        ((), True),
        ((PostRole.WINDOW,), True),
        ((PostRole.HEAD, PostRole.WINDOW), True),
        ((PostRole.HEAD,), False),
    ],
)
def test_a_post_opens_its_pages(asked, east, roles, is_let_in):
    clerk = actor("east_window", ["window"])
    if is_let_in:
        assert asked(post_required(*roles), clerk, hall=east).content == b"in"
    else:
        with pytest.raises(PermissionDenied, match="负责人"):
            asked(post_required(*roles), clerk, hall=east)
        assert asked.seen == 0


def test_without_a_post_no_page_of_the_staff(asked, east):
    assert asked(post_required(), NOBODY, hall=east)["Location"].startswith("/sign-in/?next=")
    with pytest.raises(PermissionDenied):
        asked(post_required(), actor("lin"), hall=east)
    assert asked.seen == 0


def test_the_city_s_pages_are_for_its_roles(asked):
    assert asked(city_required(), actor("inspector")).content == b"in"
    assert asked(city_required(CityRole.CITY_ADMIN), actor("city_admin")).content == b"in"
    assert asked.seen == 2
    assert asked(city_required(), NOBODY)["Location"].startswith("/sign-in/?next=")
    for who in ("lin", "east_admin"):
        with pytest.raises(PermissionDenied):
            asked(city_required(), actor(who))
    with pytest.raises(PermissionDenied, match="市级管理员"):
        asked(city_required(CityRole.CITY_ADMIN), actor("inspector"))
    assert asked.seen == 2
