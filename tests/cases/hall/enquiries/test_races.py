"""Races end in the database: real commits, real threads."""

import pytest

from tests.cases.hall.enquiries.making import actions, ask, complain, findings, messages, reload, staff
from tests.cases.hall.test_races import at_once, in_east
from tests.conftest import actor
from tests.template import NOW, PERSON_ID

pytestmark = pytest.mark.slow


def test_of_two_clerks_who_answer_at_once_one_is_told(fresh_database):
    from cases.hall.services.enquiries import answering
    from cases.hall.services.enquiries.refusals import NotOpen

    made = in_east(ask)
    outcomes = at_once(
        lambda: answering.answer(made, "能", by=staff("east_window"), now=NOW),
        lambda: answering.answer(made, "不能", by=staff("east_staff"), now=NOW),
    )

    assert sum(isinstance(each, NotOpen) for each in outcomes) == 1, outcomes
    winner = next(each for each in outcomes if not isinstance(each, Exception))
    assert in_east(lambda: (reload(made).answer, actions(made))) == (winner.answer, ["submit", "answer"])
    assert in_east(lambda: len(messages("lin"))) == 2
    assert in_east(findings) == []


def test_pressed_three_times_at_once_is_one_question(fresh_database):
    from cases.hall.models import Enquiry

    outcomes = at_once(*[lambda: ask(key="k")] * 3)
    assert len({each.pk for each in outcomes if isinstance(each, Enquiry)}) == 1, outcomes
    assert not any(isinstance(each, Exception) for each in outcomes), outcomes
    assert in_east(lambda: (Enquiry.objects.count(), len(messages()))) == (1, 1)
    assert in_east(findings) == []


def test_whoever_is_named_in_the_same_moment_answers_before_or_not_at_all(fresh_database):
    from django.http import Http404

    from cases.hall.services.enquiries import answering, handling

    made = in_east(complain)
    in_east(lambda: handling.assign(made, PERSON_ID["east_window"], by=staff("east_head"), now=NOW))
    outcomes = at_once(
        lambda: handling.name_party(made, PERSON_ID["east_window"], by=staff("east_head"), now=NOW),
        lambda: answering.answer(made, "没有的事", by=actor("east_window", ["window"]), now=NOW),
    )

    done = in_east(lambda: actions(made))
    assert done in (
        ["submit", "assign", "name_party"],
        ["submit", "assign", "answer"],
    ), outcomes
    assert isinstance(outcomes[1], Http404) == (done[-1] == "name_party")
    assert in_east(findings) == []
