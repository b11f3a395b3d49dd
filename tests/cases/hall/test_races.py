"""Races end in the database: real commits, real threads."""

import threading
import uuid

import pytest

from tests.cases.hall.making import BIRTH, LICENCE, NOW, act, actor, applicant, submitted, upload
from tests.conftest import _hall

pytestmark = pytest.mark.slow


def at_once(*works):
    """Run these in threads, each in east's scope, all from the same moment; return results and exceptions in order."""
    from django.db import connections

    from tenants.shared import scope

    hall, barrier, outcomes = _hall("east"), threading.Barrier(len(works)), [None] * len(works)

    def run(place, work):
        try:
            with scope.hall(hall):
                barrier.wait(10)
                outcomes[place] = work()
        except Exception as problem:
            outcomes[place] = problem
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(place, work)) for place, work in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return outcomes


def in_east(make):
    from tenants.shared import scope

    with scope.hall(_hall("east")):
        return make()


def test_of_two_clerks_one_acts_and_the_other_is_told_who(fresh_database):
    from cases.hall.services.transition import SomebodyWasFaster

    case = in_east(submitted)

    outcomes = at_once(
        lambda: act(case, "accept"),
        lambda: act(case, "not_accept", username="east_head", posts=["window"], reason="理由"),
    )

    losers = [outcome for outcome in outcomes if isinstance(outcome, SomebodyWasFaster)]
    assert len(losers) == 1, outcomes
    winner = next(outcome for outcome in outcomes if outcome not in losers)
    assert str(losers[0]) in {"东窗口刚处理了这件：受理", "东负责刚处理了这件：没有受理"}
    assert in_east(lambda: list(case.events.order_by("sequence").values_list("to_state", flat=True))) == [
        "submitted",
        winner.state,
    ]


def filing(key, files, spouse="李四", item=LICENCE):
    from cases.hall.services import submit

    body = {"item": item, "answers": {"spouse": spouse}}
    return submit.file_case(
        item_code=item, raw_answers=body["answers"], files={"m1": files}, raw_delivery="window", actor=actor("lin"),
        applicant=applicant("lin"), company=None, idempotency_key=key, body=body, now=NOW,
    )  # fmt: skip


def waiting_file():
    from cases.hall.services import drafts

    return in_east(
        lambda: drafts.add_file(None, material_key="", upload=upload(), actor=actor("lin"), now=NOW).pk
    )


def test_submitting_three_times_at_once_is_submitting_once(fresh_database):
    from cases.hall.models import Case, Event, Outbox

    file = waiting_file()

    outcomes = at_once(*[lambda: filing("k1", [file]).number] * 3)

    assert len(set(outcomes)) == 1, outcomes
    assert in_east(lambda: (Case.objects.count(), Event.objects.count(), Outbox.objects.count())) == (1, 1, 1)


def test_two_bodies_under_one_key_at_once_are_one_case_and_one_refusal(fresh_database):
    from cases.hall.models import Case
    from cases.hall.services.submit import OtherBody

    one, other = waiting_file(), waiting_file()

    outcomes = at_once(
        lambda: filing("k1", [one]).number, lambda: filing("k1", [other], spouse="王五").number
    )

    assert sorted(type(outcome) for outcome in outcomes if not isinstance(outcome, str)) == [OtherBody]
    assert in_east(Case.objects.count) == 1


def test_a_draft_submitted_twice_at_once_is_one_case(fresh_database):
    from cases.hall.services import submit
    from tests.cases.hall.making import draft

    case = in_east(draft)

    def press():
        return submit.submit(
            case,
            actor=actor("lin"),
            applicant=applicant("lin"),
            version=case.item_version,
            idempotency_key=uuid.uuid4().hex,
            now=NOW,
        ).number

    outcomes = at_once(press, press, press)

    assert len(set(outcomes)) == 1
    assert all(isinstance(outcome, str) for outcome in outcomes), outcomes


def test_one_file_goes_to_one_of_two_cases(fresh_database):
    from cases.hall.models import Case
    from cases.hall.services.submit import Incomplete

    file = waiting_file()

    outcomes = at_once(lambda: filing("k1", [file]).number, lambda: filing("k2", [file]).number)

    assert [type(outcome) for outcome in outcomes if not isinstance(outcome, str)] == [Incomplete]
    assert in_east(Case.objects.filed().count) == 1


def test_numbers_of_cases_and_documents_are_unique_and_documents_without_a_gap(fresh_database):
    from cases.hall.models import Event

    files = [waiting_file() for _ in range(6)]
    numbers = at_once(
        *[lambda n=n, file=file: filing(f"k{n}", [file], item=BIRTH).number for n, file in enumerate(files)]
    )
    assert len(set(numbers)) == 6

    from cases.hall.models import Case

    cases = in_east(lambda: list(Case.objects.order_by("number")))
    # the last is refused half way: its number must not be lost
    works = [lambda case=case: act(case, "complete") for case in cases[:5]]
    works.append(lambda: (act(cases[5], "complete"), 1 / 0))
    outcomes = at_once(*works)

    assert [type(outcome) for outcome in outcomes].count(ZeroDivisionError) == 1
    in_east(lambda: act(cases[5], "complete"))
    found = in_east(
        lambda: sorted(Event.objects.filter(action="grant").values_list("document_no", flat=True))
    )
    assert found == [f"示(东)准〔2026〕{number:05d}号" for number in range(1, 7)]


def test_wrong_tries_at_once_are_all_counted(fresh_database):
    from cases.hall.services import track

    case = in_east(submitted)

    def attempt():
        return track.track(case.number, "AAAAAA", address="192.0.2.1", now=NOW)

    outcomes = at_once(*[attempt] * 8)

    kinds = sorted(type(outcome).__name__ for outcome in outcomes)
    assert kinds == ["Locked"] * 3 + ["WrongCode"] * 5
    right = at_once(lambda: track.track(case.number, case.query_code, address="192.0.2.1", now=NOW))
    assert isinstance(right[0], track.Locked)


def test_the_same_act_fifty_times_at_once_is_one_row(fresh_database):
    from cases.hall.models import Outbox

    case = in_east(submitted)

    outcomes = [outcome for _ in range(5) for outcome in at_once(*[lambda: act(case, "accept")] * 10)]

    assert sum(hasattr(outcome, "state") for outcome in outcomes) == 1
    assert {type(outcome).__name__ for outcome in outcomes} == {"Case", "SomebodyWasFaster"}
    assert in_east(lambda: list(case.events.order_by("sequence").values_list("action", flat=True))) == [
        "submit",
        "accept",
    ]
    assert in_east(lambda: Outbox.objects.filter(event__case=case).count()) == 2


def test_of_two_decisions_at_once_one_counts(fresh_database):
    from tests.cases.hall.making import at

    case = in_east(lambda: at("review"))

    outcomes = at_once(
        lambda: act(case, "grant"),
        lambda: act(case, "refuse", username="west_approver", reason="理由"),
    )

    assert [type(outcome).__name__ for outcome in outcomes].count("SomebodyWasFaster") == 1
    assert in_east(lambda: case.events.count()) == 4


def test_an_answer_handed_in_many_times_at_once_is_handed_in_once(fresh_database):
    from cases.hall.models import CaseFile
    from cases.hall.services import corrections, transition

    def corrected():
        points = [{"kind": "material", "key": "m2", "verdict": "missing"}]
        case = act(submitted(), "request_correction", data={"points": points})
        corrections.add_file(case, material_key="m2", upload=upload(), actor=actor("lin"), now=NOW)
        return case

    case = in_east(corrected)

    outcomes = at_once(*[lambda: transition.apply(case, "resubmit", by=actor("lin"), now=NOW)] * 6)

    assert sum(hasattr(outcome, "state") for outcome in outcomes) == 1, outcomes
    assert in_east(lambda: CaseFile.objects.filter(case=case, material_key="m2").count()) == 1


def test_an_answer_and_the_sweep_in_the_minute_it_expires_end_in_one_of_the_two(fresh_database):
    from datetime import datetime

    from django.utils import timezone

    from cases.hall.models import Case
    from cases.hall.services import corrections, transition

    def corrected():
        points = [{"kind": "field", "key": "spouse", "verdict": "wrong"}]
        case = act(submitted(), "request_correction", data={"points": points})
        corrections.save_answers(case, {"spouse": "王五"}, actor=actor("lin"), now=NOW)
        return case

    case = in_east(corrected)
    zone = timezone.get_default_timezone()
    last, after = datetime(2026, 3, 23, 23, 59, tzinfo=zone), datetime(2026, 3, 24, 0, 0, tzinfo=zone)

    outcomes = at_once(
        lambda: transition.apply(case, "resubmit", by=actor("lin"), now=last),
        lambda: transition.apply_system(Case.objects.lock(case.pk), "abandon", now=after),
    )

    state = in_east(lambda: Case.objects.get(pk=case.pk).state)
    was_abandoned = outcomes[1] is True
    assert state == ("abandoned" if was_abandoned else "submitted"), outcomes
    assert isinstance(outcomes[0], transition.SomebodyWasFaster) == was_abandoned


def noticed():
    """A case whose notice is answered in the copy and not handed in: its last day is 23 March."""
    from cases.hall.services import corrections

    points = [{"kind": "field", "key": "spouse", "verdict": "wrong"}]
    case = act(submitted(), "request_correction", data={"points": points})
    corrections.save_answers(case, {"spouse": "王五"}, actor=actor("lin"), now=NOW)
    return case


def minutes():
    """The last minute of the last day, and the first of the next."""
    from datetime import datetime

    from django.utils import timezone

    zone = timezone.get_default_timezone()
    return datetime(2026, 3, 23, 23, 59, tzinfo=zone), datetime(2026, 3, 24, 0, 0, tzinfo=zone)


def what_happened(case):
    return in_east(lambda: list(case.events.values_list("action", flat=True).order_by("sequence")))


def test_an_answer_that_holds_the_case_when_the_sweep_comes_counts(fresh_database):
    """In the answer's last moment, before its COMMIT, the sweep of the next day comes by: it passes the locked case."""
    from cases.hall.services import lapses, transition

    case, (last, after) = in_east(noticed), minutes()
    swept = []

    def answer():
        transition.apply(case, "resubmit", by=actor("lin"), now=last)
        swept.extend(swept_at_once(lambda: lapses.sweep(_hall("east"), now=after)["abandon"]))

    in_east(answer)
    # and when it comes again there is nothing to abandon
    swept.append(lapses.sweep(_hall("east"), now=after)["abandon"])

    assert swept == [0, 0]
    assert what_happened(case) == ["submit", "request_correction", "resubmit"]


def test_an_answer_that_comes_when_the_sweep_holds_the_case_is_told_so(fresh_database):
    """The sweep is before its COMMIT when the answer of the last minute comes: it waits, and finds the case ended."""
    from concurrent.futures import ThreadPoolExecutor

    from django.db import connection, connections

    from cases.hall.models import Case
    from cases.hall.services import transition

    case, (last, after) = in_east(noticed), minutes()

    def answer():
        from tenants.shared import scope

        try:
            with scope.hall(_hall("east")):
                return transition.apply(case, "resubmit", by=actor("lin"), now=last)
        except transition.SomebodyWasFaster as refusal:
            return str(refusal)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:

        def abandon():
            locked = Case.objects.lock(case.pk)
            assert transition.apply_system(locked, "abandon", now=after)
            waiting = pool.submit(answer)
            while not _is_waited_for(connection):
                assert not waiting.done(), waiting.result()
            return waiting

        outcome = in_east(abandon).result(30)

    assert outcome == "系统刚处理了这件：过期没补，结束了"
    assert what_happened(case) == ["submit", "request_correction", "abandon"]


def _is_waited_for(connection):
    """Whether another transaction waits for a lock of this one's."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))"
        )
        return cursor.fetchone()[0] > 0


def test_two_sweeps_at_once_deem_once(fresh_database):
    from datetime import timedelta

    from cases.hall.services import lapses

    case = in_east(submitted)
    later = NOW + timedelta(days=9)

    def sweep():
        return lapses.sweep(_hall("east"), now=later)["deem"]

    outcomes = swept_at_once(sweep, sweep, sweep)

    assert sorted(outcomes) == [0, 0, 1]
    assert in_east(lambda: list(case.events.values_list("action", flat=True).order_by("sequence"))) == [
        "submit",
        "deem_accepted",
    ]


def swept_at_once(*works):
    """Run these in threads, each opening the scopes that it needs itself."""
    from concurrent.futures import ThreadPoolExecutor

    from django.db import connections

    def run(work):
        try:
            return work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def test_of_two_clerks_who_claim_one_wins_and_the_other_sees_who(fresh_database):
    from cases.hall.services import claims

    case = in_east(submitted)
    clerks = {name: actor(name, ["window"]) for name in ("east_window", "east_head")}
    outcomes = at_once(*(lambda by=by: claims.claim(case, by=by, now=NOW) for by in clerks.values()))

    (loser,) = [outcome for outcome in outcomes if isinstance(outcome, claims.AlreadyClaimed)]
    (winner,) = [outcome for outcome in outcomes if outcome is not loser]
    assert loser.name == winner.claimed_name
    assert in_east(lambda: list(case.claims.values_list("name", "until"))) == [(winner.claimed_name, None)]


def test_a_claim_beside_a_step_ends_with_it_or_is_told_that_it_came_late(fresh_database):
    from cases.hall import checks
    from cases.hall.services import claims

    case = in_east(submitted)
    outcomes = at_once(
        lambda: claims.claim(case, by=actor("east_head", ["window"]), now=NOW), lambda: act(case, "accept")
    )

    assert not isinstance(outcomes[1], Exception), outcomes
    assert in_east(lambda: case.claims.filter(until=None).count()) == 0
    assert in_east(lambda: list(checks.claims_follow_rows(_hall("east")))) == []


def batched(key, cases, username="east_window"):
    from cases.hall.services import batch

    by = actor(username, ["window"])
    picked = {case.number: case.revision for case in cases}
    return batch.start(by, "accept", picked, reason="", key=key, now=NOW).pk


def test_an_act_on_many_pressed_many_times_at_once_is_done_once(fresh_database):
    from cases.hall.models import BatchJob, Event

    cases, key = [in_east(submitted) for _ in range(3)], uuid.uuid4()

    outcomes = at_once(*[lambda: batched(key, cases)] * 5)

    assert len(set(outcomes)) == 1, outcomes
    assert in_east(BatchJob.objects.count) == 1
    assert in_east(Event.objects.filter(action="accept").count) == 3


def test_two_acts_on_many_and_single_ones_at_once_take_each_case_once(fresh_database):
    from cases.hall.models import BatchLine, Event

    cases = [in_east(submitted) for _ in range(4)]

    outcomes = at_once(
        lambda: batched(uuid.uuid4(), cases),
        lambda: batched(uuid.uuid4(), cases[::-1], username="east_head"),
        lambda: act(cases[3], "accept", username="west_window"),
        lambda: act(cases[0], "accept", username="west_window"),
    )

    assert {type(outcome).__name__ for outcome in outcomes} <= {"UUID", "Case", "SomebodyWasFaster"}, outcomes
    accepted = in_east(lambda: list(Event.objects.filter(action="accept").values_list("case", flat=True)))
    assert sorted(accepted) == sorted(case.pk for case in cases)
    done = in_east(BatchLine.objects.filter(outcome="done").count)
    assert done + sum(type(outcome).__name__ == "Case" for outcome in outcomes) == 4


def test_two_workers_at_once_do_each_line_once(fresh_database, monkeypatch):
    from cases.hall import tasks
    from cases.hall.models import BatchJob, Event
    from cases.hall.services import batch

    monkeypatch.setattr(batch, "MOST_AT_ONCE", 0)
    monkeypatch.setattr(tasks.timezone, "now", lambda: NOW)
    cases = [in_east(submitted) for _ in range(6)]
    in_east(lambda: batched(uuid.uuid4(), cases))

    swept_at_once(*[lambda: tasks.acts_on_many(_hall("east"), lambda: False)] * 3)

    assert in_east(Event.objects.filter(action="accept").count) == 6
    assert in_east(lambda: BatchJob.objects.get().ended_at) is not None


def test_a_small_correction_and_an_acceptance_at_once_are_one_of_the_two(fresh_database):
    from cases.hall.models import Mending

    case = in_east(submitted)
    data = {"field": "married_on", "value": "2020-05-20", "consent": "here"}

    outcomes = at_once(
        lambda: act(case, "mend", reason="写反", data=data),
        lambda: act(case, "accept", username="east_head", posts=["window"]),
    )

    assert [type(outcome).__name__ for outcome in outcomes].count("SomebodyWasFaster") == 1, outcomes
    was_mended = type(outcomes[0]).__name__ == "Case"
    assert in_east(Mending.objects.count) == int(was_mended)


def test_a_submission_and_the_end_of_its_mandate_happen_in_one_order(fresh_database):
    from cases.hall.models import Case, Mandate
    from cases.hall.queries.access import MandateOver
    from cases.hall.services import mandates, submit
    from tests.cases.hall import mandating

    def prepared():
        mandating.term()
        mandate = mandating.in_force()
        return mandate, mandating.begun(mandate, LICENCE)

    mandate, case = in_east(prepared)

    def file():
        return submit.submit(
            case, actor=actor("zhou"), applicant=None, version=case.item_version, idempotency_key="k", now=NOW
        )

    outcomes = at_once(file, lambda: mandates.end(mandate.pk, actor=actor("zhou"), now=NOW), file)

    state, ended = in_east(lambda: (Case.objects.get().state, Mandate.objects.get().ended_at))
    assert ended == NOW
    was_filed = any(isinstance(outcome, Case) for outcome in outcomes)
    assert state == ("submitted" if was_filed else "draft"), outcomes
    assert all(isinstance(outcome, Case | MandateOver | Mandate) for outcome in outcomes), outcomes
