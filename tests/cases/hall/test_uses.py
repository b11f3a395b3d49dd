"""How often each item was applied for is counted into the hall's offers."""

from datetime import timedelta

from cases.hall.models import Case
from cases.hall.services import uses
from catalog.shared.models import Offer
from tenants.shared import scope
from tests.cases.hall.making import submitted
from tests.template import BIRTH, LICENCE, NOW


def used(hall):
    return dict(Offer.objects.filter(hall_id=hall.role).exclude(used=0).values_list("code", "used"))


def test_the_cases_of_the_last_year_are_counted_and_drafts_are_not(east, west):
    with scope.hall(east):
        submitted(LICENCE, "lin")
        old = submitted(BIRTH, "lin")
        Case.objects.filter(pk=old.pk).update(received_at=NOW - timedelta(days=366))
        assert uses.count(east, now=NOW + timedelta(minutes=1)) == 1
        assert uses.count(east, now=NOW + timedelta(minutes=1)) == 0
        assert used(east) == {LICENCE: 1}
        assert uses.count(east, now=NOW + timedelta(days=400)) == 1
        assert used(east) == {}
    with scope.hall(west):
        assert used(west) == {}
