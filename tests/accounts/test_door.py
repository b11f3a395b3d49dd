"""From the portal into a hall by a ticket: bound to person, hall and browser, thirty seconds, once."""

from datetime import timedelta
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Session, SignIn, Ticket
from accounts.queries import digest
from accounts.services import sessions, tickets
from accounts.sessions import SessionStore
from tests.accounts.browser import EAST, WEST, Browser
from tests.template import PERSON_ID, PORTAL


@pytest.fixture
def browser():
    return Browser()


@pytest.fixture
def lin():
    """A browser that has signed in at the portal as lin."""
    browser = Browser()
    browser.sign_in("lin")
    return browser


def to_the_ticket(browser, host=EAST, onward="/items/"):
    """Go as far as the ticket and return where it leads, unspent."""
    asked = browser.at(host).get(f"/come-in/?next={onward}")["Location"]
    return browser.at(PORTAL).get(urlsplit(asked).path + "?" + urlsplit(asked).query)


def hall_sessions():
    return Session.objects.exclude(hall="")


def test_a_citizen_who_has_signed_in_comes_in_without_noticing(lin):
    lin.get(f"http://{EAST}/come-in/?next=/sign-in/%3Fx%3D1")

    assert [visited.split("?")[0] for visited in lin.visited] == [
        f"{EAST}/come-in/",
        f"{PORTAL}/enter/",
        f"{EAST}/arrive/",
        f"{EAST}/sign-in/",
    ]
    assert lin.visited[-1].endswith("?x=1")
    row = hall_sessions().get()
    assert (row.hall, row.person_id, row.parent) == ("east", PERSON_ID["lin"], lin.session_key(PORTAL))
    assert row.expire_date == Session.objects.get(hall="").expire_date
    assert not Ticket.objects.exists()
    assert SignIn.objects.filter(how="ticket", hall="east", succeeded=True).count() == 1


def test_a_citizen_who_has_not_signs_in_once_and_then_comes_in(browser):
    page = browser.get(f"http://{EAST}/come-in/?next=/sign-in/")
    asked = browser.visited[-1]
    assert asked.startswith(f"{PORTAL}/sign-in/?next=%2Fenter%2F")
    # Chromium holds redirects after a form to form-action: this page alone may lead to that hall
    assert f"form-action 'self' http://{EAST}" in page["Content-Security-Policy"]

    browser.post(f"http://{asked}", {"username": "lin", "password": "Template-2026"})

    assert browser.visited[-1] == f"{EAST}/sign-in/"
    assert browser.who(EAST) == "lin"


def test_form_action_is_widened_for_no_foreign_host(browser):
    enter = urlencode({"next": "/enter/?" + urlencode({"to": "evil.example"})})
    response = browser.at(PORTAL).get(f"/sign-in/?{enter}")

    assert "evil.example" not in response["Content-Security-Policy"]


def test_a_session_by_ticket_carries_no_post_whoever_it_is(browser):
    browser.sign_in("east_window")
    browser.get(f"http://{EAST}/come-in/?next=/sign-in/")

    actor = browser.at(EAST).get("/sign-in/").context["actor"]
    assert (actor.username, actor.posts) == ("east_window", frozenset())


def test_a_ticket_is_answered_unreferred_and_never_kept(lin):
    given = to_the_ticket(lin)
    answer = lin.at(EAST).get(given["Location"].removeprefix(f"http://{EAST}"))

    for response in (given, answer):
        assert response["Referrer-Policy"] == "no-referrer"
        assert "no-store" in response["Cache-Control"]
    assert answer["Location"] == "/items/"
    ticket = parse_qs(urlsplit(given["Location"]).query)["ticket"][0]
    assert not Ticket.objects.filter(digest=ticket).exists()


def test_a_ticket_is_spent_once(lin):
    address = to_the_ticket(lin)["Location"].removeprefix(f"http://{EAST}")
    nonce = lin.at(EAST).cookies["nonce"].value
    assert lin.at(EAST).get(address).status_code == 302
    assert hall_sessions().count() == 1

    again = Browser()
    again.at(EAST).cookies["nonce"] = nonce
    assert again.at(EAST).get(address).status_code == 403
    assert again.who(EAST) == ""
    assert hall_sessions().count() == 1


def test_a_ticket_of_another_browser_is_refused_and_gone(lin):
    address = to_the_ticket(lin)["Location"].removeprefix(f"http://{EAST}")
    stranger = Browser()
    stranger.at(EAST).get("/come-in/")

    assert stranger.at(EAST).get(address).status_code == 403
    assert stranger.who(EAST) == ""
    assert lin.at(EAST).get(address).status_code == 403
    assert not hall_sessions().exists()


def test_a_ticket_without_the_cookie_is_refused(lin):
    address = to_the_ticket(lin)["Location"].removeprefix(f"http://{EAST}")

    assert Browser().at(EAST).get(address).status_code == 403
    assert not hall_sessions().exists()


def test_a_ticket_of_one_hall_opens_no_other(lin):
    address = to_the_ticket(lin)["Location"].removeprefix(f"http://{EAST}")
    lin.at(WEST).cookies["nonce"] = lin.at(EAST).cookies["nonce"].value

    assert lin.at(WEST).get(address).status_code == 403
    assert lin.who(WEST) == ""
    assert not hall_sessions().exists()


@pytest.mark.parametrize(("seconds", "is_admitted"), [(29, True), (30, False), (3600, False)])
def test_a_ticket_lives_thirty_seconds(lin, seconds, is_admitted):
    now = timezone.now()
    portal = SessionStore(lin.session_key(PORTAL))
    ticket = tickets.issue(portal, hall="east", nonce_digest=digest("nonce"), now=now)

    if is_admitted:
        spent = tickets.spend(ticket, hall="east", nonce="nonce", now=now + timedelta(seconds=seconds))
        assert spent.person_id == PERSON_ID["lin"]
    else:
        with pytest.raises(tickets.NotAdmitted):
            tickets.spend(ticket, hall="east", nonce="nonce", now=now + timedelta(seconds=seconds))
    assert not Ticket.objects.exists()


def test_a_ticket_dies_with_the_portal_session(lin):
    address = to_the_ticket(lin)["Location"].removeprefix(f"http://{EAST}")
    assert Ticket.objects.count() == 1
    lin.post("/sign-out/")

    assert not Ticket.objects.exists()
    assert lin.at(EAST).get(address).status_code == 403
    assert not hall_sessions().exists()


def test_a_spent_ticket_begins_nothing_when_the_portal_session_ended_meanwhile(lin):
    now = timezone.now()
    portal = SessionStore(lin.session_key(PORTAL))
    ticket = tickets.issue(portal, hall="east", nonce_digest=digest("nonce"), now=now)
    spent = tickets.spend(ticket, hall="east", nonce="nonce", now=now)
    lin.post("/sign-out/")

    with pytest.raises(sessions.SignedOutMeanwhile):
        sessions.begin_from(SessionStore(hall="east"), spent, now=now)
    assert not Session.objects.filter(person_id=PERSON_ID["lin"]).exists()


def test_two_pages_opened_at_once_both_come_in(lin):
    first = to_the_ticket(lin, onward="/items/")["Location"].removeprefix(f"http://{EAST}")
    second = to_the_ticket(lin, onward="/track/")["Location"].removeprefix(f"http://{EAST}")

    assert lin.at(EAST).get(first)["Location"] == "/items/"
    assert lin.at(EAST).get(second)["Location"] == "/track/"
    assert hall_sessions().count() == 1


def test_whoever_is_in_already_is_not_sent_round(lin):
    lin.get(f"http://{EAST}/come-in/?next=/sign-in/")
    lin.get(f"http://{EAST}/come-in/?next=/sign-in/")

    assert lin.visited == [f"{EAST}/come-in/?next=/sign-in/", f"{EAST}/sign-in/"]


@pytest.mark.parametrize(
    "query",
    [
        {"to": "evil.example", "nonce": "a" * 64},
        {"to": PORTAL, "nonce": "a" * 64},
        {"to": "east", "nonce": "a" * 64},
        {"to": f"{EAST}@evil.example", "nonce": "a" * 64},
        {"to": EAST, "nonce": "short"},
        {"to": EAST},
        {},
    ],
)
def test_no_ticket_for_what_is_no_hall(lin, query):
    response = lin.at(PORTAL).get(f"/enter/?{urlencode(query)}")

    assert response.status_code == 404
    assert not Ticket.objects.exists()


@pytest.mark.parametrize("onward", ["//evil.example", "/\\evil.example", "https://evil.example", "/%0a/evil"])
def test_the_way_in_leads_to_a_path_of_the_hall_only(lin, onward):
    given = to_the_ticket(lin, onward=onward)["Location"]
    assert urlsplit(given).netloc == EAST

    ticket = parse_qs(urlsplit(given).query)["ticket"][0]
    answer = lin.at(EAST).get(f"/arrive/?ticket={ticket}&next={onward}")
    assert answer["Location"] == "/"


def test_what_a_foreign_page_can_start_ends_in_no_session_of_its_choice(lin):
    # a stranger's own ticket, shown to a victim: the victim's browser lacks the nonce
    stranger = Browser()
    stranger.sign_in("zhou")
    address = to_the_ticket(stranger)["Location"].removeprefix(f"http://{EAST}")
    lin.get(f"http://{EAST}/come-in/?next=/sign-in/")
    assert lin.who(EAST) == "lin"

    lin.at(EAST).get(address)

    assert lin.who(EAST) == "lin"


@pytest.mark.parametrize("port", ["", ":8443"])
def test_the_hall_is_asked_for_at_the_port_that_the_visitor_used(port):
    client = Client(headers={"host": f"{EAST}{port}"})
    asked = client.get("/come-in/", SERVER_PORT="8000")["Location"]

    assert asked.startswith(f"http://{PORTAL}{port}/enter/?")


def test_under_https_the_nonce_is_a_host_cookie(settings):
    settings.SESSION_COOKIE_SECURE = True
    client = Client(headers={"host": EAST})
    response = client.get("/come-in/", secure=True)

    cookie = response.cookies["__Host-nonce"]
    assert response["Location"].startswith(f"https://{PORTAL}/enter/?")
    assert (cookie["secure"], cookie["path"], cookie["domain"], cookie["httponly"]) == (True, "/", "", True)
