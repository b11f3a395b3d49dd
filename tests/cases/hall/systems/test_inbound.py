"""What departments' systems tell: signed, once, in order, as of its legal day; and the desk that looks on."""

import base64
import json
from datetime import timedelta
from io import BytesIO

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfWriter

from cases.hall import signing
from tests.cases.hall import making
from tests.cases.hall.making import BIRTH, LICENCE
from tests.conftest import actor
from tests.template import PORTAL

TODAY = timezone.localdate
SPECIAL = {"procedure": "检验", "days": 10}


class Department:
    """A department's system that tells east."""

    def __init__(self, system, hall="east"):
        self.system, self.client, self.sent = system, Client(headers={"host": f"{hall}.{PORTAL}"}), 0

    def tell(self, case, step, sequence, *, message_id="", secret="", at=None, key="", **said):
        self.sent += 1
        body = {
            "case": case.number,
            "step": step,
            "sequence": sequence,
            "occurred_on": TODAY().isoformat(),
            **said,
        }
        return self.post(body, message_id or f"m{self.sent}", secret=secret, at=at, key=key)

    def post(self, body, message_id, *, secret="", at=None, key=""):
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = signing.headers(secret or self.system.secret, message_id, at or timezone.now(), raw)
        url = f"/api/v1/systems/{key or self.system.key}/events/"
        return self.client.post(url, raw, content_type="application/json", headers=headers)


@pytest.fixture
def within(east):
    """``within(function)``: what it returns in east's scope."""
    from tenants.shared import scope

    def do(function, *args, **named):
        with scope.hall(east):
            return function(*args, **named)

    return do


@pytest.fixture
def department(within, declared):
    return Department(within(declared))


@pytest.fixture
def case(department, within):
    """A case of the department's, filed four days ago: the time to answer runs."""
    return within(making.submitted, now=timezone.now() - timedelta(days=4))


def look(within, case):
    def read():
        from cases.hall.models import Case

        return Case.objects.get(pk=case.pk)

    return within(read)


def events(within, case):
    return within(
        lambda: list(case.events.order_by("sequence").values_list("action", "actor_post", "actor_name"))
    )


def pdf():
    writer, content = PdfWriter(), BytesIO()
    writer.add_blank_page(200, 200)
    writer.write(content)
    return base64.b64encode(content.getvalue()).decode()


def test_a_system_takes_its_case_from_acceptance_to_the_decision(department, case, within):
    for number, step in enumerate(("accept", "review", "grant"), start=1):
        answer = department.tell(case, step, number)
        assert answer.status_code == 200, answer.content
        assert answer.json()["status"] == "applied"
    found = look(within, case)

    assert (found.state, found.system, found.system_sequence) == ("granted", "market", 3)
    who = ("department", "市场监管许可系统")
    assert events(within, case)[1:] == [("accept", *who), ("review", *who), ("grant", *who)]
    # the hall makes no certificate of what another decides
    assert within(lambda: case.results.count()) == 0


def test_clocks_are_counted_from_the_day_that_the_department_names(department, case, within):
    day = TODAY() - timedelta(days=3)
    department.tell(case, "accept", 1, occurred_on=day.isoformat())

    rows = within(lambda: dict(case.ledger.filter(act="start").values_list("clock", "day")))
    assert (rows["P"], rows["S"]) == (day, day)
    assert within(lambda: case.events.get(action="accept").data) == {"day": day.isoformat()}


@pytest.mark.parametrize(("days", "field"), [(1, "occurred_on"), (-5, "occurred_on")])
def test_a_day_to_come_or_before_receipt_is_refused(department, case, days, field):
    answer = department.tell(case, "accept", 1, occurred_on=(TODAY() + timedelta(days=days)).isoformat())

    assert answer.status_code == 422
    assert list(answer.json()["fields"]) == [field]


def test_a_step_is_not_earlier_than_the_one_before(department, case, within):
    department.tell(case, "accept", 1, occurred_on=(TODAY() - timedelta(days=2)).isoformat())
    answer = department.tell(case, "review", 2, occurred_on=(TODAY() - timedelta(days=3)).isoformat())

    assert (answer.status_code, list(answer.json()["fields"])) == (422, ["occurred_on"])
    assert look(within, case).state == "accepted"


def test_acceptance_in_time_counts_although_it_is_told_late(within, department, declared):
    """The sweep has not come yet: what the department did on the last day is no silence."""
    case = within(making.submitted, now=timezone.now() - timedelta(days=30))
    day = TODAY() - timedelta(days=28)

    assert department.tell(case, "accept", 1).json()["status"] == "waiting"
    assert department.tell(case, "accept", 1, occurred_on=day.isoformat()).json()["status"] == "recorded"
    other = within(making.submitted, now=timezone.now() - timedelta(days=30))
    assert department.tell(other, "accept", 1, occurred_on=day.isoformat()).json()["state"] == "accepted"


def test_the_same_id_is_answered_the_same_and_done_once(department, case, within):
    first = department.tell(case, "accept", 1, message_id="once")
    department.tell(case, "review", 2)
    again = department.tell(case, "accept", 1, message_id="once")

    assert (again.status_code, again.json()) == (first.status_code, first.json())
    assert [row[0] for row in events(within, case)] == ["submit", "accept", "review"]
    other = department.tell(case, "not_accept", 1, message_id="once", reason="x")
    assert (other.status_code, other.json()["code"]) == (422, "id_reused")


def test_a_captured_message_is_worth_nothing_after_five_minutes(department, case, within):
    old = timezone.now() - timedelta(seconds=301)
    answer = department.tell(case, "accept", 1, at=old)

    assert (answer.status_code, answer.json()["code"]) == (401, "not_signed")
    assert look(within, case).state == "submitted"


def test_an_unknown_key_and_a_wrong_signature_are_one_refusal(department, case, within, declared):
    within(declared, "off", is_active=False)
    wrong = department.tell(case, "accept", 1, secret=signing.new_secret())
    unknown = department.tell(case, "accept", 1, key="nobody")
    off = department.tell(case, "accept", 1, key="off")
    bare = department.client.post("/api/v1/systems/market/events/", b"{}", content_type="application/json")

    assert {answer.status_code for answer in (wrong, unknown, off, bare)} == {401}
    assert wrong.json() == unknown.json() == off.json() == bare.json()


def test_a_key_of_one_hall_is_nothing_in_the_other(department, case, west, declared):
    from tenants.shared import scope

    there = Department(department.system, "west")
    assert there.tell(case, "accept", 1).status_code == 401
    with scope.hall(west):
        theirs = declared()
    # its own key opens its own cases alone: ours is like one that never was
    answer = Department(theirs, "west").tell(case, "accept", 1)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_a_case_of_another_department_is_like_one_that_never_was(department, within):
    other = within(making.submitted, BIRTH)
    one = department.tell(other, "accept", 1)
    other.number = "349901260302000999"
    never = department.tell(other, "accept", 1)

    assert (one.status_code, one.json()) == (never.status_code, never.json())
    assert one.status_code == 404


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"step": "archive"}, "step"),
        ({"step": "propose_refusal"}, "step"),
        ({"step": "nothing"}, "step"),
        ({"sequence": 0}, "sequence"),
        ({"sequence": "x"}, "sequence"),
        ({"occurred_on": "gestern"}, "occurred_on"),
        ({"case": "1"}, "case"),
        ({"data": []}, "data"),
        ({"step": "not_accept", "reason": " "}, "reason"),
        ({"step": "request_correction", "data": {"points": []}}, "data.points"),
        ({"document": {"name": "x.pdf", "content": "%%%"}}, "document"),
        ({"document": {"name": "x.pdf", "content": base64.b64encode(b"MZ program").decode()}}, "document"),
        ({"document": {"name": "x.pdf", "content": ""}}, "document"),
    ],
)
def test_what_is_wrong_is_said_field_by_field_and_nothing_is_kept(department, case, within, said, field):
    body = {"case": case.number, "step": "accept", "sequence": 1, "occurred_on": TODAY().isoformat(), **said}
    answer = department.post(body, "m1")

    assert answer.status_code == 422, answer.content
    assert list(answer.json()["fields"]) == [field]
    assert (look(within, case).state, within(lambda: case.inbound.count())) == ("submitted", 0)
    # put right it is taken, under the same id
    assert department.tell(case, "accept", 1, message_id="m1").status_code == 200


@pytest.mark.parametrize("body", [b"", b"not json", b"[1]", b'"x"', b"\xff"])
def test_a_body_that_is_no_object_is_refused(department, body):
    assert department.post(body, "m1").status_code == 422


def test_a_body_is_no_larger_than_a_paper(department):
    assert department.post(b"x" * 1_600_000, "m1").status_code == 413
    assert department.post(b"x" * 2_200_000, "m1").status_code == 413


def test_a_paper_of_the_department_is_its_applicants(department, case, within, hall_client, east):
    department.tell(case, "accept", 1)
    department.tell(case, "review", 2)
    paper = {"name": "../许可证.exe", "content": pdf()}
    answer = department.tell(case, "grant", 3, document_no="烟许〔2026〕7号", document=paper)
    assert answer.status_code == 200, answer.content
    event = within(lambda: case.events.get(action="grant"))
    page = hall_client(east, "lin").get(f"/cases/{case.number}/").content.decode()
    given = hall_client(east, "lin").get(f"/cases/{case.number}/papers/{event.pk}/")
    result = hall_client(east, "lin").get(f"/cases/{case.number}/result.pdf")
    stranger = hall_client(east, "zhou").get(f"/cases/{case.number}/papers/{event.pk}/")

    assert event.document_no == "烟许〔2026〕7号"
    assert "烟许〔2026〕7号" in page
    for answer in (given, result):
        assert b"".join(answer.streaming_content).startswith(b"%PDF-")
        assert answer["Content-Type"] == "application/pdf"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Disposition"].endswith(".pdf")
        assert ".." not in answer["Content-Disposition"]
        for close in answer._resource_closers:
            close()
    assert stranger.status_code == 404


def test_a_decision_without_a_paper_shows_its_number_and_offers_nothing_to_download(
    department, case, within, hall_client, east
):
    for number, step in enumerate(("accept", "review", "grant"), start=1):
        department.tell(case, step, number, document_no=f"号{number}")
    page = hall_client(east, "lin").get(f"/cases/{case.number}/").content.decode()

    assert "号3" in page
    assert "result.pdf" not in page
    assert hall_client(east, "lin").get(f"/cases/{case.number}/result.pdf").status_code == 404


# the straight way, and one round of a special procedure
WAY = (
    ("accept", {}),
    ("review", {}),
    ("grant", {}),
    ("hand_over", {"data": {"method": "window"}}),
    ("deliver", {}),
)


def test_what_comes_too_early_waits_and_is_taken_when_its_turn_comes(department, case, within):
    late = department.tell(case, "grant", 3)
    assert (late.status_code, late.json()["status"], late.json()["next_sequence"]) == (202, "waiting", 1)
    assert late.json()["detail"] == "等第 1 步"
    assert department.tell(case, "review", 2).status_code == 202
    answer = department.tell(case, "accept", 1).json()

    assert (answer["status"], answer["state"], answer["next_sequence"]) == ("applied", "granted", 4)


def test_what_was_overtaken_is_recorded_and_turns_nothing_back(department, case, within):
    within(making.act, case, "accept", timezone.now())
    accept = department.tell(case, "accept", 1)
    department.tell(case, "review", 2)
    again = department.tell(case, "accept", 1)
    back = department.tell(case, "accept", 3)

    assert [answer.json()["status"] for answer in (accept, again, back)] == ["recorded"] * 3
    assert look(within, case).state == "review"
    assert within(lambda: case.inbound.count()) == 4


@pytest.fixture
def as_ordered(department, case, within):
    """``as_ordered(order)``: where the case ends when the steps come in this order; undone afterwards."""
    from django.db import transaction

    def run(order, doubled):
        with transaction.atomic():
            for number in order:
                step, said = WAY[number]
                for _time in range(1 + (number in doubled)):
                    answer = department.tell(case, step, number + 1, message_id=f"id{number}", **said)
                    assert answer.status_code in {200, 202}, answer.content
            found = look(within, case)
            ledger = within(lambda: sorted(case.ledger.values_list("clock", "act", "day")))
            rows = within(lambda: sorted(case.inbound.values_list("sequence", "state")))
            ends = (found.state, found.system_sequence, events(within, case), ledger, rows)
            transaction.set_rollback(True)
        return ends

    return run


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(range(len(WAY))), doubled=st.sets(st.integers(0, len(WAY) - 1)))
def test_the_order_of_arrival_never_changes_where_a_case_ends(as_ordered, order, doubled):
    found = as_ordered(order, doubled)

    assert found == as_ordered(range(len(WAY)), set())
    assert found[0] == "delivered"


def test_a_step_that_the_desk_must_make_way_for_is_taken_when_it_has(department, case, within, east):
    from cases.hall import tasks

    waiting = department.tell(case, "review", 1)
    assert (waiting.status_code, waiting.json()["detail"]) == (202, "这件现在是“已提交”，要先走前面的步骤")
    tasks.steps_that_waited_are_taken(east, lambda: False)
    assert look(within, case).state == "submitted"

    within(making.act, case, "accept", timezone.now())
    tasks.steps_that_waited_are_taken(east, lambda: False)
    assert look(within, case).state == "review"


def test_what_an_item_never_has_is_refused_and_not_waited_for(department, case):
    department.tell(case, "accept", 1)
    department.tell(case, "review", 2)
    answer = department.tell(case, "special", 3, reason="检验", data=SPECIAL)

    assert (answer.status_code, list(answer.json()["fields"])) == (422, ["step"])


def test_a_case_that_has_ended_records_what_comes_after(department, case, within):
    from cases.hall.services import transition

    within(lambda: transition.apply(case, "withdraw", by=actor("lin"), now=timezone.now()))
    answer = department.tell(case, "accept", 1)

    assert (answer.status_code, answer.json()["status"]) == (200, "recorded")
    assert look(within, case).state == "withdrawn"


def test_the_desk_takes_in_and_hands_out_and_decides_nothing(department, case, within):
    from cases.hall.services import transition

    def opened(username, post):
        found = transition.open_actions(look_here(), actor(username, [post]), TODAY())
        return {step.name for step in found}

    def look_here():
        from cases.hall.models import Case

        return Case.objects.get(pk=case.pk)

    assert {"accept", "not_accept", "request_correction"} <= within(opened, "east_window", "window")
    within(making.act, case, "accept", timezone.now())
    assert within(opened, "east_approver", "approver") == set()
    with pytest.raises(transition.NotOpen, match="部门自己的系统"):
        within(making.act, look(within, case), "review", timezone.now())
    for number, step in enumerate(("review", "grant"), start=1):
        department.tell(case, step, number)
    assert within(opened, "east_window", "window") == {"hand_over"}
    assert within(opened, "east_head", "head") == set()


def test_the_head_takes_a_case_back_and_the_desk_decides(department, case, within):
    department.tell(case, "accept", 1)
    found = within(making.act, look(within, case), "take_back", timezone.now(), reason="系统停用")
    answer = department.tell(case, "review", 2)

    assert (answer.status_code, answer.json()["code"]) == (409, "taken_back")
    assert within(making.act, found, "review", timezone.now()).state == "review"


def test_what_waits_too_long_is_given_up_by_hand(department, case, within):
    from cases.hall.models import Inbound
    from cases.hall.services import inbound

    department.tell(case, "review", 3)
    department.tell(case, "grant", 4)
    within(making.act, case, "accept", timezone.now())
    row = within(lambda: Inbound.objects.get(sequence=3))
    within(lambda: inbound.skip(row, by=actor("east_admin"), now=timezone.now()))
    found = look(within, case)
    assert (found.state, found.system_sequence) == ("granted", 4)

    late = department.tell(case, "accept", 1)
    assert late.json()["status"] == "recorded"
    with pytest.raises(inbound.UnknownCase):
        within(lambda: inbound.skip(row, by=actor("east_admin"), now=timezone.now()))


def test_filed_cases_stay_with_whoever_had_them(within, declared):
    before = within(making.submitted)
    system = within(declared)
    after = within(making.submitted)

    assert (before.system, after.system) == ("", "market")
    assert Department(system).tell(before, "accept", 1).status_code == 404
    assert after.item_code == LICENCE
