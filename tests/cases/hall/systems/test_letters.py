"""Webhooks: written with the event, sent after commit, at least once under one id, dead in the end, sent again by hand."""

import json
import subprocess
import sys
import threading
from datetime import time, timedelta

import pytest
from django.utils import timezone

from cases.hall import signing
from tests.cases.hall import making
from tests.cases.hall.making import BIRTH, NOW
from tests.cases.hall.systems.receiving import hangs, says, waited_for
from tests.conftest import _hall, actor

LATER = NOW + timedelta(minutes=1)


@pytest.fixture
def within(east):
    """``within(function)``: what it returns in east's scope."""
    from tenants.shared import scope

    def do(function, *given, **named):
        with scope.hall(east):
            return function(*given, **named)

    return do


def letters():
    from cases.hall.models import Letter

    return list(Letter.objects.order_by("created_at", "event__sequence"))


def send(hall, system, now=LATER):
    from cases.hall.services import letters as service

    return service.send(hall, system.pk, now=lambda: now)


def test_a_body_says_which_case_took_which_step_and_nothing_of_a_person(within, declared):
    within(declared, url="https://example.gov.cn/")
    case = within(making.submitted)
    case = within(making.act, case, "not_accept", reason="张三的店不在本县")
    body = json.dumps([row.body for row in within(letters)], ensure_ascii=False)

    assert [row.body["type"] for row in within(letters)] == ["case.submit", "case.not_accept"]
    assert case.number in body
    for personal in (
        "林",
        "张三",
        "11010519491231002X",
        "13900000000",
        "李四",
        "lin",
        str(case.person),
        case.query_code,
    ):
        assert personal not in body


def test_a_letter_is_signed_so_that_its_receiver_can_tell(within, declared, receiver, local, east):
    there = receiver()
    system = within(declared, url=there.url)
    within(making.submitted)

    assert send(east, system) == 1
    headers, body = there.got[0]
    small = {name.lower(): value for name, value in headers.items()}
    assert signing.verify(system.secret, small, body, LATER) == f"msg_{within(letters)[0].pk.hex}"
    assert json.loads(body)["data"]["to_state"] == "submitted"
    assert send(east, system) == 0


def test_what_is_rolled_back_was_never_written(within, declared, east):
    from tenants.shared import scope

    within(declared, url="https://example.gov.cn/")
    with pytest.raises(RuntimeError), scope.hall(east):
        making.submitted()
        assert len(letters()) == 1
        raise RuntimeError
    assert within(letters) == []


def test_only_the_system_that_a_case_concerns_is_told(within, declared):
    def keys():
        return sorted({row.system.key for row in letters()})

    within(declared, "market", "https://a.example/")
    within(declared, "off", "https://b.example/", is_active=False)
    within(declared, "silent", "")
    within(declared, "watch", "https://c.example/", only_listens=True)
    within(declared, "births", "https://d.example/", departments=(), items=(BIRTH,), only_listens=True)
    within(making.submitted)

    assert within(keys) == ["market", "watch"]


def test_a_failed_try_waits_longer_each_time_and_then_the_letter_is_dead(
    within, declared, receiver, local, east
):
    from cases.hall.services.letters import BACK_OFF, JITTER

    there = receiver(says(500, b"trouble"))
    system = within(declared, url=there.url)
    within(making.submitted)
    now = LATER
    for minutes in BACK_OFF:
        assert send(east, system, now) == 0
        row = within(letters)[0]
        waits = (row.next_try_at - now).total_seconds() / 60
        assert minutes * (1 - JITTER) <= waits <= minutes * (1 + JITTER)
        assert send(east, system, now) == 0
        now = row.next_try_at
    send(east, system, now)

    row = within(letters)[0]
    assert (row.tries, row.status, row.answer, row.dead_at) == (len(BACK_OFF) + 1, 500, "trouble", now)
    assert len(there.got) == len(BACK_OFF) + 1
    assert len(set(there.ids())) == 1
    assert send(east, system, now + timedelta(days=30)) == 0


def test_five_hundred_and_then_two_hundred_arrives_under_one_id(within, declared, receiver, local, east):
    there = receiver(says(500), says(200))
    system = within(declared, url=there.url)
    within(making.submitted)

    assert send(east, system) == 0
    assert send(east, system, LATER + timedelta(minutes=2)) == 1
    assert len(there.got) == 2
    assert len(set(there.ids())) == 1
    assert there.bodies()[0] == there.bodies()[1]


def test_one_that_fails_holds_no_other_up_for_longer_than_its_round(within, declared, receiver, local, east):
    there = receiver(says(500), says(204))
    system = within(declared, url=there.url)
    within(making.submitted)
    within(making.submitted, "34011600300000")
    within(making.act, within(making.submitted), "accept")

    assert send(east, system) == 0
    assert len(there.got) == 1
    assert send(east, system, LATER + timedelta(minutes=5)) == 3


def test_dead_letters_are_sent_again_by_hand(within, declared, receiver, local, east):
    from cases.hall.models import Letter
    from cases.hall.services import letters as service

    there = receiver(says(204))
    system = within(declared, url=there.url)
    within(making.submitted)
    within(making.submitted)
    within(lambda: Letter.objects.update(dead_at=NOW, tries=9))
    ids = {f"msg_{row.pk.hex}" for row in within(letters)}

    assert send(east, system) == 0
    assert within(service.send_again, system, by=actor("east_admin"), now=LATER) == 2
    assert send(east, system, LATER) == 2
    assert set(there.ids()) == ids
    one = within(letters)[0]
    assert within(service.send_again, system, one.pk, by=actor("east_admin"), now=LATER) == 1
    assert send(east, system, LATER) == 1


def test_a_worker_that_dies_between_sending_and_marking_sends_again_under_the_same_id(
    within, declared, receiver, local, east, monkeypatch
):
    from cases.hall.services import letters as service

    there = receiver()
    system = within(declared, url=there.url)
    within(making.submitted)

    class Killed(BaseException):
        pass

    def killed(*_given):
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(service, "_settle", killed)
        with pytest.raises(Killed):
            send(east, system)
    assert (len(there.got), send(east, system, LATER + timedelta(seconds=60))) == (1, 0)
    assert send(east, system, LATER + service.LEASE) == 1
    assert len(there.got) == 2
    assert len(set(there.ids())) == 1


def test_no_transaction_is_open_while_something_is_sent(within, declared, receiver, local, east, monkeypatch):
    from cases.hall import sending
    from tenants.shared import scope

    system = within(declared, url="https://example.gov.cn/")
    within(making.submitted)
    seen = []

    def post(url, body, headers):
        seen.append(scope.current())
        return sending.Outcome(True, 204, "")

    monkeypatch.setattr(sending, "post", post)
    assert send(east, system) == 1
    assert seen == [None]


@pytest.mark.slow
def test_a_receiver_that_hangs_keeps_nobody_waiting(fresh_database, receiver, local, settings):
    """The postman's threads against a real database: messages, another system and another hall go on meanwhile."""
    from accounts.actor import NOBODY
    from cases.hall.models import Letter, Outbox
    from cases.hall.services import post, rounds, systems
    from tenants.shared import queries, scope

    # whatever the hour is
    settings.QUIET_HOURS = (time(), time())
    bad, good, west_good = receiver(hangs), receiver(says(204)), receiver(says(204))
    queries.forget()

    def prepare(key, *urls):
        with scope.hall(_hall(key)):
            for number, url in enumerate(urls):
                said = systems.Declared("系统", ["市场监管局"], [], url, number > 0, True)
                systems.declare(f"s{number}", said, by=NOBODY, now=timezone.now())
            making.submitted(now=timezone.now() - timedelta(seconds=5))

    prepare("east", bad.url, good.url)
    prepare("west", west_good.url)
    stop = threading.Event()
    postman = post.Postman(stop.is_set)
    post.employ(postman)
    try:
        rounds.answer_doorbells()
        with scope.hall(_hall("east")):
            assert not Outbox.objects.filter(delivered_at=None).exists()
        assert waited_for(lambda: good.got and west_good.got)
        # the round has ended although the first receiver still has its letter in hand
        assert waited_for(lambda: len(bad.got) == 1)
        rounds.answer_doorbells()
        assert len(bad.got) == 1
    finally:
        stop.set()
        bad.close()
        post.employ(None)
        postman.close()
    with scope.hall(_hall("east")):
        states = dict(Letter.objects.values_list("system__key", "status"))
    assert states == {"s0": None, "s1": 204}


@pytest.mark.slow
def test_the_worker_sends_what_is_due_and_ends(fresh_database, receiver):
    """``manage.py worker --once`` as a process of its own."""
    import os

    from accounts.actor import NOBODY
    from cases.hall.services import systems
    from tenants.shared import scope

    there = receiver(says(204))
    with scope.hall(_hall("east")):
        said = systems.Declared("系统", ["市场监管局"], [], there.url, False, True)
        systems.declare("s0", said, by=NOBODY, now=timezone.now())
        making.submitted(now=timezone.now() - timedelta(seconds=5))
    urls = {
        f"{login.upper()}_DATABASE_URL": fresh_database.url(login) for login in ("web", "gate")
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "manage.py", "worker", "--once"],
        env={**os.environ, **urls, "WEBHOOK_NETWORKS": "127.0.0.0/8"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert there.bodies()[0]["type"] == "case.submit"
