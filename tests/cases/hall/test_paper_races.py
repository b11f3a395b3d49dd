"""Numbers without a gap, and papers made once: real commits, real threads, processes that are killed."""

import os
import signal
import subprocess
import sys
import textwrap
from datetime import timedelta

import pytest

from tests.cases.hall.making import NOW, act, submitted
from tests.cases.hall.test_races import at_once, in_east
from tests.conftest import _hall
from tests.plugins.database import ROOT

pytestmark = pytest.mark.slow


class Undone(Exception):
    """What makes a transaction roll back."""


def given(last_year=2026):
    from cases.hall.models import Serial

    return in_east(lambda: Serial.objects.get(key=f"doc:accept:{last_year}").last)


def accepting(case, fails):
    def work():
        done = act(case, "accept")
        if fails:
            raise Undone
        return done.events.get(action="accept").document_no

    return work


def test_numbers_have_no_gap_and_no_double_when_half_of_the_transactions_roll_back(fresh_database):
    from cases.hall import paper_checks
    from cases.hall.models import Event

    cases = [in_east(submitted) for _ in range(8)]

    for wave in (cases[:4], cases[4:]):
        outcomes = at_once(*(accepting(case, number % 2) for number, case in enumerate(wave)))
        assert [type(outcome) for outcome in outcomes] == [str, Undone, str, Undone], outcomes
    # those that were undone come again
    numbers = [in_east(accepting(case, fails=False)) for case in (cases[1], cases[3], cases[5], cases[7])]

    assert len(numbers) == 4
    found = in_east(
        lambda: sorted(Event.objects.filter(action="accept").values_list("document_no", flat=True))
    )
    assert found == [f"示(东)受〔2026〕{number:05d}号" for number in range(1, 9)]
    assert in_east(lambda: list(paper_checks.documents_have_no_gap(None))) == []


KILLED = """
    import os, sys
    import django
    django.setup()
    from datetime import datetime
    from cases.hall.models import Case
    from cases.hall.services import serials
    from tenants.shared import queries, scope
    hall = next(hall for hall in queries.halls() if hall.key == "east")
    with scope.hall(hall):
        print(serials.document_number("accept", datetime.fromisoformat(sys.argv[1]).date()), flush=True)
        sys.stdin.read()
"""


def test_a_killed_process_takes_no_number_with_it(fresh_database):
    environment = {
        **os.environ,
        "WEB_DATABASE_URL": fresh_database.url("web"),
        "GATE_DATABASE_URL": fresh_database.url("gate"),
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PYTHONPATH": os.pathsep.join([str(ROOT / "platform"), str(ROOT)]),
    }
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(KILLED), NOW.isoformat()],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdout.readline().strip() == "示(东)受〔2026〕00001号"
        process.send_signal(signal.SIGKILL)

    case = act_in_east("accept")

    assert in_east(lambda: case.events.get(action="accept").document_no) == "示(东)受〔2026〕00001号"
    assert given() == 1


def act_in_east(name):
    case = in_east(submitted)
    return in_east(lambda: act(case, name))


def test_a_year_ends_at_midnight_in_shanghai(fresh_database):
    from cases.hall import paper_checks
    from cases.hall.models import Event

    # 31 December 23:59 and 1 January 0:00 of the city's time: 16:00 UTC is midnight
    eve = NOW.replace(year=2026, month=12, day=31, hour=15, minute=59)
    cases = [in_east(lambda: submitted(now=eve - timedelta(days=1))) for _ in range(4)]

    at_once(
        *(
            lambda case=case, now=now: act(case, "accept", now)
            for case, now in zip(cases, [eve, eve + timedelta(minutes=1)] * 2, strict=True)
        )
    )

    found = in_east(
        lambda: sorted(Event.objects.filter(action="accept").values_list("document_no", flat=True))
    )
    assert found == [f"示(东)受〔{year}〕{number:05d}号" for year in (2026, 2027) for number in (1, 2)]
    assert in_east(lambda: list(paper_checks.documents_have_no_gap(None))) == []


def test_two_workers_and_somebody_who_asks_make_a_paper_once(fresh_database):
    from django.db import connections

    from cases.hall.paperwork import Paper
    from cases.hall.services import papers
    from tests.cases.hall.making import at

    in_east(lambda: at("granted"))
    hall = _hall("east")
    import threading

    done, barrier = [], threading.Barrier(2)

    def work():
        try:
            barrier.wait(10)
            done.append(papers.make_due(hall, lambda: False, now=lambda: NOW))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert sum(done) == 2
    rows = in_east(lambda: list(Paper.objects.values_list("tries", "size", "made_at")))
    assert [(tries, size > 0, made_at) for tries, size, made_at in rows] == [(1, True, NOW)] * 2


def test_a_paper_waits_for_its_signer_is_tried_again_and_staff_are_told(fresh_database, monkeypatch):
    from cases.hall.paperwork import Paper, StaffNotice
    from cases.hall.services import papers
    from cases.shared import signing
    from tests.cases.hall.making import at

    in_east(lambda: at("accepted"))
    hall, sign, now = _hall("east"), papers.signing.sign, NOW

    def away(*_args, **_given):
        raise signing.CannotSign("TokenNotPresent")

    monkeypatch.setattr(papers.signing, "sign", away)
    for _ in range(papers.TOLD_AFTER):
        assert papers.make_due(hall, lambda: False, now=lambda at=now: at) == 0
        # not again before its time
        assert papers.make_due(hall, lambda: False, now=lambda at=now: at) == 0
        now += timedelta(minutes=10)
    notices = in_east(lambda: list(StaffNotice.objects.values_list("kind", "done_at")))
    assert notices == [("paper", None)]

    monkeypatch.setattr(papers.signing, "sign", sign)
    now += timedelta(hours=1)
    assert papers.make_due(hall, lambda: False, now=lambda: now) == 1

    assert in_east(lambda: Paper.objects.get().made_at) == now
    assert in_east(lambda: StaffNotice.objects.get().done_at) == now


def test_one_that_died_over_a_paper_leaves_it_to_the_next(fresh_database):
    from cases.hall.services import papers
    from tests.cases.hall.making import at

    in_east(lambda: at("accepted"))
    hall = _hall("east")
    assert papers._claimed(hall, NOW) is not None

    assert papers.make_due(hall, lambda: False, now=lambda: NOW) == 0
    assert papers.make_due(hall, lambda: False, now=lambda: NOW + papers.LEASE) == 1
