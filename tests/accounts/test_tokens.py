"""POST /api/v1/token/: bound to its host's hall, hashed at rest, twelve hours, and locked as signing in is."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from accounts.models import Token
from accounts.queries import actor_of_token, digest
from accounts.services import counters, tokens
from tests.accounts.browser import EAST, WEST, Browser
from tests.template import PASSWORD, PERSON_ID, PORTAL

URL = "/api/v1/token/"


def ask(host, **data):
    return Client(headers={"host": host}).post(URL, data, content_type="application/json")


def delete(host, token):
    return Client(headers={"host": host, "authorization": f"Token {token}"}).delete(URL)


def test_a_right_password_gives_a_token_of_this_host():
    response = ask(EAST, username="east_window", password=PASSWORD, otp="")

    assert response.status_code == 200
    token = response.json()["token"]
    assert actor_of_token(token, "east").username == "east_window"
    for other in ("west", ""):
        assert not actor_of_token(token, other).is_authenticated
    row = Token.objects.get()
    assert (row.hall, row.digest) == ("east", digest(token))
    assert row.expires_at - row.created_at == timedelta(hours=12)
    assert parse_datetime(response.json()["expires_at"]) == row.expires_at
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize(
    ("username", "host"), [("lin", EAST), ("lin", PORTAL), ("city_admin", PORTAL), ("13900000000", WEST)]
)
def test_citizens_and_the_city_get_tokens_too(username, host):
    assert ask(host, username=username, password=PASSWORD).status_code == 200


@pytest.mark.parametrize("username", ["lin", "nobody-of-this-name"])
def test_a_wrong_password_is_401_in_the_one_shape(username):
    response = ask(EAST, username=username, password="wrong-password")

    assert response.status_code == 401
    assert response.json() == {
        "detail": "账号或密码不对，还能试 4 次",
        "code": "wrong_password",
        "fields": {},
    }
    assert not Token.objects.exists()


def test_missing_fields_are_named():
    response = ask(EAST, username="lin")

    assert response.status_code == 400
    assert response.json()["code"] == "invalid"
    assert set(response.json()["fields"]) == {"password"}


def test_five_failures_lock_pages_and_api_together():
    for _ in range(5):
        assert ask(EAST, username="lin", password="wrong-password").status_code == 401
    response = ask(EAST, username="lin", password=PASSWORD)

    assert response.status_code == 429
    assert response.json()["code"] == "locked"
    assert 850 <= int(response["Retry-After"]) <= 900
    assert not Token.objects.exists()
    assert Browser().sign_in("lin").status_code == 429


def test_a_token_ends_when_it_says_so():
    token = ask(EAST, username="lin", password=PASSWORD).json()["token"]
    other = ask(EAST, username="lin", password=PASSWORD).json()["token"]

    assert delete(EAST, token).status_code == 204
    assert not actor_of_token(token, "east").is_authenticated
    assert actor_of_token(other, "east").is_authenticated
    assert delete(EAST, token).status_code == 401


def test_another_hall_cannot_end_it():
    token = ask(EAST, username="lin", password=PASSWORD).json()["token"]

    assert delete(WEST, token).status_code == 401
    assert actor_of_token(token, "east").is_authenticated


def test_a_session_alone_ends_no_token_and_gets_none():
    browser = Browser()
    browser.sign_in("lin")
    tokens_before = Token.objects.count()

    assert browser.at(PORTAL).delete(URL).status_code == 401
    assert browser.at(PORTAL).post(URL, {}, content_type="application/json").status_code == 400
    assert Token.objects.count() == tokens_before


def test_a_token_that_has_run_out_is_nobody():
    token = ask(EAST, username="lin", password=PASSWORD).json()["token"]
    Token.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

    assert not actor_of_token(token, "east").is_authenticated


def test_a_client_that_asks_without_end_is_stopped(monkeypatch):
    from accounts.models import Person

    monkeypatch.setattr(tokens, "AN_HOUR", 2)
    person = Person.objects.get(pk=PERSON_ID["lin"])
    for _ in range(2):
        tokens.issue(person, hall="east", now=timezone.now())
    with pytest.raises(counters.TooMany):
        tokens.issue(person, hall="east", now=timezone.now())
    assert Token.objects.count() == 2
