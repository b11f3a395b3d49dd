"""The one effective item: what an override does to it, and what it does not."""

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError, ProgrammingError

from catalog.hall import queries
from catalog.hall.models import Adoption, EffectiveItem, Override
from catalog.hall.services import local, overrides
from catalog.shared import sql
from catalog.shared.models import OverrideFact, PortalItem
from tenants.shared import scope
from tests.template import BIRTH, LICENCE, NOW, PERSON_ID

LOCAL = {
    "name": "芍药节摊位报名", "type": "20", "department": "市场监管局", "audience": "personal", "kind": "promised", "promised_days": 2,
    "materials": [{"key": "a", "name": "摊位照片"}], "themes": ["national_personal:005"], "aliases": ["摆摊"],
}  # fmt: skip


def forge(field, value, base, code=LICENCE):
    """Write an override past the service, as the hall's role can."""
    return Override.objects.create(
        code=code,
        field=field,
        value=value,
        base=base,
        reason="伪造",
        person=PERSON_ID["east_staff"],
        person_name="东事项",
        made_at=NOW,
    )


def item(hall, code=LICENCE):
    with scope.hall(hall):
        return queries.effective_item(code, with_hidden=True)


def fields(row):
    return {name: getattr(row, name) for name in [*sql.columns(), "is_local", "version", "sources"]}


def test_without_an_override_it_is_the_citys(east):
    found = item(east)

    assert (found.promised_days, found.sources, found.version, found.is_local) == (5, {}, "1", False)
    assert set(queries.sources(found).values()) == {"shared"}


def test_an_override_changes_one_field_of_one_hall(east, west, staff):
    with scope.hall(east):
        overrides.set_value(LICENCE, "promised_days", 3, by=staff, reason="人手够", now=NOW)

    assert (item(east).promised_days, item(east).sources) == (3, {"promised_days": "hall"})
    assert (item(west).promised_days, item(west).sources) == (5, {})
    sources = queries.sources(item(east))
    assert {name for name, source in sources.items() if source == "hall"} == {
        "promised_days",
        "promised_unit",
    }


def test_every_override_gives_another_version(east, staff):
    versions = {item(east).version}
    for days in (4, 3):
        with scope.hall(east):
            overrides.set_value(LICENCE, "promised_days", days, by=staff, reason="人手够", now=NOW)
        versions.add(item(east).version)

    assert len(versions) == 3


def test_when_the_city_tightens_below_the_hall_the_city_holds(east, staff, change_city):
    with scope.hall(east):
        overrides.set_value(LICENCE, "promised_days", 4, by=staff, reason="人手够", now=NOW)
    assert item(east).promised_days == 4

    change_city(LICENCE, promised_days=3)

    assert (item(east).promised_days, item(east).sources) == (3, {})
    with scope.hall(east):
        assert Override.objects.filter(code=LICENCE).count() == 1, (
            "the hall's row stays, without effect, for the review"
        )


def test_a_forged_base_gains_nothing(in_east):
    forge("promised_days", {"days": 90, "unit": "working"}, {"days": 99, "unit": "working"})
    forge("visits", 7, 9)

    found = queries.effective_item(LICENCE)
    assert (found.promised_days, found.visits, found.sources) == (5, 1, {})


@pytest.mark.parametrize(
    ("field", "value", "base"),
    [
        ("promised_days", {"days": 6, "unit": "working"}, {"days": 5, "unit": "working"}),
        ("name", "改名", "小餐馆许可"),
        ("statutory_days", 1, 20),
        ("materials.m1", {"hidden": False}, {"key": "m1"}),
        ("materials.m9", {"hidden": True}, None),
        ("legal_basis", [], []),
        ("hidden", "yes", False),
    ],
)
def test_the_hall_cannot_even_write_a_row_that_breaks_the_policy(in_east, field, value, base):
    with pytest.raises(IntegrityError, match="override_keeps_policy"), transaction.atomic():
        forge(field, value, base)

    assert not Override.objects.exists()


def test_the_hall_cannot_write_the_citys_rows_or_anothers_facts(in_east, west):
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        connection.cursor().execute("UPDATE public.catalog_shared_shareditem SET promised_days = 99")
    with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        OverrideFact.objects.create(hall_id=west.role, code=LICENCE, field="address", base="", value="别处")


def test_lists_are_overridden_by_row(east, staff, change_city):
    with scope.hall(east):
        overrides.set_value(LICENCE, "materials.m1", {"hidden": True}, by=staff, reason="能查到", now=NOW)
        overrides.set_value(
            LICENCE, "steps.s2", {"position": 0, "name": "先审查"}, by=staff, reason="顺序", now=NOW
        )
        overrides.set_value(LICENCE, "fees.f1", {"amount": 0}, by=staff, reason="免了", now=NOW)
    change_city(LICENCE, materials=[*ITEMS_MATERIALS, {"key": "m3", "name": "新材料", "exempt": False}])

    found = item(east)
    assert [row["key"] for row in found.materials] == ["m2", "m3"], "a row that the city adds comes through"
    assert [row["name"] for row in found.steps] == ["先审查", "受理"]
    assert found.fees[0]["amount"] == 0
    assert set(found.sources) == {"materials.m1", "steps.s2", "fees.f1"}


ITEMS_MATERIALS = [
    {"key": "m1", "name": "身份证", "exempt": False},
    {"key": "m2", "name": "结婚证", "exempt": False},
]


def test_days_of_steps_scale_with_a_shortened_promise(east, staff, change_city):
    steps = [
        {"key": key, "name": key, "role": "", "days": days} for key, days in (("a", 1), ("b", 3), ("c", 1))
    ]
    change_city(LICENCE, steps=steps)
    with scope.hall(east):
        overrides.set_value(LICENCE, "promised_days", 2, by=staff, reason="人手够", now=NOW)

    assert [row["days"] for row in item(east).steps] == [0, 1, 1]


def test_a_hidden_item_is_not_offered(east, staff):
    with scope.hall(east):
        overrides.set_value(LICENCE, "hidden", True, by=staff, reason="不归我们", now=NOW)

        assert queries.effective_item(LICENCE) is None
        assert queries.effective_item(LICENCE, with_hidden=True).hidden
        assert LICENCE not in EffectiveItem.objects.offered().values_list("code", flat=True)


def test_an_item_that_the_city_suspends_is_gone(east, change_city):
    change_city(LICENCE, status="suspended")

    assert item(east) is None


def test_the_hall_and_the_portal_see_the_same(east, west, staff, second, change_city):
    with scope.hall(east):
        overrides.set_value(LICENCE, "promised_days", 3, by=staff, reason="人手够", now=NOW)
        overrides.set_value(LICENCE, "materials.m1", {"hidden": True}, by=staff, reason="能查到", now=NOW)
        overrides.set_value(LICENCE, "visits", 0, by=staff, reason="能寄", now=NOW)
        overrides.set_value(BIRTH, "hidden", True, by=staff, reason="不归我们", now=NOW)
        overrides.set_value(
            BIRTH, "faq", [{"question": "问", "answer": "答"}], by=staff, reason="常问", now=NOW
        )
        code = local.draft(LOCAL, by=staff, now=NOW).code
        local.publish(code, by=second, now=NOW)
    change_city(LICENCE, visits=0, summary="新说明")

    for hall in (east, west):
        with scope.hall(hall):
            own = {row.code: fields(row) for row in EffectiveItem.objects.all()}
        with scope.portal():
            seen = {row.code: fields(row) for row in PortalItem.objects.filter(hall_id=hall.role)}
        assert own == seen
    assert (len(own), code in own) == (4, False)


def test_an_item_that_was_not_adopted_is_not_there(in_east):
    Adoption.objects.filter(code=LICENCE).delete()

    assert queries.effective_item(LICENCE) is None


@pytest.mark.parametrize("code", ["", "1", "abc", "9" * 13, "34013100200000'--"])
def test_what_is_no_code_asks_nothing(in_east, code, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert queries.effective_item(code) is None
