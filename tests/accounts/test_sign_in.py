"""Signing in by password: the same answer for every wrong try, a lock, and what is left behind."""

import pytest

from accounts.models import Counter, Person, Session, SignIn
from accounts.services import people
from accounts.sessions import SessionStore
from tests.accounts.browser import EAST, WEST, Browser
from tests.template import NOW, PASSWORD, PERSON_ID, PORTAL

RIGHT = {"username": "lin", "password": PASSWORD}
WRONG = {"username": "lin", "password": "not it at all"}


@pytest.fixture
def browser():
    return Browser()


def lines(response):
    return [str(line) for line in response.context["form"].non_field_errors()]


def test_the_right_password_signs_in_on_this_host_only(browser):
    browser.sign_in("lin")

    assert browser.who(PORTAL) == "lin"
    assert browser.who(EAST) == ""
    row = Session.objects.get()
    assert (row.hall, row.person_id, row.parent) == ("", PERSON_ID["lin"], "")
    assert "domain" not in str(browser.at(PORTAL).cookies["session"]).lower()


def test_a_phone_number_is_a_name_too(browser):
    browser.sign_in("139 0000 0000")

    assert browser.who(PORTAL) == "lin"


def test_a_wrong_password_signs_nobody_in(browser):
    response = browser.post("/sign-in/", WRONG)

    assert response.status_code == 200
    assert lines(response) == ["账号或密码不对，还能试 4 次"]
    assert browser.who(PORTAL) == ""
    assert not Session.objects.exists()
    assert list(SignIn.objects.values_list("username", "succeeded", "how")) == [("lin", False, "password")]


def test_an_unknown_name_gets_the_same_answer_and_is_not_kept(browser):
    known = browser.post("/sign-in/", WRONG)
    unknown = browser.post("/sign-in/", {**WRONG, "username": "my-password-by-mistake"})

    assert lines(known) == lines(unknown)
    assert known.status_code == unknown.status_code
    assert SignIn.objects.get(person_id=None).username == ""
    assert not Counter.objects.filter(key__contains="mistake").exists()


@pytest.mark.parametrize("username", ["lin", "nobody-of-this-name"])
def test_an_unknown_name_costs_a_hash_as_a_known_one_does(browser, username, monkeypatch):
    from django.contrib.auth.hashers import MD5PasswordHasher

    hashed = []
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(
        MD5PasswordHasher,
        "encode",
        lambda self, *args, **more: hashed.append(1) or encode(self, *args, **more),
    )
    browser.sign_in(username, password="wrong-password")

    assert len(hashed) == 1


def test_a_suspended_account_gets_the_same_answer(browser):
    people.suspend(PERSON_ID["lin"], by=None, now=NOW)
    response = browser.post("/sign-in/", RIGHT)

    assert lines(response) == ["账号或密码不对，还能试 4 次"]
    assert not Session.objects.exists()


@pytest.mark.parametrize("username", ["lin", "nobody-of-this-name"])
def test_five_failures_lock_even_the_right_password(browser, username):
    for _ in range(5):
        assert browser.sign_in(username, password="wrong-password").status_code == 200
    response = browser.sign_in(username)

    assert response.status_code == 429
    assert 850 <= int(response["Retry-After"]) <= 900
    assert "试错太多" in lines(response)[0]
    assert not Session.objects.exists()
    assert not SignIn.objects.filter(succeeded=True).exists()


def test_name_and_phone_of_one_account_share_the_tries(browser):
    for name in ("lin", "13900000000", "LIN", "+86 13900000000", "lin"):
        browser.sign_in(name, password="wrong-password")

    assert browser.sign_in("lin").status_code == 429


def test_a_locked_account_locks_no_other(browser):
    for _ in range(6):
        browser.sign_in("lin", password="wrong-password")

    browser.sign_in("zhou")
    assert browser.who(PORTAL) == "zhou"


def test_the_right_password_gives_the_tries_back(browser):
    for _ in range(4):
        browser.sign_in("lin", password="wrong-password")
    browser.sign_in("lin")
    assert browser.who(PORTAL) == "lin"

    assert lines(Browser().sign_in("lin", password="wrong-password")) == ["账号或密码不对，还能试 4 次"]


def test_an_address_that_guesses_many_names_is_locked(browser):
    for number in range(100):
        browser.sign_in(f"guess-{number}", password="wrong-password")

    assert browser.sign_in("zhou").status_code == 429
    assert browser.who(PORTAL) == ""


def test_signing_in_changes_the_session_key_and_drops_what_was_in_it(browser):
    browser.post("/sign-in/code/", {"phone": "13700000000"})
    before = browser.session_key(PORTAL)
    assert before
    browser.sign_in("lin")

    assert browser.session_key(PORTAL) not in {"", before}
    assert not Session.objects.filter(session_key=before).exists()
    assert set(SessionStore().decode(Session.objects.get().session_data)) == {"person", "_session_expiry"}


def test_a_session_lasts_twelve_hours_and_no_visit_prolongs_it(browser):
    browser.sign_in("lin")
    ends = Session.objects.get().expire_date
    browser.at(PORTAL).get("/account/")

    assert Session.objects.get().expire_date == ends
    assert int(browser.at(PORTAL).cookies["session"]["max-age"]) <= 12 * 3600


def test_staff_sign_in_at_their_hall_and_begin_at_their_desk(browser):
    browser.sign_in("east_window", host=EAST)
    assert browser.visited[-1] == f"{EAST}/clerk/"
    assert browser.at(EAST).get("/sign-in/").context["actor"].posts == {"window"}

    other = Browser()
    other.sign_in("east_staff", host=EAST)
    assert other.visited[-1] == f"{EAST}/staff/"


@pytest.mark.parametrize("username", ["lin", "west_window", "city_admin"])
def test_whoever_holds_no_post_here_is_not_staff_here(browser, username):
    response = browser.sign_in(username, host=EAST)

    assert "没有岗位" in lines(response)[0]
    assert browser.who(EAST) == ""
    assert not Session.objects.exists()


def test_a_cookie_of_one_hall_is_nobody_at_another_or_at_the_portal(browser):
    browser.sign_in("east_window", host=EAST)
    key = browser.session_key(EAST)
    assert browser.who(EAST) == "east_window"

    for host in (WEST, PORTAL):
        browser.at(host).cookies["session"] = key
        assert browser.who(host) == ""
    assert browser.who(EAST) == "east_window"


@pytest.mark.parametrize(
    "onward",
    [
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "https://evil.example/",
        "http:evil.example",
        "javascript:alert(1)",
        "/%0d%0aSet-Cookie:x",
        "%09//evil.example",
        "evil.example",
        "///evil.example",
        "/a\\b",
    ],
)
def test_next_leads_to_a_path_of_this_host_only(browser, onward):
    response = browser.at(PORTAL).post(f"/sign-in/?next={onward}", RIGHT)

    assert response.status_code == 302
    assert response["Location"] == "/"


def test_a_page_of_signing_in_is_kept_by_nobody_and_shows_no_password(browser):
    response = browser.post("/sign-in/", {"username": "lin", "password": "Shown-nowhere-1"})

    assert "no-store" in response["Cache-Control"]
    assert "Shown-nowhere-1" not in response.content.decode()


def test_a_form_without_its_csrf_token_signs_nobody_in(browser):
    from django.test import Client

    client = Client(enforce_csrf_checks=True, headers={"host": PORTAL})

    assert client.post("/sign-in/", RIGHT).status_code == 403
    assert not Session.objects.exists()
    assert Person.objects.get(username="lin").is_active
