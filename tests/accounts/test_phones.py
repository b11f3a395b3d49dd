"""Phones that change hands, phones that two people share, a new phone, and the register of names and numbers."""

import http.server
import json
import threading
from datetime import timedelta

import pytest
from django.core import signing
from django.db import IntegrityError, transaction

from accounts import checking, letters, sms
from accounts.encryption import blind_index
from accounts.enums import Level, ProvedBy
from accounts.models import Person
from accounts.queries import holders_of
from accounts.services import counters, identity, people, sign_in
from tests.accounts.browser import Browser
from tests.accounts.known import NUMBER, OTHER_NUMBER, PASSWORD, again, registered
from tests.template import NOW, PORTAL

PHONE = "13711110001"
NEW = {"name": "新机主", "id_number": "", "password": "Another-77-pass"}


@pytest.fixture
def browser():
    return Browser()


def proved(browser, phone=PHONE):
    """Prove the phone by a code; return the page that follows."""
    counters.reset(f"code:minute:{blind_index(phone)}")
    page = browser.post("/sign-in/code/", {"phone": phone})
    return browser.post("/sign-in/code/check/", {"code": page.context["shown"]})


def test_a_code_alone_opens_no_known_persons_account_on_a_strange_device(browser):
    registered(PHONE)
    page = proved(browser)
    assert browser.visited[-1] == f"{PORTAL}/sign-in/who/"
    assert browser.who(PORTAL) == ""
    assert "周小满" not in page.content.decode()


def test_a_code_is_enough_where_the_phone_is_all_there_is(browser):
    person = registered(PHONE, id_number="")
    proved(browser)
    assert browser.who(PORTAL) == person.username


@pytest.mark.parametrize("said", [{"tail": "31002x"}, {"password": PASSWORD}])
def test_the_end_of_the_number_or_the_password_says_who_it_is(browser, said):
    person = registered(PHONE)
    proved(browser)
    browser.post("/sign-in/who/", said)
    assert browser.who(PORTAL) == person.username
    # this device is known from now on, until the password changes
    browser.post("/sign-out/")
    proved(browser)
    assert browser.who(PORTAL) == person.username
    people.change_password(person.pk, password="Third-pass-77", now=NOW)
    proved(browser)
    assert browser.visited[-1] == f"{PORTAL}/sign-in/who/"


def test_a_device_is_forgotten_after_a_long_silence(browser, monkeypatch):
    person = registered(PHONE)
    browser.sign_in(PHONE, password=PASSWORD)
    browser.post("/sign-out/")
    later = signing.time.time() + devices_last() + 60
    monkeypatch.setattr(signing.time, "time", lambda: later)
    proved(browser)
    assert browser.visited[-1] == f"{PORTAL}/sign-in/who/"
    assert again(person).level == Level.CHECKED


def devices_last():
    from accounts import devices

    return devices.LASTS.total_seconds()


def test_guesses_are_few_whoever_makes_them(browser):
    registered(PHONE)
    proved(browser)
    for left in (4, 3, 2, 1, 0):
        page = browser.post("/sign-in/who/", {"tail": "111111"})
        assert page.context["form"].non_field_errors() == [f"对不上，还能试 {left} 次"]
    assert browser.post("/sign-in/who/", {"tail": "31002X"}).status_code == 429
    assert browser.who(PORTAL) == ""
    with pytest.raises(counters.TooMany):
        sign_in.by_holder(PHONE, tail="31002X", password="", hall="", address="", now=_soon())


def _soon():
    from django.utils import timezone

    return timezone.now() + timedelta(hours=23)


def test_nothing_said_costs_no_try(browser):
    registered(PHONE)
    proved(browser)
    assert "tail" in browser.post("/sign-in/who/", {"tail": " "}).context["form"].errors
    assert not counters.Counter.objects.filter(key__startswith="sign-in:holder").exists()


def register_instead(browser, holders):
    proved(browser)
    page = browser.post("/sign-in/not-me/", {"holders": holders})
    assert page.status_code == 200
    return browser.post("/register/person/", NEW)


def test_the_next_holder_of_a_number_gets_an_account_of_their_own(browser):
    old = registered(PHONE)
    register_instead(browser, "passed_on")

    (new,) = holders_of(PHONE)
    assert browser.who(PORTAL) == new.username != old.username
    before = again(old)
    assert (before.phone, before.lost_phone, before.id_number) == ("", True, NUMBER)
    # who held it signs in by the password still, and is led to a new phone first
    owner = Browser()
    owner.sign_in(PHONE, password=PASSWORD)
    assert owner.visited[-1] == f"{PORTAL}/account/phone/"
    assert owner.who(PORTAL) == old.username
    page = owner.post("/account/phone/", {"phone": "13711110088", "password": PASSWORD})
    owner.post("/account/phone/code/", {"code": page.context["shown"]})
    assert (again(old).phone, again(old).lost_phone) == ("13711110088", False)
    assert [person.pk for person in holders_of(PHONE)] == [new.pk]


def test_a_couple_shares_a_phone_and_each_enters_their_own_account(browser):
    wife = registered(PHONE)
    register_instead(browser, "shared")
    husband = next(person for person in holders_of(PHONE) if person.pk != wife.pk)
    identity.claim(husband.pk, name="新机主", id_number=OTHER_NUMBER, now=NOW)

    for tail, who in (("31002X", wife), (OTHER_NUMBER[-6:], husband)):
        each = Browser()
        proved(each)
        each.post("/sign-in/who/", {"tail": tail})
        assert each.who(PORTAL) == who.username
    for password, who in ((PASSWORD, wife), (NEW["password"], husband)):
        each = Browser()
        each.sign_in(PHONE, password=password)
        assert each.who(PORTAL) == who.username
    assert again(wife).phone == again(husband).phone == PHONE


def test_a_third_cannot_share_and_two_never_hold_one_place(browser):
    registered(PHONE)
    second = registered(PHONE, "丈夫", "", holders=people.Holders.SHARED)
    with pytest.raises(people.AlreadyRegistered):
        registered(PHONE, "第三人", "", holders=people.Holders.SHARED)
    proved(browser)
    assert [
        value for value, _label in browser.get("/sign-in/not-me/").context["form"].fields["holders"].choices
    ] == ["passed_on"]
    with pytest.raises(IntegrityError), transaction.atomic(using="gate"):
        Person.objects.filter(pk=second.pk).update(phone_place=1)
    with pytest.raises(IntegrityError), transaction.atomic(using="gate"):
        Person.objects.filter(pk=second.pk).update(phone_place=3)


def test_without_a_proved_phone_nobody_is_asked_who_they_are(browser):
    registered(PHONE)
    for path in ("/sign-in/who/", "/sign-in/not-me/"):
        browser.post(path, {"tail": "31002X", "holders": "passed_on"})
        assert browser.visited[-1] == f"{PORTAL}/sign-in/code/"
    assert not again(holders_of(PHONE)[0]).lost_phone


def test_a_phone_is_changed_by_password_and_the_old_one_is_told(browser, monkeypatch):
    sent = []
    monkeypatch.setattr(sms, "send", lambda phone, text: sent.append(phone))
    person, other = registered(PHONE), registered("13711110002", id_number=OTHER_NUMBER)
    browser.sign_in(PHONE, password=PASSWORD)
    page = browser.post("/account/phone/", {"phone": "13711110088", "password": "wrong"})
    assert (sent, "password" in page.context["form"].errors) == ([], True)
    page = browser.post("/account/phone/", {"phone": other.phone, "password": PASSWORD})
    taken = browser.post("/account/phone/code/", {"code": page.context["shown"]})
    assert "在别的账号上" in taken.content.decode()
    assert again(person).phone == PHONE
    page = browser.post("/account/phone/", {"phone": "13711110088", "password": PASSWORD})
    browser.post("/account/phone/code/", {"code": page.context["shown"]})
    assert again(person).phone == "13711110088"
    assert sent[-1] == PHONE


def test_somebody_registers_with_a_phone_alone(browser):
    page = browser.post("/register/", {"phone": PHONE, "kind": "personal"})
    browser.post("/register/code/", {"code": page.context["shown"]})
    browser.post("/register/person/", NEW)
    (person,) = holders_of(PHONE)
    assert (person.level, browser.who(PORTAL)) == (Level.PHONE, person.username)
    page = browser.post("/account/identity/", {"name": "新机主", "id_number": NUMBER})
    assert again(person).level == Level.CHECKED
    assert "还没有和登记的比过" in page.content.decode()


# the register of names and numbers


class Register(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append((self.headers["X-Signature"], body))
        self.send_response(200)
        self.end_headers()
        self.wfile.write(self.server.answer)

    def log_message(self, *args):
        pass


@pytest.fixture
def register(settings):
    server = http.server.HTTPServer(("127.0.0.1", 0), Register)
    server.got, server.answer = [], b'{"match": true}'
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    settings.IDENTITY_CHECK_URL, settings.IDENTITY_CHECK_KEY = (
        f"http://127.0.0.1:{server.server_port}/",
        "key",
    )
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_register_attests_the_pair(register):
    assert registered(PHONE).proved_by == ProvedBy.REGISTER
    ((signature, body),) = register.got
    assert signature == letters.sign(body, "key")
    told = json.loads(body)
    assert (told["name"], told["id_number"]) == ("周小满", NUMBER)


def test_a_pair_that_the_register_denies_makes_nobody(register):
    register.answer = b'{"match": false}'
    with pytest.raises(checking.NoMatch):
        registered(PHONE)
    assert holders_of(PHONE) == []


@pytest.mark.parametrize("answer", [b"", b"<html>", b'{"match": "yes"}', b"[]", b'{"other": 1}'])
def test_what_is_no_answer_attests_nothing(register, answer):
    register.answer = answer
    person = None
    try:
        person = registered(PHONE)
    except checking.NoMatch:
        assert answer == b'{"match": "yes"}'
        return
    # the account is made, and says what was typed; it is checked when the register answers again
    assert (person.level, person.id_number) == (Level.PHONE, NUMBER)
    with pytest.raises(checking.NotReachable):
        identity.claim(person.pk, name="周小满", id_number=NUMBER, now=NOW)
    register.answer = b'{"match": true}'
    assert identity.claim(person.pk, name="周小满", id_number=NUMBER, now=NOW).level == Level.CHECKED
