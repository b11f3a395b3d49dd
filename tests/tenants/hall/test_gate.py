"""A hall's state at its door and at each form: real requests, page and API, by state."""

import pytest
from django.db import connections

from tenants.shared import queries, scope
from tests.cases.hall import making
from tests.conftest import client_for
from tests.template import LICENCE, NOW, PORTAL

HOST = f"east.{PORTAL}"


def invited_lin(person):
    from tests.template import PERSON_ID

    return person == PERSON_ID["lin"]


@pytest.fixture
def put(fresh_database, east):
    """``put(state)``: give east a state, row and identity row."""

    def change(state, staff_may_finish=True):
        with fresh_database.alias("owner"), connections["owner"].cursor() as cursor:
            for table in ("east.tenants_hall_identity", "public.tenants_shared_hall"):
                where = "" if table.startswith("east") else f" WHERE id = {east.pk}"
                cursor.execute(
                    f"UPDATE {table} SET state = %s, staff_may_finish = %s{where}", [state, staff_may_finish]
                )
        queries.forget()

    return change


def citizen():
    return client_for(HOST, "lin", hall="east", by_ticket=True)


def clerk():
    return client_for(HOST, "east_window", hall="east")


@pytest.mark.parametrize(("state", "words"), [("preparing", "还在筹备"), ("rehearsal", "在试运行")])
def test_a_stranger_finds_a_page_that_says_so_and_leads_on(put, state, words):
    put(state)
    for client in (client_for(HOST), citizen()):
        page = client.get("/items/")
        assert page.status_code == 403
        assert words in page.content.decode()
        assert f"http://{PORTAL}/#halls" in page.content.decode()
        api = client.get("/api/v1/items/")
        assert (api.status_code, api.json()["code"]) == (403, "not_open")
    assert client_for(HOST).get("/sign-in/").status_code == 200
    assert clerk().get("/clerk/").status_code == 200
    assert words.replace("在试运行", "试运行") in clerk().get("/clerk/").content.decode()


def test_whoever_was_invited_takes_part_in_the_rehearsal(put, settings):
    settings.HALL_INVITED = ("tests.tenants.hall.test_gate.invited_lin",)
    put("rehearsal")
    assert citizen().get(f"/items/{LICENCE}/apply/").status_code == 200
    assert client_for(HOST, "zhou", hall="east", by_ticket=True).get("/").status_code == 403
    put("preparing")
    assert citizen().get("/").status_code == 403


def test_the_portal_offers_no_hall_that_is_not_open(put):
    for state, is_offered in (("rehearsal", False), ("archived", False), ("frozen", True), ("closing", True)):
        put(state)
        assert ("东县网上办事大厅" in client_for(PORTAL).get("/halls/").content.decode()) is is_offered


@pytest.fixture
def running(put, east):
    """A case that waits for its applicant, one that waits for the clerk, and a draft."""
    with scope.hall(east):
        waits = making.submitted(LICENCE, "lin", NOW)
        draft = making.draft(LICENCE, "lin", NOW)
    return waits, draft


@pytest.mark.parametrize("state", ["frozen", "closing", "archived"])
def test_following_downloading_and_verifying_go_on(put, running, state):
    case, _draft = running
    put(state)
    assert citizen().get(f"/cases/{case.number}/").status_code == 200
    assert citizen().get(f"/cases/{case.number}/receipt/").status_code == 200
    tracked = client_for(HOST).post("/track/", {"number": case.number, "code": case.query_code})
    assert tracked.status_code in {200, 302}
    assert client_for(HOST).get("/register/").status_code == 200
    assert citizen().post("/display/", {"switch": "hc", "next": "/"}).status_code == 302


@pytest.mark.parametrize("state", ["frozen", "closing", "archived"])
def test_nothing_new_begins(put, running, state):
    _case, draft = running
    put(state)
    for path in (
        f"/items/{LICENCE}/apply/",
        f"/drafts/{draft.pk}/check/",
        f"/drafts/{draft.pk}/delivery/",
        f"/items/{LICENCE}/book/who/",
        "/ask/",
    ):
        answer = citizen().post(path, {})
        assert (path, answer.status_code) == (path, 409)
    api = citizen().post("/api/v1/cases/", {}, content_type="application/json")
    assert (api.status_code, api.json()["code"]) == (409, state)


@pytest.mark.parametrize(
    ("state", "staff_may_finish", "finishes"),
    [("frozen", True, True), ("frozen", False, False), ("closing", True, True), ("archived", True, False)],
)
def test_the_staff_finishes_what_runs_or_not(put, running, state, staff_may_finish, finishes):
    case, _draft = running
    put(state, staff_may_finish)
    answer = clerk().post(f"/clerk/cases/{case.number}/claim/")
    assert (answer.status_code == 302) is finishes
    assert clerk().get(f"/clerk/cases/{case.number}/").status_code == 200
    if not finishes:
        assert answer.status_code == 409


@pytest.mark.parametrize("state", ["frozen", "closing"])
def test_what_is_the_applicants_to_do_by_a_day_and_taking_back_go_on(put, running, state):
    case, draft = running
    put(state)
    assert citizen().post(f"/drafts/{draft.pk}/discard/").status_code == 302
    withdrawn = citizen().post(
        f"/cases/{case.number}/act/withdraw/", {"reason": "不办了", "revision": case.revision}
    )
    assert withdrawn.status_code == 302


@pytest.mark.parametrize(
    ("state", "words"),
    [("frozen", "本厅暂停收件"), ("closing", "正在关闭"), ("archived", "已经归档")],
)
def test_every_page_says_so(put, state, words):
    put(state)
    for path in ("/", "/items/", "/track/", f"/items/{LICENCE}/"):
        assert words in client_for(HOST).get(path).content.decode()


def test_a_hall_whose_schema_is_lost_says_that_it_is_being_repaired(fresh_database, east, west):
    with fresh_database.alias("owner"), connections["owner"].cursor() as cursor:
        cursor.execute("ALTER SCHEMA east RENAME TO lost")
    page = client_for(HOST).get("/")
    assert page.status_code == 503
    assert "正在维护" in page.content.decode()
    assert client_for(f"west.{PORTAL}").get("/").status_code == 200
