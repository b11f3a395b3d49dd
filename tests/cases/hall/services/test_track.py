"""Following a case by its number and query code."""

from datetime import timedelta

import pytest

from tests.cases.hall.making import NOW, draft, submitted

pytestmark = pytest.mark.usefixtures("in_east")


def look(number, code, address="192.0.2.1", now=NOW):
    from cases.hall.services import track

    return track.track(number, code, address=address, now=now)


def test_the_right_code_shows_the_case_however_it_is_typed():
    case = submitted()

    assert look(f" {case.number[:6]} {case.number[6:]} ", f" {case.query_code.lower()} ") == case


def test_five_wrong_tries_lock_the_number_for_fifteen_minutes():
    from cases.hall.services.track import Locked, WrongCode

    case, other = submitted(), submitted()
    left = []
    for _ in range(5):
        with pytest.raises(WrongCode) as refusal:
            look(case.number, "AAAAAA")
        left.append(refusal.value.left)
    assert left == [4, 3, 2, 1, 0]

    with pytest.raises(Locked) as locked:
        look(case.number, case.query_code, address="198.51.100.7")
    assert locked.value.until == NOW + timedelta(minutes=15)
    assert str(locked.value) == "试错太多，10:15后再试"
    # another number is not locked, and after the time this one is not either
    assert look(other.number, other.query_code) == other
    assert look(case.number, case.query_code, now=NOW + timedelta(minutes=15, seconds=1)) == case


def test_right_tries_use_nothing_up():
    case = submitted()

    for _ in range(12):
        assert look(case.number, case.query_code) == case


def test_a_hundred_tries_lock_the_address():
    from cases.hall.services.track import Locked, WrongCode

    case = submitted()
    for number in range(100):
        with pytest.raises(WrongCode):
            look(f"{number:018d}", "AAAAAA")

    with pytest.raises(Locked):
        look(case.number, case.query_code)
    assert look(case.number, case.query_code, address="198.51.100.7") == case


def test_a_number_that_was_never_given_answers_like_a_wrong_code():
    from cases.hall.services.track import WrongCode

    case = submitted()
    texts = set()
    for number in (case.number, "349901260302999990"):
        with pytest.raises(WrongCode) as refusal:
            look(number, "AAAAAA")
        texts.add(str(refusal.value))

    assert texts == {"编号或查询码不对，还能试 4 次"}


@pytest.mark.parametrize(
    ("number", "code"), [("", ""), ("x", "\x00"), ("1" * 400, "y" * 400), ("３４９９", "码")]
)
def test_nonsense_is_a_wrong_code(number, code):
    from cases.hall.services.track import WrongCode

    draft()

    with pytest.raises(WrongCode):
        look(number, code)
