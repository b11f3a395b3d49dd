"""What a hall's own role can write past the services: what breaks the policy not at all, and a forged base without effect."""

import json

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.hall import queries
from catalog.hall.models import Override, Review
from catalog.hall.services import offers, overrides
from catalog.shared.models import Offer, OpenReview, OverrideFact, PortalItem, SharedItem
from catalog.shared.policy import POLICY, Freedom, Shape, permits, rule_of
from catalog.shared.queries import city_values, value_of
from tenants.shared import scope
from tests.template import LICENCE, NOW, PERSON_ID

CHECK_VIOLATION = "23514"
LIMIT = {"days": 5, "unit": "working"}
INSERT = """INSERT INTO catalog_hall_override (code, field, value, base, reason, person, person_name, made_at)
    VALUES (%s, %s, %s::jsonb, %s::jsonb, '伪造', %s, '东事项', %s)"""


def insert(field, value, base):
    with connection.cursor() as cursor:
        cursor.execute(
            INSERT, [LICENCE, field, json.dumps(value), json.dumps(base), str(PERSON_ID["east_staff"]), NOW]
        )


def refused(act):
    with pytest.raises(IntegrityError, match="override_keeps_policy") as refusal, transaction.atomic():
        act()
    return refusal.value.__cause__.pgcode


@pytest.mark.parametrize(
    ("field", "value", "base"),
    [
        ("promised_days", {"days": 6, "unit": "working"}, LIMIT),
        ("promised_days", {"days": 8, "unit": "natural"}, LIMIT),
        ("promised_days", 3, LIMIT),
        ("visits", 2, 1),
        ("visits", "0", 1),
        ("name", "改名", "小餐馆许可"),
        ("statutory_days", 1, 20),
        ("legal_basis", [], []),
        ("materials", [], []),
        ("materials.m1", {"hidden": False}, {"key": "m1"}),
        ("materials.m1", {"name": "别的"}, {"key": "m1"}),
        ("materials.m9", {"hidden": True}, None),
        ("fees.f1", {"amount": 21}, {"amount": 20}),
        ("uscc", "x", "y"),
        ("hidden", "yes", False),
    ],
)
def test_the_halls_role_cannot_insert_or_update_what_breaks_the_policy(in_east, staff, field, value, base):
    assert refused(lambda: insert(field, value, base)) == CHECK_VIOLATION

    overrides.set_value(LICENCE, "address", "新街", by=staff, reason="搬家", now=NOW)
    change = {"field": field, "value": value, "base": base}
    assert refused(lambda: Override.objects.filter(field="address").update(**change)) == CHECK_VIOLATION
    assert list(Override.objects.values_list("field", "value")) == [("address", "新街")]


@pytest.mark.parametrize(
    ("field", "value", "base"),
    [
        ("promised_days", {"days": 90, "unit": "working"}, {"days": 99, "unit": "working"}),
        ("visits", 7, 9),
        ("fees.f1", {"amount": 500}, {"amount": 900}),
        ("materials.m9", {"hidden": True}, {"key": "m9"}),
    ],
)
def test_a_forged_base_is_stored_without_effect_and_waits_for_review(east, field, value, base):
    with scope.hall(east):
        before = queries.effective_item(LICENCE)
        insert(field, value, base)
        OverrideFact.objects.create(
            hall_id=east.role, code=LICENCE, field=field, value=value, base=base, made_at=NOW
        )
        offers.sync([LICENCE])
        after, offer = queries.effective_item(LICENCE), Offer.objects.get(hall_id=east.role, code=LICENCE)
        waiting = Review.objects.get()
    with scope.city():
        seen = PortalItem.objects.get(hall_id=east.role, code=LICENCE)
        city_sees = OpenReview.objects.get()

    for name in ("promised_days", "promised_unit", "visits", "fees", "materials", "sources", "version"):
        assert getattr(after, name) == getattr(before, name) == getattr(seen, name)
    assert (offer.promised_days, offer.visits, offer.fees, offer.changes) == (5, 1, before.fees, 0)
    for row in (waiting, city_sees):
        assert (row.field, row.value, row.base, row.is_in_force, row.since) == (
            field,
            value,
            base,
            False,
            NOW,
        )


def test_a_forged_fact_alone_changes_nothing_that_the_portal_shows(east):
    forged = {
        "promised_days": ({"days": 90, "unit": "working"}, {"days": 99, "unit": "working"}),
        "name": ("改名", "小餐馆许可"),
        "statutory_days": (1, 20),
        "visits": (9, 10),
    }
    with scope.hall(east):
        OverrideFact.objects.bulk_create(
            OverrideFact(hall_id=east.role, code=LICENCE, field=field, value=value, base=base, made_at=NOW)
            for field, (value, base) in forged.items()
        )
    with scope.portal():
        seen = PortalItem.objects.get(hall_id=east.role, code=LICENCE)

    assert (seen.name, seen.promised_days, seen.statutory_days, seen.visits, seen.sources) == (
        "小餐馆许可",
        5,
        20,
        1,
        {},
    )


OPEN = [name for name, rule in POLICY.items() if rule.freedom is not Freedom.LOCKED]
KEYS = {"steps": "s1", "fees": "f1", "materials": "m1", "windows": "w1"}
numbers = st.integers(0, 12)
limits = st.fixed_dictionaries({"days": st.integers(0, 40), "unit": st.sampled_from(["working", "natural"])})
SHAPES = {
    Shape.TEXT: st.sampled_from(["", "新街", "三楼"]),
    Shape.BOOLEAN: st.booleans(),
    Shape.COUNT: numbers,
    Shape.AMOUNT: st.sampled_from([0, 5, 19.99, 20, 300]),
    Shape.LIMIT: limits,
    Shape.LIST: st.sampled_from([[], ["window"], ["ems"]]),
}


def shaped(name):
    """Values of a field as an override may have them, and what of the city's they stand against."""
    rule = POLICY[name]
    if rule.rows is None:
        return SHAPES[rule.shape]
    return st.fixed_dictionaries({}, optional={key: SHAPES[one.shape] for key, one in rule.rows.items()})


OVERRIDES = st.fixed_dictionaries({}, optional={name: st.tuples(shaped(name), shaped(name)) for name in OPEN})
PRESENT = st.fixed_dictionaries(
    {"promised_days": st.integers(0, 40), "promised_unit": st.sampled_from(["working", "natural"]), "visits": numbers},
    optional={"address": SHAPES[Shape.TEXT], "can_book": st.booleans()},
)  # fmt: skip
ROWS = st.fixed_dictionaries({name: st.one_of(st.none(), shaped(name)) for name in KEYS})


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(wanted=OVERRIDES, present=PRESENT, rows=ROWS)
def test_whatever_passed_the_check_is_in_force_exactly_when_the_policy_permits_it_now(
    east, wanted, present, rows
):
    """The view's short way (sql._in_force), the review's whole way (catalog_permits) and the table in Python agree."""
    lists = {name: [] if row is None else [{"key": KEYS[name], **row}] for name, row in rows.items()}
    with scope.city():
        SharedItem.objects.filter(code=LICENCE).update(**present, **lists)
    with scope.hall(east):
        Override.objects.all().delete()
        for name, (value, base) in wanted.items():
            field = f"{name}.{KEYS[name]}" if name in KEYS else name
            try:
                with transaction.atomic():
                    insert(field, value, base)
            except IntegrityError:
                assert not permits(rule_of(field), value, base)
        stored = {row.field: row for row in Override.objects.all()}
        city = city_values(LICENCE)
        expected = {
            field: permits(rule_of(field), row.value, value_of(city, field)) for field, row in stored.items()
        }
        item = queries.effective_item(LICENCE, with_hidden=True)
        assert set(item.sources) == {field for field, is_permitted in expected.items() if is_permitted}
        reviewed = {row.field: row.is_in_force for row in Review.objects.all()}
        assert reviewed == {
            field: expected[field] for field, row in stored.items() if row.base != value_of(city, field)
        }
