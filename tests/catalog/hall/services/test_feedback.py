"""「这一页有错」: said once, counted by address, answered once, passed on without the person, gone after a year."""

from datetime import timedelta
from uuid import uuid4

import pytest

from accounts.actor import NOBODY
from accounts.services.counters import TooMany
from catalog.hall.models import Feedback
from catalog.hall.queries import effective_item
from catalog.hall.services import feedback
from catalog.shared.models import FeedbackFact
from tenants.shared import scope
from tests.conftest import actor
from tests.template import BIRTH, LICENCE, NOW, PERSON_ID


def say(text="地址不对", *, key=None, code=LICENCE, by=NOBODY, address="203.0.113.7", now=NOW):
    said = feedback.Said(key or uuid4(), "place", text)
    return feedback.submit(effective_item(code), said, address=address, by=by, now=now)


def test_what_is_kept_of_it(in_east, settings):
    made = say(by=actor("lin"))

    row = Feedback.objects.values().get()
    assert row == {
        "id": made.pk, "key": made.key, "code": LICENCE, "item_name": "小餐馆许可", "version": "1", "section": "place", "text": "地址不对",
        "person": PERSON_ID["lin"], "made_at": NOW, "state": "new", "answer": "", "answered_by": None, "answered_by_name": "",
        "answered_at": None, "is_passed_on": False,
    }  # fmt: skip


def test_sent_twice_it_is_there_once_and_counted_once(in_east, monkeypatch):
    monkeypatch.setattr(feedback, "LIMIT", 1)
    key = uuid4()
    first = say(key=key)

    assert say(key=key) == first
    assert Feedback.objects.count() == 1


@pytest.mark.parametrize("other", [{"text": "别的"}, {"code": BIRTH}])
def test_the_same_key_with_other_words_is_refused(in_east, other):
    key = uuid4()
    say(key=key)

    with pytest.raises(feedback.Unlike):
        say(key=key, **other)
    assert [row.text for row in Feedback.objects.all()] == ["地址不对"]


def test_one_address_says_so_much_in_an_hour(in_east, monkeypatch):
    monkeypatch.setattr(feedback, "LIMIT", 2)
    say()
    say()

    with pytest.raises(TooMany):
        say()
    assert Feedback.objects.count() == 2
    say(address="203.0.113.8")
    say(now=NOW + timedelta(hours=2))


def test_it_is_answered_once(in_east, staff):
    row = say()
    feedback.answer(row.pk, is_right=True, words=" 改好了 ", by=staff, now=NOW)

    with pytest.raises(feedback.AlreadyAnswered):
        feedback.answer(row.pk, is_right=False, words="没有错", by=staff, now=NOW)
    row.refresh_from_db()
    assert (row.state, row.answer, row.answered_by_name, row.answered_at) == (
        "accepted",
        "改好了",
        "东事项",
        NOW,
    )
    assert not FeedbackFact.objects.exists()


def test_an_answer_says_something(in_east, staff):
    row = say()

    with pytest.raises(feedback.AnswerMissing):
        feedback.answer(row.pk, is_right=False, words="  ", by=staff, now=NOW)
    row.refresh_from_db()
    assert (row.state, row.answered_at) == ("new", None)


def test_what_is_right_and_the_citys_is_passed_on_without_the_person(east, west, staff):
    with scope.hall(east):
        right, wrong = say("名称不对", by=actor("lin")), say("条件不对")
        feedback.answer(right.pk, is_right=True, words="请市里改", passes_on=True, by=staff, now=NOW)
        feedback.answer(wrong.pk, is_right=False, words="没有错", passes_on=True, by=staff, now=NOW)
    with scope.hall(west):
        assert not FeedbackFact.objects.exists(), "another hall's"
    with scope.city():
        (fact,) = FeedbackFact.objects.values()

    assert {name: fact[name] for name in ("hall_id", "code", "section", "text", "note")} == {
        "hall_id": east.role, "code": LICENCE, "section": "地址、电话、时间", "text": "名称不对", "note": "请市里改",
    }  # fmt: skip
    assert str(PERSON_ID["lin"]) not in str(fact)


def test_after_a_year_what_was_answered_is_gone(in_east, staff):
    old, waiting = say(), say()
    feedback.answer(old.pk, is_right=True, words="改了", passes_on=True, by=staff, now=NOW)

    assert feedback.tidy(now=NOW + timedelta(days=365)) == 0
    assert feedback.tidy(now=NOW + timedelta(days=366)) == 1
    assert list(Feedback.objects.all()) == [waiting]
    assert not FeedbackFact.objects.exists()


def test_each_step_is_written_down(in_east, staff, monkeypatch):
    rows = []
    monkeypatch.setattr(
        feedback, "record", lambda action, object, **more: rows.append((action, object, more["detail"]))
    )
    made = say()
    feedback.answer(made.pk, is_right=False, words="没有错", by=staff, now=NOW)

    assert rows == [
        ("feedback.submit", LICENCE, {"section": "place"}),
        ("feedback.answer", LICENCE, {"feedback": made.pk, "state": "rejected", "passed_on": False}),
    ]
