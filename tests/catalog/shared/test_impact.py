"""What a draft of the city's would do, from public facts."""

from datetime import date

import pytest

from catalog.hall.services import overrides
from catalog.shared import catalogue, impact
from catalog.shared.enums import Change, Status
from catalog.shared.services import items
from catalog.shared.services.editions import SHARED, Life
from tenants.shared import scope
from tests.catalog.shared.making import editor, save
from tests.conftest import actor
from tests.template import LICENCE, NOW


@pytest.fixture
def overridden(east, west, staff):
    with scope.hall(east):
        overrides.set_value(LICENCE, "promised_days", 4, by=staff, reason="人手够", now=NOW)
        overrides.set_value(LICENCE, "materials.m1", {"note": "带原件"}, by=staff, reason="常问", now=NOW)
        overrides.set_value(LICENCE, "address", "新街", by=staff, reason="搬家", now=NOW)
    with scope.hall(west):
        overrides.set_value(
            LICENCE, "promised_days", 2, by=actor("west_staff", ["branch_staff"]), reason="人手够", now=NOW
        )


def of(life=None, **fields):
    with scope.city():
        items.save(LICENCE, fields, life=life, by=editor(), now=NOW)
        return impact.of(catalogue.draft_of(SHARED, LICENCE), catalogue.live_of(SHARED, LICENCE))


def test_each_change_says_who_follows_who_overrides_and_what_would_break(overridden):
    found = of(promised_days=3, notes="新的说明", promised_unit="working")

    assert found.change == Change.WIDER
    assert [
        (
            row.line.field,
            row.line.change,
            [hall.key for hall in row.inheriting],
            [(own.hall.key, own.breaks) for own in row.overriding],
        )
        for row in found.fields
    ] == [
        ("promised_days", Change.WIDER, [], [("east", True), ("west", False)]),
        ("notes", Change.WORDING, ["east", "west"], []),
    ]
    assert [(row.hall.key, row.overriding, row.breaking) for row in found.halls] == [
        ("east", 1, 1),
        ("west", 1, 0),
    ]
    assert [(row.hall.key, row.field, row.words) for row in found.breaking] == [
        ("east", "promised_days", "4 工作日")
    ]


def test_a_row_that_goes_breaks_what_a_hall_wrote_on_it(overridden):
    with scope.city():
        live = catalogue.live_of(SHARED, LICENCE)
    found = of(materials=live.materials[1:])

    assert [(row.line.field, row.line.label) for row in found.fields] == [("materials.m1", "材料：身份证")]
    assert [(row.hall.key, row.field) for row in found.breaking] == [("east", "materials.m1")]


def test_what_is_narrower_is_named(overridden):
    found = of(visits=2, promised_days=4)

    assert found.change == Change.NARROWER
    assert [line.label for line in found.narrower] == ["要跑几次"]


@pytest.mark.parametrize(
    ("fields", "is_shorter"),
    [
        ({"statutory_days": 10}, True),
        ({"statutory_days": 20, "statutory_unit": "natural"}, True),
        ({"statutory_days": 28, "statutory_unit": "natural"}, False),
        ({"statutory_days": None}, False),
    ],
)
def test_a_shorter_statutory_limit_is_noticed(fields, is_shorter):
    assert of(**fields).is_statutory_shorter is is_shorter


def test_cancelling_is_narrower_and_touches_drafts_and_cases(east, west):
    from tests.cases.hall import making

    with scope.hall(east):
        making.submitted(LICENCE)
        making.draft(LICENCE, "zhou")

    found = of(life=Life(Status.CANCELLED, effective_from=date(2026, 4, 1)))

    assert (found.change, found.is_cancelled, found.fields) == (Change.NARROWER, True, [])
    assert [(row.hall.key, row.drafts, row.cases) for row in found.halls] == [("east", 1, 1), ("west", 0, 0)]
    assert (found.drafts, found.cases) == (1, 1)


@pytest.mark.parametrize("fields", [1, 3])
def test_the_number_of_queries_does_not_depend_on_the_changes(overridden, fields, django_assert_num_queries):
    changed = dict(list({"notes": "一", "phone": "0500-1", "hours": "全天"}.items())[:fields])
    with scope.city():
        save(**changed)
        draft, live = catalogue.draft_of(SHARED, LICENCE), catalogue.live_of(SHARED, LICENCE)
        with django_assert_num_queries(3):
            impact.of(draft, live)
