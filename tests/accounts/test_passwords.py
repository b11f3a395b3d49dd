"""What a post demands of a password: three classes, ninety days, not one of the last five; of citizens nothing of it."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.models import FormerPassword, Person
from accounts.services import closing, passwords, people
from tests.accounts.authenticator import code
from tests.accounts.browser import EAST, Browser
from tests.accounts.factors import person, with_totp
from tests.template import NOW, PASSWORD, PERSON_ID, PORTAL

CITY = PERSON_ID["city_admin"]


@pytest.fixture
def demanded(settings):
    settings.SECOND_FACTOR_ROLES = frozenset({"all"})
    Person.objects.update(password_set_at=timezone.now())


def change(who, password, now=NOW):
    return people.change_password(PERSON_ID[who], password=password, now=now)


@pytest.mark.parametrize(
    ("password", "is_weak"),
    [
        ("lowercase", True),
        ("lower123", True),
        ("Lowercase", True),
        ("Lower123", False),
        ("lower-12", False),
        ("LOWER-12", False),
        ("密码密码密码密码1a", False),
        ("12345678", True),
    ],
)
def test_three_classes_of_four(password, is_weak):
    assert passwords.is_weak(password) == is_weak


@pytest.mark.usefixtures("demanded")
class TestWhereItIsDemanded:
    def test_a_weak_one_is_refused_and_nothing_changes(self):
        with pytest.raises(ValidationError, match="至少要有三种"):
            change("city_admin", "simple-words")
        assert person("city_admin").check_password(PASSWORD)

    def test_none_of_the_last_five_comes_again(self):
        for number in range(5):
            change("city_admin", f"Number-{number}", NOW + timedelta(minutes=number))
        for number in range(5):
            with pytest.raises(ValidationError, match="最近 5 次"):
                change("city_admin", f"Number-{number}")
        change("city_admin", PASSWORD)
        assert FormerPassword.objects.count() == 4

    def test_of_citizens_nothing_is_asked_or_kept(self):
        change("lin", "simple-words")
        change("lin", "simple-words")
        assert not FormerPassword.objects.exists()
        assert passwords.days_left(person("lin"), now=NOW) is None

    def test_it_lasts_ninety_days_and_says_so_a_week_before(self):
        secret = with_totp("city_admin")
        browser = Browser()

        def sign_in(days, drift):
            Person.objects.update(password_set_at=timezone.now() - timedelta(days=days, minutes=-5))
            browser.sign_in("city_admin")
            browser.post("/sign-in/second/", {"code": code(secret, drift)})
            return browser.get("/city/").content.decode()

        assert "天到期" not in sign_in(82, -1 + 1)
        assert "密码还有 7 天到期。" in sign_in(83, 1)
        assert "密码今天到期。" in _page(browser, 90)

    def test_one_that_ran_out_is_changed_before_anything_works(self):
        secret = with_totp("east_window")
        Person.objects.update(password_set_at=timezone.now() - timedelta(days=91))
        browser = Browser()
        browser.sign_in("east_window", host=EAST, onward="/staff/people/")
        page = browser.post(f"http://{EAST}/sign-in/second/", {"code": code(secret)})
        assert browser.visited[-1] == f"{EAST}/sign-in/password/"
        assert "密码到期了" in page.content.decode()
        assert browser.who(EAST) == ""
        refused = browser.post(f"http://{EAST}/sign-in/password/", {"password": PASSWORD})
        assert "最近 5 次用过的密码不能再用" in refused.content.decode()
        browser.post(f"http://{EAST}/sign-in/password/", {"password": "Quite-another-77"})
        assert browser.visited[-1] == f"{EAST}/staff/people/"
        assert browser.who(EAST) == "east_window"

    def test_a_weak_one_from_before_the_post_is_changed_first(self):
        with_totp("east_window")
        change("east_window", "simple-words", timezone.now())
        secret = with_totp("east_window", drift=-1)
        browser = Browser()
        browser.sign_in("east_window", host=EAST, password="simple-words")
        browser.post(f"http://{EAST}/sign-in/second/", {"code": code(secret)})
        assert browser.visited[-1] == f"{EAST}/sign-in/password/"
        assert person("east_window").strict_since is not None

    def test_whoever_held_a_post_is_held_to_it_at_the_portal(self):
        passwords.hold_strict(person("east_window"), now=NOW)
        with pytest.raises(ValidationError):
            change("east_window", "simple-words")

    def test_the_page_says_what_is_wrong_and_keeps_the_second_factor(self):
        secret = with_totp("east_window")
        browser = Browser()
        browser.sign_in("east_window", host=EAST)
        browser.post(f"http://{EAST}/sign-in/second/", {"code": code(secret)})
        address = f"http://{EAST}/account/password/"
        refused = browser.post(address, {"current": PASSWORD, "password": "simple-words"})
        assert "至少要有三种" in refused.content.decode()
        browser.post(address, {"current": PASSWORD, "password": "Quite-another-77"})
        assert browser.visited[-1] == f"{EAST}/account/security/?done=password"
        assert browser.get(f"http://{EAST}/clerk/").request["PATH_INFO"] == "/clerk/"


def _page(browser, days):
    Person.objects.update(password_set_at=timezone.now() - timedelta(days=days, minutes=-5))
    return browser.get("/city/").content.decode()


def test_in_the_demo_nothing_of_it_is_asked():
    Person.objects.update(password_set_at=timezone.now() - timedelta(days=400))
    browser = Browser()
    browser.sign_in("city_admin")
    assert browser.who(PORTAL) == "city_admin"
    assert "到期" not in browser.get("/city/").content.decode()
    change("city_admin", "simple-words")


def test_a_closed_account_keeps_none_of_it():
    from accounts.models import Factor

    with_totp("lin")
    closing.close(PERSON_ID["lin"], now=NOW)
    assert not Factor.objects.exists()
