"""One case by API: who sees it, what they may do, and what they are told when they may not."""

import pytest

from tests.template import BIRTH, LICENCE

SHOWN = {"state", "events", "clock", "actions", "number", "item", "item_name", "due", "files", "turn"}


def test_the_way_of_a_case(api):
    lin, window, approver = api("lin"), api("east_window"), api("east_approver")
    number = lin.file()["number"]

    assert window.get(f"cases/{number}/").json()["actions"] == [
        "pre_review",
        "accept",
        "not_accept",
        "mend",
        "request_correction",
        "offer_transfer",
    ]
    assert lin.get(f"cases/{number}/").json()["actions"] == ["withdraw"]
    accepted = window.act(number, "accept")
    assert (accepted.status_code, accepted.json()["state"], accepted.json()["actions"]) == (
        200,
        "accepted",
        [],
    )
    assert approver.act(number, "review").json()["actions"] == [
        "grant",
        "refuse",
        "extend",
        "ask_opinion",
        "terminate",
    ]
    assert approver.act(number, "grant").json()["state"] == "granted"
    assert window.act(number, "hand_over", method="window", window="3 号窗口").json()["state"] == "delivering"
    assert window.act(number, "deliver").json()["state"] == "delivered"

    seen = lin.get(f"cases/{number}/").json()
    assert seen.keys() >= SHOWN
    assert [event["action"] for event in seen["events"]] == [
        "submit",
        "accept",
        "review",
        "grant",
        "hand_over",
        "deliver",
    ]
    assert [clock["clock"] for clock in seen["clock"]] == ["A", "P", "S", "D"]
    assert all(clock["lines"] and not clock["missed"] for clock in seen["clock"])


def test_a_refusal_needs_two(api):
    lin, window, approver, head = (api(name) for name in ("lin", "east_window", "east_approver", "east_head"))
    number = lin.file()["number"]
    window.act(number, "accept")
    approver.act(number, "review")

    assert head.act(number, "refuse", reason="不行").status_code == 409
    missing = approver.act(number, "refuse")
    assert (missing.status_code, missing.json()["fields"]) == (400, {"reason": "请写明原因，申请人会看到"})
    assert approver.act(number, "refuse", reason="缺消防意见").json()["state"] == "review"
    assert [event["action"] for event in lin.get(f"cases/{number}/").json()["events"]] == [
        "submit",
        "accept",
        "review",
    ]
    assert head.get(f"cases/{number}/").json()["actions"] == ["refuse", "return_refusal"]
    assert head.act(number, "refuse").json()["state"] == "refused"
    assert lin.get(f"cases/{number}/").json()["events"][-1]["reason"] == "缺消防意见"


def test_not_accepting_names_the_competent_body(api):
    lin, window = api("lin"), api("east_window")
    number = lin.file()["number"]

    window.act(number, "not_accept", reason="不归我们办", competent="县民政局")

    seen = lin.get(f"cases/{number}/").json()
    assert (seen["state"], seen["next"]) == ("not_accepted", "您可以去：县民政局。")
    assert seen["events"][-1]["data"] == {"competent": "县民政局"}


@pytest.mark.parametrize(
    ("username", "action", "status", "code"),
    [
        ("east_window", "grant", 403, "permission_denied"),
        ("east_approver", "review", 409, "not_open"),
        ("east_window", "fly", 404, "not_found"),
        ("east_window", "submit", 404, "not_found"),
        ("lin", "accept", 403, "permission_denied"),
        ("zhou", "accept", 404, "not_found"),
        ("east_staff", "accept", 404, "not_found"),
        (None, "accept", 401, "not_authenticated"),
    ],
)
def test_a_step_that_is_not_theirs_changes_nothing(api, username, action, status, code):
    lin = api("lin")
    number = lin.file()["number"]
    before = lin.get(f"cases/{number}/").json()

    answer = api(username).act(number, action, reason="理由")

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.json().keys() == {"detail", "code", "fields"}
    assert lin.get(f"cases/{number}/").json() == before


def test_another_halls_case_is_one_that_never_was(api):
    number = api("lin").file()["number"]
    never = f"{number[:-6]}999999"

    for path in (f"cases/{number}/", f"cases/{never}/", "cases/\x00/", "cases/1/"):
        answer = api("west_window", "west").get(path)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert api("west_window", "west").act(number, "accept").status_code == 404
    assert api("east_window").get(f"cases/{number}/").status_code == 200


def test_a_stale_revision_is_a_conflict(api):
    lin, window = api("lin"), api("east_window")
    number = lin.file()["number"]
    seen = window.get(f"cases/{number}/").json()["revision"]
    lin.upload(f"cases/{number}/files/", material="m2")

    answer = window.act(number, "accept", revision=seen)

    assert (answer.status_code, answer.json()["detail"]) == (409, "申请人刚处理了这件：补了一份材料")


def test_staff_see_no_whole_id_number_unless_they_ask_for_it(api, monkeypatch):
    from audit.models import Record

    audited = []
    save = Record.save
    monkeypatch.setattr(
        Record,
        "save",
        lambda self, **given: (audited.append((self.action, self.actor_name)), save(self, **given)),
    )
    lin, window = api("lin"), api("east_window")
    number = lin.file()["number"]

    assert "11010519491231002X" not in window.get(f"cases/{number}/").content.decode()
    assert ("read_id_number", "东窗口") not in audited

    whole = window.get(f"cases/{number}/applicant/")
    assert whole.json()["applicant"]["id_number"] == "11010519491231002X"
    assert audited.count(("read_id_number", "东窗口")) == 1
    assert lin.get(f"cases/{number}/applicant/").status_code == 403
    assert api("zhou").get(f"cases/{number}/applicant/").status_code == 404


def test_the_query_code_is_told_to_the_applicant_alone(api):
    lin = api("lin")
    receipt = lin.file()

    assert lin.get(f"cases/{receipt['number']}/").json()["query_code"] == receipt["query_code"]
    assert "query_code" not in api("east_window").get(f"cases/{receipt['number']}/").json()


def test_a_queue_is_a_page_of_a_query(api):
    lin, window, approver = api("lin"), api("east_window"), api("east_approver")
    numbers = [lin.file(LICENCE)["number"] for _ in range(3)]
    window.act(numbers[0], "accept")

    new = window.get("clerk/cases/", queue="new", page_size=1).json()
    assert (new["count"], len(new["results"])) == (2, 1)
    assert new["next"].endswith("page=2&page_size=1&queue=new")
    assert [row["number"] for row in approver.get("clerk/cases/", queue="mine").json()["results"]] == [
        numbers[0]
    ]
    every = window.get("clerk/cases/", queue="all").json()
    assert {row["number"] for row in every["results"]} == set(numbers)
    assert every["results"][0]["applicant"] == "林* 110105********002X"
    assert [
        row["number"] for row in window.get("clerk/cases/", queue="all", q=numbers[1]).json()["results"]
    ] == [numbers[1]]
    assert window.get("clerk/cases/", queue="all", item=BIRTH).json()["count"] == 0
    assert window.get("clerk/cases/", queue="nonsense").json()["fields"].keys() == {"queue"}
    assert window.get("clerk/cases/", queue="all", q="\x00", item="\x00").status_code == 200


@pytest.mark.parametrize(
    ("username", "status"), [(None, 401), ("lin", 403), ("east_staff", 403), ("east_head", 200)]
)
def test_the_desk_is_for_the_desk(api, username, status):
    assert api(username).get("clerk/cases/", queue="all").status_code == status


@pytest.mark.parametrize("number_of_cases", [1, 3])
def test_the_queries_of_a_queue_do_not_grow_with_its_rows(api, number_of_cases):
    from django.db import connections
    from django.test.utils import CaptureQueriesContext

    lin, window = api("lin"), api("east_window")
    for _ in range(number_of_cases):
        lin.file()
    window.get("clerk/cases/", queue="all")

    with CaptureQueriesContext(connections["default"]) as seen:
        window.get("clerk/cases/", queue="all")

    selects = [
        query["sql"]
        for query in seen
        if "SELECT" in query["sql"] and "tenants_hall_identity" not in query["sql"]
    ]
    assert len(selects) == 6, selects  # posts, the three of the seat, count, page


def test_the_schema_describes_the_api_of_cases(api):
    text = api("lin").get("schema/").content.decode()

    for path in ("/cases/", "/cases/{number}/actions/{name}/", "/files/", "/clerk/cases/"):
        assert f"/api/v1{path}:" in text
