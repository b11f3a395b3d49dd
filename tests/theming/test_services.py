"""Publishing a look, in a real database: who may, what is kept, what the host then serves."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction

from tenants.shared import queries as kept
from tenants.shared import scope
from tests.conftest import client_for
from tests.template import PORTAL
from theming import queries, services
from theming.models import HallTheme
from theming.tokens import Tokens

BLUE = Tokens(brand="#155a86", dark="#0D4163", soft="#E4F0F8", ink="#135379", accent="#7CC0DE")
PLUM = Tokens(brand="#7D2A5D", dark="#5B1D43", soft="#F8EAF2", ink="#7D2A5D", accent="#E39AB8")


def in_force(hall):
    return HallTheme.objects.filter(hall=hall).order_by("-published_at").values_list("brand", flat=True)


def test_publish_puts_a_look_in_force_and_keeps_the_older(east, now):
    with scope.city():
        first = services.publish(east, BLUE, now=now)
        services.publish(east, PLUM, now=now + timedelta(hours=1), motif="M1 1h2")

        assert (first.brand, first.hash, len(first.hash)) == ("#155A86", BLUE.digest(), 12)
        assert list(in_force(east)) == ["#7D2A5D", "#155A86"]


def test_publishing_the_same_again_changes_nothing_and_an_earlier_look_comes_back(east, now):
    with scope.city():
        first = services.publish(east, BLUE, now=now)
        again = services.publish(east, BLUE, now=now + timedelta(hours=1))
        services.publish(east, PLUM, now=now + timedelta(hours=2))
        services.publish(east, BLUE, now=now + timedelta(hours=3))

        assert (again.pk, again.published_at) == (first.pk, now)
        assert list(in_force(east)) == ["#155A86", "#7D2A5D"]


def test_the_portal_has_a_look_of_its_own(east, now):
    with scope.city():
        services.publish(None, PLUM, now=now)
        services.publish(east, PLUM, now=now)
        services.publish(None, PLUM, now=now, motif="M1 1h2")

        assert HallTheme.objects.get(hall=None).paths == ["M1 1h2"]
        assert HallTheme.objects.get(hall=east).paths == []


def test_an_unreadable_look_is_refused_and_the_old_one_stays(east, now):
    pale = Tokens(**{**BLUE.__dict__, "brand": "#7CC0DE"})
    with scope.city():
        services.publish(east, BLUE, now=now)
        with pytest.raises(ValidationError):
            services.publish(east, pale, now=now)
        with pytest.raises(ValidationError):
            services.publish(east, PLUM, now=now, motif='M1 1"/>')

        assert list(in_force(east)) == ["#155A86"]


def test_a_hall_cannot_change_a_look_by_itself(east, now):
    with scope.city():
        services.publish(east, BLUE, now=now)
    with scope.hall(east):
        with pytest.raises(DatabaseError), transaction.atomic():
            services.publish(east, PLUM, now=now)

        assert list(in_force(east)) == ["#155A86"]


def test_a_host_serves_its_own_stylesheet_and_links_to_it(fresh_database, east, west, now):
    with scope.city():
        digest = services.publish(east, BLUE, now=now).hash
    kept.forget()
    address = f"/theme-{digest}.css"
    its_own = client_for(f"east.{PORTAL}")

    served = its_own.get(address)

    assert (served.status_code, served.content.decode()) == (200, BLUE.css())
    assert f'href="{address}"' in its_own.get("/there-is-no-such-page/").content.decode()
    for host in (f"west.{PORTAL}", PORTAL):
        assert client_for(host).get(address).status_code == 404
    assert its_own.get("/theme-000000000000.css").status_code == 404


def test_pages_cost_no_query_for_their_look_while_it_is_kept(east, django_assert_num_queries):
    with django_assert_num_queries(1, using="gate"):
        queries.theme_of(east)
        queries.theme_of(None)
