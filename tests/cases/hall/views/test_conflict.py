"""Two clerks on one case: the second sees what the first did, keeps what was typed, and may go on from there."""

import re

import pytest

from tests.cases.hall import making
from tests.cases.hall.views.conftest import text
from tests.template import BIRTH, LICENCE, NOW


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    from django.utils import timezone

    monkeypatch.setattr(timezone, "now", lambda: NOW)


TYPED = "写了很久的一段话"
# step: (state of the case, who, what is sent; where the typed text goes)
STEPS = {
    "not_accept": ("submitted", "east_window", {"reason": TYPED, "competent": "县局"}),
    "request_correction": (
        "submitted",
        "east_window",
        {"material__m1__verdict": "unclear", "material__m1__reason": TYPED},
    ),
    "offer_transfer": ("submitted", "east_window", {"reason": TYPED, "to_hall": "west"}),
    "mend": (
        "submitted",
        "east_window",
        {"reason": TYPED, "consent": "phone", "value_year": "2020", "value_month": "5", "value_day": "2"},
    ),
    "refuse": ("review", "east_approver", {"reason": TYPED}),
    "terminate": ("review", "east_approver", {"reason": TYPED, "ground": "other", "remedy": "再申请"}),
    "extend": ("review", "east_approver", {"reason": TYPED, "days": "5"}),
    "ask_opinion": ("review", "east_approver", {"department": "住建局", "question": TYPED, "days": "3"}),
    "reissue": ("delivered", "east_window", {"reason": TYPED}),
    "revoke": ("delivered", "east_window", {"reason": TYPED, "ground": "第六十九条"}),
}


def meanwhile(inside, case):
    """Somebody else leaves a row in the log after which the step is still open."""
    from cases.hall.models import Case
    from cases.hall.services import steps
    from cases.hall.transitions import Transition
    from tests.conftest import actor

    with inside():
        quiet = Transition("continue_review", "", frozenset(), None, frozenset({"head"}))
        locked, head = Case.objects.lock(case.pk), actor("east_head")
        steps.take(locked, [quiet], by=head, post="head", now=NOW, reason="住建局没有意见")


@pytest.mark.parametrize("name", STEPS)
def test_every_step_keeps_what_was_typed_and_says_what_happened(name, made, east, hall_client, inside):
    at, username, sent = STEPS[name]
    case = made("at", at, LICENCE)
    client = hall_client(east, username)
    query = "?field=married_on" if name == "mend" else ""
    address = f"/clerk/cases/{case.number}/{name}/{query}"
    meanwhile(inside, case)

    answer = client.post(address, {**sent, "seen": case.revision})

    page = text(answer)
    assert answer.status_code == 409
    assert "东负责刚处理了这件：接着审查" in page
    assert "住建局没有意见" in page
    assert "这件现在：" in page
    assert TYPED in page
    assert f'name="seen" value="{case.revision + 1}"' in page
    with inside():
        assert case.events.count() == case.revision + 1
    # read, and pressed again with what the page now holds
    again = client.post(address, {**sent, "seen": re.search(r'name="seen" value="(\d+)"', page)[1]})
    assert again.status_code == 302, text(again)


def test_when_the_step_is_no_longer_open_the_text_is_still_there(made, window, inside):
    case = made("submitted")
    with inside():
        making.act(case, "accept", username="east_head", posts=["window"])
    answer = window.post(f"/clerk/cases/{case.number}/not_accept/", {"reason": TYPED, "seen": case.revision})
    page = text(answer)
    assert answer.status_code == 409
    assert "东负责刚处理了这件：受理" in page
    assert "这一步现在不能办了" in page
    assert TYPED in page
    assert 'class="btn danger"' not in page


def test_a_button_without_a_form_says_so_too(made, window, inside):
    case = made("submitted", BIRTH)
    with inside():
        making.act(case, "pre_review", username="east_head", posts=["window"])
    page = text(window.post(f"/clerk/cases/{case.number}/complete/", {"seen": case.revision}))
    assert "东负责刚处理了这件：开始看材料" in page


def test_the_api_says_with_a_code_what_happened(made, inside, east):
    from django.test import Client

    from tests.template import PASSWORD, PORTAL

    case = made("submitted")
    with inside():
        making.act(case, "pre_review", username="east_head", posts=["window"])
    client = Client(headers={"host": f"east.{PORTAL}"})
    token = client.post(
        "/api/v1/token/", {"username": "east_window", "password": PASSWORD}, content_type="application/json"
    ).json()["token"]
    answer = client.post(
        f"/api/v1/cases/{case.number}/actions/accept/",
        {"revision": case.revision},
        content_type="application/json",
        headers={"authorization": f"Token {token}"},
    )
    assert answer.status_code == 409
    found = answer.json()
    assert (found["code"], found["detail"]) == ("conflict", "东负责刚处理了这件：开始看材料")
    assert found["fields"] == {
        "by": "东负责", "did": "开始看材料", "at": NOW.isoformat(), "state": "pre_review", "revision": "2",
    }  # fmt: skip


def test_a_case_whose_applicant_died_ends_without_a_message_and_with_its_paper(
    made, east, hall_client, inside
):
    case = made("at", "review")
    client = hall_client(east, "east_approver")
    address = f"/clerk/cases/{case.number}/terminate/"
    assert "申请人去世了：不发短信，只留决定书" in text(client.get(address))
    client.post(address, {"reason": "申请人去世", "ground": "death", "seen": case.revision})
    with inside():
        event = case.events.get(action="terminate")
        assert event.to_state == "terminated"
        assert not event.messages.exists()
        assert event.document_no
        assert event.data == {"ground": "death"}
    other = made("at", "review")
    client.post(
        f"/clerk/cases/{other.number}/terminate/",
        {"reason": "别的", "ground": "other", "seen": other.revision},
    )
    with inside():
        assert other.events.get(action="terminate").messages.exists()
