"""Names and numbers: claimed, checked, verified; a verified number is one open account's."""

import threading
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connections, transaction

from accounts import sms
from accounts.enums import Level, ProvedBy
from accounts.models import Person, Session, WindowCode
from accounts.queries import id_index
from accounts.services import counters, identity, people
from audit.models import Record
from tests.accounts.browser import Browser
from tests.accounts.known import NUMBER, OTHER_NUMBER, PASSWORD, again, registered, verified
from tests.template import NOW, PERSON_ID


@pytest.fixture
def sent(monkeypatch):
    """What was sent to whom."""
    messages = []
    monkeypatch.setattr(sms, "send", lambda phone, text: messages.append((phone, text)))
    return messages


def test_a_phone_alone_is_level_one_and_a_number_of_the_right_form_level_two():
    phone_only = registered("13711110001", id_number="")
    checked = registered("13711110002")

    assert (phone_only.level, phone_only.proved_by) == (Level.PHONE, "")
    assert (checked.level, checked.proved_by) == (Level.CHECKED, ProvedBy.FORMAT)


def test_the_index_of_a_number_is_no_other_index():
    assert id_index(NUMBER) == id_index(f" {NUMBER.lower()} ")
    assert Person(phone=NUMBER).phone_index != id_index(NUMBER)
    assert len(id_index(NUMBER)) == 64


def test_two_may_claim_a_number_until_its_owner_proves_it(sent):
    thief, owner = registered("13711110001", "冒名人"), registered("13711110002")
    verified(owner)

    assert (again(owner).level, again(owner).id_number) == (Level.VERIFIED, NUMBER)
    fallen = again(thief)
    assert (fallen.level, fallen.id_number, fallen.id_index, fallen.name) == (Level.PHONE, "", None, "冒名人")
    assert [phone for phone, _text in sent] == ["13711110001"]
    assert NUMBER not in sent[0][1]


def test_a_verified_number_is_refused_to_everybody_else_and_its_owner_is_told_once_a_day(sent):
    owner, second = verified(registered("13711110001")), registered("13711110002", id_number="")
    count = Person.objects.count()
    for minute in range(2):
        with pytest.raises(identity.NumberTaken, match="窗口"):
            identity.claim(second.pk, name="周小满", id_number=NUMBER, now=NOW + timedelta(minutes=minute))
        with pytest.raises(identity.NumberTaken):
            registered(f"1371111000{5 + minute}")

    assert again(second).level == Level.PHONE
    assert again(owner).level == Level.VERIFIED
    assert [phone for phone, _text in sent] == ["13711110001"]
    assert Person.objects.count() == count


def test_the_database_refuses_a_second_verified_account_of_a_number():
    verified(registered("13711110001"))
    second = registered("13711110002", id_number="")
    facts = {"id_index": id_index(NUMBER), "proved_by": "window", "proved_at": NOW}
    with pytest.raises(IntegrityError), transaction.atomic(using="gate"):
        Person.objects.filter(pk=second.pk).update(**facts)
    # a closed account holds nothing
    people.suspend(Person.objects.get(phone_index=again(second).phone_index).pk, by=None, now=NOW)
    assert Person.objects.filter(pk=second.pk).update(**facts) == 1


def test_the_number_of_a_closed_account_goes_to_whoever_proves_it_and_does_not_come_back():
    old = verified(registered("13711110001"))
    people.suspend(old.pk, by=None, now=NOW)
    new = verified(registered("13711110002"))
    people.restore(old.pk, by=None, now=NOW)

    assert (again(new).level, again(old).level) == (Level.VERIFIED, Level.PHONE)


@pytest.mark.parametrize("told", [{"name": "别人"}, {"id_number": OTHER_NUMBER}])
def test_what_is_proved_must_be_what_the_account_says(told):
    person = registered()
    with pytest.raises(identity.OtherPerson):
        verified(person, **told)
    assert (again(person).level, again(person).name, again(person).id_number) == (
        Level.CHECKED,
        "周小满",
        NUMBER,
    )


def test_a_verified_person_changes_name_and_number_no_more():
    person = verified(registered())
    with pytest.raises(identity.AlreadyVerified):
        identity.claim(person.pk, name="改名人", id_number=OTHER_NUMBER, now=NOW)
    assert again(person).name == "周小满"


def test_claims_are_few_a_day():
    person = registered(id_number="")
    for _unused in range(identity.CLAIMS_A_DAY):
        identity.claim(person.pk, name="周小满", id_number=NUMBER, now=NOW)
    with pytest.raises(counters.TooMany):
        identity.claim(person.pk, name="周小满", id_number=OTHER_NUMBER, now=NOW)
    assert again(person).id_number == NUMBER


def test_what_has_a_wrong_form_costs_no_try_and_is_not_kept():
    person = registered(id_number="")
    for wrong in ({"name": "张3", "id_number": NUMBER}, {"name": "张三", "id_number": "110105194912310021"}):
        with pytest.raises(ValidationError):
            identity.claim(person.pk, now=NOW, **wrong)
    assert again(person).level == Level.PHONE
    assert not counters.Counter.objects.filter(key__startswith="identity:").exists()


@pytest.mark.parametrize("number", ["810000199408230021", "830000199201300022", "911124198108030024"])
def test_residents_of_hong_kong_macao_taiwan_and_foreigners_have_numbers_too(number):
    from stdnum.cn import ric

    number = number[:17] + ric.calc_check_digit(number)
    assert registered(id_number=number, name="陳大文").level == Level.CHECKED


def test_rare_characters_and_dots_are_kept(portal_client):
    person = registered(name="阿依古丽・买买提")
    assert again(person).name == "阿依古丽·买买提"
    rare = registered("13711110002", name="𠮷𪚥", id_number=OTHER_NUMBER)
    assert again(rare).name == "𠮷𪚥"
    # the platform writes the dot otherwise
    assert verified(person, name="阿依古丽•买买提").level == Level.VERIFIED


@pytest.mark.slow
def test_of_two_who_prove_one_number_at_once_one_has_it(fresh_database, monkeypatch):
    monkeypatch.setattr(sms, "send", lambda phone, text: None)
    accounts = [registered(f"1371111000{n}", "周小满", "") for n in range(4)]
    gate, outcomes = threading.Barrier(len(accounts)), []

    def prove(person):
        gate.wait()
        try:
            verified(person)
            outcomes.append("verified")
        except identity.NumberTaken:
            outcomes.append("taken")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=prove, args=[person]) for person in accounts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["taken", "taken", "taken", "verified"]
    assert Person.objects.filter(id_index=id_index(NUMBER)).count() == 1


# at the window


CLERK = PERSON_ID["east_window"]


def confirm(code, person, now=NOW, **more):
    facts = {"document": "id_card", "reason": "看了原件", "clerk": CLERK, "hall": "east", "takes_over": False}
    return identity.at_window(code, seen=identity.mark_of(again(person)), now=now, **{**facts, **more})


def test_a_clerk_verifies_whose_code_it_is_once():
    person = registered()
    code = identity.show_code(person.pk, now=NOW)
    assert code not in str(WindowCode.objects.values().get())
    assert identity.shown(f" {code[:4]} {code[4:].lower()}", clerk=CLERK, now=NOW).pk == person.pk
    confirm(code, person)

    assert (again(person).level, again(person).proved_by) == (Level.VERIFIED, ProvedBy.WINDOW)
    with pytest.raises(identity.CodeUnknown):
        confirm(code, person)


def test_the_audit_says_which_card_where_and_why_and_no_number(fresh_database):
    person = registered()
    confirm(identity.show_code(person.pk, now=NOW), person)

    with fresh_database.alias("owner") as alias:
        row = Record.objects.using(alias).get(action="person.verify")
    assert (row.actor, row.object) == (CLERK, person.username)
    assert row.detail == {"proved_by": "window", "hall": "east", "document": "id_card", "reason": "看了原件"}


def test_codes_run_out_and_are_nobodys_to_guess():
    person = registered()
    code = identity.show_code(person.pk, now=NOW)
    with pytest.raises(identity.CodeUnknown):
        identity.shown(code, clerk=CLERK, now=NOW + identity.CODE_LASTS)
    with pytest.raises(identity.CodeUnknown):
        identity.shown(code, clerk=person.pk, now=NOW)
    later = NOW + timedelta(hours=1)
    code = identity.show_code(person.pk, now=later)
    for _unused in range(identity.LOOKS):
        with pytest.raises(identity.CodeUnknown):
            identity.shown("22222222", clerk=CLERK, now=later)
    with pytest.raises(counters.TooMany):
        identity.shown(code, clerk=CLERK, now=later)
    assert again(person).level == Level.CHECKED


def test_what_changed_after_the_clerk_looked_is_not_verified():
    person = registered()
    code, seen = identity.show_code(person.pk, now=NOW), identity.mark_of(again(person))
    identity.claim(person.pk, name="周大满", id_number=OTHER_NUMBER, now=NOW)
    with pytest.raises(identity.ChangedMeanwhile):
        identity.at_window(
            code, seen=seen, document="id_card", reason="x", clerk=CLERK, hall="east", takes_over=False, now=NOW
        )  # fmt: skip
    assert again(person).level == Level.CHECKED


def test_the_window_moves_a_number_from_an_old_account_when_the_person_says_so(sent):
    browser = Browser()
    old = verified(registered("13711110001"))
    browser.sign_in("13711110001", password=PASSWORD)
    assert Session.objects.filter(person=old).exists()
    new = registered("13711110002", id_number="")
    # the number cannot be claimed by typing it; the clerk has it from the card
    Person.objects.filter(pk=new.pk).update(name="周小满", id_number=Person.objects.get(pk=old.pk).id_number)
    code = identity.show_code(new.pk, now=NOW)
    with pytest.raises(identity.NumberTaken):
        confirm(code, new)
    assert again(old).level == Level.VERIFIED
    confirm(code, new, takes_over=True)

    assert (again(new).level, again(old).level) == (Level.VERIFIED, Level.PHONE)
    assert not Session.objects.filter(person=old).exists()
