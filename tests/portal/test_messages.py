"""我的消息 and 通知设置: what a person is told over all halls, shown as new once; what they want by which way."""

import re
from datetime import timedelta

import pytest

from tests.cases.hall import making
from tests.template import NOW, PERSON_ID


def text(response):
    return response.content.decode()


def made(hall, name, *args, **given):
    from tenants.shared import scope

    with scope.hall(hall):
        return getattr(making, name)(*args, **given)


def reach():
    from accounts.models import Reach

    return Reach.objects.filter(person_id=PERSON_ID["lin"]).first()


def test_messages_of_every_hall_stand_in_one_list_and_are_new_once(east, west, portal_client):
    case = made(east, "submitted")
    made(west, "submitted", now=NOW + timedelta(hours=1))
    client = portal_client("lin")

    assert "消息（2）" in text(client.get("/"))
    page = text(client.get("/me/messages/"))
    assert page.index("西县网上办事大厅") < page.index("东县网上办事大厅")
    assert page.count(">新</span>") == 2
    assert f"http://east.city.localhost/come-in/?next=%2Fcases%2F{case.number}%2F" in page
    again = text(client.get("/me/messages/"))
    assert (again.count(">新</span>"), "消息（" in again) == (0, False)
    assert "小餐馆许可已提交" in again


def test_somebody_elses_messages_are_not_there_and_cannot_be_marked(east, portal_client):
    from cases.shared.models import InboxMessage
    from tenants.shared import scope

    made(east, "submitted")
    with scope.portal():
        told = InboxMessage.objects.get()
    other = portal_client("zhou")

    assert "小餐馆许可" not in text(other.get("/me/messages/"))
    from portal.services import inbox

    with scope.portal():
        assert inbox.read(PERSON_ID["zhou"], [told.pk], now=NOW) == 0
        assert inbox.read(PERSON_ID["lin"], [told.pk], now=NOW) == 1


def test_another_hall_sees_and_changes_none_of_it(east, west):
    from cases.shared.models import InboxMessage
    from tenants.shared import scope

    made(east, "submitted")
    with scope.hall(west):
        assert InboxMessage.objects.update(kind="x") == 0
    with scope.hall(east):
        assert InboxMessage.objects.get().kind == "submitted"


def test_whose_turn_it_is_stands_first_with_why(east, portal_client):
    made(east, "at", "delivering")
    page = text(portal_client("lin").get("/me/"))

    assert '<h2 id="yours">轮到您</h2>' in page
    assert "办好了，等您来取" in page


def test_wishes_are_kept_and_the_law_keeps_one_way(portal_client):
    client = portal_client("lin")
    given = {
        "statutory": ["sms"],
        "reminder": [],
        "progress": ["sms"],
        "quiet_from": "22:00",
        "quiet_to": "8:00",
    }

    assert client.post("/account/notices/", given)["Location"] == "/account/notices/?done=saved"
    assert reach().off == ["sms:booking", "sms:proxy", "sms:reminder"]
    assert [str(hour) for hour in reach().quiet_hours] == ["22:00:00", "08:00:00"]
    refused = client.post("/account/notices/", {**given, "statutory": []})
    assert (refused.status_code, "短信和邮件至少留一样" in text(refused)) == (422, True)
    assert reach().off == ["sms:booking", "sms:proxy", "sms:reminder"]


def test_a_mail_address_counts_when_its_code_has_come_back(portal_client):
    client = portal_client("lin")
    assert (
        client.post("/account/notices/mail/", {"mail": "lin@example.org"})["Location"]
        == "/account/notices/mail/code/"
    )
    page = text(client.get("/account/notices/mail/code/"))
    code = re.search(r"验证码是 (\d{6})", page)[1]
    wrong = "000000" if code != "000000" else "111111"

    assert "l***@example.org" in page
    assert client.post("/account/notices/mail/code/", {"code": wrong}).status_code == 422
    assert reach() is None
    assert (
        client.post("/account/notices/mail/code/", {"code": code})["Location"]
        == "/account/notices/?done=mail"
    )
    assert reach().mail == "lin@example.org"
    assert "邮件" in text(client.get("/account/notices/"))
    client.post("/account/notices/mail/drop/")
    assert reach().mail == ""


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_however_many(rows, east, portal_client):
    from django.db import connections
    from django.test.utils import CaptureQueriesContext

    for number in range(rows):
        made(east, "submitted", now=NOW + timedelta(minutes=number))
    client = portal_client("lin")
    client.get("/")
    with CaptureQueriesContext(connections["default"]) as seen:
        client.get("/me/messages/")

    # counted, listed, counted for the header, marked
    assert len([row for row in seen if "cases_shared_inboxmessage" in row["sql"]]) == 4


def test_the_api_lists_and_marks_only_when_asked(east, portal_client):
    made(east, "submitted")
    client = portal_client("lin")

    (told,) = client.get("/api/v1/me/messages/").json()["results"]
    assert (told["hall"], told["kind"], told["read_at"]) == ("east", "submitted", None)


def test_a_test_goes_to_ones_own_address_and_is_counted(portal_client):
    from accounts.models import Person

    Person.objects.filter(pk=PERSON_ID["city_admin"]).update(phone="13900009999")
    client = portal_client("city_admin")

    first = client.post("/city/channels/sms/")
    assert (first.status_code, "对方收下了" in text(first), "139****9999" in text(first)) == (200, True, True)
    for _ in range(4):
        client.post("/city/channels/sms/")
    assert client.post("/city/channels/sms/").status_code == 429
