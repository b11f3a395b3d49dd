"""Passkeys: taken of the right origin, for the session's own challenge, once, verified, and with a count that grows."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Challenge, Factor
from accounts.services import passkeys, people, second_factor
from tests.accounts.authenticator import PRESENT, Device
from tests.accounts.browser import EAST, WEST, Browser
from tests.accounts.factors import person
from tests.template import PASSWORD, PERSON_ID, PORTAL

ORIGIN = f"http://{EAST}"
ADD = f"{ORIGIN}/account/security/passkey/"
SECOND = f"{ORIGIN}/sign-in/second/"


@pytest.fixture
def browser():
    """A clerk of east who has just said their password again."""
    browser = Browser()
    browser.sign_in("east_window", host=EAST)
    browser.post(f"{ORIGIN}/account/confirm/", {"password": PASSWORD})
    return browser


def add(browser, device, **more):
    options = browser.get(ADD).context["options"]
    return browser.post(
        ADD, {"name": "工作电脑", "passkey": device.make(options, **{"origin": ORIGIN, **more})}
    )


@pytest.fixture
def device(browser):
    """A passkey of the clerk, made at east."""
    made = Device(count=7)
    add(browser, made)
    return made


def enter(device, **more):
    """Sign in as the clerk by password and this device, in another browser."""
    browser = Browser()
    options = browser.sign_in("east_window", host=EAST).context["options"]
    browser.post(SECOND, {"passkey": device.use(options, **{"origin": ORIGIN, **more})})
    return browser.who(EAST)


def test_it_is_made_and_used(browser, device):
    row = Factor.objects.get()
    assert (row.kind, row.name, row.rp_id, row.sign_count) == ("passkey", "工作电脑", PORTAL, 7)
    device.count = 8
    assert enter(device) == "east_window"
    row.refresh_from_db()
    assert row.sign_count == 8
    assert row.last_used_at is not None


def test_what_a_browser_is_asked_for(browser):
    options = json.loads(browser.get(ADD).context["options"])["publicKey"]
    assert options["rp"]["id"] == PORTAL
    assert options["authenticatorSelection"]["userVerification"] == "required"
    assert len(options["challenge"]) >= 43


@pytest.mark.parametrize(
    "wrong",
    [
        {"origin": f"http://{WEST}"},
        {"origin": f"http://{PORTAL}"},
        {"origin": f"{ORIGIN}:8000"},
        {"origin": f"https://{EAST}"},
        {"origin": "http://evil.example"},
        {"rp_id": EAST},
        {"rp_id": "evil.example"},
        {"flags": PRESENT},
        {"flags": 4},
    ],
    ids=str,
)
def test_of_another_place_or_unverified_it_is_neither_made_nor_used(browser, device, wrong):
    response = add(browser, Device(), **wrong)
    assert "没有加上" in response.content.decode()
    assert Factor.objects.count() == 1
    device.count = 8
    assert enter(device, **wrong) == ""


@pytest.mark.parametrize(
    "nonsense",
    [
        "",
        "{}",
        "[]",
        "null",
        "x" * 30_000,
        '{"id": 1}',
        "[" * 10_000,
        '{"rawId": "AA", "response": {"clientDataJSON": "AA"}}',
    ],
)
def test_nonsense_is_refused_in_words(browser, nonsense):
    response = browser.post(ADD, {"name": "x", "passkey": nonsense})
    assert response.status_code == 200
    assert "没有加上" in response.content.decode()


def test_a_challenge_is_spent_once(browser, device):
    other = Browser()
    options = other.sign_in("east_window", host=EAST).context["options"]
    device.count = 8
    answer = device.use(options, ORIGIN)
    half = other.session_key(EAST)
    other.post(SECOND, {"passkey": answer})
    assert other.who(EAST) == "east_window"
    assert not Challenge.objects.filter(session_key=half).exists()
    # the same answer at another half session of the same person
    third = Browser()
    third.sign_in("east_window", host=EAST)
    refused = third.post(SECOND, {"passkey": answer})
    assert "通行密钥没有通过，还能试 4 次" in refused.content.decode()
    assert third.who(EAST) == ""


def test_a_challenge_of_another_session_is_none(browser, device):
    mine, theirs = Browser(), Browser()
    mine.sign_in("east_window", host=EAST)
    options = theirs.sign_in("east_window", host=EAST).context["options"]
    device.count = 8
    mine.post(SECOND, {"passkey": device.use(options, ORIGIN)})
    assert mine.who(EAST) == ""


def test_a_challenge_for_making_is_none_for_using(browser, device):
    """And one that has run out is none at all."""
    site = passkeys.Site(PORTAL, "", ORIGIN)
    clerk, now = person("east_window"), timezone.now()
    at = second_factor.At("east", "", now)
    made = json.loads(passkeys.to_make(site, clerk, "k", now=now))["publicKey"]
    asked = json.dumps({"publicKey": {"challenge": made["challenge"], "rpId": PORTAL}})
    device.count = 8
    with pytest.raises(second_factor.NotProved):
        passkeys.use(site, clerk, "k", device.use(asked, ORIGIN), at)
    old = passkeys.to_use(site, clerk, "k", now=now - passkeys.LASTS - timedelta(seconds=1))
    with pytest.raises(second_factor.NotProved):
        passkeys.use(site, clerk, "k", device.use(old, ORIGIN), at)
    right = passkeys.to_use(site, clerk, "k", now=now)
    passkeys.use(site, clerk, "k", device.use(right, ORIGIN), at)


@pytest.mark.parametrize("count", [7, 6, 0])
def test_a_count_that_does_not_grow_tells_of_a_copy(browser, device, count, monkeypatch):
    told = []
    monkeypatch.setattr("accounts.services.alerts.tell", lambda person, text: told.append(text))
    device.count = count
    assert enter(device) == ""
    assert "可能被复制过" in told[0]
    assert Factor.objects.get().sign_count == 7


def test_a_device_that_counts_nothing_is_taken(browser):
    device = Device()
    add(browser, device)
    assert enter(device) == "east_window"
    assert enter(device) == "east_window"


def test_anothers_key_or_anothers_device_proves_nothing(browser, device):
    stranger = Device(count=9)
    assert enter(stranger) == ""
    stranger.id = device.id
    assert enter(stranger) == ""


def test_the_same_device_is_not_kept_twice(browser, device):
    options = json.loads(browser.get(ADD).context["options"])["publicKey"]
    assert len(options["excludeCredentials"]) == 1
    assert "没有加上" in add(browser, device).content.decode()
    assert Factor.objects.count() == 1


def test_it_serves_at_the_portal_too_and_not_at_a_host_elsewhere(browser, device, rf):
    other = Browser()
    options = other.sign_in("east_window").context["options"]
    device.count = 8
    other.post("/sign-in/second/", {"passkey": device.use(options, f"http://{PORTAL}")})
    assert other.who(PORTAL) == "east_window"
    from accounts import places

    hosts = {
        f"east.{PORTAL}": PORTAL,
        PORTAL: PORTAL,
        "hall.example": "hall.example",
        f"evil{PORTAL}": f"evil{PORTAL}",
    }
    assert {host: places.passkey_domain(rf.get("/", headers={"host": host})) for host in hosts} == hosts


def test_wrong_ones_are_counted_with_codes(browser, device):
    for _ in range(5):
        assert enter(device, origin="http://evil.example") == ""
    device.count = 8
    assert enter(device) == ""


def test_a_suspension_ends_challenges(browser, device):
    Browser().sign_in("east_window", host=EAST)
    assert Challenge.objects.exists()
    people.suspend(PERSON_ID["east_window"], by=None, now=timezone.now())
    assert not Challenge.objects.exists()
