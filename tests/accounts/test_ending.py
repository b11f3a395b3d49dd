"""What ends sessions, tickets and tokens: signing out, a new password, a suspension."""

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import Person, Session, Ticket, Token
from accounts.queries import actor_of_token, digest
from accounts.services import people, sessions, tickets, tokens
from accounts.sessions import SessionStore
from tests.accounts.browser import EAST, WEST, Browser
from tests.template import PASSWORD, PERSON_ID, PORTAL


@pytest.fixture
def lin():
    """A browser of lin: in at the portal and in both halls."""
    browser = Browser()
    browser.sign_in("lin")
    for host in (EAST, WEST):
        browser.get(f"http://{host}/come-in/?next=/sign-in/")
    return browser


@pytest.fixture
def zhou():
    """A browser of zhou, who must notice nothing of what lin does."""
    browser = Browser()
    browser.sign_in("zhou")
    browser.get(f"http://{EAST}/come-in/?next=/sign-in/")
    return browser


def where(browser):
    return [browser.who(host) for host in (PORTAL, EAST, WEST)]


def a_token(username, hall):
    person = Person.objects.get(pk=PERSON_ID[username])
    return tokens.issue(person, hall=hall, now=timezone.now())[0]


def test_signing_out_at_the_portal_ends_the_halls_and_the_tokens(lin, zhou):
    token, other = a_token("lin", "east"), a_token("zhou", "east")
    assert where(lin) == ["lin"] * 3
    assert actor_of_token(token, "east").username == "lin"

    lin.post("/sign-out/")

    assert where(lin) == [""] * 3
    assert not actor_of_token(token, "east").is_authenticated
    assert where(zhou)[:2] == ["zhou", "zhou"]
    assert actor_of_token(other, "east").username == "zhou"


def test_a_citizen_who_signs_out_in_a_hall_is_out_everywhere(lin, zhou):
    lin.post(f"http://{EAST}/sign-out/")

    assert where(lin) == [""] * 3
    assert where(zhou)[:2] == ["zhou", "zhou"]


def test_another_sign_in_of_the_same_person_lives_on_after_a_sign_out(lin):
    phone = Browser()
    phone.sign_in("lin")
    lin.post("/sign-out/")

    assert phone.who(PORTAL) == "lin"


def test_staff_who_sign_out_are_out_of_this_hall_with_its_tokens_alone():
    clerk = Browser()
    clerk.sign_in("east_window", host=EAST)
    clerk.sign_in("east_window")
    here, there = a_token("east_window", "east"), a_token("east_window", "west")

    clerk.post(f"http://{EAST}/sign-out/")

    assert (clerk.who(EAST), clerk.who(PORTAL)) == ("", "east_window")
    assert not actor_of_token(here, "east").is_authenticated
    assert actor_of_token(there, "west").is_authenticated


@pytest.mark.parametrize("host", [PORTAL, EAST])
def test_signing_out_takes_a_post(lin, host):
    assert lin.at(host).get("/sign-out/").status_code == 405
    assert where(lin) == ["lin"] * 3


def test_signing_out_leads_to_a_path_of_this_host_only(lin):
    response = lin.at(PORTAL).post("/sign-out/", {"next": "//evil.example"})

    assert response["Location"] == "/"


def test_a_new_password_ends_all_but_the_session_that_set_it(lin, zhou):
    phone = Browser()
    phone.sign_in("lin")
    token = a_token("lin", "east")
    before = lin.session_key(PORTAL)

    lin.post("/account/password/", {"current": PASSWORD, "password": "Another-one-77"})

    assert where(lin) == ["lin", "", ""]
    assert lin.session_key(PORTAL) != before
    assert phone.who(PORTAL) == ""
    assert not actor_of_token(token, "east").is_authenticated
    assert where(zhou)[:2] == ["zhou", "zhou"]
    assert "不对" in Browser().sign_in("lin").content.decode()
    Browser().sign_in("lin", password="Another-one-77")


@pytest.mark.parametrize(
    "data",
    [
        {"current": "not the old one", "password": "Another-one-77"},
        {"current": PASSWORD, "password": "short"},
        {"current": PASSWORD, "password": "password123"},
        {"password": "Another-one-77"},
    ],
)
def test_a_refused_new_password_changes_and_ends_nothing(lin, data):
    before = Person.objects.get(username="lin").password

    assert lin.post("/account/password/", data).status_code == 200

    assert Person.objects.get(username="lin").password == before
    assert where(lin) == ["lin"] * 3


def test_a_stolen_session_is_no_place_to_guess_the_password(lin):
    for _ in range(5):
        lin.post("/account/password/", {"current": "guess", "password": "Another-one-77"})
    response = lin.post("/account/password/", {"current": PASSWORD, "password": "Another-one-77"})

    assert response.status_code == 429
    assert Person.objects.get(username="lin").check_password(PASSWORD)


def test_a_suspension_ends_everything_and_a_restored_person_signs_in_anew(lin, zhou):
    token = a_token("lin", "east")
    tickets.issue(
        SessionStore(lin.session_key(PORTAL)), hall="east", nonce_digest=digest("x"), now=timezone.now()
    )
    call_command("suspend_person", "lin")

    assert where(lin) == [""] * 3
    assert not Session.objects.filter(person_id=PERSON_ID["lin"]).exists()
    assert not Token.objects.filter(digest=digest(token)).exists()
    assert not Ticket.objects.exists()
    assert where(zhou)[:2] == ["zhou", "zhou"]

    call_command("suspend_person", "lin", "--restore")
    assert where(lin) == [""] * 3
    lin.sign_in("lin")
    assert lin.who(PORTAL) == "lin"


def test_the_command_names_nobody_it_does_not_know():
    with pytest.raises(CommandError, match="no account"):
        call_command("suspend_person", "nobody-of-this-name")
    assert not Person.objects.filter(is_active=False).exists()


def test_what_changed_since_the_password_was_checked_begins_nothing():
    person = Person.objects.get(pk=PERSON_ID["lin"])
    people.change_password(person.pk, password="Another-one-77", now=timezone.now())

    with pytest.raises(sessions.SignedOutMeanwhile):
        sessions.begin(SessionStore(), person, now=timezone.now())
    with pytest.raises(sessions.SignedOutMeanwhile):
        tokens.issue(person, hall="east", now=timezone.now())
    assert not Session.objects.exists()
    assert not Token.objects.exists()
