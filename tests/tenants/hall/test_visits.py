"""应急进入: two people, an hour at most, read only, on the hall's record, and over when either side says so."""

import threading
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connections, transaction
from django.utils import timezone

from tests.conftest import actor, client_for
from tests.template import PASSWORD, PORTAL

WHY = "系统告警，核对挂起的件"


def asked(hall, who="city_admin", now=None, **beside):
    from tenants.shared import scope, visits

    with scope.city():
        return visits.ask(
            hall, reason=WHY, by=actor(who), now=now or timezone.now(), **{"minutes": 15, **beside}
        )


def let_in(hall, who="city_admin", **beside):
    from tenants.shared import scope, visits

    visit = asked(hall, who, **beside)
    with scope.city():
        return visits.approve(visit.pk, by=actor("security_admin"), now=timezone.now())


def visitor(hall, who="city_admin"):
    return client_for(f"{hall.schema_name}.{PORTAL}", who, hall=hall.schema_name)


def audited(hall, action):
    from audit.models import Record
    from tenants.shared import scope

    with scope.hall(hall):
        return list(Record.objects.filter(action=action).order_by("at").values_list("object", flat=True))


def test_without_a_visit_the_city_is_nobody_in_a_hall(east):
    assert visitor(east).get("/clerk/").status_code == 403
    asked(east)
    assert visitor(east).get("/clerk/").status_code == 403


def test_an_approved_visitor_signs_in_looks_and_changes_nothing(east, west):
    let_in(east)
    client = client_for(f"east.{PORTAL}")
    signed = client.post("/sign-in/", {"username": "city_admin", "password": PASSWORD})
    assert signed["Location"] == "/clerk/"
    page = client.get("/clerk/").content.decode()
    assert "应急进入：您是市管理" in page
    assert WHY in page
    for url in ("/staff/people/", "/staff/audit/", "/staff/items/"):
        assert client.get(url).status_code == 200, url
    before = audited(east, "post.suspend")
    person = _person(east)
    assert client.post(f"/staff/people/{person}/suspend/", {"reason": "x"}).status_code == 403
    assert audited(east, "post.suspend") == before
    assert audited(east, "visit.read") == ["/clerk/", "/staff/people/", "/staff/audit/", "/staff/items/"]
    # of the other hall nothing follows
    assert visitor(west).get("/clerk/").status_code == 403


def _person(hall):
    from tenants.hall.models import Post
    from tenants.shared import scope

    with scope.hall(hall):
        return Post.objects.get(username="east_window").person


def test_numbers_stay_masked_unless_the_visit_says_so(east):
    from tenants.shared import scope
    from tests.cases.hall.making import submitted

    with scope.hall(east):
        number = submitted(now=timezone.now()).number
    let_in(east)
    let_in(east, "system_admin", sees_personal=True)
    whole = "11010519491231002X"
    assert whole not in visitor(east).get(f"/clerk/cases/{number}/").content.decode().replace(" ", "")
    assert audited(east, "read_id_number") == []
    visitor(east, "system_admin").get(f"/clerk/cases/{number}/")
    assert audited(east, "read_id_number") == [number]


def test_who_may_act_does_what_an_admin_does_and_decides_no_case(east):
    from tenants.shared import scope
    from tests.cases.hall.making import submitted

    with scope.hall(east):
        number = submitted(now=timezone.now()).number
    let_in(east, may_act=True)
    client = visitor(east)
    assert client.post(f"/clerk/cases/{number}/accept/").status_code == 403
    acted = client.post(f"/staff/people/{_person(east)}/suspend/", {"reason": "盗用"})
    assert acted.status_code == 302
    assert len(audited(east, "visit.act")) == 1


def test_nobody_approves_their_own_and_only_a_security_administrator_does(east):
    from tenants.shared import scope, visits
    from tenants.shared.models import HallVisit

    visit, own = asked(east), asked(east, "security_admin")
    with scope.city():
        for who in ("city_admin", "system_admin", "audit_admin", "inspector"):
            with pytest.raises(PermissionDenied):
                visits.approve(visit.pk, by=actor(who), now=timezone.now())
        with pytest.raises(visits.Refused, match="另一位"):
            visits.approve(own.pk, by=actor("security_admin"), now=timezone.now())
        # the database says so again
        now = timezone.now()
        for wrong in (
            {"decided_by": visit.person, "until": now + timedelta(minutes=15)},
            {"decided_by": own.person, "until": now + timedelta(minutes=61)},
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                HallVisit.objects.filter(pk=visit.pk).update(approved_at=now, **wrong)
    with pytest.raises(PermissionDenied):
        asked(east, "audit_admin")


@pytest.mark.parametrize("beside", [{"minutes": 600}, {"reason": "急"}])
def test_what_is_no_request_is_refused(beside, east):
    from tenants.shared import scope, visits

    with scope.city(), pytest.raises(visits.Refused):
        visits.ask(
            east, **{"reason": WHY, "minutes": 15, **beside}, by=actor("city_admin"), now=timezone.now()
        )


def test_a_request_lapses_and_a_visit_ends_by_itself(east):
    from tenants.shared import scope, visits
    from tenants.shared.models import HallVisit

    old = asked(east, now=timezone.now() - timedelta(minutes=61))
    with scope.city(), pytest.raises(visits.TooLate):
        visits.approve(old.pk, by=actor("security_admin"), now=timezone.now())
    visit = let_in(east)
    assert visitor(east).get("/clerk/").status_code == 200
    past = timezone.now() - timedelta(minutes=20)
    with scope.city():
        HallVisit.objects.filter(pk=visit.pk).update(approved_at=past, until=past + timedelta(minutes=15))
    assert visitor(east).get("/clerk/").status_code == 403


@pytest.mark.parametrize("side", ["hall", "visitor", "city"])
def test_either_side_ends_it_at_once(side, east, hall_client, portal_client):
    visit = let_in(east)
    client = {
        "hall": lambda: hall_client(east, "east_admin"),
        "visitor": lambda: visitor(east),
        "city": lambda: portal_client("security_admin"),
    }[side]()
    url = f"/city/visits/{visit.pk}/end/" if side == "city" else f"/staff/visits/{visit.pk}/end/"
    assert client.post(url).status_code == 302
    assert visitor(east).get("/clerk/").status_code == 403


def test_the_hall_is_told_above_every_page_and_by_message(east, hall_client, monkeypatch):
    from accounts import channels
    from tenants.hall.services import visits
    from tenants.shared import scope
    from tenants.shared.models import HallVisit

    sent = []
    monkeypatch.setattr(
        channels.SMS, "send", lambda address, letter: sent.append((address, letter.key, letter.text))
    )
    visit = let_in(east)
    assert WHY in hall_client(east, "east_window").get("/clerk/").content.decode()
    visits.tell(lambda: False)
    visits.tell(lambda: False)
    assert len(sent) == 1
    assert WHY in sent[0][2]
    with scope.city():
        found = HallVisit.objects.get(pk=visit.pk)
    assert (found.tell_at, found.told) == (None, 1)
    assert audited(east, "visit.begin") == [str(visit.pk)]


def test_what_could_not_be_sent_is_tried_again(east, monkeypatch):
    from accounts import channels
    from accounts.refusals import NotSent
    from tenants.hall.services import visits
    from tenants.shared import scope
    from tenants.shared.models import HallVisit

    def fails(address, letter):
        raise NotSent

    monkeypatch.setattr(channels.SMS, "send", fails)
    visit = let_in(east)
    visits.tell(lambda: False)
    with scope.city():
        assert HallVisit.objects.get(pk=visit.pk).tell_at > timezone.now()


def test_another_hall_sees_and_ends_nothing_of_it(east, west, hall_client):
    from tenants.shared import scope
    from tenants.shared.models import HallVisit

    visit = let_in(east)
    with scope.hall(west):
        assert not HallVisit.objects.exists()
        assert HallVisit.objects.filter(pk=visit.pk).update(ended_at=timezone.now()) == 0
    # and a hall lengthens none of its own
    with scope.hall(east), pytest.raises(DatabaseError), transaction.atomic():
        HallVisit.objects.filter(pk=visit.pk).update(until=timezone.now() + timedelta(minutes=30))


def test_a_token_of_the_api_never_visits(east):
    from tests.isolation.askers import token_of

    let_in(east)
    client = client_for(f"east.{PORTAL}")
    header = {"Authorization": f"Token {token_of('city_admin', 'east')}"}
    assert client.get("/api/v1/clerk/cases/?queue=all", headers=header).status_code == 403


@pytest.mark.slow
def test_of_two_approvals_at_once_one_is_too_late(fresh_database):
    from accounts.models import Person
    from tenants.shared import scope, visits
    from tenants.shared.models import Hall
    from tests.template import PERSON_ID

    Person.objects.filter(pk=PERSON_ID["inspector"]).update(city_role="security_admin")
    visit = asked(Hall.objects.using("gate").get(schema_name="east"))
    barrier, outcomes = threading.Barrier(2), []

    def run(who, act):
        by = actor(who)
        try:
            with scope.city():
                barrier.wait(10)
                act(visit.pk, by=by, now=timezone.now())
            outcomes.append("decided")
        except visits.TooLate:
            outcomes.append("late")
        finally:
            connections.close_all()

    threads = [
        threading.Thread(target=run, args=pair)
        for pair in (("security_admin", visits.approve), ("inspector", visits.refuse))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(outcomes) == ["decided", "late"]
