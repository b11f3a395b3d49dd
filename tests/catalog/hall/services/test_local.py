"""The hall's own items: two persons, and what must be right before the public sees them."""

from datetime import date, timedelta

import pytest
from django.db import transaction
from django.db.utils import IntegrityError

from catalog.hall import checks, queries
from catalog.hall.models import LocalDraft, LocalItem, LocalVersion
from catalog.hall.services import local
from catalog.hall.tasks import editions_come_due
from catalog.shared.enums import Status
from catalog.shared.models import Offer
from catalog.shared.services import editions
from catalog.shared.services.editions import Life
from tests.template import LICENCE, NOW

TODAY = NOW.date()
GOOD = {
    "name": "芍药节摊位报名", "type": "20", "department": "市场监管局", "audience": "personal", "kind": "promised", "promised_days": 2,
    "materials": [{"name": "摊位照片"}], "steps": [{"name": "审查", "role": "审批", "days": 2}],
}  # fmt: skip


def publish(code, by, now=NOW):
    return local.publish(code, by=by, now=now)


@pytest.fixture(autouse=True)
def _in_east(in_east):
    pass


def test_codes_are_given_in_order_with_origin_99(staff):
    codes = [local.draft(GOOD | {"type": kind}, by=staff, now=NOW).code for kind in ("20", "20", "05")]

    assert codes == ["99200000000100", "99200000000200", "99050000000100"]


def test_a_draft_is_seen_by_nobody_outside(staff):
    code = local.draft(GOOD, by=staff, now=NOW).code

    assert queries.effective_item(code, with_hidden=True) is None
    assert not Offer.objects.filter(code=code).exists()
    assert [item.code for item in queries.local_drafts()] == [code]


def test_a_second_person_publishes(staff, second):
    code = local.draft(GOOD, by=staff, now=NOW).code

    with pytest.raises(editions.SamePerson, match="谁编的谁不能发布"):
        publish(code, staff)
    assert queries.effective_item(code) is None

    publish(code, second)
    found = queries.effective_item(code)
    assert (found.name, found.is_local, set(queries.sources(found).values())) == (
        "芍药节摊位报名",
        True,
        {"hall"},
    )
    assert Offer.objects.get(code=code).local["materials"] == found.materials
    with pytest.raises(editions.NotADraft):
        publish(code, second)


def test_the_database_too_wants_two_persons(staff):
    item = local.draft(GOOD, by=staff, now=NOW)

    with pytest.raises(IntegrityError, match="localdraft_two_persons"), transaction.atomic():
        LocalDraft.objects.filter(pk=item.pk).update(approved_by=staff.person_id)
    assert queries.effective_item(item.code) is None


def test_rows_without_a_key_get_one_that_stays(staff):
    first, again = (local.draft(GOOD, by=staff, now=NOW).fields["materials"][0]["key"] for _ in range(2))

    assert first == again
    assert first.startswith("h")


@pytest.mark.parametrize(
    ("change", "field", "sentence"),
    [
        (
            {"fees": [{"name": "工本费", "amount": 5, "basis": " "}]},
            "fees",
            "收费“工本费”没有写依据，写明收费文件再发布",
        ),
        ({"materials": [{"name": "其他材料"}]}, "materials", "材料“其他材料”太笼统，写明到底是哪一份"),
        (
            {"materials": [{"name": "相关证明材料"}]},
            "materials",
            "材料“相关证明材料”太笼统，写明到底是哪一份",
        ),
        ({"statutory_days": 1}, "promised_days", "承诺时限不能比法定时限长"),
        ({"statutory_days": 2, "statutory_unit": "natural"}, "promised_days", "承诺时限不能比法定时限长"),
        (
            {"steps": [{"name": "审查", "days": 2}, {"name": "决定", "days": 1}]},
            "steps",
            "各步骤的天数加起来超过了承诺时限",
        ),
        ({"kind": "instant", "steps": []}, "promised_days", "当场办好的事项，承诺时限写 0"),
        ({"visits": 1}, "visits_reason", "要人跑一趟，请写明为什么"),
    ],
)
def test_what_is_not_right_names_its_field(staff, second, change, field, sentence):
    code = local.draft(GOOD | change, by=staff, now=NOW).code

    with pytest.raises(editions.NotPublishable) as refusal:
        publish(code, second)

    assert refusal.value.problems == {field: sentence}
    assert queries.effective_item(code) is None


@pytest.mark.parametrize("name", ["身份证", "其他机动车行驶证", "租赁合同"])
def test_a_material_that_says_what_it_is_passes(staff, second, name):
    code = local.draft(GOOD | {"materials": [{"name": name}]}, by=staff, now=NOW).code

    assert publish(code, second).status == "active"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "长" * 201}, "name"),
        ({"audience": "nobody"}, "audience"),
        ({"promised_days": -1}, "promised_days"),
        ({"materials": "身份证"}, "materials"),
        ({"materials": [{"key": "a b", "name": "身份证"}]}, "materials"),
        ({"materials": [{"key": "a", "name": "甲"}, {"key": "a", "name": "乙"}]}, "materials"),
        ({"steps": [{"name": "审查", "days": "2"}]}, "steps"),
        ({"aliases": [3]}, "aliases"),
        ({"code": "99200000000100"}, "code"),
        ({"status": "active"}, "status"),
    ],
)
def test_what_cannot_be_stored_names_its_field(staff, change, field):
    with pytest.raises(editions.BadFields) as refusal:
        local.draft(GOOD | change, by=staff, now=NOW)

    assert list(refusal.value.problems) == [field]
    assert not LocalDraft.objects.exists()


def published(staff, second, **changed):
    code = local.draft(GOOD | changed, by=staff, now=NOW).code
    publish(code, second)
    return code


def test_a_published_item_is_edited_beside_what_holds(staff, second):
    code = published(staff, second)

    draft = local.edit(code, {"name": "改名"}, seen=0, seen_version=1, by=second, now=NOW)
    assert (draft.base_version, queries.effective_item(code).name) == (1, "芍药节摊位报名")
    with pytest.raises(editions.SamePerson):
        publish(code, second)
    with pytest.raises(editions.ChangedMeanwhile) as refusal:
        local.edit(code, {"name": "另一个名"}, seen=0, by=staff, now=NOW)
    assert refusal.value.draft.fields["name"] == "改名"
    publish(code, staff)

    assert (queries.effective_item(code).name, LocalItem.objects.get(code=code).version) == ("改名", 2)
    assert list(LocalVersion.objects.order_by("version").values_list("version", "changed")) == [
        (1, []),
        (2, ["name"]),
    ]
    assert Offer.objects.get(code=code).name == "改名"


def test_an_unknown_or_shared_item_is_not_edited_as_a_local_one(staff):
    for code in ("99200000000100", LICENCE):
        with pytest.raises(editions.Unknown):
            local.edit(code, {"name": "改名"}, by=staff, now=NOW)


def test_an_item_is_suspended_taken_up_again_and_retired_with_a_successor(staff, second, east):
    code = published(staff, second)

    def turned(life):
        local.edit(code, {}, life=life, by=staff, now=NOW)
        publish(code, second)
        assert [*checks.offers_follow_items(east), *checks.same_as_portal(east)] == []
        return queries.effective_item(code) is not None

    assert turned(Life(Status.SUSPENDED)) is False
    assert [item.code for item in queries.local_out_of_use()] == [code]
    assert turned(Life(Status.ACTIVE)) is True
    other = published(staff, second, name="新的报名")
    assert turned(Life(Status.CANCELLED, successor=other)) is False
    assert queries.former_life(code).successor == other


def test_a_day_is_kept(staff, second):
    code = local.draft(GOOD, by=staff, now=NOW).code
    local.edit(
        code,
        {},
        life=Life(effective_from=date(2026, 3, 9), effective_to=date(2026, 3, 20)),
        by=staff,
        now=NOW,
    )
    publish(code, second)
    assert queries.effective_item(code) is None

    editions_come_due(None, NOW + timedelta(days=9))
    editions_come_due(None, NOW + timedelta(days=9))
    assert (queries.effective_item(code).version, LocalVersion.objects.count()) == ("1", 1)
    assert Offer.objects.filter(code=code).exists()
    editions_come_due(None, NOW + timedelta(days=19))
    assert queries.effective_item(code) is None
    assert (LocalItem.objects.get().status, LocalVersion.objects.count()) == ("cancelled", 2)
    assert not Offer.objects.filter(code=code).exists()


def test_a_code_that_was_used_is_not_given_again(staff, second):
    code = published(staff, second)
    local.edit(code, {}, life=Life(Status.CANCELLED), by=staff, now=NOW)
    publish(code, second)

    assert local.draft(GOOD, by=staff, now=NOW).code == "99200000000200"


def test_loading_wants_two_persons_and_changes_nothing_again(staff, second):
    rows = [GOOD | {"code": "99200000009900", "materials": [], "steps": [], "demonstration": ["summary"]}]

    with pytest.raises(editions.SamePerson):
        local.load(rows, drafted_by=staff, published_by=staff, now=NOW)
    assert local.load(rows, drafted_by=staff, published_by=second, now=NOW) == 1
    assert local.load(rows, drafted_by=staff, published_by=second, now=NOW) == 0
    assert queries.effective_item("99200000009900").demonstration == ["summary"]
