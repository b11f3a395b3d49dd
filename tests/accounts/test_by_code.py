"""Codes sent to a phone, signing in by one, and registering."""

import re
from datetime import timedelta

import pytest
from django.db import connections
from django.utils import timezone

from accounts import sms
from accounts.models import Agency, Code, Company, Person, Session
from accounts.queries import holders_of
from accounts.services import codes, counters, people
from accounts.sessions import SessionStore
from tests.accounts.browser import EAST, Browser
from tests.template import NOW, PASSWORD, PERSON_ID, PORTAL, USCC

PHONE = "13712345678"
KNOWN = "13900000000"
ID_NUMBER = "11010519491231002X"
ME = {"name": "周小满", "id_number": "110105 19491231 002x", "password": "Good-pass-77"}


@pytest.fixture
def browser():
    return Browser()


def send(phone=PHONE, now=NOW, purpose="portal", address="203.0.113.9"):
    return codes.send(phone, purpose=purpose, address=address, now=now)


def check(code, phone=PHONE, now=NOW, purpose="portal"):
    codes.check(phone, code, purpose=purpose, now=now)


def holder(phone):
    """Return the only account that holds this phone."""
    (person,) = holders_of(phone)
    return person


def other_than(code):
    return "000000" if code != "000000" else "111111"


def stored():
    """Return what the only session holds."""
    return SessionStore().decode(Session.objects.get().session_data)


def shown(response):
    return response.context["shown"]


# codes


def test_a_code_is_kept_as_a_keyed_hash_and_spent_once():
    code = send()
    assert code not in str(Code.objects.values().get())
    check(code)

    with pytest.raises(codes.CodeExpired):
        check(code)


def test_five_wrong_tries_and_the_code_is_no_good():
    code = send()
    lefts = []
    for _ in range(5):
        with pytest.raises(codes.WrongCode) as refused:
            check(other_than(code))
        lefts.append(refused.value.left)

    assert lefts == [4, 3, 2, 1, 0]
    with pytest.raises(codes.CodeExpired):
        check(code)


def test_a_code_lives_five_minutes():
    code = send()
    with pytest.raises(codes.CodeExpired):
        check(code, now=NOW + timedelta(minutes=5))
    check(code, now=NOW + timedelta(minutes=4, seconds=59))


def test_a_code_is_good_for_its_phone_and_its_purpose_only():
    code = send()
    send("13712345679", now=NOW)

    with pytest.raises(codes.WrongCode):
        check(code, purpose="mandate")
    check(code)


def test_a_new_code_replaces_the_old_and_gives_no_tries_of_it():
    old = send()
    new = send(now=NOW + timedelta(seconds=60))
    if old != new:
        with pytest.raises(codes.WrongCode):
            check(old, now=NOW + timedelta(seconds=61))
    check(new, now=NOW + timedelta(seconds=61))


def test_codes_are_limited_by_phone_and_by_address(monkeypatch):
    sent = []
    monkeypatch.setattr(sms, "send", lambda phone, text: sent.append(phone))
    send()
    with pytest.raises(counters.TooMany):
        send(now=NOW + timedelta(seconds=59))
    for number in range(1, 10):
        send(now=NOW + timedelta(minutes=number))
    with pytest.raises(counters.TooMany):
        send(now=NOW + timedelta(minutes=30))
    assert len(sent) == 10

    monkeypatch.setattr(codes, "CODES_OF_AN_ADDRESS_AN_HOUR", 1)
    send("13700000001", address="198.51.100.7")
    with pytest.raises(counters.TooMany):
        send("13700000002", address="198.51.100.7")
    assert sent[10:] == ["13700000001"]


def test_a_message_that_did_not_leave_costs_no_minute(monkeypatch):
    def fail(phone, text):
        raise sms.NotSent

    with monkeypatch.context() as broken:
        broken.setattr(sms, "send", fail)
        with pytest.raises(sms.NotSent):
            send()
    assert send()


# pages


def test_a_known_phone_signs_in_by_its_code(browser):
    page = browser.post("/sign-in/code/", {"phone": "139 0000 0000"})
    assert browser.visited[-1] == f"{PORTAL}/sign-in/code/check/"
    before = browser.session_key(PORTAL)
    browser.post("/sign-in/code/check/", {"code": shown(page)})

    assert browser.who(PORTAL) == "lin"
    assert browser.session_key(PORTAL) != before


def test_a_wrong_code_signs_nobody_in(browser):
    page = browser.post("/sign-in/code/", {"phone": KNOWN})
    response = browser.post("/sign-in/code/check/", {"code": other_than(shown(page))})

    assert response.context["form"].errors["code"] == ["验证码不对，还能试 4 次"]
    assert browser.who(PORTAL) == ""


def test_what_is_no_code_at_all_costs_no_try(browser):
    page = browser.post("/sign-in/code/", {"phone": KNOWN})
    for text in ("12345", "abcdef", "１２３４５６", ""):
        browser.post("/sign-in/code/check/", {"code": text})

    assert Code.objects.get().tries_left == 5
    browser.post("/sign-in/code/check/", {"code": shown(page)})
    assert browser.who(PORTAL) == "lin"


def test_asking_for_a_code_does_not_tell_who_has_an_account():
    known = Browser().post("/sign-in/code/", {"phone": KNOWN})
    unknown = Browser().post("/sign-in/code/", {"phone": "13900009999"})

    def text(page):
        hidden = page.content.decode().replace(shown(page), "").replace(page.context["phone"], "")
        return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", hidden)

    assert known.context["phone"] == "139****0000"
    assert text(known) == text(unknown)
    assert Code.objects.count() == 2


def test_the_page_shows_no_code_outside_the_demo(browser, settings):
    settings.IS_DEMO = False
    page = browser.post("/sign-in/code/", {"phone": KNOWN})

    assert shown(page) == ""
    assert "shown" not in stored()["by_code"]


def test_the_code_page_without_a_phone_leads_back(browser):
    browser.get("/register/person/")
    assert browser.visited[-1] == f"{PORTAL}/register/"
    browser.get("/sign-in/code/check/")
    assert browser.visited[-1] == f"{PORTAL}/sign-in/code/"


@pytest.mark.parametrize("phone", ["", "1390000000", "23900000000", "１３９００００００００", "12345678901"])
def test_a_wrong_phone_gets_no_code(browser, phone):
    response = browser.post("/register/", {"phone": phone, "kind": "personal"})

    assert response.status_code == 200
    assert "phone" in response.context["form"].errors
    assert not Code.objects.exists()


def test_the_phone_in_the_session_is_encrypted(browser):
    browser.post("/register/", {"phone": PHONE, "kind": "personal"})

    assert PHONE not in str(stored())


def prove(browser, kind="personal", onward=""):
    page = browser.post(f"/register/{onward}", {"phone": PHONE, "kind": kind})
    return browser.post(f"/register/code/{onward}", {"code": shown(page)})


def test_somebody_registers_and_is_signed_in(browser):
    prove(browser)
    assert browser.visited[-1] == f"{PORTAL}/register/person/"
    assert browser.who(PORTAL) == ""

    browser.post("/register/person/", ME)

    person = holder(PHONE)
    assert (person.name, person.id_number, person.is_demo) == ("周小满", ID_NUMBER, False)
    assert browser.who(PORTAL) == person.username
    again = Browser()
    again.sign_in(PHONE, password=ME["password"])
    assert again.who(PORTAL) == person.username


def test_name_id_number_and_phone_are_ciphertext_in_the_table(browser):
    prove(browser)
    browser.post("/register/person/", ME)

    with connections["gate"].cursor() as cursor:
        cursor.execute("SELECT accounts_person::text FROM accounts_person WHERE is_demo = false")
        (row,) = cursor.fetchone()
    for secret in ("周小满", ID_NUMBER, PHONE, ME["password"]):
        assert secret not in row


def test_two_people_may_type_the_same_id_number(browser):
    assert Person.objects.get(username="lin").id_number == ID_NUMBER
    prove(browser)
    browser.post("/register/person/", ME)

    assert holder(PHONE).id_number == ID_NUMBER
    assert holder(KNOWN).pk == PERSON_ID["lin"]


@pytest.mark.parametrize(
    ("wrong", "field", "words"),
    [
        ({"id_number": "110105194912310021"}, "id_number", "最后一位不对，请对照证件再看一遍"),
        ({"id_number": "1101051949123100"}, "id_number", "身份证号要 18 位，现在是 16 位"),
        ({"id_number": "11010519491331002X"}, "id_number", "出生日期那几位不对"),
        ({"password": "short"}, "password", "密码至少要 8 位"),
        ({"password": "password1"}, "password", "这个密码太常见，别人一猜就中，请换一个"),
    ],
)
def test_a_refused_registration_makes_nobody(browser, wrong, field, words):
    count = Person.objects.count()
    prove(browser)
    response = browser.post("/register/person/", {**ME, **wrong})

    assert response.context["form"].errors[field] == [words]
    assert Person.objects.count() == count
    assert browser.who(PORTAL) == ""


def test_without_a_proved_phone_nobody_registers(browser):
    count = Person.objects.count()
    browser.post("/register/", {"phone": PHONE, "kind": "personal"})
    browser.post("/register/person/", ME)

    assert Person.objects.count() == count


def test_a_proof_does_not_wait_for_ever(browser):
    prove(browser)
    row = Session.objects.get()
    data = stored()
    data["by_code"]["proved_at"] = (timezone.now() - timedelta(minutes=31)).isoformat()
    row.session_data = SessionStore().encode(data)
    row.save()
    count = Person.objects.count()
    browser.post("/register/person/", ME)

    assert Person.objects.count() == count


def test_a_phone_that_has_an_account_signs_in_instead_of_registering(browser):
    count = Person.objects.count()
    page = browser.post("/register/", {"phone": KNOWN, "kind": "personal"})
    browser.post("/register/code/", {"code": shown(page)})

    assert browser.who(PORTAL) == "lin"
    assert Person.objects.count() == count


def test_of_two_who_register_one_phone_one_gets_it():
    facts = {"phone": PHONE, "name": "甲", "id_number": ID_NUMBER, "password": "Good-pass-77", "now": NOW}
    people.register(**facts)
    with pytest.raises(people.AlreadyRegistered):
        people.register(**facts)
    assert Person.objects.filter(is_demo=False).count() == 1


def test_a_suspended_person_and_the_city_do_not_sign_in_by_code(browser):
    people.suspend(PERSON_ID["lin"], by=None, now=NOW)
    for phone in (KNOWN, "13900000012"):
        page = browser.post("/sign-in/code/", {"phone": phone})
        assert "code" in page.context["form"].fields
        browser.post("/sign-in/code/check/", {"code": shown(page)})
        assert browser.who(PORTAL) == ""
    assert Person.objects.get(username="city_admin").phone == "13900000012"


def test_whoever_came_for_a_hall_registers_and_is_in_it(browser):
    browser.get(f"http://{EAST}/come-in/?next=/sign-in/")
    onward = "?" + browser.visited[-1].split("?", 1)[1]
    prove(browser, onward=onward)
    browser.post(f"/register/person/{onward}", ME)

    assert browser.visited[-1] == f"{EAST}/sign-in/"
    assert browser.who(EAST) == holder(PHONE).username


# companies and the account


def test_the_agent_of_a_company_registers_and_names_it(browser):
    prove(browser, kind="business")
    browser.post("/register/person/", ME)
    assert browser.visited[-1] == f"{PORTAL}/account/companies/add/"
    code = "114507210081153718"
    browser.post("/account/companies/add/", {"uscc": code, "name": "示例粮油站"})

    person = holder(PHONE)
    assert list(person.agencies.values_list("company_id", "is_active")) == [(code, True)]
    assert "示例粮油站" in browser.get("/account/").content.decode()


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"uscc": "91350100M000100Y44", "name": "示例"}, "uscc"),
        ({"uscc": USCC, "name": "别的名称有限公司"}, "name"),
        ({"uscc": "", "name": "示例"}, "uscc"),
    ],
)
def test_a_refused_company_is_not_added(browser, data, field):
    browser.sign_in("lin")
    companies = Company.objects.count()
    response = browser.post("/account/companies/add/", data)

    assert field in response.context["form"].errors
    assert "示例酿酒" not in response.content.decode()
    assert not Agency.objects.filter(person_id=PERSON_ID["lin"]).exists()
    assert Company.objects.count() == companies


def test_an_agent_leaves_a_company_and_comes_back(browser):
    browser.sign_in("agent")
    browser.post("/account/companies/leave/", {"uscc": USCC})
    assert not Agency.objects.get(person_id=PERSON_ID["agent"]).is_active

    browser.post("/account/companies/add/", {"uscc": USCC, "name": "示例酿酒有限公司"})
    assert Agency.objects.get(person_id=PERSON_ID["agent"]).is_active


def test_nobody_leaves_a_company_for_another(browser):
    browser.sign_in("lin")
    browser.post("/account/companies/leave/", {"uscc": USCC})

    assert Agency.objects.get(person_id=PERSON_ID["agent"]).is_active


def test_the_account_page_masks_the_numbers(browser):
    browser.sign_in("lin")
    text = browser.get("/account/").content.decode()

    assert "110105********002X" in text
    assert "139****0000" in text
    assert ID_NUMBER not in text
    assert KNOWN not in text


@pytest.mark.parametrize("path", ["/account/", "/account/password/", "/account/companies/add/"])
def test_the_account_is_for_whoever_has_signed_in(browser, path):
    browser.get(path)
    assert browser.visited[-1].startswith(f"{PORTAL}/sign-in/?next=")

    response = browser.at(PORTAL).post(path, {"password": "Another-one-77", "uscc": USCC, "name": "x"})
    assert response.status_code in {403, 405}


def test_whoever_forgot_the_password_sets_one_after_a_code(browser):
    page = browser.post("/sign-in/code/", {"phone": KNOWN})
    browser.post("/sign-in/code/check/", {"code": shown(page)})
    assert "current" not in browser.get("/account/password/").context["form"].fields
    browser.post("/account/password/", {"password": "Another-one-77"})

    assert Person.objects.get(username="lin").check_password("Another-one-77")
    # once: the session that set it knows the old password again
    assert "current" in browser.get("/account/password/").context["form"].fields


def test_the_proof_of_the_phone_ages(browser):
    page = browser.post("/sign-in/code/", {"phone": KNOWN})
    browser.post("/sign-in/code/check/", {"code": shown(page)})
    row = Session.objects.get()
    data = stored()
    data["by_code_at"] = (timezone.now() - timedelta(minutes=16)).isoformat()
    row.session_data = SessionStore().encode(data)
    row.save()
    browser.post("/account/password/", {"password": "Another-one-77"})

    assert Person.objects.get(username="lin").check_password(PASSWORD)
