"""Paying by the pages and the API: whoever owes, whoever acts for them, the desk, and the provider at its address."""

import json

import pytest
from django.test import Client
from django.utils import timezone

from cases.hall import signing
from cases.hall.paying.practice import Practice
from tests.cases.hall.making import act
from tests.cases.hall.payments.making import (
    AWAY,
    FEE,
    findings,
    owing,
    payment,
    reload,
    say,
    states,
    submitted,
)
from tests.conftest import actor, client_for
from tests.template import PORTAL

HOST = f"east.{PORTAL}"
CALL_BACK = "/api/v1/payments/call-back/"
SECRET = signing.new_secret()


@pytest.fixture
def within(east):
    """``within(function, …)``: what it returns in east's scope."""
    from tenants.shared import scope

    def do(function, *args, **named):
        with scope.hall(east):
            return function(*args, **named)

    return do


@pytest.fixture
def lin():
    """Whoever owes."""
    return client_for(HOST, "lin", hall="east", by_ticket=True)


@pytest.fixture
def practice(settings):
    """The gateway that comes along, over real HTTP, before a practice gateway."""
    made = Practice(SECRET)
    made.begin()
    settings.PAYMENT_PROVIDER = "cases.hall.paying.gateway.Gateway"
    settings.PAYMENT_URL, settings.PAYMENT_SECRET = made.url, SECRET
    settings.WEBHOOK_NETWORKS = ["127.0.0.0/8"]
    yield made
    made.end()


def told(practice, bill, doing="", message="m1", host=HOST, **changed):
    """What the hall answers to a call-back of the practice gateway."""
    if doing:
        practice.call_back = lambda *given, **more: None
        practice.do(bill, doing)
    body, headers = practice.said(bill, message, **changed)
    client = Client(headers={"host": host})
    answer = client.post(CALL_BACK, body, content_type="application/json", headers=headers)
    return answer.status_code, answer.json().get("taken", "")


def test_from_the_case_to_the_receipt(within, lin, practice, east):
    case = within(owing, now=timezone.now())
    url = f"/cases/{case.number}/pay/"
    shown = lin.get(f"/cases/{case.number}/").content.decode()
    assert "该您缴费：20 元。" in shown
    assert f'class="btn" href="{url}"' in shown

    page = lin.get(url).content.decode()
    assert all(words in page for words in ("缴费 20 元", "工本费", "示例收费文件", "网上缴"))
    assert lin.post(url).headers["location"] == url
    (bill,) = practice.bills.values()
    assert (bill.amount, bill.notify_url, bill.return_url) == (
        2000,
        f"http://{HOST}{CALL_BACK}",
        f"http://{HOST}{url}",
    )
    assert f'href="{practice.url}/pay/{bill.reference}"' in lin.get(url).content.decode()

    assert told(practice, bill, "success") == (200, "applied")

    assert lin.get(url).headers["location"] == f"/cases/{case.number}/"
    shown = lin.get(f"/cases/{case.number}/").content.decode()
    assert "缴款收据" in shown
    assert "该您缴费" not in shown
    paid = within(lambda: case.events.get(action="paid"))
    paper = lin.get(f"/cases/{case.number}/papers/{paid.pk}/")
    assert (paper.status_code, paper.headers["content-type"]) == (200, "application/pdf")
    assert within(findings, east) == []


@pytest.mark.parametrize(
    ("doing", "changed", "answer", "left"),
    [
        ("success", {}, (200, "applied"), ["paid"]),
        ("failure", {}, (200, "applied"), ["due", "failed"]),
        ("forged", {"forged": True, "state": "paid"}, (401, ""), ["started"]),
        ("wrong_amount", {"adds": 1, "state": "paid"}, (200, "mismatch"), ["started"]),
        ("unknown", {"reference": "0" * 32, "state": "paid"}, (200, "strange"), ["started"]),
    ],
)
def test_call_backs_good_and_bad(within, lin, practice, doing, changed, answer, left):
    case = within(owing, now=timezone.now())
    lin.post(f"/cases/{case.number}/pay/")
    (bill,) = practice.bills.values()

    assert told(practice, bill, doing, **changed) == answer
    assert within(states, case) == left
    # told twice it is the same
    again = told(practice, bill, **changed)
    assert again == (answer if answer[0] == 401 else (200, "repeated"))
    assert within(states, case) == left


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{}",
        b'{"reference": "x", "state": "rich", "amount": 1}',
        b'{"reference": "x", "state": "paid", "amount": "1"}',
        b'{"reference": "x", "state": "paid", "amount": -1}',
        b'{"reference": "", "state": "paid", "amount": 1}',
        b'{"reference": ["x"], "state": "paid", "amount": 1}',
    ],
)
def test_what_is_signed_and_says_nothing_is_refused(within, practice, body):
    from cases.hall.models import CallBack

    headers = signing.headers(SECRET, "m1", timezone.now(), body)
    client = Client(headers={"host": HOST})
    answer = client.post(CALL_BACK, body, content_type="application/json", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (401, "not_signed")
    assert within(CallBack.objects.count) == 0


def test_a_call_back_is_too_large_or_comes_where_nothing_is_set(practice, settings):
    body = b" " * (16 * 1024 + 1)
    headers = signing.headers(SECRET, "m1", timezone.now(), body)
    client = Client(headers={"host": HOST})
    answer = client.post(CALL_BACK, body, content_type="application/json", headers=headers)
    assert answer.status_code == 413
    settings.PAYMENT_PROVIDER = ""
    assert client.post(CALL_BACK, b"{}", content_type="application/json").status_code == 404


def test_a_call_back_reaches_the_hall_of_its_host_alone(within, lin, practice, west):
    from cases.hall.models import CallBack
    from tenants.shared import scope

    case = within(owing, now=timezone.now())
    lin.post(f"/cases/{case.number}/pay/")
    (bill,) = practice.bills.values()

    assert told(practice, bill, "success", host=f"west.{PORTAL}") == (200, "strange")
    assert within(states, case) == ["started"]
    with scope.hall(west):
        assert list(CallBack.objects.values_list("payment", "taken")) == [(None, "strange")]
    assert told(practice, bill) == (200, "applied")


def test_who_has_paid_and_waits_has_the_provider_asked(within, lin, practice):
    case = within(owing, now=timezone.now())
    url = f"/cases/{case.number}/pay/"
    lin.post(url)
    (bill,) = practice.bills.values()
    assert "还没收到" in lin.post(f"{url}ask/").content.decode()
    practice.do(bill, "silent")

    assert lin.post(f"{url}ask/").headers["location"] == f"/cases/{case.number}/"
    assert within(states, case) == ["paid"]


def test_a_refund_over_http(within, practice, east, lin):
    from cases.hall.services import transition
    from cases.hall.services.payments import asking

    now = timezone.now()
    case = within(owing, now=now)
    lin.post(f"/cases/{case.number}/pay/")
    (bill,) = practice.bills.values()
    told(practice, bill, "success")
    window, head = actor("east_window", ["window"]), actor("east_head", ["head"])
    within(lambda: transition.apply(reload(case), "refund", by=window, now=now, reason="多收了"))
    within(lambda: transition.apply(reload(case), "refund", by=head, now=now))

    assert asking.visit(east, lambda: False) == 1
    assert (bill.state, within(states, case)) == ("refunded", ["refunded"])


@pytest.mark.parametrize("path", ["", "ask/"])
def test_a_provider_that_is_away_is_said_and_what_to_do(within, lin, practice, settings, path):
    case = within(owing, now=timezone.now())
    url = f"/cases/{case.number}/pay/"
    if path:
        lin.post(url)
    settings.PAYMENT_URL = "http://127.0.0.1:9/"
    answer = lin.post(url + path)
    assert answer.status_code == (200 if path else 503)
    assert "现在连不上付款平台" in answer.content.decode()
    assert within(states, case) == (["started"] if path else ["due"])


@pytest.mark.parametrize(
    ("answer", "is_right"),
    [
        ({"url": "https://pay.example.gov.cn/1"}, True),
        ({"scan": "pay:1"}, True),
        ({"url": "javascript:alert(1)"}, False),
        ({}, False),
        (["x"], False),
    ],
)
def test_where_to_pay_is_an_address_or_a_code(within, lin, practice, answer, is_right):
    case = within(owing, now=timezone.now())
    practice.asked = lambda what, told: answer
    assert lin.post(f"/cases/{case.number}/pay/").status_code == (302 if is_right else 503)
    assert within(states, case) == (["started"] if is_right else ["due"])


def test_without_a_provider_the_page_leads_to_the_window(within, lin):
    case = within(owing, now=timezone.now())
    url = f"/cases/{case.number}/pay/"
    page = lin.get(url)
    assert (page.status_code, "请带编号到窗口缴" in page.content.decode()) == (200, True)
    assert 'class="btn"' not in page.content.decode().partition("<main")[2].partition("</main>")[0]
    answer = lin.post(url)
    assert (answer.status_code, within(states, case)) == (409, ["due"])


def test_a_failure_is_said_where_it_can_be_paid_again(within, lin, provider):
    case = within(owing, now=timezone.now())
    within(lambda: say(payment(case), "failed"))
    assert "上次没有付成" in lin.get(f"/cases/{case.number}/pay/").content.decode()


def test_nothing_to_pay_is_no_page(within, lin, provider):
    case = within(lambda: act(submitted(now=timezone.now()), "accept", timezone.now()))
    shown = lin.get(f"/cases/{case.number}/")
    assert (shown.status_code, "缴费" in shown.content.decode()) == (200, False)
    assert lin.get(f"/cases/{case.number}/pay/").headers["location"] == f"/cases/{case.number}/"
    assert lin.post(f"/cases/{case.number}/pay/").headers["location"] == f"/cases/{case.number}/"


def test_who_follows_by_number_alone_sees_no_money(within, lin, provider):
    case = within(owing, now=timezone.now())
    answer = client_for(HOST).post("/track/", {"number": case.number, "code": case.query_code}, follow=True)
    shown = answer.content.decode()
    assert "等申请人缴费" in shown
    assert "20 元" not in shown.partition("<main")[2]


def test_the_desk_sees_what_a_case_waits_for_and_charges(within):
    window = client_for(HOST, "east_window", hall="east")
    now = timezone.now()
    case = within(owing, now=now)
    assert "等申请人缴费" in window.get(f"/clerk/cases/{case.number}/").content.decode()
    assert "等申请人缴费" in window.get("/clerk/?queue=all").content.decode()
    url = f"/clerk/cases/{case.number}/record_payment/"
    assert "票据号" in window.get(url).content.decode()
    assert window.post(url, {"seen": within(reload, case).revision, "receipt_no": ""}).status_code == 200
    assert within(states, case) == ["due"]
    window.post(url, {"seen": within(reload, case).revision, "receipt_no": "No. 7"})
    assert within(states, case) == ["paid"]


def test_a_clerk_sets_an_amount_by_its_standard(within):
    window = client_for(HOST, "east_window", hall="east")
    now = timezone.now()
    fees = (FEE, {**FEE, "key": "f2", "name": "检验费", "standard": "按件", "amount": None})
    case = within(lambda: act(submitted(*fees, now=now), "accept", now))
    url = f"/clerk/cases/{case.number}/charge/"
    page = window.get(url).content.decode()
    assert "检验费 按件" in page
    assert "金额（元）" in page
    seen = within(reload, case).revision
    assert "整数倍" in window.post(url, {"seen": seen, "fee": "f1", "amount": "30"}).content.decode()
    window.post(url, {"seen": seen, "fee": "f2", "amount": "35.5"})
    assert within(lambda: payment(case).amount) == 3550


def test_staff_are_told_what_differs(within):
    case = within(owing, now=timezone.now())
    within(lambda: say(payment(case), amount=1999))
    page = client_for(HOST, "east_window", hall="east").get("/staff/notices/").content.decode()
    assert "有一笔钱要核对" in page
    assert "19.99 元" in page


class TestApi:
    """The same by the API."""

    @pytest.fixture
    def api(self):
        from tests.cases.hall.api.conftest import token

        def ask(method, case, username="lin"):
            client = Client(headers={"host": HOST, "authorization": f"Token {token(username)}"})
            answer = getattr(client, method)(f"/api/v1/cases/{case.number}/payment/")
            return answer.status_code, json.loads(answer.content)

        return ask

    def test_what_is_owed_and_where_to_pay_it(self, within, api, provider):
        case = within(owing, now=timezone.now())
        status, owed = api("get", case)
        assert (status, owed["state"], owed["amount"], owed["basis"]) == (200, "due", 2000, "示例收费文件")
        status, begun = api("post", case)
        assert (status, begun["state"], begun["address"]) == (
            200,
            "started",
            "https://pay.example.gov.cn/o/1",
        )
        within(lambda: say(payment(case)))
        status, paid = api("get", case)
        assert (paid["state"], paid["way"], paid["receipt_no"][-7:]) == ("paid", "online", "〕00001号")
        status, refused = api("post", case)
        assert (status, refused["code"]) == (409, "nothing_to_pay")

    def test_refusals_tell_what_to_do(self, within, api, provider, settings):
        case = within(owing, now=timezone.now())
        provider.says = AWAY
        status, refused = api("post", case)
        assert (status, refused["code"]) == (503, "provider_away")
        settings.PAYMENT_PROVIDER = ""
        status, refused = api("post", case)
        assert (status, refused["code"]) == (409, "window_only")
        assert api("get", case, "zhou")[0] == api("post", case, "zhou")[0] == 404
        assert within(states, case) == ["due"]

    def test_a_case_without_a_fee_has_no_payment(self, within, api):
        case = within(lambda: submitted(now=timezone.now()))
        assert api("get", case)[0] == 404
