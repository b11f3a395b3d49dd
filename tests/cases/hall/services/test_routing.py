"""Groups and rules: where a new case goes, what is seen without them, and what changes when they do."""

import pytest
from django.utils import timezone

from tests.cases.hall.making import BIRTH, LICENCE, NOW, act, submitted
from tests.conftest import actor
from tests.template import PERSON_ID

pytestmark = pytest.mark.usefixtures("in_east")
TODAY = timezone.localdate(NOW)
ADMIN = ["hall_admin"]


@pytest.fixture
def second():
    """A second clerk at east's window."""
    from tenants.hall.models import Post

    Post.objects.create(
        person=PERSON_ID["east_head"], name="东二窗", username="east_head", role="window", created_at=NOW
    )
    return actor("east_head", ["window"])


def group(name, *members):
    from cases.hall.services import routing
    from tenants.hall.models import Post

    persons = [PERSON_ID[member] for member in members]
    posts = list(Post.objects.filter(person__in=persons, role="window").values_list("pk", flat=True))
    return routing.save_group(None, name, posts, by=actor("east_admin", ADMIN), now=NOW)


def rule(to, item_code="", division="", department=""):
    from cases.hall.services import routing

    return routing.add_rule(
        to, item_code=item_code, division=division, department=department, by=actor("east_admin", ADMIN), now=NOW
    )  # fmt: skip


def mine(who):
    from cases.hall.queries import desk

    return {case.pk for case in desk.cases(who, "mine", today=TODAY)}


def test_without_rules_everybody_of_the_post_sees_a_case(second):
    case = submitted()
    assert case.group is None
    assert mine(actor("east_window", ["window"])) == mine(second) == {case.pk}


def test_a_new_case_goes_to_the_group_of_the_rule_that_says_most(second):
    everything, food = group("综合", "east_window"), group("餐饮", "east_head")
    rule(everything, department="市场监管局")
    rule(food, item_code=LICENCE)
    rule(everything, item_code=LICENCE, division="341621113")
    case = submitted(LICENCE)

    assert case.group == food
    assert mine(second) == {case.pk}
    assert mine(actor("east_window", ["window"])) == set()


def test_the_next_posts_case_is_everybodys_when_the_group_has_nobody_of_it(second):
    rule(group("餐饮", "east_head"), item_code=LICENCE)
    case = act(submitted(LICENCE), "accept")
    assert mine(actor("east_approver", ["approver"])) == {case.pk}


def test_the_town_of_the_answers_is_kept_and_routes():
    from cases.hall.models import Case
    from cases.hall.services import routing

    town = group("陶庄片", "east_window")
    rule(town, division="341621113")
    item = {"form": [{"name": "home", "type": "division"}, {"name": "work", "type": "division"}]}
    case = Case(item=item, item_code=BIRTH)
    routing.place(case, {"home": "341621113", "work": "341621001"})
    assert (case.division, case.group) == ("341621113", town)
    routing.place(case, {"home": ""})
    assert (case.division, case.group) == ("", None)


def test_changed_rules_move_free_cases_alone_when_somebody_says_so(second, fresh_audit):
    from cases.hall.services import claims, routing

    free, held, gone = submitted(), submitted(), act(submitted(), "not_accept", reason="理由")
    claims.claim(held, by=second, now=NOW)
    food = group("餐饮", "east_head")
    rule(food, item_code=LICENCE)
    assert [case.pk for case in routing.misplaced()] == [free.pk]
    assert free.group is None

    assert routing.apply(by=actor("east_admin", ADMIN), now=NOW) == 1
    for case, expected in ((free, food), (held, None), (gone, None)):
        case.refresh_from_db()
        assert case.group == expected
    assert routing.misplaced().count() == 0
    assert "routing.apply" in fresh_audit()

    other = group("综合", "east_window")
    routing.remove_rule(food.rules.get(), by=actor("east_admin", ADMIN), now=NOW)
    assert routing.misplaced().count() == 1
    rule(other, item_code=LICENCE)
    assert routing.apply(by=actor("east_admin", ADMIN), now=NOW) == 1
    free.refresh_from_db()
    assert free.group == other


def test_a_retired_group_gives_its_cases_to_everybody(second):
    from cases.hall.services import routing

    food = group("餐饮", "east_head")
    rule(food, item_code=LICENCE)
    case = submitted()
    routing.retire_group(food, by=actor("east_admin", ADMIN), now=NOW)
    case.refresh_from_db()
    assert case.group is None
    assert submitted().group is None
    # the name is free again
    group("餐饮", "east_head")


def test_a_rule_says_something_and_once():
    from cases.hall.services.refusals import DataNeeded

    food = group("餐饮", "east_window")
    with pytest.raises(DataNeeded):
        rule(food)
    rule(food, item_code=LICENCE)
    with pytest.raises(DataNeeded):
        rule(group("综合", "east_window"), item_code=LICENCE)
    with pytest.raises(DataNeeded):
        group("餐饮")
