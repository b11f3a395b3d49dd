"""The policy's two halves say the same: the table in Python and the function in the database."""

import json

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.shared import sql
from catalog.shared.models import ItemFields
from catalog.shared.policy import POLICY, Freedom, natural_days, permits, rule_of
from catalog.shared.queries import value_of
from tenants.shared import scope
from tests.template import LICENCE

OPEN = [name for name, rule in POLICY.items() if rule.freedom is not Freedom.LOCKED]
FIELDS = [name if POLICY[name].rows is None else f"{name}.k1" for name in OPEN]
numbers = st.one_of(
    st.integers(-2, 10_001), st.sampled_from([0.5, 19.99, 20.0, 20.001, 1e7, 9999999.99, 1e-7, 1e22, True])
)
limits = st.fixed_dictionaries(
    {"days": numbers},
    optional={"unit": st.sampled_from(["working", "natural", "weeks", None]), "more": st.just(1)},
)
texts = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=6)
scalars = st.one_of(st.none(), st.booleans(), numbers, texts)
row_keys = sorted({key for name in OPEN for key in POLICY[name].rows or ()} | {"basis", "key"})
row_objects = st.dictionaries(st.sampled_from(row_keys), scalars, max_size=4)
values = st.one_of(scalars, limits, row_objects, st.lists(scalars, max_size=2))


def database_permits(field, value, base):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT public.catalog_permits(%s, %s::jsonb, %s::jsonb)",
            [field, json.dumps(value), json.dumps(base)],
        )
        return cursor.fetchone()[0]


def test_every_field_of_an_item_has_a_rule():
    columns = {field.name for field in ItemFields._meta.get_fields()}

    assert columns == set(POLICY)


def test_what_nothing_names_is_locked():
    assert {rule_of(name).freedom for name in ("uscc", "name.k1", "address.k1", "materials", "")} == {
        Freedom.LOCKED
    }


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    field=st.sampled_from([*FIELDS, "name", "kind", "materials", "no_such_field"]), value=values, base=values
)
def test_the_database_says_what_the_table_says(in_east, field, value, base):
    assert database_permits(field, value, base) == permits(rule_of(field), value, base)


@pytest.mark.parametrize(
    ("field", "value", "base", "is_permitted"),
    [
        ("promised_days", {"days": 5, "unit": "working"}, {"days": 7, "unit": "natural"}, True),
        ("promised_days", {"days": 6, "unit": "working"}, {"days": 8, "unit": "natural"}, False),
        ("promised_days", {"days": 0, "unit": "working"}, {"days": 0, "unit": "working"}, True),
        ("promised_days", {"days": "3", "unit": "working"}, {"days": 5, "unit": "working"}, False),
        ("promised_days", 3, {"days": 5, "unit": "working"}, False),
        ("visits", 1, 1, True),
        ("visits", 2, 1, False),
        ("visits", True, 1, False),
        ("materials.k1", {"hidden": True}, {"name": "身份证"}, True),
        ("materials.k1", {"hidden": False}, {"name": "身份证"}, False),
        ("materials.k1", {"name": "别的"}, {"name": "身份证"}, False),
        ("materials.k1", {}, {"name": "身份证"}, False),
        ("materials.k1", {"hidden": True}, None, False),
        ("fees.k1", {"amount": 19.99}, {"amount": 20}, True),
        ("fees.k1", {"amount": 20.01}, {"amount": 20}, False),
        ("fees.k1", {"amount": 1}, {}, False),
        ("address", "", "城东路", True),
        ("address", None, "城东路", False),
        ("hidden", True, False, True),
        ("hidden", "true", False, False),
        ("can_book", False, True, True),
        ("name", "别名", "名", False),
    ],
)
def test_cases_that_were_thought_of(in_east, field, value, base, is_permitted):
    assert (permits(rule_of(field), value, base), database_permits(field, value, base)) == (
        is_permitted,
        is_permitted,
    )


@pytest.mark.parametrize(
    ("days", "unit", "natural"), [(5, "working", 7), (1, "working", 2), (0, "working", 0), (9, "natural", 9)]
)
def test_unlike_units_compare_as_natural_days(days, unit, natural):
    assert natural_days(days, unit) == natural


@pytest.mark.parametrize(
    "field", ["promised_days", "materials.m1", "materials.none", "address", "fees.f1", "visits"]
)
def test_the_value_to_compare_with_is_the_same_in_both(east, field):
    with scope.hall(east):
        from catalog.shared.queries import city_values

        city = city_values(LICENCE)
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT ({sql.present_value('s', 'f.name')})::text FROM public.catalog_shared_shareditem s, (SELECT %s::text AS name) f WHERE code = %s",
                [field, LICENCE],
            )
            found = cursor.fetchone()[0]

    assert json.loads(found or "null") == value_of(city, field)
