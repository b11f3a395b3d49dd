"""Deciding on what the city changed under an override."""

from datetime import timedelta

import pytest

from catalog.hall import queries, stamps
from catalog.hall.models import Override, Review
from catalog.hall.services import overrides, reviews
from catalog.hall.services.reviews import Asked
from catalog.shared.enums import Status
from catalog.shared.models import Offer, OverrideFact, PortalItem
from catalog.shared.queries import city_values
from catalog.shared.services.editions import Life
from tenants.shared import scope
from tests.template import BIRTH, LICENCE, NOW

TUESDAY, THURSDAY = NOW + timedelta(days=1), NOW + timedelta(days=3)
PROMISE = Asked(LICENCE, "promised_days")


def limit(days):
    return {"days": days, "unit": "working"}


def put(hall, staff, field, value, *, code=LICENCE, reason="人手够"):
    with scope.hall(hall):
        return overrides.set_value(code, field, value, by=staff, reason=reason, now=NOW)


def waiting(hall):
    with scope.hall(hall):
        return [
            (row.field, row.base, row.current, row.value, row.is_in_force)
            for row in Review.objects.order_by("code", "field")
        ]


def stored(hall):
    """The overrides and their public facts, which must say the same."""
    with scope.hall(hall):
        rows = list(
            Override.objects.order_by("code", "field").values_list(
                "code", "field", "base", "value", "made_at"
            )
        )
        facts = OverrideFact.objects.filter(hall_id=hall.role).order_by("code", "field")
        assert rows == list(facts.values_list("code", "field", "base", "value", "made_at"))
    return [row[1:4] for row in rows]


def agree(hall):
    """The item as the hall has it, its offer and the portal's view: one promise."""
    with scope.hall(hall):
        item = queries.effective_item(LICENCE, with_hidden=True)
        offer = Offer.objects.get(hall_id=hall.role, code=LICENCE)
    with scope.portal():
        seen = PortalItem.objects.get(hall_id=hall.role, code=LICENCE)
    assert (item.promised_days, item.version) == (offer.promised_days, offer.version)
    assert (item.promised_days, item.version) == (seen.promised_days, seen.version)
    return item.promised_days


@pytest.fixture
def audited(monkeypatch):
    written = []
    monkeypatch.setattr(
        "catalog.hall.services.reviews.record",
        lambda action, object, **rest: written.append((action, object, rest["detail"]["reason"])),
    )
    return written


def test_nothing_waits_while_the_city_has_not_changed(east, staff):
    put(east, staff, "promised_days", 3)

    assert waiting(east) == []


def test_a_change_of_the_citys_waits_with_three_values_and_the_hall_goes_on(east, west, staff, publish_city):
    put(east, staff, "promised_days", 3)

    publish_city(LICENCE, promised_days=4)

    assert waiting(east) == [("promised_days", limit(5), limit(4), limit(3), True)]
    assert (waiting(west), agree(east), agree(west)) == ([], 3, 4)


def test_a_change_that_the_override_breaks_holds_at_once(east, staff, publish_city):
    put(east, staff, "promised_days", 4)

    publish_city(LICENCE, promised_days=2)

    assert waiting(east) == [("promised_days", limit(5), limit(2), limit(4), False)]
    assert agree(east) == 2


def test_two_changes_of_the_citys_are_one_review_against_the_oldest(east, staff, publish_city):
    put(east, staff, "promised_days", 2)
    publish_city(LICENCE, TUESDAY, promised_days=4)
    publish_city(LICENCE, THURSDAY, promised_days=3)

    assert waiting(east) == [("promised_days", limit(5), limit(3), limit(2), True)]
    with scope.hall(east):
        assert Review.objects.get().since == TUESDAY


def test_a_change_that_the_city_takes_back_waits_no_more(east, staff, publish_city):
    put(east, staff, "promised_days", 2)
    publish_city(LICENCE, TUESDAY, promised_days=4)
    publish_city(LICENCE, THURSDAY, promised_days=5)

    assert waiting(east) == []


def test_it_waits_since_the_day_of_its_own_row(east, staff, publish_city):
    put(east, staff, "materials.m2", {"hidden": True}, code=BIRTH)
    with scope.hall(east):
        rows = city_values(BIRTH)["materials"]
    publish_city(BIRTH, TUESDAY, materials=[{**rows[0], "note": "看一眼"}, rows[1]])
    publish_city(BIRTH, THURSDAY, materials=[rows[0], {**rows[1], "name": "结婚证明"}])

    with scope.hall(east):
        found = Review.objects.get()
    assert (found.field, found.current["name"], found.since) == ("materials.m2", "结婚证明", THURSDAY)


def test_the_unit_alone_is_a_change_of_the_limit(east, staff, publish_city):
    put(east, staff, "promised_days", 2)
    publish_city(LICENCE, TUESDAY, promised_unit="natural")

    with scope.hall(east):
        found = Review.objects.get()
    assert (found.current, found.since) == ({"days": 5, "unit": "natural"}, TUESDAY)


def test_accepting_gives_the_field_back(east, staff, publish_city, audited):
    put(east, staff, "promised_days", 3)
    put(east, staff, "address", "新街 2 号")
    publish_city(LICENCE, promised_days=4)

    with scope.hall(east):
        reviews.accept(PROMISE, by=staff, now=THURSDAY)

    assert (waiting(east), [row[0] for row in stored(east)], agree(east)) == ([], ["address"], 4)
    assert audited == [("review.accept", f"{LICENCE} promised_days", "")]


def test_keeping_moves_the_base_and_says_why(east, staff, second, publish_city, audited):
    put(east, staff, "promised_days", 3)
    publish_city(LICENCE, promised_days=4)

    with scope.hall(east):
        reviews.keep(PROMISE, reason=" 我们更快 ", by=second, now=THURSDAY)
        row = Override.objects.get()

    assert (row.reason, row.person_name, row.made_at) == ("我们更快", "东管理", THURSDAY)
    assert (waiting(east), stored(east), agree(east)) == ([], [("promised_days", limit(4), limit(3))], 3)
    assert audited == [("review.keep", f"{LICENCE} promised_days", "我们更快")]


def test_what_was_kept_waits_again_when_the_city_changes_again(east, staff, publish_city):
    put(east, staff, "promised_days", 2)
    publish_city(LICENCE, TUESDAY, promised_days=4)
    with scope.hall(east):
        reviews.keep(PROMISE, reason="更快", by=staff, now=TUESDAY)
    publish_city(LICENCE, THURSDAY, promised_days=3)

    with scope.hall(east):
        found = Review.objects.get()
    assert (found.base, found.current, found.since) == (limit(4), limit(3), THURSDAY)


@pytest.mark.parametrize("reason", ["", "  "])
def test_keeping_wants_a_reason(east, staff, publish_city, reason):
    put(east, staff, "promised_days", 3)
    publish_city(LICENCE, promised_days=4)

    with scope.hall(east), pytest.raises(overrides.ReasonMissing):
        reviews.keep(PROMISE, reason=reason, by=staff, now=THURSDAY)

    assert stored(east) == [("promised_days", limit(5), limit(3))]


@pytest.mark.parametrize(
    ("days", "sentence"),
    [
        (2, "承诺时限不能比市里长（市里 2 个工作日）。不能保留，请用市里的或另改一个"),
        (3, "市里现在和本厅一样了，用市里的就行"),
    ],
)
def test_what_cannot_stand_is_not_kept(east, staff, publish_city, days, sentence):
    put(east, staff, "promised_days", 3)
    publish_city(LICENCE, promised_days=days)

    with scope.hall(east), pytest.raises(reviews.CannotKeep) as refusal:
        reviews.keep(PROMISE, reason="更快", by=staff, now=THURSDAY)

    assert (str(refusal.value), stored(east)) == (sentence, [("promised_days", limit(5), limit(3))])


def test_editing_sets_another_value_against_the_citys_present_one(east, staff, publish_city):
    put(east, staff, "promised_days", 4)
    publish_city(LICENCE, promised_days=2)
    with scope.hall(east):
        with pytest.raises(overrides.BreaksPolicy):
            reviews.edit(PROMISE, 3, reason="更快", by=staff, now=THURSDAY)
        reviews.edit(PROMISE, 1, reason="更快", by=staff, now=THURSDAY)

    assert (waiting(east), stored(east), agree(east)) == ([], [("promised_days", limit(2), limit(1))], 1)


def test_a_row_that_the_city_removed_can_only_be_given_back(east, staff, publish_city):
    put(east, staff, "materials.m2", {"hidden": True})
    asked = Asked(LICENCE, "materials.m2")
    with scope.hall(east):
        first = city_values(LICENCE)["materials"][0]
    publish_city(LICENCE, materials=[first])

    assert [(row[0], row[2], row[4]) for row in waiting(east)] == [("materials.m2", None, False)]
    with scope.hall(east):
        with pytest.raises(reviews.CannotKeep, match="没有这一条"):
            reviews.keep(asked, reason="更快", by=staff, now=THURSDAY)
        with pytest.raises(overrides.BreaksPolicy, match="没有这一条"):
            reviews.edit(asked, {"hidden": True}, reason="更快", by=staff, now=THURSDAY)
        assert len(Override.objects.all()) == 1
        reviews.accept(asked, by=staff, now=THURSDAY)
    assert (waiting(east), stored(east)) == ([], [])


@pytest.mark.parametrize("verb", ["accept", "keep", "edit"])
def test_a_decision_is_against_what_was_seen(east, staff, publish_city, verb):
    put(east, staff, "promised_days", 2)
    publish_city(LICENCE, TUESDAY, promised_days=4)
    with scope.hall(east):
        seen = stamps.of_review(Review.objects.get())
    publish_city(LICENCE, THURSDAY, promised_days=3)
    asked = Asked(LICENCE, "promised_days", seen)
    acts = {
        "accept": lambda: reviews.accept(asked, by=staff, now=THURSDAY),
        "keep": lambda: reviews.keep(asked, reason="更快", by=staff, now=THURSDAY),
        "edit": lambda: reviews.edit(asked, 1, reason="更快", by=staff, now=THURSDAY),
    }

    with scope.hall(east), pytest.raises(reviews.ChangedMeanwhile) as refusal:
        acts[verb]()

    assert (refusal.value.review.current, stored(east)) == (limit(3), [("promised_days", limit(5), limit(2))])


def test_what_a_colleague_decided_waits_no_more(east, staff, publish_city):
    put(east, staff, "promised_days", 3)
    publish_city(LICENCE, promised_days=4)

    with scope.hall(east):
        reviews.accept(PROMISE, by=staff, now=THURSDAY)
        with pytest.raises(reviews.NotWaiting):
            reviews.keep(PROMISE, reason="更快", by=staff, now=THURSDAY)
    assert stored(east) == []


def test_many_are_decided_together_each_with_its_outcome(east, staff, publish_city):
    put(east, staff, "promised_days", 3)
    put(east, staff, "visits", 0)
    put(east, staff, "address", "新街 2 号")
    publish_city(LICENCE, promised_days=2, address="城东路 9 号", fees=[])
    many = [Asked(LICENCE, field) for field in ("promised_days", "visits", "address")]

    with scope.hall(east):
        outcomes = reviews.keep_all(many, reason="照旧", by=staff, now=THURSDAY)

    assert [type(outcome.refusal) for outcome in outcomes] == [
        reviews.CannotKeep,
        reviews.NotWaiting,
        type(None),
    ]
    assert [row[0] for row in waiting(east)] == ["promised_days"]
    with scope.hall(east):
        outcomes = reviews.accept_all(many, by=staff, now=THURSDAY)
    assert [type(outcome.refusal) for outcome in outcomes] == [
        type(None),
        reviews.NotWaiting,
        reviews.NotWaiting,
    ]
    assert (waiting(east), [row[0] for row in stored(east)], agree(east)) == ([], ["address", "visits"], 2)


@pytest.mark.parametrize("number", [1, 3])
def test_the_number_of_statements_does_not_depend_on_the_number_of_reviews(
    east, staff, publish_city, number, django_assert_num_queries
):
    fields = ("address", "hours", "phone")[:number]
    for field in fields:
        put(east, staff, field, "我们的")
    publish_city(LICENCE, **dict.fromkeys(fields, "市里的"))
    many = [Asked(LICENCE, field) for field in fields]

    # one audit row each, and nothing else for each
    with scope.hall(east), django_assert_num_queries(12 + number):
        reviews.accept_all(many, by=staff, now=THURSDAY)


def test_a_statute_made_shorter_holds_at_once(east, staff, publish_city):
    put(east, staff, "promised_days", 3)

    publish_city(LICENCE, statutory_days=15)

    with scope.hall(east):
        assert queries.effective_item(LICENCE).statutory_days == 15
        assert Offer.objects.get(hall_id=east.role, code=LICENCE).statutory_days == 15
    assert (waiting(east), agree(east)) == ([], 3)


def test_a_cancelled_item_is_gone_at_once_and_nothing_of_it_waits(east, staff, publish_city):
    put(east, staff, "promised_days", 3)

    publish_city(LICENCE, life=Life(status=Status.CANCELLED, successor=BIRTH))

    with scope.hall(east):
        assert queries.effective_item(LICENCE) is None
        assert not Offer.objects.offered().filter(hall_id=east.role, code=LICENCE).exists()
    assert (waiting(east), [row[0] for row in stored(east)]) == ([], ["promised_days"])


def test_the_other_halls_reviews_are_not_there(east, west, staff, publish_city):
    put(east, staff, "promised_days", 3)
    publish_city(LICENCE, promised_days=4)

    with scope.hall(west), pytest.raises(reviews.NotWaiting):
        reviews.accept(PROMISE, by=staff, now=THURSDAY)

    assert len(waiting(east)) == 1
