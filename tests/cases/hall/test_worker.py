"""The worker: each message reaches its person at least once, whatever dies on the way."""

import json
import os
import signal
import subprocess
import sys
import time
from datetime import timedelta

import pytest
from django.utils import timezone

from tests.cases.hall.making import BIRTH, NOW, act, draft, submitted
from tests.conftest import _hall

LATER = NOW + timedelta(seconds=5)
PHONE_OF_LIN = "13900000000"


@pytest.fixture
def sent(monkeypatch):
    """The messages that the gateway got."""
    from accounts import sms

    got = []
    monkeypatch.setattr(sms, "send", lambda phone, text, *, message_id: got.append((phone, text)))
    return got


def in_hall(key, make):
    from tenants.shared import scope

    with scope.hall(_hall(key)):
        return make()


def waiting(key="east"):
    from cases.hall.models import Outbox

    return in_hall(key, lambda: Outbox.objects.filter(delivered_at=None).count())


def rings():
    from cases.shared.models import Doorbell
    from tenants.shared import scope

    with scope.city():
        return Doorbell.objects.count()


def test_the_bell_leads_to_the_message(sent):
    from cases.hall.services import rounds

    case = in_hall("east", submitted)
    assert (waiting(), rings()) == (1, 1)

    assert rounds.answer_doorbells(now=lambda: LATER) == 1

    assert sent == [
        (PHONE_OF_LIN, f"小餐馆许可已提交，编号{case.number}，查询码{case.query_code}。最晚3月9日答复。")
    ]
    assert (waiting(), rings()) == (0, 0)
    assert rounds.answer_doorbells(now=lambda: LATER) == 0


def test_each_halls_messages_are_found_without_a_bell(sent):
    from cases.hall.services import rounds
    from cases.shared.models import Doorbell
    from tenants.shared import scope

    in_hall("east", submitted)
    in_hall("west", submitted)
    with scope.city():
        Doorbell.objects.all().delete()

    assert rounds.sweep(now=lambda: LATER) == 2
    assert (len(sent), waiting("east"), waiting("west")) == (2, 0, 0)


def test_a_message_that_does_not_leave_waits_longer_each_time(monkeypatch):
    from accounts import sms
    from cases.hall.models import Outbox
    from cases.hall.services import rounds

    def fail(phone, text, *, message_id):
        raise sms.NotSent

    monkeypatch.setattr(sms, "send", fail)
    in_hall("east", submitted)
    waits, now = [], LATER
    for _ in range(8):
        assert rounds.sweep(now=lambda: now) == 0  # noqa: B023 -- called at once
        message = in_hall("east", Outbox.objects.get)
        waits.append((message.next_try_at - now).total_seconds() / 60)
        now = message.next_try_at

    assert waits == [1, 2, 5, 15, 30, 60, 60, 60]
    assert rounds.sweep(now=lambda: now - timedelta(seconds=1)) == 0
    got = []
    monkeypatch.setattr(sms, "send", lambda *message, message_id: got.append(message))
    assert rounds.sweep(now=lambda: now) == 1
    assert len(got) == 1


def test_one_bad_message_does_not_hold_up_the_others(monkeypatch):
    from accounts import sms
    from cases.hall.services import rounds

    got = []

    def send(phone, text, *, message_id):
        if phone == PHONE_OF_LIN:
            raise OSError
        got.append(phone)

    monkeypatch.setattr(sms, "send", send)
    in_hall("east", submitted)
    in_hall("east", lambda: submitted(username="zhou"))

    assert rounds.sweep(now=lambda: LATER) == 1
    assert (got, waiting()) == (["13900000001"], 1)


def test_a_message_that_cannot_be_read_waits_and_the_others_go_on(sent):
    from django.db import connection

    from cases.hall.services import rounds

    def spoil():
        with connection.cursor() as cursor:
            cursor.execute("UPDATE cases_hall_outbox SET text = 'spoilt'")

    in_hall("east", submitted)
    in_hall("east", spoil)
    in_hall("east", lambda: submitted(username="zhou"))

    assert rounds.sweep(now=lambda: LATER) == 1
    assert ([phone for phone, _ in sent], waiting()) == (["13900000001"], 1)


def test_whoever_has_no_phone_reads_it_in_the_account(sent):
    from accounts.models import Person
    from cases.hall.services import rounds
    from tests.template import PERSON_ID

    in_hall("east", submitted)
    Person.objects.filter(pk=PERSON_ID["lin"]).update(phone="")

    rounds.sweep(now=lambda: LATER)

    assert (sent, waiting()) == ([], 0)


def test_the_rest_waits_when_the_worker_is_told_to_stop(sent):
    from cases.hall.services import rounds

    in_hall("east", submitted)
    in_hall("east", submitted)

    assert rounds.answer_doorbells(now=lambda: LATER, stopped=lambda: len(sent) > 0) == 1
    # the bell stays for the next worker
    assert (waiting(), rings()) == (1, 2)


def test_old_drafts_end_and_young_ones_stay(sent):
    from cases.hall.models import Case
    from cases.hall.services import rounds
    from cases.shared.models import Pointer

    old = in_hall("east", draft)
    young = in_hall("east", lambda: draft(BIRTH, now=NOW + timedelta(days=1)))

    rounds.sweep(now=lambda: NOW + timedelta(days=90, hours=1))

    assert in_hall("east", lambda: list(Case.objects.values_list("pk", flat=True))) == [young.pk]
    assert in_hall("east", lambda: list(Pointer.objects.values_list("case", flat=True))) == [young.pk]
    assert old.pk != young.pk


def run(database, *arguments, **environment):
    """Start the worker as a process of its own on this database."""
    given = {
        **{name: value for name, value in os.environ.items() if not name.endswith("DATABASE_URL")},
        "WEB_DATABASE_URL": database.url("web"),
        "GATE_DATABASE_URL": database.url("gate"),
        "SEALER_DATABASE_URL": database.url("sealer"),
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PYTHONPATH": "platform:.",
        # it may be night where the test runs
        "QUIET_HOURS": "none",
        **environment,
    }
    code = "from django.core.management import execute_from_command_line as run; import sys; run(['manage.py', 'worker', *sys.argv[1:]])"
    return subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        env=given,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.slow
def test_one_round_delivers_and_seals(fresh_database):
    from audit.services import sealing

    # today: what was submitted long ago would be deemed accepted in the same round
    in_hall("east", lambda: submitted(now=timezone.now()))

    output, errors = run(fresh_database, "--once").communicate(timeout=60)

    assert output == "1 messages, 1 audit rows sealed\n", errors
    assert "13900000000" not in errors  # no whole phone number in a log
    assert "139****0000" in errors
    assert (waiting(), rings()) == (0, 0)
    with fresh_database.alias("sealer"):
        assert sealing.verify_chain("east") == []


@pytest.mark.slow
def test_killed_in_the_middle_of_sending_it_sends_again(fresh_database, tmp_path):
    """kill -9 while the gateway has the message: the row is still waiting, and the next worker brings it."""
    from http.server import BaseHTTPRequestHandler, HTTPServer
    from threading import Event, Thread

    from cases.shared.models import InboxMessage

    arrived, go_on, got = Event(), Event(), []

    class Gateway(BaseHTTPRequestHandler):
        def do_POST(self):
            got.append(self.rfile.read(int(self.headers["Content-Length"])))
            arrived.set()
            go_on.wait(4)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_):
            """Say nothing."""

        def handle(self):
            """The worker may be gone when it is answered."""
            try:
                super().handle()
            except OSError:
                return

    server = HTTPServer(("127.0.0.1", 0), Gateway)
    Thread(target=server.serve_forever, daemon=True).start()
    gateway = {"SMS_BACKEND": "http", "SMS_URL": f"http://127.0.0.1:{server.server_port}/", "SMS_KEY": "k"}
    # today: what was submitted long ago would be deemed accepted, and that is a message more
    in_hall("east", lambda: submitted(now=timezone.now()))
    try:
        worker = run(fresh_database, **gateway)
        assert arrived.wait(120)
        worker.kill()
        worker.communicate(timeout=10)
        assert waiting() == 1
        go_on.set()

        worker = run(fresh_database, **gateway)
        deadline = time.monotonic() + 120
        while waiting() and time.monotonic() < deadline:
            time.sleep(0.1)
        worker.send_signal(signal.SIGTERM)
        worker.communicate(timeout=10)
    finally:
        server.shutdown()
        server.server_close()

    assert (waiting(), len(got), worker.returncode) == (0, 2, 0)
    # the gateway can drop the second by its key; the person sees it once in any case
    assert len({json.loads(body)["id"] for body in got}) == 1
    assert in_hall("east", InboxMessage.objects.count) == 1


def test_a_worker_without_the_sealers_login_seals_nothing(sent, monkeypatch):
    from django.db import connections

    from cases.hall.services import rounds

    monkeypatch.delitem(connections.settings, "sealer", raising=False)
    case = in_hall("east", lambda: act(submitted(), "accept"))

    assert rounds.seal(now=LATER) == 0
    assert case.state == "accepted"
