"""What a change of an item means to those who apply."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.shared import changes, sql
from catalog.shared.enums import Change
from catalog.shared.models import SharedItem
from catalog.shared.services.editions import fields_of

BASE = fields_of(
    SharedItem(
        code="34013100200000", name="小餐馆许可", type="01", department="市场监管局", audience="personal", kind="promised",
        statutory_days=20, promised_days=5, visits=1, online_depth=3, delivery=["window"], conditions=["在本地"],
        materials=[{"key": "m1", "name": "身份证", "necessity": "required", "originals": 1, "copies": 0}],
        fees=[{"key": "f1", "name": "工本费", "amount": 20}],
        form=[{"name": "a", "label": "甲", "type": "text", "required": True}, {"name": "b", "label": "乙", "type": "text"}],
    )
)  # fmt: skip


def of(**changed):
    return changes.classify(BASE, {**BASE, **changed})


def test_every_field_of_an_item_is_classified():
    assert set(changes.GAINS) == set(sql.columns())


@pytest.mark.parametrize(
    ("changed", "meant"),
    [
        ({}, Change.WORDING),
        ({"name": "小餐馆登记"}, Change.WORDING),
        ({"guide_text": "写清楚一点"}, Change.WORDING),
        ({"promised_days": 3}, Change.WIDER),
        ({"promised_days": 6}, Change.NARROWER),
        ({"promised_unit": "natural"}, Change.WIDER),
        ({"promised_days": 7, "promised_unit": "natural"}, Change.WORDING),
        ({"statutory_days": None}, Change.NARROWER),
        ({"statutory_days": 10}, Change.WIDER),
        ({"visits": 0}, Change.WIDER),
        ({"visits": 2}, Change.NARROWER),
        ({"materials": []}, Change.WIDER),
        ({"materials": [*BASE["materials"], {"key": "m2", "name": "户口簿"}]}, Change.NARROWER),
        ({"materials": [{**BASE["materials"][0], "note": "看清"}]}, Change.WORDING),
        ({"materials": [{**BASE["materials"][0], "copies": 1}]}, Change.NARROWER),
        ({"materials": [{**BASE["materials"][0], "exempt": True}]}, Change.WIDER),
        ({"fees": []}, Change.WIDER),
        ({"fees": [{"key": "f1", "name": "工本费", "amount": 25}]}, Change.NARROWER),
        ({"fees": [{"key": "f1", "name": "工本费"}]}, Change.NARROWER),
        ({"online_depth": 4}, Change.WIDER),
        ({"can_apply": True}, Change.WIDER),
        ({"delivery": ["window", "ems"]}, Change.WIDER),
        ({"delivery": ["ems"]}, Change.NARROWER),
        ({"conditions": ["在本地", "满 18 岁"]}, Change.NARROWER),
        ({"conditions": []}, Change.WIDER),
        ({"audience": "both"}, Change.WIDER),
        ({"audience": "business"}, Change.NARROWER),
        ({"kind": "instant"}, Change.WIDER),
        ({"form": BASE["form"][:1]}, Change.WORDING),
        ({"form": [BASE["form"][0], {**BASE["form"][1], "required": True}]}, Change.NARROWER),
        ({"special_procedures": [{"key": "s", "kind": "听证", "days": 20}]}, Change.NARROWER),
        ({"service_scope": "全省"}, Change.WIDER),
        ({"promised_days": 3, "visits": 2}, Change.NARROWER),
        ({"promised_days": 3, "name": "改名"}, Change.WIDER),
    ],
)
def test_a_change_is_what_people_feel_of_it(changed, meant):
    assert of(**changed) == meant


counts = st.integers(0, 200)
editions = st.fixed_dictionaries(
    {
        "promised_days": counts,
        "promised_unit": st.sampled_from(["working", "natural"]),
        "statutory_days": st.none() | counts,
        "visits": st.integers(0, 5),
        "online_depth": st.integers(1, 4),
        "can_apply": st.booleans(),
        "delivery": st.lists(st.sampled_from(["window", "ems", "proxy"]), unique=True),
        "conditions": st.lists(st.sampled_from(["甲", "乙", "丙"]), unique=True),
        "kind": st.sampled_from(["instant", "promised"]),
        "audience": st.sampled_from(["personal", "business", "both"]),
    }
).map(lambda changed: {**BASE, **changed})


@given(editions)
def test_what_does_not_change_is_wording(edition):
    assert changes.classify(edition, edition) == Change.WORDING
    assert changes.differences(edition, edition) == []


@given(
    editions,
    st.sampled_from(["promised_days", "statutory_days", "visits", "online_depth", "can_apply", "kind"]),
    editions,
)
def test_taking_back_what_made_one_thing_easier_makes_it_harder(before, field, other):
    after = {**before, field: other[field]}
    there, back = changes.classify(before, after), changes.classify(after, before)
    opposite = {Change.WIDER: Change.NARROWER, Change.NARROWER: Change.WIDER, Change.WORDING: Change.WORDING}
    assert back == opposite[there]


@given(editions, editions)
def test_nothing_is_wider_both_ways(before, after):
    assert not changes.classify(before, after) == changes.classify(after, before) == Change.WIDER


def test_rows_are_told_apart_by_their_key_and_an_order_alone_is_one_difference():
    two = [{"key": "a", "name": "甲"}, {"key": "b", "name": "乙"}]
    before, after = (
        {"materials": two},
        {"materials": [{"key": "b", "name": "乙二"}, {"key": "c", "name": "丙"}]},
    )

    assert [(row.field, row.before, row.after) for row in changes.differences(before, after)] == [
        ("materials.b", two[1], {"key": "b", "name": "乙二"}),
        ("materials.c", None, {"key": "c", "name": "丙"}),
        ("materials.a", two[0], None),
    ]
    assert [row.field for row in changes.differences(before, {"materials": two[::-1]})] == ["materials"]
