"""The city's console: a table of the halls, for the city's own people."""

import uuid
from datetime import date

import pytest

from cases.shared.models import Pointer
from catalog.hall.services import overrides
from tenants.shared import scope
from tests.conftest import actor
from tests.template import BIRTH, LICENCE, NOW, PERSON_ID


@pytest.mark.parametrize(
    ("username", "status"),
    [(None, 302), ("lin", 403), ("east_admin", 403), ("city_admin", 200), ("inspector", 200)],
)
def test_the_console_is_for_the_city(portal_client, username, status):
    assert portal_client(username).get("/city/").status_code == status


def test_a_halls_page_counts_what_it_makes_of_the_catalogue(portal_client, east):
    staff = actor("east_staff", ["branch_staff"])
    with scope.hall(east):
        overrides.set_value(BIRTH, "hidden", True, by=staff, reason="不归我们", now=NOW)
        overrides.set_value(LICENCE, "promised_days", 3, by=staff, reason="人手够", now=NOW)

    rows = portal_client("city_admin").get("/city/").context["rows"]

    assert [(row["hall"].key, row["items"]) for row in rows] == [("east", 3), ("west", 4)]
    for key, wanted in (("east", ["3", "0", "1", "2"]), ("west", ["4", "0", "0", "0"])):
        parts = portal_client("city_admin").get(f"/city/halls/{key}/").context["sections"]
        figures = {str(line.label): str(line.value) for part in parts for line in part.lines}
        assert [figures[name] for name in ("事项", "本地事项", "不显示", "改了几处")] == wanted


def test_the_table_counts_open_cases_and_those_that_are_late(portal_client, east):
    facts = {
        "person": PERSON_ID["lin"],
        "item_code": BIRTH,
        "item_name": "出生登记",
        "updated_at": NOW,
        "hall_id": east.role,
    }
    rows = [
        ("submitted", "hall", 9999),
        ("review", "hall", 2020),
        ("delivered", "nobody", 2020),
        ("draft", "applicant", 2020),
    ]
    with scope.hall(east):
        for state, turn, year in rows:
            Pointer.objects.create(
                case=uuid.uuid4(), state=state, turn=turn, due_on=date(year, 1, 2), **facts
            )

    shown = portal_client("city_admin").get("/city/").context["rows"]

    assert [(row["open"], row["late"]) for row in shown] == [(2, 1), (0, 0)]
