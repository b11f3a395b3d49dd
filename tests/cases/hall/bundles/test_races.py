"""Several items applied for at once, fifty times at the same moment: real commits, real threads."""

import pytest

from tests.cases.hall.bundles.making import draft, file_at_once, filed, submit
from tests.cases.hall.making import NOW, act, actor, upload
from tests.cases.hall.test_races import at_once, in_east

pytestmark = pytest.mark.slow


def counted():
    from cases.hall.models import Case, CaseFile, Event, ParentCase

    return in_east(lambda: tuple(model.objects.count() for model in (ParentCase, Case, CaseFile, Event)))


def test_a_draft_submitted_fifty_times_at_once_is_one_parent(fresh_database):
    case = in_east(draft)

    outcomes = [found for _ in range(5) for found in at_once(*[lambda: submit(case)] * 10)]

    assert len({outcome.pk for outcome in outcomes}) == 1, outcomes
    assert counted() == (1, 2, 2, 2)


def test_one_key_fifty_times_at_once_is_one_parent(fresh_database):
    from cases.hall.services import drafts

    file = in_east(
        lambda: drafts.add_file(None, material_key="m1", upload=upload(), actor=actor("lin"), now=NOW)
    )

    outcomes = [
        found for _ in range(5) for found in at_once(*[lambda: file_at_once("k", files=[file.pk])] * 10)
    ]

    assert len({outcome.pk for outcome in outcomes}) == 1, outcomes
    assert counted() == (1, 2, 2, 2)


def test_all_withdrawn_while_one_is_accepted_waits_in_no_circle(fresh_database):
    from cases.hall.services.bundles import following

    parent, (_birth, licence) = in_east(filed)

    withdrawn, accepted = at_once(
        lambda: following.withdraw(parent, actor=actor("lin"), now=NOW), lambda: act(licence, "accept")
    )

    assert len(withdrawn) == 2, (withdrawn, accepted)
    states = in_east(lambda: sorted(parent.children.values_list("state", flat=True)))
    assert states == ["withdrawn", "withdrawn"]
