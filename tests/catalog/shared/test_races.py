"""Races of editors end in the database: real commits, real threads."""

import threading
from datetime import date, timedelta

import pytest

from tests.template import LICENCE, NOW

pytestmark = pytest.mark.slow


def at_once(*works):
    """Run these in threads, each in the city's scope, all from the same moment; return results and exceptions in order."""
    from django.db import connections

    from tenants.shared import scope

    barrier, outcomes = threading.Barrier(len(works)), [None] * len(works)

    def run(place, work):
        try:
            with scope.city():
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


def in_city(make):
    from tenants.shared import scope

    with scope.city():
        return make()


def versions():
    from catalog.shared.models import SharedVersion

    return in_city(
        lambda: list(
            SharedVersion.objects.filter(code=LICENCE).order_by("version").values_list("version", flat=True)
        )
    )


def test_of_two_approvals_at_once_one_publishes(fresh_database):
    from catalog.shared.services import items
    from tests.catalog.shared.making import approver, save

    in_city(lambda: save(promised_days=4))
    by = approver()

    outcomes = at_once(*[lambda: items.approve(LICENCE, by=by, now=NOW)] * 2)

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["NotADraft", "SharedVersion"], outcomes
    assert versions() == [1, 2]


def test_of_two_who_begin_a_draft_at_once_the_second_is_told(fresh_database):
    from catalog.shared.models import SharedDraft
    from catalog.shared.services import items
    from tests.catalog.shared.making import approver, editor

    one, two = editor(), approver()

    outcomes = at_once(
        lambda: items.save(LICENCE, {"promised_days": 4}, seen=0, by=one, now=NOW),
        lambda: items.save(LICENCE, {"promised_days": 3}, seen=0, by=two, now=NOW),
    )

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["ChangedMeanwhile", "SharedDraft"], (
        outcomes
    )
    assert in_city(lambda: SharedDraft.objects.get().revision) == 1


def test_two_workers_publish_what_is_due_once(fresh_database):
    from catalog.shared.services import items
    from catalog.shared.services.editions import Life
    from tests.catalog.shared.making import approver, editor

    life = Life(effective_from=date(2026, 3, 9))
    in_city(lambda: items.save(LICENCE, {"promised_days": 4}, life=life, by=editor(), now=NOW))
    in_city(lambda: items.approve(LICENCE, by=approver(), now=NOW))
    late = NOW + timedelta(days=9)

    outcomes = at_once(*[lambda: items.come_due(now=late)] * 2)

    assert sorted(outcomes) == [0, 1]
    assert versions() == [1, 2]
