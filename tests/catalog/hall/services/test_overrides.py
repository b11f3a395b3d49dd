"""Setting and resetting a hall's own value."""

import pytest

from catalog.hall import stamps
from catalog.hall.models import Override
from catalog.hall.services import overrides
from catalog.hall.services.values import BadValue
from catalog.shared.models import Offer, OverrideFact
from tenants.shared import scope
from tests.template import BIRTH, LICENCE, NOW


@pytest.fixture(autouse=True)
def _in_east(in_east):
    pass


def put(staff, field, value, *, code=LICENCE, reason="人手够"):
    return overrides.set_value(code, field, value, by=staff, reason=reason, now=NOW)


def stored():
    return list(
        Override.objects.order_by("field").values_list("field", "value", "base", "reason", "person_name")
    )


def facts():
    return list(OverrideFact.objects.order_by("field").values_list("field", "value", "base"))


def test_a_value_is_stored_with_who_why_and_the_citys_value(staff):
    put(staff, "promised_days", 3)

    limit, city = {"days": 3, "unit": "working"}, {"days": 5, "unit": "working"}
    assert stored() == [("promised_days", limit, city, "人手够", "东事项")]
    assert facts() == [("promised_days", limit, city)]


def test_a_limit_may_be_given_in_another_unit(staff):
    assert put(staff, "promised_days", {"days": 7, "unit": "natural"}).value == {"days": 7, "unit": "natural"}


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("promised_days", 6, "承诺时限不能比市里长（市里 5 个工作日）"),
        ("promised_days", {"days": 8, "unit": "natural"}, "承诺时限不能比市里长（市里 5 个工作日）"),
        ("promised_days", "三天", "承诺时限不能比市里长（市里 5 个工作日）"),
        ("visits", 2, "要跑的次数不能比市里多（市里 1 次）"),
        ("fees.f1", {"amount": 21}, "收费不能比市里高（市里 20 元）"),
        ("name", "改名", "“名称”由市里统一，本厅不能改"),
        ("statutory_days", 10, "“法定时限”由市里统一，本厅不能改"),
        ("legal_basis", [], "“设定依据”由市里统一，本厅不能改"),
        ("materials", [], "“材料”由市里统一，本厅不能改"),
        ("materials.m9", {"hidden": True}, "市里的“材料”里没有这一条，本厅不能加"),
        ("no_such_field", 1, "“no_such_field”由市里统一，本厅不能改"),
        ("hidden", "yes", "这一项只能填是或否"),
    ],
)
def test_what_breaks_the_policy_is_refused_in_words(staff, field, value, sentence):
    with pytest.raises(overrides.BreaksPolicy) as refusal:
        put(staff, field, value)

    assert (str(refusal.value), stored(), facts()) == (sentence, [], [])


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("address", 3, "这一项要填文字"),
        ("address", "长" * 201, "最多 200 个字"),
        ("guide_text", "\x00", "文字里有不能存的字符，请重新输入"),
        ("delivery", ["pigeon"], "领取方式只能从这些里选：window、ems、proxy、electronic"),
        ("faq", [{"question": "问", "answer": " "}], "第 1 条常见问题缺了问或答"),
        ("materials.m1", {"name": "改名"}, "“name”由市里统一，本厅不能改"),
        ("materials.m1", True, '一条要写成 {名称: 值}，例如 {"hidden": true}'),
    ],
)
def test_what_a_field_cannot_hold_is_refused_in_words(staff, field, value, sentence):
    with pytest.raises(BadValue) as refusal:
        put(staff, field, value)

    assert (str(refusal.value), stored()) == (sentence, [])


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("promised_days", 5),
        ("address", "城东路 1 号"),
        ("hidden", False),
        ("delivery", ["window", "ems"]),
        ("materials.m1", {"hidden": False, "exempt": False, "note": ""}),
        ("fees.f1", {"amount": 20, "standard": "20 元"}),
    ],
)
def test_saving_the_citys_value_stores_nothing(staff, field, value):
    with pytest.raises(overrides.SameAsCity, match="和市里的一样，不用单独改"):
        put(staff, field, value)

    assert (stored(), facts()) == ([], [])


def test_saving_unchanged_changes_nothing(staff):
    first = put(staff, "address", "新街 2 号")

    again = overrides.set_value(LICENCE, "address", " 新街 2 号 ", by=staff, reason="再存一次", now=NOW)

    assert (again.pk, again.reason) == (first.pk, "人手够")


def test_a_second_value_replaces_the_first(staff):
    put(staff, "address", "新街 2 号")
    put(staff, "address", "新街 3 号", reason="又搬了")

    assert [(row[1], row[3]) for row in stored()] == [("新街 3 号", "又搬了")]
    assert [row[1] for row in facts()] == ["新街 3 号"]


def test_empty_is_a_value(staff):
    put(staff, "address", "")

    assert stored()[0][1] == ""


@pytest.mark.parametrize("reason", ["", "  "])
def test_a_reason_must_be_given(staff, reason):
    with pytest.raises(overrides.ReasonMissing, match="请写明为什么改"):
        put(staff, "address", "新街 2 号", reason=reason)

    assert stored() == []


def test_only_what_differs_of_a_row_is_kept(staff):
    put(staff, "materials.m1", {"hidden": False, "exempt": True, "note": ""})

    assert stored()[0][1] == {"exempt": True}


def test_who_saw_another_value_overwrites_and_gives_back_nothing(staff, second):
    nothing = stamps.of_override(None, "城东路 1 号")
    put(staff, "address", "新街 2 号")

    for act in (
        lambda: overrides.set_value(
            LICENCE, "address", "新街 3 号", by=second, reason="搬", now=NOW, seen=nothing
        ),
        lambda: overrides.reset(LICENCE, "address", by=second, now=NOW, seen=nothing),
    ):
        with pytest.raises(overrides.ChangedMeanwhile) as refusal:
            act()
        assert (refusal.value.override.value, refusal.value.base) == ("新街 2 号", "城东路 1 号")
    assert [row[1] for row in stored()] == ["新街 2 号"]

    present = stamps.of_override(Override.objects.get(), "城东路 1 号")
    overrides.set_value(LICENCE, "address", "新街 3 号", by=second, reason="搬", now=NOW, seen=present)
    assert [(row[1], row[4]) for row in stored()] == [("新街 3 号", "东管理")]


def test_reset_gives_the_field_back(staff):
    put(staff, "address", "新街 2 号")
    put(staff, "phone", "0500-1")

    assert overrides.reset(LICENCE, "address", by=staff, now=NOW)
    assert ([row[0] for row in stored()], [row[0] for row in facts()]) == (["phone"], ["phone"])
    assert not overrides.reset(LICENCE, "address", by=staff, now=NOW)


def test_hiding_and_booking_reach_the_public_offer(staff):
    put(staff, "hidden", True, code=BIRTH)
    put(staff, "can_book", False, code=BIRTH)
    offer = Offer.objects.get(code=BIRTH)
    assert (offer.hidden, offer.can_book, offer.can_apply) == (True, False, True)

    overrides.reset(BIRTH, "hidden", by=staff, now=NOW)

    offer.refresh_from_db()
    assert (offer.hidden, offer.can_book) == (False, False)


@pytest.mark.parametrize("code", ["34999999999900", "99200000000100", "abc"])
def test_what_the_hall_has_not_taken_is_refused(staff, code):
    with pytest.raises(overrides.NotOffered):
        put(staff, "address", "新街 2 号", code=code)
    with pytest.raises(overrides.NotOffered):
        overrides.reset(code, "address", by=staff, now=NOW)


def test_many_are_loaded_at_once_and_again_change_nothing(staff, django_assert_max_num_queries):
    changes = [
        overrides.Change(LICENCE, "promised_days", 3, "人手够"),
        overrides.Change(LICENCE, "address", "新街 2 号", "搬家"),
        overrides.Change(BIRTH, "hidden", True, "不归我们"),
    ]

    with django_assert_max_num_queries(12):
        assert overrides.load(changes, by=staff, now=NOW) == 3
    assert overrides.load(changes, by=staff, now=NOW) == 0
    assert (
        [row[0] for row in stored()] == [row[0] for row in facts()] == ["address", "hidden", "promised_days"]
    )
    assert Offer.objects.get(code=BIRTH).hidden


def test_loading_refuses_before_it_writes(staff):
    changes = [
        overrides.Change(LICENCE, "address", "新街", "搬家"),
        overrides.Change(LICENCE, "visits", 9, "忙"),
    ]

    with pytest.raises(overrides.BreaksPolicy):
        overrides.load(changes, by=staff, now=NOW)

    assert stored() == []


def test_each_change_leaves_an_audit_row(staff, east, monkeypatch):
    written = []
    monkeypatch.setattr(
        "catalog.hall.services.overrides.record",
        lambda action, object, **rest: written.append((action, object, rest["detail"])),
    )
    put(staff, "address", "新街 2 号")
    overrides.reset(LICENCE, "address", by=staff, now=NOW)

    assert [entry[:2] for entry in written] == [
        ("override.set", f"{LICENCE} address"),
        ("override.reset", f"{LICENCE} address"),
    ]
    assert written[0][2] == {"value": "新街 2 号", "former": None, "base": "城东路 1 号", "reason": "人手够"}
    assert scope.current().role == east.role
