"""Taking shared items into a hall."""

import pytest

from catalog.hall.models import Adoption, EffectiveItem
from catalog.hall.services import adoption, overrides
from catalog.shared.models import Offer
from tenants.shared import scope
from tests.catalog.making import more_items
from tests.template import ITEMS, LICENCE, NOW


@pytest.mark.parametrize("number", [1, 300])
def test_the_number_of_statements_does_not_depend_on_the_number_of_items(
    east, number, django_assert_num_queries
):
    codes = more_items(number=number)

    with scope.hall(east), django_assert_num_queries(7):
        assert adoption.adopt(codes, now=NOW) == number

    with scope.portal():
        assert Offer.objects.filter(hall_id=east.role, code__in=codes, can_apply=True).count() == number


def test_again_it_changes_nothing(in_east):
    assert adoption.adopt(ITEMS, now=NOW) == 0
    assert (Adoption.objects.count(), Offer.objects.count(), EffectiveItem.objects.count()) == (4, 4, 4)


def test_taking_and_giving_back_leave_audit_rows_and_loading_none(east, staff, monkeypatch):
    codes, written = more_items(number=2), []
    monkeypatch.setattr(
        "catalog.hall.services.adoption.record",
        lambda action, object, **rest: written.append((action, object, rest["detail"])),
    )
    with scope.hall(east):
        assert adoption.adopt(codes[:1], now=NOW) == 1
        assert adoption.adopt(codes, now=NOW, by=staff) == 1
        assert adoption.adopt(codes, now=NOW, by=staff) == 0
        adoption.release(codes[0], now=NOW, by=staff)
        assert set(Adoption.objects.values_list("code", flat=True)) == {*ITEMS, codes[1]}
        assert not Offer.objects.filter(code=codes[0]).exists()

    assert written == [
        ("adoption.take", "", {"codes": codes[1:]}),
        ("adoption.release", codes[0], {}),
    ]


@pytest.mark.parametrize("field", ["address", "hidden"])
def test_what_the_hall_changed_is_not_given_back(in_east, staff, field):
    value = {"address": "新街", "hidden": True}[field]
    overrides.set_value(LICENCE, field, value, by=staff, reason="不同", now=NOW)

    with pytest.raises(adoption.HasOverrides, match="本厅改过 1 处"):
        adoption.release(LICENCE, now=NOW, by=staff)
    with pytest.raises(adoption.NotTaken):
        adoption.release("34999999999900", now=NOW, by=staff)

    assert Adoption.objects.filter(code=LICENCE).exists()
    assert Offer.objects.filter(code=LICENCE).exists()


def test_an_unknown_item_is_refused_by_name(in_east):
    with pytest.raises(adoption.UnknownItem, match="34999999999900"):
        adoption.adopt(["34999999999900", *ITEMS], now=NOW)
    assert Adoption.objects.count() == 4
