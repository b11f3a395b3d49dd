"""我的资料 at the portal and by API: who it is is proved anew, nobody else sees it, and who read one's number is told."""

import io
import zipfile
from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from tests.cases.hall import making
from tests.conftest import client_for
from tests.template import PASSWORD, PERSON_ID, PORTAL


@pytest.fixture(autouse=True)
def codes_sent(monkeypatch):
    """The messages that the gateway got."""
    from accounts import sms

    got = []
    monkeypatch.setattr(sms, "send", lambda phone, text, *, message_id="": got.append(text))
    return got


def made(hall, name, *args, **given):
    from tenants.shared import scope

    with scope.hall(hall):
        return getattr(making, name)(*args, **given)


def text(response):
    return response.content.decode()


def work():
    from cases.hall.services.rights import granting

    return granting.do_waiting(stopped=lambda: False)


def prove(client, how="password", codes=()):
    """Say again who one is, by password or by the code."""
    way = "/account/confirm/?next=%2Fme%2Fdata%2F"
    if how == "password":
        return client.post(way, {"password": PASSWORD})
    client.post(way + "&how=code", {"send": "1"})
    code = "".join(filter(str.isdigit, codes[-1]))[:6]
    return client.post(way + "&how=code", {"code": code})


def asked_for(client, kind):
    answer = client.post(f"/me/data/{kind}/")
    assert answer.status_code == 302
    return answer["Location"]


class TestProof:
    def test_a_session_alone_asks_for_nothing(self, portal_client):
        from cases.shared.models import DataRequest
        from tenants.shared import scope

        client = portal_client("lin")
        for kind in ("export", "erase", "close"):
            for answer in (client.get(f"/me/data/{kind}/"), client.post(f"/me/data/{kind}/")):
                assert answer["Location"].startswith("/account/confirm/?next=%2Fme%2Fdata%2F")
        with scope.portal():
            assert not DataRequest.objects.exists()

    def test_a_password_opens_the_copy_and_not_erasure(self, portal_client):
        client = portal_client("lin")
        assert prove(client)["Location"] == "/me/data/"
        assert client.get("/me/data/export/").status_code == 200
        for kind in ("erase", "close"):
            assert client.get(f"/me/data/{kind}/")["Location"].endswith("&how=code")

    def test_a_code_opens_all_three_for_ten_minutes(self, portal_client, codes_sent, monkeypatch):
        from accounts.services import proof

        client = portal_client("lin")
        assert prove(client, "code", codes_sent)["Location"] == "/me/data/"
        assert [client.get(f"/me/data/{kind}/").status_code for kind in ("export", "erase", "close")] == [
            200
        ] * 3
        monkeypatch.setattr(proof, "LASTS", timedelta(0))
        assert client.get("/me/data/export/").status_code == 302

    def test_a_wrong_one_proves_nothing_and_is_counted(self, portal_client):
        client = portal_client("lin")
        answers = [client.post("/account/confirm/", {"password": "wrong"}) for _ in range(6)]
        assert [answer.status_code for answer in answers] == [200] * 5 + [429]
        assert "账号或密码不对，还能试 4 次" in text(answers[0])
        assert client.get("/me/data/export/").status_code == 302

    def test_a_code_for_signing_in_is_no_proof(self, portal_client):
        from accounts.services import codes

        code = codes.send("13900000000", purpose="sign-in", address="unknown", now=timezone.now())
        answer = portal_client("lin").post("/account/confirm/", {"code": code})
        assert "验证码不对" in text(answer)


class TestCopy:
    def test_it_is_asked_for_made_and_fetched_by_its_owner_alone(self, east, portal_client, codes_sent):
        case = made(east, "submitted")
        client, other = portal_client("lin"), portal_client("zhou")
        prove(client)
        prove(other)
        place = asked_for(client, "export")
        assert asked_for(client, "export") == place, "asked twice it is one"
        page = text(client.get(place))
        assert "可以离开，会接着做。" in page
        assert client.get(place + "file/").status_code == 404
        assert work() == 1

        assert "做好了" in text(client.get(place))
        answer = client.get(place + "file/")
        assert answer.streaming
        assert answer["Cache-Control"].startswith("max-age=0")
        assert answer["Content-Disposition"].startswith("attachment")
        pack = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
        assert any(case.number in name for name in pack.namelist())
        for path in (place, place + "file/"):
            foreign, nothing = other.get(path), other.get(path.replace(path[9:45], str(uuid4())))
            assert (foreign.status_code, nothing.status_code) == (404, 404)
        assert portal_client().get(place)["Location"].startswith("/sign-in/")

    def test_fetching_it_wants_the_proof_again(self, east, portal_client):
        client = portal_client("lin")
        prove(client)
        place = asked_for(client, "export")
        work()
        lent = portal_client("lin")
        assert lent.get(place).status_code == 200
        assert lent.get(place + "file/")["Location"].startswith("/account/confirm/")

    def test_after_its_days_it_is_nothing(self, east, portal_client):
        from cases.shared.models import DataRequest
        from tenants.shared import scope

        client = portal_client("lin")
        prove(client)
        place = asked_for(client, "export")
        work()
        with scope.city():
            DataRequest.objects.update(finished_at=timezone.now() - timedelta(days=3, seconds=1))
        assert client.get(place + "file/").status_code == 404

    def test_ten_a_day(self, portal_client):
        client = portal_client("lin")
        prove(client)
        for _ in range(10):
            asked_for(client, "export")
            work()
        answer = client.post("/me/data/export/")
        assert (answer.status_code, "今天要得太多" in text(answer)) == (429, True)
        assert int(answer["Retry-After"]) > 0


class TestErasureAndClosing:
    def test_what_goes_what_stays_and_by_which_law_stand_there_before(self, east, portal_client, codes_sent):
        running = made(east, "submitted")
        made(east, "draft", making.BIRTH)
        client = portal_client("lin")
        prove(client, "code", codes_sent)
        page = text(client.get("/me/data/erase/"))
        goes, stays = page.split("依法要留的")
        assert "没提交的申请和里面的文件（1 件）" in goes
        assert "档案法、国务院令第 716 号" in stays
        assert running.number[-5:] in stays
        assert "先撤回" in stays

    def test_its_receipt_lists_what_was_done(self, east, portal_client, codes_sent):
        made(east, "draft")
        client = portal_client("lin")
        prove(client, "code", codes_sent)
        place = asked_for(client, "erase")
        work()
        page = text(client.get(place))
        assert "办好了" in page
        assert "草稿 1 件" in page

    def test_the_receipt_of_a_closed_account_is_read_without_signing_in_and_names_nobody(
        self, east, portal_client, codes_sent
    ):
        case = made(east, "submitted")
        client = portal_client("lin")
        prove(client, "code", codes_sent)
        assert case.number[-5:] in text(client.get("/me/data/close/"))
        place = asked_for(client, "close")
        assert place.startswith("/receipts/")
        assert "正在办" in text(portal_client().get(place))
        work()
        answer = portal_client().get(place)
        page = text(answer)
        assert "账号已经注销" in page
        assert "还在办 1 件，接着办" in page
        assert answer["Referrer-Policy"] == "no-referrer"
        assert [word for word in ("林小禾", case.number[-5:], "13900000000") if word in page] == []
        assert client.get("/me/")["Location"].startswith("/sign-in/")
        assert portal_client().get(place[:-2] + "/").status_code == 404

    def test_staff_of_the_city_are_told_before_they_press(self, portal_client, codes_sent):
        client = portal_client("city_admin")
        prove(client, "code", codes_sent)
        page = text(client.get("/me/data/close/"))
        assert "请单位先撤掉您的岗位" in page
        assert "注销账号</button>" not in page
        assert client.post("/me/data/close/").status_code == 409


class TestReadings:
    def test_the_person_sees_where_when_which_post_and_why(self, east, west, portal_client, hall_client):
        case = made(east, "submitted")
        clerk = hall_client(east, "east_window")
        assert "11010519491231002X"[-4:] in text(clerk.get(f"/clerk/cases/{case.number}/"))

        page = text(portal_client("lin").get("/me/readings/"))
        assert "东县网上办事大厅" in page
        assert "办理这一件" in page
        assert "窗口" in page
        assert case.number[-6:-1] in page
        # the post is told, the name stays in the hall, to be found by the record
        assert "东窗口" not in page
        assert "还没有人看过。" in text(portal_client("zhou").get("/me/readings/"))

    def test_its_record_leads_the_hall_to_the_name(self, east, portal_client, hall_client):
        from audit.models import Record
        from cases.shared.models import Reading
        from tenants.shared import scope

        case = made(east, "submitted")
        hall_client(east, "east_window").get(f"/clerk/cases/{case.number}/")
        with scope.hall(east):
            row = Record.objects.get(pk=Reading.objects.get().pk)
        assert (row.action, row.actor_name, row.object) == ("read_id_number", "东窗口", case.number)
        assert row.detail["purpose"] == "handle"

    def test_a_hall_writes_and_reads_its_own_readings_alone(self, east, west, hall_client):
        from cases.shared.models import Reading
        from tenants.shared import scope

        case = made(east, "submitted")
        hall_client(east, "east_window").get(f"/clerk/cases/{case.number}/")
        with scope.hall(west):
            assert not Reading.objects.exists()
            assert Reading.objects.update(note="x") == 0

    def test_of_an_ended_case_the_number_is_masked_until_somebody_says_why(
        self, east, hall_client, portal_client
    ):
        case = made(east, "at", "delivered")
        clerk, url = hall_client(east, "east_window"), f"/clerk/cases/{case.number}/"
        whole = "491231002X"

        def bare(response):
            return text(response).replace("&nbsp;", "").replace(" ", "")

        masked = clerk.get(url)
        assert "002X" in bare(masked) or "*" in bare(masked)
        assert "请说明为什么" not in text(masked)
        assert "这件已经办完，证件号遮住了" in text(masked)
        nothing = clerk.post(url, {"purpose": "other", "note": " "})
        assert "请写一句为什么" in text(nothing)
        forged = clerk.post(url, {"purpose": "handle"})
        assert "请说明为什么要看完整证件号" in text(forged)
        assert "还没有人看过。" in text(portal_client("lin").get("/me/readings/"))

        shown = clerk.post(url, {"purpose": "other", "note": "当事人来电核对"})
        assert "您看过完整证件号" in text(shown)
        assert "其他：当事人来电核对" in text(portal_client("lin").get("/me/readings/"))
        assert whole not in text(masked)

    def test_the_api_wants_the_reason_too(self, east):
        from tests.cases.hall.api.conftest import Api

        case = made(east, "at", "delivered")
        api = Api("east_window")
        refused = api.get(f"cases/{case.number}/applicant/")
        assert (refused.status_code, refused.json()["code"]) == (422, "reason_missing")
        told = api.get(f"cases/{case.number}/applicant/", purpose="question")
        assert told.json()["applicant"]["id_number"] == "11010519491231002X"


class TestApi:
    def token(self, username="lin"):
        from accounts.models import Person
        from accounts.services import tokens

        person = Person.objects.get(pk=PERSON_ID[username])
        return {"HTTP_AUTHORIZATION": f"Token {tokens.issue(person, hall='', now=timezone.now())[0]}"}

    def post(self, path, body, who):
        return client_for(PORTAL).post(
            f"/api/v1/me/data/{path}", body, content_type="application/json", **who
        )

    def test_from_asking_to_the_file(self, east):
        made(east, "submitted")
        mine, theirs = self.token(), self.token("zhou")
        asked = self.post("", {"kind": "export", "password": PASSWORD}, mine)
        assert (asked.status_code, asked.json()["state"]) == (201, "waiting")
        pk = asked.json()["id"]
        work()
        told = client_for(PORTAL).get(f"/api/v1/me/data/{pk}/", **mine).json()
        assert (told["state"], told["reached"], told["away"]) == ("ready", 2, 0)
        assert self.post(f"{pk}/file/", {"password": "wrong"}, mine).status_code == 403
        assert self.post(f"{pk}/file/", {"password": PASSWORD}, theirs).status_code == 404
        answer = self.post(f"{pk}/file/", {"password": PASSWORD}, mine)
        assert zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))).testzip() is None

    def test_closing_by_code_tells_the_receipt_once(self, east, codes_sent):
        mine = self.token()
        assert self.post("", {"kind": "close", "password": PASSWORD}, mine).json()["code"] == "code_needed"
        assert self.post("code/", {}, mine).status_code == 204
        code = "".join(filter(str.isdigit, codes_sent[-1]))[:6]
        asked = self.post("", {"kind": "close", "code": code}, mine)
        assert client_for(PORTAL).get(asked.json()["receipt"]).status_code == 200
        work()
        assert client_for(PORTAL).get("/api/v1/me/data/", **mine).status_code == 401

    def test_readings(self, east, hall_client):
        case = made(east, "submitted")
        hall_client(east, "east_window").get(f"/clerk/cases/{case.number}/")
        (row,) = client_for(PORTAL).get("/api/v1/me/readings/", **self.token()).json()["results"]
        assert (row["hall"], row["posts"], row["purpose"], row["case_number"]) == (
            "east",
            ["窗口受理"],
            "handle",
            case.number,
        )
