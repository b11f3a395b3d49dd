"""Signing in with a second factor: offered in the demo, demanded where settings say so, and half in until it is proved."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Factor, Person, RecoveryCode, Session, SignIn, Token
from accounts.services import people, second_factor, sessions, tokens
from accounts.sessions import SessionStore
from tests.accounts.authenticator import code
from tests.accounts.browser import EAST, WEST, Browser
from tests.accounts.factors import person, with_codes, with_totp
from tests.template import PASSWORD, PERSON_ID, PORTAL

DESK = f"http://{EAST}/clerk/"


@pytest.fixture
def browser():
    return Browser()


@pytest.fixture
def demanded(settings):
    """As in production: every post and city role must prove a second factor."""
    settings.SECOND_FACTOR_ROLES = frozenset({"all"})
    # the cast is older than a password may be
    Person.objects.update(password_set_at=timezone.now())


def words(response):
    return re.sub(r"<[^>]+>|\s+", "", response.content.decode())


class TestWhereItIsOffered:
    """The demo."""

    def test_who_has_none_is_asked_for_nothing(self, browser):
        browser.sign_in("east_window", host=EAST)
        assert browser.who(EAST) == "east_window"
        assert browser.get(DESK).status_code == 200

    @pytest.mark.parametrize(
        ("username", "host"), [("lin", PORTAL), ("city_admin", PORTAL), ("east_window", EAST)]
    )
    def test_who_has_one_is_asked_for_it(self, browser, username, host):
        secret = with_totp(username)
        response = browser.sign_in(username, host=host)
        assert "密码对了" in words(response)
        assert browser.who(host) == ""
        browser.post(f"http://{host}/sign-in/second/", {"code": code(secret)})
        assert browser.who(host) == username
        assert list(SignIn.objects.order_by("at").values_list("how", "succeeded"))[1:] == [("second", True)]

    def test_it_leads_to_where_somebody_wanted_to_go(self, browser):
        secret = with_totp("east_window")
        browser.sign_in("east_window", host=EAST, onward="/staff/people/")
        browser.post(f"http://{EAST}/sign-in/second/", {"code": code(secret)})
        assert browser.visited[-1] == f"{EAST}/staff/people/"

    def test_a_citizen_on_the_way_into_a_hall_goes_on_into_it(self, browser):
        secret = with_totp("lin")
        browser.get(f"http://{EAST}/come-in/?next=/bookings/")
        browser.post(f"http://{browser.visited[-1]}", {"username": "lin", "password": PASSWORD})
        address = browser.visited[-1]
        page = browser.get(f"http://{address}")
        # Chromium holds redirects after a form to this
        assert f"form-action 'self' http://{EAST}" in page["Content-Security-Policy"]
        browser.post(f"http://{address}", {"code": code(secret)})
        assert browser.visited[-1] == f"{EAST}/bookings/"
        assert browser.who(EAST) == "lin"

    def test_a_phone_code_alone_lets_nobody_past_it(self, browser):
        secret = with_totp("lin")
        asked = browser.post("/sign-in/code/", {"phone": "13900000000"})
        shown = re.search(r"\d{6}", asked.context["shown"]).group()
        browser.post("/sign-in/code/check/", {"code": shown})
        browser.post("/sign-in/who/", {"tail": "", "password": PASSWORD})
        assert browser.who(PORTAL) == ""
        browser.post("/sign-in/second/", {"code": code(secret)})
        assert browser.who(PORTAL) == "lin"

    def test_a_wrong_code_says_how_many_tries_are_left(self, browser):
        with_totp("lin")
        browser.sign_in("lin")
        response = browser.post("/sign-in/second/", {"code": "000000"})
        assert "动态码不对，还能试4次" in words(response)
        assert browser.who(PORTAL) == ""

    def test_too_many_are_429(self, browser):
        with_totp("lin")
        browser.sign_in("lin")
        for _ in range(5):
            browser.post("/sign-in/second/", {"code": "000000"})
        response = browser.post("/sign-in/second/", {"code": "000000"})
        assert response.status_code == 429
        assert response["Retry-After"]

    def test_the_lost_device(self, browser):
        with_totp("east_window")
        codes = with_codes("east_window")
        browser.sign_in("east_window", host=EAST)
        response = browser.post(f"http://{EAST}/sign-in/second/recovery/", {"code": codes[3]})
        assert browser.visited[-1] == f"{EAST}/account/security/?recovered=9"
        assert "还剩9个" in words(response)
        assert browser.who(EAST) == "east_window"

    def test_a_new_sign_in_begins_anew(self, browser):
        """Two windows: the first half session goes on, the second begins again by password."""
        secret = with_totp("lin")
        browser.sign_in("lin")
        browser.sign_in("zhou")
        assert browser.who(PORTAL) == "zhou"
        browser.sign_in("lin")
        browser.post("/sign-in/second/", {"code": code(secret)})
        assert browser.who(PORTAL) == "lin"


@pytest.mark.usefixtures("demanded")
class TestWhereItIsDemanded:
    @pytest.mark.parametrize(
        ("username", "host"), [("city_admin", PORTAL), ("inspector", PORTAL), ("east_head", EAST)]
    )
    def test_who_has_none_sets_it_up_before_anything_works(self, browser, username, host):
        response = browser.sign_in(username, host=host)
        assert browser.visited[-1] == f"{host}/sign-in/set-up/"
        assert browser.who(host) == ""
        secret = "".join(response.context["secret"])
        assert response.context["qr"].startswith("data:image/svg+xml")
        wrong = browser.post(f"http://{host}/sign-in/set-up/", {"code": "000000", "name": ""})
        assert "动态码不对" in words(wrong)
        assert wrong.context["secret"] == response.context["secret"]
        shown = browser.post(f"http://{host}/sign-in/set-up/", {"code": code(secret), "name": ""})
        assert len(shown.context["codes"]) == 10
        assert "no-store" in shown["Cache-Control"]
        assert browser.who(host) == username
        assert (Factor.objects.count(), RecoveryCode.objects.count()) == (1, 10)

    def test_staff_do_their_work_when_it_is_proved(self, browser):
        secret = with_totp("east_window")
        browser.sign_in("east_window", host=EAST)
        assert browser.get(DESK).request["PATH_INFO"] == "/sign-in/"
        browser.sign_in("east_window", host=EAST)
        browser.post(f"http://{EAST}/sign-in/second/", {"code": code(secret)})
        assert browser.get(DESK).request["PATH_INFO"] == "/clerk/"
        assert browser.who(EAST) == "east_window"

    def test_citizens_are_asked_for_nothing(self, browser):
        browser.sign_in("lin")
        assert browser.who(PORTAL) == "lin"

    def test_a_session_older_than_the_demand_carries_nothing(self, hall_client, portal_client, east):
        assert hall_client(east, "east_window").get("/clerk/")["Location"].startswith("/sign-in/")
        assert portal_client("city_admin").get("/city/")["Location"].startswith("/sign-in/")
        assert hall_client(east, "lin").get("/items/").status_code == 200

    def test_a_token_older_than_the_demand_carries_nothing(self):
        for username, hall, host in (("east_window", "east", EAST), ("city_admin", "", PORTAL)):
            token = tokens.issue(person(username), hall=hall, now=timezone.now())[0]
            path = "/api/v1/clerk/cases/" if hall else "/api/v1/items/"
            response = Client(headers={"host": host, "authorization": f"Token {token}"}).get(path)
            assert response.status_code == 401, username


@pytest.mark.parametrize(
    ("roles", "is_demanded"),
    [({"window", "approver"}, True), ({"hall_admin"}, False), (set(), False), ({"all"}, True)],
)
def test_settings_name_whose(browser, settings, roles, is_demanded):
    settings.SECOND_FACTOR_ROLES = frozenset(roles)
    browser.sign_in("east_window", host=EAST)
    assert (browser.visited[-1] == f"{EAST}/sign-in/set-up/") == is_demanded


class TestAToken:
    def ask(self, host=EAST, **more):
        given = {"username": "east_window", "password": PASSWORD, **more}
        return Client(headers={"host": host}).post("/api/v1/token/", given, content_type="application/json")

    def test_needs_the_code_of_whoever_has_one(self):
        secret = with_totp("east_window")
        missing, wrong = self.ask(), self.ask(otp="000000")
        assert (missing.status_code, missing.json()["code"]) == (401, "otp_required")
        assert (wrong.status_code, wrong.json()["code"]) == (401, "wrong_otp")
        assert not Token.objects.exists()
        assert self.ask(otp=f" {code(secret)[:3]} {code(secret)[3:]}").status_code == 200
        assert Token.objects.get().is_proved
        assert self.ask(otp=code(secret)).status_code == 401

    def test_is_refused_where_it_is_demanded_and_not_set_up(self, settings):
        settings.SECOND_FACTOR_ROLES = frozenset({"window"})
        response = self.ask(otp="123456")
        assert (response.status_code, response.json()["code"]) == (403, "set_up_first")
        assert self.ask(username="east_staff").status_code == 200

    @pytest.mark.usefixtures("demanded")
    def test_works_where_it_is_demanded_and_given(self):
        secret = with_totp("east_window")
        token = self.ask(otp=code(secret)).json()["token"]
        client = Client(headers={"host": EAST, "authorization": f"Token {token}"})
        assert client.get("/api/v1/clerk/cases/").status_code == 200

    def test_is_locked_with_the_pages(self):
        secret = with_totp("east_window")
        for _ in range(5):
            self.ask(otp="000000")
        assert self.ask(otp=code(secret)).status_code == 429


class TestAHalfSession:
    def test_lasts_ten_minutes(self, browser):
        with_totp("lin")
        browser.sign_in("lin")
        Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
        assert browser.get("/sign-in/second/").request["PATH_INFO"] == "/sign-in/"

    def test_is_of_its_host_alone(self, browser):
        with_totp("east_window")
        browser.sign_in("east_window", host=EAST)
        browser.at(WEST).cookies["session"] = browser.session_key(EAST)
        assert browser.get(f"http://{WEST}/sign-in/second/").request["PATH_INFO"] == "/sign-in/"

    def test_goes_on_once(self, browser):
        """Its key is another one afterwards, and the old one is nobody's."""
        secret = with_totp("lin")
        browser.sign_in("lin")
        half = browser.session_key(PORTAL)
        browser.post("/sign-in/second/", {"code": code(secret)})
        assert browser.session_key(PORTAL) != half
        other = Browser()
        other.at(PORTAL).cookies["session"] = half
        assert other.who(PORTAL) == ""
        assert Session.objects.count() == 1

    def test_of_somebody_suspended_meanwhile_ends(self, browser):
        secret = with_totp("lin")
        browser.sign_in("lin")
        people.suspend(PERSON_ID["lin"], by=None, now=timezone.now())
        browser.post("/sign-in/second/", {"code": code(secret)})
        assert browser.who(PORTAL) == ""
        assert not Session.objects.exists()

    def test_cannot_skip_a_stage(self, browser):
        with_totp("lin")
        browser.sign_in("lin")
        for path in ("set-up", "set-up/passkey", "password"):
            browser.get(f"/sign-in/{path}/")
            assert browser.visited[-1] == f"{PORTAL}/sign-in/second/"
        browser.post("/sign-in/password/", {"password": "Quite-another-77"})
        assert Person.objects.get(pk=PERSON_ID["lin"]).check_password(PASSWORD)

    def test_that_ended_in_another_request_begins_nothing(self, browser):
        with_totp("lin")
        browser.sign_in("lin")
        request = browser.get("/sign-in/second/").wsgi_request
        Session.objects.all().delete()
        with pytest.raises(sessions.SignedOutMeanwhile):
            sessions.begin(request.session, person("lin"), now=timezone.now())


class TestProvingItAnew:
    def test_a_change_asks_for_the_factor_again(self, browser):
        secret = with_totp("east_window")
        browser.sign_in("east_window", host=EAST)
        browser.post(f"http://{EAST}/sign-in/second/", {"code": code(secret)})
        session = SessionStore(browser.session_key(EAST), hall="east")
        session["second_factor_at"] = (timezone.now() - timedelta(minutes=11)).isoformat()
        session.save()
        page = browser.get(f"http://{EAST}/account/security/totp/")
        assert browser.visited[-1].startswith(
            f"{EAST}/account/confirm/?next=%2Faccount%2Fsecurity%2Ftotp%2F&how=second"
        )
        assert "确认是您本人" in words(page)
        assert browser.post(f"http://{browser.visited[-1]}", {"code": "000000"}).status_code == 200
        browser.post(
            f"http://{EAST}/account/confirm/?next=/account/security/totp/&how=second",
            {"code": code(secret, 1)},
        )
        assert browser.visited[-1] == f"{EAST}/account/security/totp/"

    def test_without_one_the_password_is_enough(self, browser):
        browser.sign_in("lin")
        browser.get("/account/security/totp/")
        assert browser.visited[-1].startswith(f"{PORTAL}/account/confirm/")
        page = browser.post("/account/confirm/?next=/account/security/totp/", {"password": PASSWORD})
        shown = browser.post(
            "/account/security/totp/", {"code": code("".join(page.context["secret"])), "name": "旧手机"}
        )
        assert len(shown.context["codes"]) == 10
        assert Factor.objects.get().name == "旧手机"
        assert second_factor.exists(PERSON_ID["lin"])
