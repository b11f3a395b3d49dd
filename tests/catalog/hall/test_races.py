"""Two at the same moment, with real commits: nobody's work is overwritten unseen, and nobody waits for ever."""

from datetime import timedelta

import pytest

from tests.cases.hall.test_races import at_once, in_east
from tests.conftest import actor
from tests.template import LICENCE, NOW

pytestmark = pytest.mark.slow
LATER = NOW + timedelta(days=1)


def fields():
    from catalog.hall.models import Override

    return in_east(lambda: list(Override.objects.order_by("field").values_list("field", "value")))


def put(username, value, seen=None):
    from catalog.hall.services import overrides

    by = actor(username, ["branch_staff"])
    return lambda: overrides.set_value(LICENCE, "address", value, by=by, reason="搬家", now=NOW, seen=seen)


def test_of_two_who_set_a_field_for_the_first_time_one_is_told(fresh_database):
    from catalog.hall import stamps
    from catalog.hall.services.overrides import ChangedMeanwhile

    nothing = stamps.of_override(None, "城东路 1 号")

    outcomes = at_once(put("east_staff", "新街 2 号", nothing), put("east_admin", "新街 3 号", nothing))

    told = [outcome for outcome in outcomes if isinstance(outcome, ChangedMeanwhile)]
    assert len(told) == 1, outcomes
    winner = next(outcome for outcome in outcomes if outcome not in told)
    assert (told[0].override.value, fields()) == (winner.value, [("address", winner.value)])


def test_of_two_who_decide_one_is_told_and_saving_meanwhile_ends(fresh_database):
    from catalog.hall.services import overrides, reviews
    from catalog.shared.services import items
    from tenants.shared import scope

    in_east(put("east_staff", "新街 2 号"))
    with scope.city():
        items.save(LICENCE, {"address": "城东路 9 号"}, by=actor("city_admin"), now=LATER)
        items.approve(LICENCE, by=actor("inspector"), now=LATER)
    asked = reviews.Asked(LICENCE, "address")
    staff, second = actor("east_staff", ["branch_staff"]), actor("east_admin", ["branch_staff"])

    outcomes = at_once(
        lambda: reviews.accept(asked, by=staff, now=LATER),
        lambda: reviews.keep(asked, reason="照旧", by=second, now=LATER),
        lambda: overrides.set_value(LICENCE, "phone", "0500-1", by=second, reason="换号", now=LATER),
    )

    assert [type(outcome) for outcome in outcomes[:2]].count(reviews.NotWaiting) == 1, outcomes
    is_kept = isinstance(outcomes[0], reviews.NotWaiting)
    assert fields() == [("address", "新街 2 号")] * is_kept + [("phone", "0500-1")]


def test_two_take_the_same_items(fresh_database):
    from catalog.hall.models import Adoption
    from catalog.hall.services import adoption
    from tests.catalog.making import more_items

    codes = more_items(number=3)

    staff, second = actor("east_staff", ["branch_staff"]), actor("east_admin", ["branch_staff"])
    outcomes = at_once(
        lambda: adoption.adopt(codes, now=NOW, by=staff),
        lambda: adoption.adopt(codes, now=NOW, by=second),
    )

    assert set(outcomes) <= {0, 3}, outcomes
    assert in_east(lambda: Adoption.objects.filter(code__in=codes).count()) == 3
