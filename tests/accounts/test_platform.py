"""The national identity platform, played by the demo's own on a port of this machine: what it proves, and what it must not."""

import contextlib
import threading
import urllib.parse
import urllib.request
import wsgiref.simple_server

import pytest

from accounts.enums import Level, ProvedBy
from accounts.models import Person, Session
from accounts.services import counters
from config.demo_platform import Platform
from tests.accounts.browser import EAST, Browser
from tests.accounts.known import NUMBER, OTHER_NUMBER, PASSWORD, again, registered, verified
from tests.template import PORTAL

PHONE = "13711110001"


class Quiet(wsgiref.simple_server.WSGIRequestHandler):
    def log_message(self, *args):
        pass


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args):
        return None


@contextlib.contextmanager
def served(settings, kind=Platform):
    """Serve a platform and let the settings name it."""
    server = wsgiref.simple_server.make_server("127.0.0.1", 0, None, handler_class=Quiet)
    issuer = f"http://127.0.0.1:{server.server_port}/identity"
    platform = kind(issuer, "portal", "a-secret-of-the-portal")
    server.set_app(platform)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    settings.OIDC_ISSUER, settings.OIDC_CLIENT_ID = issuer, platform.client_id
    settings.OIDC_CLIENT_SECRET = platform.secret
    try:
        yield platform
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def platform(settings):
    with served(settings) as found:
        yield found


@pytest.fixture
def browser():
    return signed_in()


def signed_in(phone=PHONE):
    browser = Browser()
    browser.sign_in(phone, password=PASSWORD)
    assert browser.who(PORTAL)
    return browser


def sent_to(browser, query=""):
    """Return where the portal sends the browser."""
    answer = browser.at(PORTAL).get(f"/account/identity/platform/{query}")
    assert answer.status_code == 302, answer.content.decode()
    return answer["Location"]


def said(address, **form):
    """Say at the platform who one is; return the path that it sends back to."""
    data = urllib.parse.urlencode(form or {"name": "周小满", "id_number": NUMBER}).encode()
    opener = urllib.request.build_opener(_NoRedirect)
    with pytest.raises(urllib.error.HTTPError) as redirected:
        opener.open(urllib.request.Request(address, data=data))  # noqa: S310 -- our own server
    with redirected.value as answer:
        back = urllib.parse.urlsplit(answer.headers["Location"])
    assert (back.netloc, back.path) == (PORTAL, "/account/identity/callback/")
    return f"{back.path}?{back.query}"


def test_somebody_is_verified_and_comes_back_to_the_same_place(platform):
    person = registered(PHONE)
    browser = signed_in()
    onward = urllib.parse.urlencode({"to": EAST, "next": "/items/34013100200000/apply/?a=1"})
    page = browser.get(said(sent_to(browser, f"?{onward}")))

    assert (again(person).level, again(person).proved_by) == (Level.VERIFIED, ProvedBy.PLATFORM)
    assert f'href="http://{EAST}/items/34013100200000/apply/?a=1"' in page.content.decode()
    assert browser.who(PORTAL) == person.username


def test_an_account_without_a_number_takes_the_platforms(platform):
    person = registered(PHONE, id_number="")
    browser = signed_in()
    browser.get(said(sent_to(browser)))
    assert (again(person).level, again(person).id_number) == (Level.VERIFIED, NUMBER)


def test_the_question_carries_pkce_state_and_nonce_and_no_secret(platform):
    registered(PHONE)
    asked = urllib.parse.parse_qs(urllib.parse.urlsplit(sent_to(signed_in())).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert {"state", "nonce", "code_challenge", "redirect_uri"} <= asked.keys()
    assert platform.secret not in str(asked)


def refused(browser, path, status, words):
    page = browser.get(path)
    text = page.content.decode()
    assert page.status_code == status
    assert words in text
    assert "实名认证" in text
    return text


@pytest.mark.parametrize(
    ("form", "status", "words"),
    [
        ({"cancel": "1"}, 400, "退了出来"),
        ({"name": "别人", "id_number": NUMBER}, 409, "不一样"),
        ({"name": "周小满", "id_number": OTHER_NUMBER}, 409, "不一样"),
        ({"name": "周小满", "id_number": "12345"}, 409, "到窗口认证"),
    ],
)
def test_whoever_turns_back_or_is_somebody_else_is_told_and_nothing_changes(platform, form, status, words):
    person = registered(PHONE)
    browser = signed_in()
    text = refused(browser, said(sent_to(browser), **form), status, words)
    assert (again(person).level, again(person).name) == (Level.CHECKED, "周小满")
    assert OTHER_NUMBER not in text


def test_a_number_of_another_verified_account_is_refused_and_no_account_is_made(platform):
    verified(registered("13711110009"))
    person = registered(PHONE, id_number="")
    count = Person.objects.count()
    browser = signed_in()
    refused(browser, said(sent_to(browser)), 409, "请登录那一个")
    assert (again(person).level, Person.objects.count()) == (Level.PHONE, count)
    assert browser.who(PORTAL) == person.username


def test_an_answer_is_good_once_and_in_the_browser_that_asked(platform):
    person, other = registered(PHONE, id_number=""), registered("13711110002", id_number="")
    browser, thief = signed_in(), signed_in("13711110002")
    back = said(sent_to(browser))
    refused(thief, back, 400, "不是从这里开始的")
    assert again(other).level == Level.PHONE
    browser.get(back)
    assert again(person).level == Level.VERIFIED
    refused(signed_in(), back, 400, "不是从这里开始的")


def test_an_answer_after_signing_in_as_somebody_else_verifies_nobody(platform):
    person, other = registered(PHONE, id_number=""), registered("13711110002", id_number="")
    browser = signed_in()
    back = said(sent_to(browser))
    browser.sign_in("13711110002", password=PASSWORD)
    refused(browser, back, 400, "不是从这里开始的")
    assert {again(person).level, again(other).level} == {Level.PHONE}


class OtherNonce(Platform):
    def claims(self, given, now):
        return {**super().claims(given, now), "nonce": "another"}


class OtherAudience(Platform):
    def claims(self, given, now):
        return {**super().claims(given, now), "aud": "another-portal"}


class OtherIssuer(Platform):
    def claims(self, given, now):
        return {**super().claims(given, now), "iss": "https://elsewhere.example"}


class OutOfDate(Platform):
    def claims(self, given, now):
        return super().claims(given, now - 3600)


class OtherKey(Platform):
    def signed(self, claims):
        forger = Platform(self.issuer, self.client_id, "the forger's secret")
        forger.key = type(forger.key).import_key({**forger.key.as_dict(private=True), "kid": self.key.kid})
        return forger.signed(claims)


class SharedSecret(Platform):
    def signed(self, claims):
        from joserfc import jwt
        from joserfc.jwk import OctKey

        return jwt.encode({"alg": "HS256", "kid": self.key.kid}, dict(claims), OctKey.import_key("0" * 32))


class NoSignature(Platform):
    def signed(self, claims):
        _head, body, _tail = super().signed(claims).split(".")
        return f"eyJhbGciOiJub25lIn0.{body}."


@pytest.mark.parametrize(
    "kind", [OtherNonce, OtherAudience, OtherIssuer, OutOfDate, OtherKey, SharedSecret, NoSignature]
)
def test_an_id_token_that_is_not_for_us_now_proves_nothing(settings, kind):
    person = registered(PHONE)
    with served(settings, kind):
        browser = signed_in()
        page = browser.get(said(sent_to(browser)))
    assert page.status_code in {400, 503}
    assert again(person).level == Level.CHECKED


class WrongName(Platform):
    def metadata(self):
        return {**super().metadata(), "issuer": "https://elsewhere.example"}


class NoNumber(Platform):
    def claims(self, given, now):
        return {name: value for name, value in super().claims(given, now).items() if name != "id_number"}


def test_a_platform_that_names_another_issuer_is_not_gone_to(settings):
    registered(PHONE)
    with served(settings, WrongName):
        refused(signed_in(), "/account/identity/platform/", 503, "没有回答")


def test_a_platform_that_says_no_number_proves_nothing(settings):
    person = registered(PHONE)
    with served(settings, NoNumber):
        browser = signed_in()
        refused(browser, said(sent_to(browser)), 503, "没有回答")
    assert again(person).level == Level.CHECKED


def test_a_platform_that_is_away_is_said_before_and_after(settings):
    person = registered(PHONE)
    with served(settings):
        browser = signed_in()
        back = said(sent_to(browser))
    refused(browser, back, 503, "没有回答")
    refused(browser, "/account/identity/platform/", 503, "没有回答")
    assert again(person).level == Level.CHECKED
    assert browser.who(PORTAL) == person.username


def test_no_name_and_number_stand_in_session_or_address(platform):
    registered(PHONE)
    browser = signed_in()
    back = said(sent_to(browser))
    browser.get(back)
    assert NUMBER not in back
    assert all(NUMBER not in address for address in browser.visited)
    assert all(NUMBER not in str(row) for row in Session.objects.values())
    assert not counters.Counter.objects.filter(key__contains=NUMBER).exists()
