"""Invitations: a link that serves once, at one host, for seven days; and what a crash half way leaves."""

import threading
from datetime import timedelta

import pytest
from django.db import connections

from tests.conftest import actor
from tests.template import NOW, PASSWORD, PERSON_ID, PORTAL

CHOSEN = {"username": "newcomer", "password": "Shili-2026", "by_address": "unknown", "hall": "east"}


def invited(now=NOW, by=None, **wanted):
    from tenants.hall.services import invitations
    from tenants.hall.services.posts import Wanted

    return invitations.invite(
        name="应邀人",
        phone="13900002222",
        wanted=Wanted(**{"role": "window"} | wanted),
        reason="补人",
        by=by or actor("east_admin", ["hall_admin"]),
        now=now,
    )


def posts_of(username):
    from tenants.hall.models import Post

    return list(Post.objects.filter(username=username, is_active=True).values_list("role", flat=True))


def test_the_invited_gets_an_account_and_the_post(in_east):
    from accounts.models import Person
    from tenants.hall.services import invitations

    sent = invited(departments=("卫健委",))
    person = invitations.accept_new(sent.secret, now=NOW, **CHOSEN)

    assert (person.username, person.name, person.phone, person.city_role) == ("newcomer", "应邀人", "", "")
    assert posts_of("newcomer") == ["window"]
    with pytest.raises(invitations.NotWaiting, match="已经用过"):
        invitations.accept_new(sent.secret, now=NOW, **CHOSEN | {"username": "second"})
    assert not Person.objects.filter(username="second").exists()


def test_the_link_is_kept_as_a_hash_and_the_phone_encrypted(in_east, caplog):
    from django.db import connection

    from tenants.hall.services import invitations

    sent = invited()
    with connection.cursor() as cursor:
        cursor.execute("SELECT t::text FROM tenants_hall_invitation t")
        row = cursor.fetchone()[0]
    assert sent.secret not in row
    assert "13900002222" not in row
    told = invitations.deliver(sent, "https://x.example/invitation/", hall_name="东县")
    assert "139****2222" in told
    assert "13900002222" not in caplog.text


def test_sent_again_the_former_link_is_nothing_and_withdrawn_none_is(in_east):
    from tenants.hall.services import invitations

    admin = actor("east_admin", ["hall_admin"])
    first = invited()
    again = invitations.resend(first.invitation.pk, by=admin, now=NOW + timedelta(days=6))
    with pytest.raises(invitations.NotWaiting):
        invitations.opened(first.secret, now=NOW)
    assert invitations.opened(again.secret, now=NOW + timedelta(days=12)).pk == first.invitation.pk
    with pytest.raises(invitations.NotWaiting, match="过期"):
        invitations.opened(again.secret, now=NOW + timedelta(days=13))
    assert invitations.withdraw(first.invitation.pk, by=admin, now=NOW)
    assert not invitations.withdraw(first.invitation.pk, by=admin, now=NOW)
    with pytest.raises(invitations.NotWaiting, match="没有用"):
        invitations.opened(again.secret, now=NOW)
    with pytest.raises(invitations.NotWaiting):
        invitations.resend(first.invitation.pk, by=admin, now=NOW)


def test_whoever_was_killed_half_way_opens_the_link_again(in_east):
    """The account was made and the post was not given: the same name and password go on with it, another's do not."""
    from accounts.models import Person
    from accounts.services import people
    from tenants.hall.services import invitations
    from tenants.hall.services.posts import Refused

    sent = invited()
    people.create_staff(username="newcomer", password="Shili-2026", name="应邀人", now=NOW)
    with pytest.raises(Refused, match="已经有人用"):
        invitations.accept_new(sent.secret, now=NOW, **CHOSEN | {"password": "Andere-2026"})
    invitations.accept_new(sent.secret, now=NOW, **CHOSEN)

    assert posts_of("newcomer") == ["window"]
    assert Person.objects.filter(username="newcomer").count() == 1


def test_an_account_that_exists_takes_it_by_its_password(in_east):
    from accounts.services.sign_in import WrongPassword
    from tenants.hall.services import invitations

    sent = invited()
    known = {**CHOSEN, "username": "zhou", "now": NOW}
    with pytest.raises(WrongPassword):
        invitations.accept_known(sent.secret, **known | {"password": "wrong"})
    invitations.accept_known(sent.secret, **known | {"password": PASSWORD})
    assert posts_of("zhou") == ["window"]


@pytest.mark.parametrize(("who", "told"), [("inspector", "市级工作人员"), ("east_admin", "邀请人不能自己")])
def test_the_city_and_the_inviter_do_not_take_it(who, told, in_east):
    from tenants.hall.services import invitations
    from tenants.hall.services.posts import Refused

    sent = invited()
    with pytest.raises(Refused, match=told):
        invitations.accept_known(sent.secret, **CHOSEN | {"username": who, "password": PASSWORD}, now=NOW)


def test_the_links_of_an_admin_end_with_their_post(in_east):
    from tenants.hall.models import Post
    from tenants.hall.services import invitations

    sent = invited()
    Post.objects.filter(person=PERSON_ID["east_admin"]).update(suspended_at=NOW)
    with pytest.raises(invitations.NotWaiting, match="不在岗"):
        invitations.opened(sent.secret, now=NOW)


def test_a_hall_that_has_nobody_yet_invites_its_first_admin(in_east):
    from tenants.hall.models import Post
    from tenants.hall.services import invitations
    from tenants.hall.services.posts import Wanted

    Post.objects.update(is_active=False)
    sent = invitations.invite(
        name="首任", mail="first@example.gov.cn", wanted=Wanted("hall_admin"), by_name="建厅", now=NOW
    )
    invitations.accept_new(sent.secret, now=NOW, **CHOSEN)
    assert posts_of("newcomer") == ["hall_admin"]


def test_what_is_no_invitation_is_said(in_east):
    from tenants.hall.models import Invitation
    from tenants.hall.services import invitations
    from tenants.hall.services.posts import Refused, Wanted

    admin = actor("east_admin", ["hall_admin"])
    for given, field in (
        ({"name": "", "phone": "13900002222"}, "name"),
        ({"name": "应邀", "phone": "12"}, "phone"),
        ({"name": "应邀"}, "phone"),
    ):
        with pytest.raises(Refused) as told:
            invitations.invite(wanted=Wanted("window"), by=admin, now=NOW, **given)
        assert list(told.value.fields) == [field]
    with pytest.raises(Refused):
        invited(by=actor("east_head", ["head"]))
    assert not Invitation.objects.exists()


def test_old_ones_go_and_posts_stay(in_east):
    from tenants.hall.models import Invitation
    from tenants.hall.services import invitations

    sent = invited()
    invitations.accept_new(sent.secret, now=NOW, **CHOSEN)
    invited()
    assert invitations.remove_old(now=NOW + timedelta(days=29)) == 0
    assert invitations.remove_old(now=NOW + timedelta(days=38)) == 2
    assert not Invitation.objects.exists()
    assert posts_of("newcomer") == ["window"]


def test_a_link_of_one_hall_is_nothing_at_another(client, east, west):
    from django.utils import timezone

    from tenants.hall.models import Post
    from tenants.shared import scope

    with scope.hall(east):
        path = invited(now=timezone.now()).path
    sent = {"how": "new", "new-username": "newcomer", "new-password": "Shili-2026", "new-again": "Shili-2026"}
    there = client.post(path, sent, headers={"host": f"west.{PORTAL}"})
    assert there.status_code == 404
    here = client.post(path, sent, headers={"host": f"east.{PORTAL}"})
    assert here["Location"] == "/sign-in/"
    for hall, held in ((east, 1), (west, 0)):
        with scope.hall(hall):
            assert Post.objects.filter(username="newcomer").count() == held


@pytest.mark.slow
def test_of_two_who_open_a_link_at_once_one_is_taken(fresh_database):
    from accounts.models import Person
    from tenants.hall.services import invitations
    from tenants.shared import scope
    from tenants.shared.models import Hall

    east = Hall.objects.using("gate").get(schema_name="east")
    with scope.hall(east):
        sent = invited()
    barrier, outcomes = threading.Barrier(2), []

    def run(username):
        try:
            with scope.hall(east):
                barrier.wait(10)
                invitations.accept_new(sent.secret, now=NOW, **CHOSEN | {"username": username})
            outcomes.append("taken")
        except invitations.NotWaiting:
            outcomes.append("late")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(name,)) for name in ("first", "second")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(outcomes) == ["late", "taken"]
    # who came too late has no account either
    assert Person.objects.filter(username__in=["first", "second"]).count() == 1
