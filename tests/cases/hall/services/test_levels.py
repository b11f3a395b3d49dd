"""Levels: what an item asks of whoever applies, at the start, at submission and at each act; and whose number stands in a form."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from accounts.enums import Level
from accounts.models import Person
from accounts.queries import id_index
from cases.hall import answers
from cases.hall.models import Case, Mandate
from cases.hall.queries import access
from cases.hall.services import authority, drafts, guardians, submit, transition
from catalog.shared.models import SharedItem
from tenants.shared import scope
from tests.cases.hall import making, mandating
from tests.conftest import actor
from tests.template import LICENCE, NOW, PERSON_ID

pytestmark = pytest.mark.usefixtures("in_hall")
OWN, OTHER = "11010519491231002X", "110105198007021234"
QUESTIONS = [
    {"name": "spouse", "label": "配偶姓名", "type": "text", "required": True},
    {"name": "mine", "label": "申请人身份证号", "type": "id_number", "required": True, "about": "applicant"},
    {"name": "child", "label": "孩子身份证号", "type": "id_number", "required": True, "about": "child"},
]


def item(**fields):
    """Change the item as the city would, before the hall is entered."""
    with scope.city():
        SharedItem.objects.filter(code=LICENCE).update(**fields)


@pytest.fixture
def wanted():
    """What the item asks, said by the test's mark."""
    return {"identity_level": 2}


@pytest.fixture
def in_hall(east, wanted):
    item(**wanted)
    with scope.hall(east):
        yield east


def known(username, level):
    """Let one of the cast be known so well."""
    proved = {1: "", 2: "format", 3: "window"}[level]
    facts = {
        "proved_by": proved,
        "proved_at": NOW if proved else None,
        "id_index": id_index(OWN) if proved else None,
    }
    Person.objects.filter(pk=PERSON_ID[username]).update(**facts)
    return actor(username)


def start(username="lin"):
    return drafts.start(LICENCE, actor=actor(username), applicant=making.applicant(username), now=NOW)


def file(case, username="lin"):
    return submit.submit(
        case, actor=actor(username), applicant=making.applicant(username), version=case.item_version, idempotency_key=f"k{case.pk}", now=NOW,
    )  # fmt: skip


@pytest.mark.parametrize("wanted", [{"identity_level": 2}, {"identity_level": 3}])
def test_who_is_not_known_well_enough_begins_nothing(wanted):
    level = wanted["identity_level"]
    known("lin", level - 1)
    with pytest.raises(authority.LevelNeeded) as refused:
        start()
    assert (refused.value.needed, Case.objects.count()) == (level, 0)
    known("lin", level)
    assert start().state == "draft"


def test_a_draft_is_kept_and_not_handed_in_while_the_level_is_lost():
    known("lin", 2)
    case = making.draft(LICENCE)
    known("lin", 1)
    case = drafts.save_answers(case, {"spouse": "王五"}, actor=actor("lin"), now=NOW)
    with pytest.raises(authority.LevelNeeded):
        file(case)
    kept = Case.objects.get()
    assert (kept.state, kept.number, kept.answers["spouse"]) == ("draft", None, "王五")
    known("lin", 2)
    assert file(case).number


def test_later_acts_ask_again_and_change_nothing():
    known("lin", 2)
    case = making.submitted(LICENCE)
    known("lin", 1)
    with pytest.raises(authority.LevelNeeded):
        transition.apply(case, "withdraw", by=actor("lin"), now=NOW)
    assert Case.objects.get().state == "submitted"
    # the clerk's steps go on
    assert making.act(case, "accept").state == "accepted"


def test_one_go_asks_too():
    known("lin", 1)
    with pytest.raises(authority.LevelNeeded):
        submit.file_case(
            item_code=LICENCE, raw_answers={"spouse": "李四"}, files={}, raw_delivery={}, actor=actor("lin"), applicant=making.applicant("lin"),
            company=None, idempotency_key="k", body={}, now=NOW,
        )  # fmt: skip
    assert not Case.objects.exists()


def test_of_a_mandate_the_proxy_must_be_known_and_the_principal_need_not():
    known("zhou", 2)
    mandating.term()
    mandate = mandating.in_force()
    known("zhou", 1)
    with pytest.raises(authority.LevelNeeded):
        mandating.begun(mandate, LICENCE)
    known("zhou", 2)
    assert mandating.begun(mandate, LICENCE).proxy == PERSON_ID["zhou"]


# whose number


@pytest.mark.parametrize("wanted", [{"identity_level": 2, "form": QUESTIONS, "materials": []}])
def test_the_applicants_number_comes_from_the_account_whatever_was_typed(wanted):
    known("lin", 2)
    case = start()
    assert case.answers == {"mine": OWN}
    case = drafts.save_answers(
        case, {"spouse": "李四", "mine": OTHER, "child": "无"}, actor=actor("lin"), now=NOW
    )
    filed = file(case)
    assert filed.answers == {"spouse": "李四", "mine": OWN, "child": answers.NO_NUMBER}
    assert filed.applicant["id_number"] == OWN


@pytest.mark.parametrize("wanted", [{"identity_level": 2, "form": QUESTIONS, "materials": []}])
def test_nobody_files_under_anothers_number(wanted):
    known("lin", 2)

    def go(key, **said):
        return submit.file_case(
            item_code=LICENCE, raw_answers={"spouse": "李四", "child": OTHER, **said}, files={}, raw_delivery={}, actor=actor("lin"),
            applicant=making.applicant("lin"), company=None, idempotency_key=key, body={"key": key}, now=NOW,
        )  # fmt: skip

    with pytest.raises(submit.Incomplete) as refused:
        go("a", mine=OTHER)
    assert list(refused.value.fields) == ["mine"]
    with pytest.raises(submit.Incomplete) as refused:
        go("b", child=OWN)
    assert list(refused.value.fields) == ["child"]
    assert not Case.objects.exists()
    assert go("c", mine=OWN.lower()).answers["mine"] == go("d").answers["mine"] == OWN


def test_a_child_may_have_no_number_yet_and_others_must():
    rules = {"divisions": (), "today": date(2026, 3, 2), "own_number": OWN}
    child, other = QUESTIONS[2], {**QUESTIONS[2], "about": "other"}
    assert answers.clean([child], {"child": "尚无证件号"}, **rules).values == {"child": "尚无证件号"}
    assert list(answers.clean([other], {"child": "无"}, **rules).errors) == ["child"]
    assert answers.clean([other], {"child": OTHER}, **rules).values == {"child": OTHER}


# coming of age in the middle of a case


def test_a_case_that_runs_on_the_eighteenth_birthday_is_the_childs_alone():
    known("lin", 2)
    born = date(2008, 3, 10)
    mandate = guardians.declare(
        name="林小苗", born_on=born, id_number="", phone="", relation="mother", upload=making.upload(), actor=actor("lin"), now=NOW,
    )  # fmt: skip
    case = drafts.start(LICENCE, actor=actor("lin"), mandate=mandate.pk, now=NOW)
    birthday = NOW + timedelta(days=(guardians.eighteenth(born) - timezone.localdate(NOW)).days)
    assert guardians.come_of_age(now=birthday) == 1
    with pytest.raises(access.MandateOver):
        drafts.save_answers(case, {"spouse": "x"}, actor=actor("lin"), now=birthday)
    kept = Case.objects.get()
    assert (kept.person, kept.state) == (mandate.principal.person, "draft")
    assert Mandate.objects.get().ended_at == birthday
    assert guardians.come_of_age(now=birthday) == 0
    assert issubclass(access.MandateOver, PermissionDenied)


def test_levels_stand_in_order():
    assert [level.value for level in Level] == [1, 2, 3]
