"""Drafts and versions of the city's items: two persons, one day, one publication, and every hall's list at once."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from catalog.hall import checks, queries
from catalog.hall.services import overrides
from catalog.shared.enums import Change, Status
from catalog.shared.models import Offer, SharedDraft, SharedItem, SharedVersion
from catalog.shared.services import editions, items
from catalog.shared.services.editions import Life
from catalog.shared.tasks import editions_come_due
from tenants.shared import scope
from tests.catalog.shared.making import TODAY, approver, editor, publish, save
from tests.template import BIRTH, GUIDE, LICENCE, NOW

NEW = "34209900100000"
GOOD = {
    "name": "新的一项",
    "type": "20",
    "department": "卫健委",
    "audience": "personal",
    "kind": "instant",
    "promised_days": 0,
}


@pytest.fixture
def in_city():
    with scope.city():
        yield


def found_wrong(*halls):
    found = []
    for hall in halls:
        with scope.hall(hall):
            found += [*checks.offers_follow_items(hall), *checks.same_as_portal(hall)]
    return found


def facts(code=LICENCE):
    item = SharedItem.objects.get(code=code)
    return item.version, item.status, item.promised_days


def test_a_draft_stands_beside_the_live_item(in_city):
    draft = save(promised_days=4)

    assert (draft.revision, draft.base_version, draft.fields["promised_days"]) == (1, 1, 4)
    assert facts() == (1, "active", 5)
    assert list(SharedVersion.objects.filter(code=LICENCE).values_list("version", flat=True)) == [1]


def test_a_second_person_publishes_a_version_that_says_what_changed(in_city):
    save(promised_days=4)
    with pytest.raises(editions.SamePerson):
        items.approve(LICENCE, by=editor(), now=NOW)
    assert facts() == (1, "active", 5)

    version = items.approve(LICENCE, by=approver(), now=NOW)

    assert (version.version, version.changed, version.change) == (2, ["promised_days"], Change.WIDER)
    assert (version.edited_by_name, version.approved_by_name) == ("市管理", "市二号")
    assert facts() == (2, "active", 4)
    assert not SharedDraft.objects.exists()
    with pytest.raises(editions.NotADraft):
        items.approve(LICENCE, by=approver(), now=NOW)


def test_the_database_too_wants_two_persons(in_city):
    draft = save(promised_days=4)

    with pytest.raises(IntegrityError, match="shareddraft_two_persons"), transaction.atomic():
        SharedDraft.objects.filter(pk=draft.pk).update(approved_by=draft.edited_by)


def test_the_second_editor_is_told_and_nothing_is_lost(in_city):
    first = save(promised_days=4)
    with pytest.raises(editions.ChangedMeanwhile, match="市管理刚保存过这份草稿") as refusal:
        items.save(LICENCE, {"promised_days": 3}, seen=0, by=approver(), now=NOW)

    assert refusal.value.draft.fields["promised_days"] == 4
    assert SharedDraft.objects.get().fields["promised_days"] == 4
    again = items.save(LICENCE, {"promised_days": 3}, seen=first.revision, by=approver(), now=NOW)
    assert (again.revision, again.edited_by_name) == (2, "市二号")


def test_who_began_from_what_holds_no_more_is_told(in_city):
    publish(promised_days=4)

    with pytest.raises(editions.ChangedMeanwhile, match="刚被发布或删掉") as refusal:
        items.save(LICENCE, {"visits": 0}, seen=0, seen_version=1, by=editor(), now=NOW)
    assert (refusal.value.draft.base_version, refusal.value.draft.fields["promised_days"]) == (2, 4)
    with pytest.raises(editions.ChangedMeanwhile):
        items.save(LICENCE, {"visits": 0}, seen=1, seen_version=2, by=editor(), now=NOW)
    assert not SharedDraft.objects.exists()


def test_what_was_approved_is_what_was_read(in_city):
    read = save(promised_days=4)
    save(promised_days=5, visits=0)

    with pytest.raises(editions.ChangedMeanwhile):
        items.approve(LICENCE, seen=read.revision, by=approver(), now=NOW)
    assert facts() == (1, "active", 5)


def test_an_edit_keeps_the_items_life(in_city):
    publish(life=Life(Status.SUSPENDED, effective_to=date(2026, 12, 31)))

    draft = save(notes="改了一句")

    assert (draft.status, draft.effective_to) == ("suspended", date(2026, 12, 31))


def test_nothing_changed_is_nothing_to_publish(in_city):
    save(promised_days=5)

    with pytest.raises(editions.NothingChanged):
        items.approve(LICENCE, by=approver(), now=NOW)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"fees": [{"name": "工本费", "amount": 5}]}, "fees"),
        ({"materials": [{"name": "其他材料"}]}, "materials"),
        ({"promised_days": 21}, "promised_days"),
        ({"steps": [{"name": "审查", "days": 6}]}, "steps"),
        ({"visits_reason": ""}, "visits_reason"),
        ({"body_nature": "3"}, "entrusted_by"),
        ({"service_objects": ["2"]}, "service_objects"),
        ({"materials": [{"name": "房产证", "necessity": "later"}]}, "materials"),
    ],
)
def test_what_the_standard_forbids_is_not_published_and_names_its_field(in_city, changed, field):
    save(**changed)

    with pytest.raises(editions.NotPublishable) as refusal:
        items.approve(LICENCE, by=approver(), now=NOW)

    assert list(refusal.value.problems) == [field]
    assert facts() == (1, "active", 5)


@pytest.mark.parametrize(
    ("life", "field"),
    [
        (Life(effective_from=date(2026, 3, 9), effective_to=date(2026, 3, 8)), "effective_to"),
        (Life(Status.CANCELLED, successor="34999999999900"), "successor"),
        (Life(Status.CANCELLED, successor=LICENCE), "successor"),
    ],
)
def test_a_life_that_cannot_be_is_not_published(in_city, life, field):
    items.save(LICENCE, {}, life=life, by=editor(), now=NOW)

    with pytest.raises(editions.NotPublishable) as refusal:
        items.approve(LICENCE, by=approver(), now=NOW)
    assert list(refusal.value.problems) == [field]


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        (LICENCE, "这个编码已经用过了，编码不能重复用，请换一个"),
        ("99200000000100", "99 开头的编码是各大厅自己的事项用的，请换一个"),
        ("3420990010000", "事项编码要 14 位数字，现在是 13 位"),
        ("34029900100000", "事项编码的第 3、4 位是事项类型，02 不能申请"),
    ],
)
def test_a_code_is_good_and_nobodys(in_city, code, sentence):
    with pytest.raises(editions.BadFields) as refusal:
        items.create(code, GOOD, by=editor(), now=NOW)

    assert refusal.value.problems == {"code": sentence}
    assert not SharedDraft.objects.exists()


def test_a_new_item_is_taken_by_halls_once_it_is_published(in_city):
    items.create(NEW, GOOD, by=editor(), now=NOW)
    with pytest.raises(editions.BadFields):
        items.create(NEW, GOOD, by=approver(), now=NOW)

    version = items.approve(NEW, by=approver(), now=NOW)

    assert (version.version, version.change) == (1, Change.WIDER)
    assert SharedItem.objects.get(code=NEW).sort_key == "xin de yi xiang"


def test_a_draft_is_thrown_away(in_city):
    items.create(NEW, GOOD, by=editor(), now=NOW)
    items.discard(NEW, by=editor(), now=NOW)

    assert not items.known(NEW)
    with pytest.raises(editions.Unknown):
        items.discard(NEW, by=editor(), now=NOW)
    with pytest.raises(editions.NotADraft):
        items.discard(LICENCE, by=editor(), now=NOW)


def test_every_kind_of_publication_reaches_every_halls_list_at_once(east, west, staff):
    with scope.hall(east):
        overrides.set_value(LICENCE, "promised_days", 3, by=staff, reason="人手够", now=NOW)

    def offered(code=LICENCE):
        with scope.portal():
            return list(
                Offer.objects.offered()
                .filter(code=code)
                .order_by("hall_id")
                .values_list("promised_days", flat=True)
            )

    def city(**kwargs):
        with scope.city():
            publish(**kwargs)
        assert found_wrong(east, west) == []

    city(promised_days=4)
    assert offered() == [3, 4]
    city(promised_days=2)
    assert offered() == [2, 2], "what breaks the policy stops to hold"
    city(life=Life(Status.SUSPENDED))
    assert offered() == []
    with scope.hall(east):
        assert queries.effective_item(LICENCE) is None
    city(life=Life(Status.ACTIVE))
    assert offered() == [2, 2]
    city(promised_days=5)
    assert offered() == [3, 5]
    city(life=Life(Status.CANCELLED, successor=BIRTH))
    assert offered() == []


def test_an_approved_draft_waits_for_its_day_and_comes_once(east, west):
    day = date(2026, 3, 9)
    with scope.city():
        items.save(LICENCE, {"promised_days": 4}, life=Life(effective_from=day), by=editor(), now=NOW)
        waiting = items.approve(LICENCE, by=approver(), now=NOW)
        assert isinstance(waiting, SharedDraft)
        editions_come_due(NOW + timedelta(days=6))
        assert facts() == (1, "active", 5)

        # the worker was down for days
        late = NOW + timedelta(days=11)
        editions_come_due(late)
        editions_come_due(late)
        assert facts() == (2, "active", 4)
        assert list(
            SharedVersion.objects.filter(code=LICENCE, version=2).values_list(
                "published_at", "effective_from"
            )
        ) == [(late, day)]
    assert found_wrong(east, west) == []


def test_a_new_edit_takes_the_approval_back(in_city):
    items.save(
        LICENCE, {"promised_days": 4}, life=Life(effective_from=date(2026, 3, 9)), by=editor(), now=NOW
    )
    items.approve(LICENCE, by=approver(), now=NOW)
    save(visits=0)

    editions_come_due(NOW + timedelta(days=20))

    assert facts() == (1, "active", 5)
    assert SharedDraft.objects.get().approved_by is None


def test_what_has_run_out_is_retired_the_day_after(east, west):
    with scope.city():
        publish(code=GUIDE, life=Life(effective_to=TODAY, successor=BIRTH))
        editions_come_due(NOW)
        assert SharedItem.objects.get(code=GUIDE).status == "active"
        editions_come_due(NOW + timedelta(days=3))
        editions_come_due(NOW + timedelta(days=3))
        item = SharedItem.objects.get(code=GUIDE)
        assert (item.status, item.version, item.successor) == ("cancelled", 3, BIRTH)
        assert list(
            SharedVersion.objects.filter(code=GUIDE).order_by("version").values_list("version", "status")
        ) == [(1, "active"), (2, "active"), (3, "cancelled")]
    assert found_wrong(east, west) == []


def test_a_shared_item_retired_while_a_hall_edits_it(east, staff):
    with scope.hall(east):
        overrides.set_value(LICENCE, "address", "新街", by=staff, reason="搬家", now=NOW)
    with scope.city():
        publish(life=Life(Status.CANCELLED))

    with scope.hall(east), pytest.raises(overrides.NotOffered):
        overrides.set_value(LICENCE, "phone", "0500-1", by=staff, reason="换号", now=NOW)
    assert found_wrong(east) == []


def test_each_verb_leaves_an_audit_row(in_city, sealer_rows):
    publish(promised_days=4)
    save(promised_days=3)
    items.discard(LICENCE, by=editor(), now=NOW)

    assert sealer_rows() == ["shared.edit", "shared.publish", "shared.edit", "shared.discard"]


@pytest.fixture
def sealer_rows(monkeypatch):
    """The audit rows of this test by action: the city may add and not read them, so they are seen on their way."""
    import audit.services as audit

    told, record = [], audit.record

    def seen(action, **given):
        told.append(action)
        return record(action, **given)

    monkeypatch.setattr(audit, "record", seen)
    return lambda: told
