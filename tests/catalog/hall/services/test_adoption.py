"""Taking shared items into a hall."""

import pytest

from catalog.hall.models import Adoption, EffectiveItem
from catalog.hall.services import adoption
from catalog.shared.models import Offer
from tenants.shared import scope
from tests.catalog.making import more_items
from tests.template import ITEMS, NOW


@pytest.mark.parametrize("number", [1, 300])
def test_the_number_of_statements_does_not_depend_on_the_number_of_items(east, number, django_assert_num_queries):
    codes = more_items(number=number)

    with scope.hall(east), django_assert_num_queries(5):
        assert adoption.adopt(codes, now=NOW) == number

    with scope.portal():
        assert Offer.objects.filter(hall_id=east.role, code__in=codes, can_apply=True).count() == number


def test_again_it_changes_nothing(in_east):
    assert adoption.adopt(ITEMS, now=NOW) == 0
    assert (Adoption.objects.count(), Offer.objects.count(), EffectiveItem.objects.count()) == (4, 4, 4)


def test_an_unknown_item_is_refused_by_name(in_east):
    with pytest.raises(adoption.UnknownItem, match="34999999999900"):
        adoption.adopt(["34999999999900", *ITEMS], now=NOW)
    assert Adoption.objects.count() == 4
