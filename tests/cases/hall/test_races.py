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
