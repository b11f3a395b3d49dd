"""The city's people: roles, suspension everywhere at once, a first password by a link that serves once."""

import threading

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command

from tests.conftest import actor
from tests.template import NOW, PASSWORD, PERSON_ID


def _person(name):
    from accounts.models import Person

    return Person.objects.get(pk=PERSON_ID[name])


def test_roles_are_the_security_administrators_and_nobodys_own():
    from accounts.services import city_people

    security = actor("security_admin")
    for who in ("system_admin", "city_admin", "audit_admin", "inspector"):
        with pytest.raises(PermissionDenied):
            city_people.set_role(PERSON_ID["inspector"], "", reason="x", by=actor(who), now=NOW)
    with pytest.raises(city_people.Refused, match="自己"):
        city_people.set_role(PERSON_ID["security_admin"], "audit_admin", reason="x", by=security, now=NOW)
    city_people.set_role(PERSON_ID["inspector"], "audit_admin", reason="轮岗", by=security, now=NOW)

    assert _person("inspector").city_role == "audit_admin"


def test_the_last_security_administrator_stays():
    from accounts.services import city_people

    with pytest.raises(city_people.Refused, match="最后一位"):
        city_people.set_role(PERSON_ID["security_admin"], "", reason="x", by=None, now=NOW)
    assert _person("security_admin").city_role == "security_admin"


def test_suspension_ends_what_is_open_everywhere(hall_client, portal_client, east):
    from accounts.services import city_people

    clerk = hall_client(east, "east_window")
    assert clerk.get("/clerk/").status_code == 200
    city_people.suspend(PERSON_ID["east_window"], reason="调查", by=actor("security_admin"), now=NOW)

    assert clerk.get("/clerk/")["Location"].startswith("/sign-in/")
    signed = hall_client(east).post("/sign-in/", {"username": "east_window", "password": PASSWORD})
    assert "账号或密码不对" in signed.content.decode()
    city_people.reopen(PERSON_ID["east_window"], reason="查清了", by=actor("security_admin"), now=NOW)
    assert _person("east_window").is_active
    with pytest.raises(city_people.Refused, match="自己"):
        city_people.suspend(PERSON_ID["security_admin"], reason="x", by=actor("security_admin"), now=NOW)


def test_a_first_password_is_set_once():
    from accounts.services import city_people

    person = city_people.create(username="newcomer", name="新来", by=actor("system_admin"), now=NOW)
    token = city_people.link_for(person)
    city_people.first_password(person.pk, token, password="Shili-2026", now=NOW)
    person.refresh_from_db()
    assert person.check_password("Shili-2026")
    assert person.city_role == ""
    for wrong in (token, "x"):
        with pytest.raises(city_people.Refused):
            city_people.first_password(person.pk, wrong, password="Andere-2026", now=NOW)
    with pytest.raises(PermissionDenied):
        city_people.create(username="another", name="又来", by=actor("security_admin"), now=NOW)


def test_the_command_says_what_is_wrong(capsys):
    for given, told in ((["nobody", "inspector"], "no account"), (["lin", "king"], "is no role")):
        with pytest.raises(CommandError, match=told):
            call_command("city_role", *given, reason="x")
    call_command("city_role", "lin", "inspector", reason="入职")
    assert _person("lin").city_role == "inspector"


def test_names_are_not_searched_and_citizens_not_found():
    from accounts.services import city_people

    assert [p.username for p in city_people.search("east_w")] == ["east_window"]
    assert list(city_people.search("东窗口")) == []
    assert {p.city_role for p in city_people.search("")} == {
        "city_admin",
        "inspector",
        "system_admin",
        "security_admin",
        "audit_admin",
    }


@pytest.mark.slow
def test_two_security_administrators_who_end_each_other_leave_one(fresh_database):
    from django.db import connections

    from accounts.models import Person
    from accounts.services import city_people

    Person.objects.filter(pk=PERSON_ID["inspector"]).update(city_role="security_admin")
    pair = ("security_admin", "inspector")
    barrier, outcomes = threading.Barrier(2), []

    def run(mine, theirs):
        by = actor(mine)
        barrier.wait(10)
        try:
            city_people.set_role(PERSON_ID[theirs], "", reason="x", by=by, now=NOW)
            outcomes.append("done")
        except city_people.Refused:
            outcomes.append("refused")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(pair[i], pair[1 - i])) for i in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(outcomes) == ["done", "refused"]
    assert Person.objects.filter(city_role="security_admin").count() == 1
