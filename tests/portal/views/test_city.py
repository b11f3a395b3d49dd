"""The city's console: a table of the halls, for the city's own people."""

import pytest

from catalog.hall.services import overrides
from tenants.shared import scope
from tests.conftest import actor
from tests.template import BIRTH, LICENCE, NOW


@pytest.mark.parametrize(
    ("username", "status"), [(None, 302), ("lin", 403), ("east_admin", 403), ("city_admin", 200), ("inspector", 200)]
)
def test_the_console_is_for_the_city(portal_client, username, status):
    assert portal_client(username).get("/city/").status_code == status


def test_the_table_counts_what_halls_make_of_the_catalogue(portal_client, east):
    staff = actor("east_staff", ["branch_staff"])
    with scope.hall(east):
        overrides.set_value(BIRTH, "hidden", True, by=staff, reason="不归我们", now=NOW)
        overrides.set_value(LICENCE, "promised_days", 3, by=staff, reason="人手够", now=NOW)

    rows = portal_client("city_admin").get("/city/").context["rows"]

    assert [(row["hall"].key, row["items"], row["local"], row["hidden"], row["overrides"]) for row in rows] == [
        ("east", 3, 0, 1, 2),
        ("west", 4, 0, 0, 0),
    ]
