"""The look without a database: an invented city and what it published."""

from types import SimpleNamespace

import pytest
from django.urls import include, path, set_urlconf

from accounts.actor import Actor
from tenants.shared import queries as city_queries
from tenants.shared.models import Hall
from theming import looks, queries

CITY = SimpleNamespace(
    name="东山市",
    service_name="东山市政务服务",
    portal_name="东山市网上办事大厅",
    portal_domain="city.test",
    hotline="12345",
    is_demo=False,
)
BLUE = {"brand": "#155A86", "dark": "#0D4163", "soft": "#E4F0F8", "ink": "#135379", "accent": "#7CC0DE"}


class OwnAddresses:
    """The addresses of this app alone: what base.html needs, whatever else a host serves."""

    urlpatterns = [path("", include("theming.urls"))]


@pytest.fixture
def hall():
    """A hall, not saved."""
    return Hall(pk=1, schema_name="river", name="东县网上办事大厅", short_name="东县", state="open")


@pytest.fixture
def look_in_force(hall):
    """The look that the hall has in force."""
    return looks.compose(looks.of_city({}), (), {**BLUE, "motif": "M8 80h4"})


@pytest.fixture
def city(monkeypatch, look_in_force):
    """The city's facts and looks, as the five-second caches would give them."""
    monkeypatch.setattr(city_queries, "city", lambda: CITY)
    monkeypatch.setattr(queries, "in_force", dict)
    monkeypatch.setattr(queries, "themes", lambda: {1: look_in_force})
    set_urlconf(OwnAddresses)
    yield CITY
    set_urlconf(None)


@pytest.fixture
def page_request(rf, city):
    """Make a request as the middleware leaves it: whose hall, who asks, with which cookie."""

    def make(path="/", *, hall=None, actor=None, cookie="", state=""):
        request = rf.get(path)
        request.hall = hall
        request.hall_state = state
        request.actor = actor or Actor()
        if cookie:
            request.COOKIES["display"] = cookie
        return request

    return make
