"""Who works here is out when they do nothing; a person sees where they are signed in, and ends it."""

from datetime import timedelta

import pytest
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Session, Token
from accounts.queries import sessions_of
from accounts.services import people, tokens
from tests.accounts.browser import EAST, WEST, Browser
from tests.accounts.factors import person
from tests.template import PASSWORD, PERSON_ID, PORTAL

SECURITY = "/account/security/"


def ago(**past):
    return timezone.now() - timedelta(**past)


@pytest.fixture
def clerk():
    browser = Browser()
    browser.sign_in("east_window", host=EAST)
    return browser


class TestIdle:
    def test_a_clerk_is_out_after_a_quarter_of_an_hour_and_told_why(self, clerk):
        Session.objects.update(seen_at=ago(minutes=15, seconds=1))
        page = clerk.get(f"http://{EAST}/staff/people/?page=1")
        assert clerk.visited[-1] == f"{EAST}/sign-in/?next=%2Fstaff%2Fpeople%2F%3Fpage%3D1&why=idle"
        assert "您有一阵没有操作，已替您退出" in page.content.decode()
        assert not Session.objects.exists()
        clerk.post(f"http://{clerk.visited[-1]}", {"username": "east_window", "password": PASSWORD})
        assert clerk.visited[-1] == f"{EAST}/staff/people/?page=1"

    def test_a_form_leads_back_to_its_page(self, clerk):
        Session.objects.update(seen_at=ago(minutes=16))
        client = clerk.at(EAST)
        page = client.post("/clerk/cover/", headers={"referer": f"http://{EAST}/clerk/cover/?a=1"})
        assert page.status_code == 403
        assert "/sign-in/?next=%2Fclerk%2Fcover%2F%3Fa%3D1&amp;why=idle" in page.content.decode()

    @pytest.mark.parametrize("referer", ["http://evil.example/x", "http://evil.example//x", ""])
    def test_and_to_nothing_that_is_not_of_this_host(self, clerk, referer):
        Session.objects.update(seen_at=ago(minutes=16))
        page = clerk.at(EAST).post("/clerk/cover/", headers={"referer": referer})
        assert 'href="/sign-in/?why=idle"' in page.content.decode()

    def test_a_request_in_time_keeps_it(self, clerk):
        Session.objects.update(seen_at=ago(minutes=14, seconds=50))
        assert clerk.who(EAST) == "east_window"
        assert Session.objects.get().seen_at > ago(seconds=60)

    def test_the_city_too(self):
        browser = Browser()
        browser.sign_in("city_admin")
        Session.objects.update(seen_at=ago(minutes=16))
        assert browser.who(PORTAL) == ""

    def test_a_citizen_is_not(self):
        browser = Browser()
        browser.sign_in("lin")
        Session.objects.update(seen_at=ago(hours=11))
        assert browser.who(PORTAL) == "lin"

    def test_the_limit_is_a_setting(self, clerk, settings):
        settings.IDLE_MINUTES = 5
        Session.objects.update(seen_at=ago(minutes=6))
        assert clerk.who(EAST) == ""

    def test_work_does_not_go_beyond_twelve_hours(self, clerk):
        begun = Session.objects.get()
        assert begun.expire_date - begun.begun_at <= timedelta(hours=12, seconds=1)
        Session.objects.update(expire_date=ago(seconds=1), seen_at=timezone.now())
        assert clerk.who(EAST) == ""

    def test_what_comes_of_a_city_session_ends_with_it(self):
        browser = Browser()
        browser.sign_in("city_admin")
        browser.get(f"http://{EAST}/come-in/?next=/sign-in/")
        assert Session.objects.count() == 2
        Session.objects.filter(hall="").update(seen_at=ago(minutes=16))
        browser.who(PORTAL)
        assert not Session.objects.exists()

    def test_requests_of_one_minute_write_nothing(self, clerk):
        clerk.who(EAST)
        with CaptureQueriesContext(connections["gate"]) as asked:
            for _ in range(5):
                clerk.who(EAST)
        assert [query["sql"] for query in asked if query["sql"].startswith(("UPDATE", "INSERT"))] == []

    def test_how_long_is_left_is_asked_without_being_work(self, clerk):
        Session.objects.update(seen_at=ago(minutes=14))
        assert 50 <= clerk.at(EAST).get("/account/session/").json()["left"] <= 60
        assert Session.objects.get().seen_at < ago(minutes=13)
        assert clerk.at(EAST).post("/account/session/").json()["left"] >= 890
        assert clerk.at(PORTAL).get("/account/session/").status_code == 401

    def test_pages_of_staff_carry_the_warning_and_nobody_elses(self, clerk):
        page = clerk.get(f"http://{EAST}/staff/people/").content.decode()
        assert 'data-idle="/account/session/" data-left="900" data-warn="120"' in page
        assert "idle.js" in page
        assert "idle.js" not in Browser().get("/").content.decode()


class TestWhereIAmSignedIn:
    def test_says_where_and_with_what(self):
        agent = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Safari/537.36"
        client = Client(headers={"host": EAST, "user-agent": agent}, REMOTE_ADDR="203.0.113.77")
        client.post("/sign-in/", {"username": "east_window", "password": PASSWORD})
        row = Session.objects.get()
        assert (row.device, row.place) == ("Windows Chrome", "203.0.*.*")
        page = client.get(SECURITY).content.decode()
        assert "Windows Chrome" in page
        assert "203.0.113.77" not in page
        assert row.session_key not in page

    def test_a_later_request_changes_none_of_it(self, clerk):
        before = Session.objects.values("begun_at", "device", "place").get()
        session = clerk.at(EAST)
        session.get(f"{SECURITY}totp/")
        session.post("/account/confirm/", {"password": PASSWORD})
        session.get(f"{SECURITY}totp/")
        assert Session.objects.values("begun_at", "device", "place").get() == before

    def test_is_every_host_of_the_same_person_and_nobody_elses(self, clerk, west):
        """A clerk of east who is a citizen at the portal sees both; a clerk of west sees neither."""
        clerk.sign_in("east_window")
        clerk.get(f"http://{WEST}/come-in/?next=/sign-in/")
        other = Browser()
        other.sign_in("west_window", host=WEST)
        now = timezone.now()
        mine = sessions_of(person("east_window"), here=clerk.session_key(EAST), now=now)
        assert {(each.hall, each.is_this) for each in mine} == {("east", True), ("", False), ("west", False)}
        theirs = other.get(f"http://{WEST}{SECURITY}").context["sessions"]
        assert [each.hall for _name, each in theirs] == ["west"]

    def test_one_is_ended_with_what_came_of_it(self, clerk):
        home = Browser()
        home.sign_in("east_window")
        home.get(f"http://{WEST}/come-in/?next=/sign-in/")
        listed = clerk.get(f"http://{EAST}{SECURITY}").context["sessions"]
        handle = next(each.handle for _name, each in listed if each.hall == "")
        clerk.post(f"http://{EAST}{SECURITY}session/end/", {"session": handle})
        assert (home.who(PORTAL), home.who(WEST), clerk.who(EAST)) == ("", "", "east_window")

    def test_a_forged_or_foreign_name_ends_nothing(self, clerk):
        other = Browser()
        other.sign_in("west_window", host=WEST)
        listed = other.get(f"http://{WEST}{SECURITY}").context["sessions"]
        foreign, key = listed[0][1].handle, other.session_key(WEST)
        for forged in (foreign, key, "", "x" * 5000, "'; --"):
            clerk.post(f"http://{EAST}{SECURITY}session/end/", {"session": forged})
            assert clerk.visited[-1] == f"{EAST}{SECURITY}?done=nothing"
        assert (other.who(WEST), clerk.who(EAST)) == ("west_window", "east_window")

    def test_all_others_are_ended_and_this_one_stays(self, clerk):
        others = [Browser(), Browser()]
        for browser, host in zip(others, (EAST, PORTAL), strict=True):
            browser.sign_in("east_window", host=host)
        clerk.post(f"http://{EAST}{SECURITY}session/end/", {"session": "others"})
        assert [browser.who(host) for browser, host in zip(others, (EAST, PORTAL), strict=True)] == ["", ""]
        assert clerk.who(EAST) == "east_window"

    def test_ending_this_one_is_signing_out(self, clerk):
        listed = clerk.get(f"http://{EAST}{SECURITY}").context["sessions"]
        clerk.post(f"http://{EAST}{SECURITY}session/end/", {"session": listed[0][1].handle})
        assert clerk.who(EAST) == ""

    def test_keys_to_the_api_are_listed_and_ended(self, clerk):
        token = tokens.issue(person("east_window"), hall="east", now=timezone.now())[0]
        tokens.issue(person("west_window"), hall="west", now=timezone.now())
        ((_name, listed),) = clerk.get(f"http://{EAST}{SECURITY}").context["tokens"]
        clerk.post(f"http://{EAST}{SECURITY}token/end/", {"token": listed.handle})
        client = Client(headers={"host": EAST, "authorization": f"Token {token}"})
        assert client.get("/api/v1/clerk/cases/").status_code == 401
        assert Token.objects.count() == 1


def test_a_suspension_is_everywhere_at_the_next_request(clerk):
    clerk.sign_in("east_window")
    clerk.get(f"http://{WEST}/come-in/?next=/sign-in/")
    keys = {host: tokens.issue(person("east_window"), hall=hall, now=timezone.now())[0] for host, hall in ((EAST, "east"), (PORTAL, ""))}  # fmt: skip
    assert [clerk.who(host) for host in (EAST, PORTAL, WEST)] == ["east_window"] * 3
    people.suspend(PERSON_ID["east_window"], by=PERSON_ID["city_admin"], now=timezone.now())
    assert [clerk.who(host) for host in (EAST, PORTAL, WEST)] == [""] * 3
    for host, key in keys.items():
        client = Client(headers={"host": host, "authorization": f"Token {key}"})
        assert client.get("/api/v1/items/").status_code == 401
    assert "账号或密码不对" in clerk.sign_in("east_window", host=EAST).content.decode()
