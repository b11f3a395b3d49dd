"""Parents for children: by law until eighteen, then the child alone."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from cases.hall.models import Mandate, Outbox
from cases.hall.queries import access
from cases.hall.services import drafts, guardians, mandates
from cases.shared.models import MandatePointer
from tests.cases.hall import mandating
from tests.cases.hall.making import upload
from tests.conftest import actor
from tests.template import LICENCE, NOW, PERSON_ID

pytestmark = pytest.mark.usefixtures("in_east")


def declare(username="zhou", **given):
    facts = {"name": "周小宝", "born_on": date(2026, 2, 20), "id_number": "", "phone": "", "relation": "父亲"}
    return guardians.declare(
        **{**facts, **given}, upload=upload("出生证.jpg"), actor=actor(username), now=NOW
    )


def test_a_father_files_for_a_newborn_without_a_number():
    mandate = declare()
    case = mandating.filed(mandate, LICENCE)

    assert (mandate.kind, mandate.proof, mandate.until) == ("guardian", "relation", date(2044, 2, 19))
    assert case.applicant == {
        "name": "周小宝", "id_number": "", "phone": "", "agent": "周远", "relation": "父亲", "mandate": str(mandate.pk),
    }  # fmt: skip
    assert case.applicant_masked == "周*"
    # nobody but the parent is told: of each step by the case's own messages
    assert not [row for row in Outbox.objects.all() if "代办员" in row.text]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"born_on": None}, "born_on"),
        ({"born_on": date(2026, 3, 3)}, "born_on"),
        ({"born_on": date(2008, 3, 2)}, "born_on"),
        ({"id_number": mandating.id_number("34162120150501007"), "born_on": date(2015, 5, 2)}, "born_on"),
    ],
)
def test_what_is_no_minor_is_refused(given, field):
    with pytest.raises(mandates.NotGiven) as refusal:
        declare(**given)
    assert set(refusal.value.fields) == {field}
    assert not Mandate.objects.exists()


def test_another_parent_sees_nothing_of_what_the_first_began():
    number = mandating.id_number("34162120150501007")
    first = declare(id_number=number, born_on=None)
    case = mandating.begun(first, LICENCE)
    second = declare("lin", id_number=number, born_on=None, relation="母亲")
    assert first.principal_id == second.principal_id
    with pytest.raises(access.Http404):
        access.draft_for(actor("lin"), case.pk)
    assert mandating.begun(second, LICENCE, "lin").pk != case.pk


@pytest.mark.parametrize(
    ("born", "birthday"), [(date(2008, 3, 3), date(2026, 3, 3)), (date(2008, 2, 29), date(2026, 3, 1))]
)
def test_the_eighteenth_birthday(born, birthday):
    assert guardians.eighteenth(born) == birthday


def test_at_eighteen_in_mid_case_the_child_goes_on_alone_and_both_are_told_once():
    mandate = declare(born_on=date(2008, 3, 3))
    case = mandating.begun(mandate, LICENCE)
    morning = datetime(2026, 3, 3, 0, 0, 1, tzinfo=ZoneInfo("Asia/Shanghai"))
    with pytest.raises(access.MandateOver):
        drafts.save_answers(case, {"spouse": "王五"}, actor=actor("zhou"), now=morning)
    assert [
        guardians.come_of_age(now=morning - timedelta(seconds=2)),
        guardians.come_of_age(now=morning),
    ] == [0, 1]
    assert guardians.come_of_age(now=morning) == 0
    told = {row.person: row.text for row in Outbox.objects.all()}
    assert told == {
        mandate.principal.person: "您满18岁了，以后由您自己办。登录“我的办件”接着办。",
        PERSON_ID["zhou"]: "孩子满18岁了，以后由本人办。要接着替他办，请他委托您。",
    }
    assert MandatePointer.objects.get().is_ended
