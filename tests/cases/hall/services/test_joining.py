"""Somebody without an account registers: what others did for them is theirs, and nobody else's."""

import pytest

from accounts.services import codes
from cases.hall.models import Case, Outbox, Principal
from cases.hall.services import joining
from cases.shared.models import MandatePointer, Pointer
from tests.cases.hall import mandating
from tests.conftest import actor
from tests.template import LICENCE, NOW, PERSON_ID

pytestmark = pytest.mark.usefixtures("in_east")


@pytest.fixture
def case(in_east):
    mandating.term()
    return mandating.filed(mandating.in_force(), LICENCE)


def become(username, *, name=mandating.NEIGHBOUR, number=None, phone=mandating.NEIGHBOUR_PHONE):
    """Let this account be registered with these."""
    from accounts.encryption import blind_index
    from accounts.models import Person

    person = Person.objects.get(pk=PERSON_ID[username])
    person.name, person.id_number, person.phone = name, number or mandating.id_number(), phone
    person.phone_index = blind_index(phone)
    person.save()


def claim(username="lin"):
    code = joining.send_code(actor=actor(username), address="", now=NOW)
    return joining.claim(code, actor=actor(username), now=NOW)


def test_cases_mandates_files_and_messages_become_the_accounts(case):
    become("lin")
    assert claim() == 1
    assert Case.objects.get().person == PERSON_ID["lin"]
    assert Pointer.objects.get().person == MandatePointer.objects.get().principal == PERSON_ID["lin"]
    assert MandatePointer.objects.get().claim_index == ""
    assert set(Outbox.objects.values_list("person", flat=True)) == {PERSON_ID["lin"]}
    assert set(case.files.values_list("person", flat=True)) == {PERSON_ID["lin"]}
    with pytest.raises(joining.NothingToClaim):
        claim()


@pytest.mark.parametrize(
    "given",
    [
        # the next holder of the phone, and whoever shares it
        {"number": mandating.id_number("34162119500101002"), "name": "路人"},
        {"number": mandating.id_number("34162119500101002")},
        # the number and a phone of one's own
        {"phone": "13700000009"},
        {"name": "路人"},
    ],
)
def test_phone_or_number_alone_take_over_nobody(case, given):
    become("lin", **given)
    before = Principal.objects.values().get()
    with pytest.raises(joining.NothingToClaim):
        claim()
    assert Principal.objects.values().get() == before


def test_a_wrong_code_claims_nothing(case):
    become("lin")
    code = joining.send_code(actor=actor("lin"), address="", now=NOW)
    with pytest.raises(codes.WrongCode):
        joining.claim("000000" if code != "000000" else "111111", actor=actor("lin"), now=NOW)
    assert not Principal.objects.get().has_account


def test_the_window_joins_whose_card_it_saw_although_the_phone_changed(case):
    from django.core.exceptions import PermissionDenied

    from accounts.models import Person

    become("lin", phone="13700000009")
    person = Person.objects.get(pk=PERSON_ID["lin"])
    with pytest.raises(PermissionDenied):
        joining.at_window(person, by=actor("lin"), now=NOW)
    assert joining.at_window(person, by=actor("east_window", ["window"]), now=NOW) == 1
    assert Principal.objects.get().phone == "13700000009"


def test_messages_of_somebody_without_an_account_go_to_the_phone_of_the_mandate(case):
    from cases.hall.services import telling

    assert {telling.phone_of(row) for row in Outbox.objects.all()} == {mandating.NEIGHBOUR_PHONE}
