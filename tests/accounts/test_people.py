"""The demo's invented people, who applies, and what a timer removes."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from accounts.actor import NOBODY
from accounts.models import Agency, Code, Counter, Person, Session, SignIn, Ticket, Token
from accounts.queries import applicant_of, companies_of
from accounts.services import people, tidy
from audit.models import Record
from tests.conftest import actor
from tests.template import NOW, PERSON_ID, USCC

FACTS = {
    "username": "Demo_Lin",
    "password": "Demo-2026-lin",
    "name": "演示甲",
    "phone": "13611112222",
    "id_number": "11010519491231002x",
    "town": "349901100",
    "company": (USCC, "示例酿酒有限公司"),
    "now": NOW,
}


def test_an_invented_person_is_made_once_and_kept_as_the_file_says():
    first = people.create_demo_person(**FACTS)
    before = Person.objects.get(pk=first.pk).password
    second = people.create_demo_person(**{**FACTS, "name": "演示乙"})

    person = Person.objects.get(username="demo_lin")
    assert first.pk == second.pk == person.pk
    assert (person.name, person.id_number, person.is_demo) == ("演示乙", "11010519491231002X", True)
    assert person.password == before
    assert Agency.objects.filter(person=person).count() == 1


def test_production_refuses_invented_people(settings):
    settings.DEMO_PEOPLE_ALLOWED = False
    with pytest.raises(people.DemoOnly):
        people.create_demo_person(**FACTS)
    assert not Person.objects.filter(username="demo_lin").exists()


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"id_number": "110105194912310021"}, ValidationError),
        ({"phone": "123"}, ValidationError),
        ({"city_role": "emperor"}, ValidationError),
        ({"phone": "13900000000"}, people.AlreadyRegistered),
        ({"company": ("91350100M000100Y44", "示例")}, ValidationError),
    ],
)
def test_a_wrong_fact_makes_nobody(wrong, error):
    with pytest.raises(error):
        people.create_demo_person(**{**FACTS, **wrong})
    assert not Person.objects.filter(username="demo_lin").exists()


def test_a_real_person_is_not_made_a_demo_one():
    real = people.register(
        phone="13611112222", name="甲", id_number="11010519491231002X", password="Good-pass-77", now=NOW
    )
    with pytest.raises(people.AlreadyRegistered):
        people.create_demo_person(**{**FACTS, "username": real.username})
    assert Person.objects.get(pk=real.pk).check_password("Good-pass-77")


def test_who_applies_is_what_the_person_registered_with():
    applicant = applicant_of(actor("lin"))

    assert (applicant.person_id, applicant.name, applicant.phone) == (
        PERSON_ID["lin"],
        "林小禾",
        "13900000000",
    )
    assert (applicant.masked_name, applicant.masked_phone) == ("林*", "139****0000")
    assert applicant.masked_id_number == "110105********002X"
    with pytest.raises(Person.DoesNotExist):
        applicant_of(NOBODY)


def test_companies_are_the_agents_own():
    assert [company.uscc for company in companies_of(actor("agent"))] == [USCC]
    assert companies_of(actor("lin")) == []


def test_the_timer_removes_what_has_run_out_and_nothing_else():
    past, coming = NOW - timedelta(seconds=1), NOW + timedelta(hours=1)
    for at in (past, coming):
        tag = "old" if at == past else "new"
        Session.objects.create(session_key=tag, session_data="", expire_date=at)
        Ticket.objects.create(
            digest=tag,
            person_id=PERSON_ID["lin"],
            hall="east",
            nonce_digest="",
            session_key="",
            expires_at=at,
        )
        Token.objects.create(digest=tag, person_id=PERSON_ID["lin"], created_at=NOW, expires_at=at)
        Code.objects.create(phone_index=tag, digest="", tries_left=5, expires_at=at)
        Counter.objects.create(key=tag, window_ends_at=at, count=1)
    for days in (201, 199):
        SignIn.objects.create(at=NOW - timedelta(days=days), how="password", succeeded=True)

    assert tidy.remove_expired(now=NOW) == 6

    assert [row.pk for model in (Session, Ticket, Token, Code, Counter) for row in model.objects.all()] == [
        "new"
    ] * 5
    assert SignIn.objects.get().at == NOW - timedelta(days=199)


def test_what_is_done_to_an_account_is_audited(fresh_database):
    people.change_password(PERSON_ID["lin"], password="Another-one-77", now=NOW)
    people.suspend(PERSON_ID["lin"], by=PERSON_ID["city_admin"], now=NOW)
    people.restore(PERSON_ID["lin"], by=None, now=NOW)

    with fresh_database.alias("owner"):
        rows = Record.objects.using("owner").filter(object="lin").values_list("action", "actor")
        assert set(rows) == {
            ("change_password", PERSON_ID["lin"]),
            ("suspend_person", PERSON_ID["city_admin"]),
            ("restore_person", None),
        }
