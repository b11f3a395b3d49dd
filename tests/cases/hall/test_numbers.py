"""Numbers of cases and documents: the examples of DOMAIN section 4, and every slip of the pen."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.hall import numbers
from cases.hall.numbers import CaseNumber, NoNumberLeft
from tests.cases.hall.calendars import PROPERTY

EXAMPLES = [
    ("341602260224000016", CaseNumber("341602", date(2026, 2, 24), 1)),
    ("341621260228000171", CaseNumber("341621", date(2026, 2, 28), 17)),
]


@pytest.mark.parametrize(("number", "parts"), EXAMPLES)
def test_examples(number, parts):
    assert numbers.make(parts.hall, parts.day, parts.serial) == number
    assert numbers.parse(number) == parts
    assert numbers.check(number)
    assert "".join(numbers.groups(number)) == number


@PROPERTY
@given(st.integers(100000, 999999), st.dates(date(2014, 1, 1), date(2099, 12, 31)), st.integers(1, 99999))
def test_made_numbers_are_read_again_and_one_wrong_digit_never_is(hall, day, serial):
    number = numbers.make(str(hall), day, serial)

    assert numbers.parse(number) == CaseNumber(str(hall), day, serial)
    for place, digit in enumerate(number):
        wrong = str((int(digit) + 1 + serial % 9) % 10)
        assert not numbers.check(number[:place] + wrong + number[place + 1 :])


@pytest.mark.parametrize(
    "number",
    [
        "",
        "34160226022400001",
        "3416022602240000166",
        "341602260224000010",
        "34160226022400001x",
        "３４１６０２２６０２２４００００１６",
        "341602 260224 00001 6",
        # the check is right; 31 February and serial 0 are not
        "341602260231000013",
        "341602260224000008",
    ],
)
def test_what_is_no_number(number):
    assert not numbers.check(number)


def test_the_last_two_examples_fail_for_their_date_and_serial_alone():
    from_date = [n for n in (f"34160226023100001{c}" for c in range(10)) if numbers.mod_11_10.is_valid(n)]
    from_serial = [n for n in (f"34160226022400000{c}" for c in range(10)) if numbers.mod_11_10.is_valid(n)]

    assert [numbers.parse(n) for n in from_date + from_serial] == [None, None]


def test_a_day_has_99_999_numbers():
    assert numbers.make("341602", date(2026, 2, 24), 99_999)[12:17] == "99999"
    with pytest.raises(NoNumberLeft):
        numbers.make("341602", date(2026, 2, 24), 100_000)


@pytest.mark.parametrize(
    ("hall", "serial"), [("34160", 1), ("34160x", 1), ("３４１６０２", 1), ("341602", 0)]
)
def test_impossible_parts_are_refused(hall, serial):
    with pytest.raises(ValueError, match="6 digits"):
        numbers.make(hall, date(2026, 2, 24), serial)


def test_query_codes_cannot_be_misread():
    codes = {numbers.query_code() for _ in range(300)}

    assert all(re.fullmatch(r"[2-9A-HJKMNP-Z]{6}", code) for code in codes)
    assert len(codes) > 290
    assert set("".join(codes)) == set(numbers.QUERY_ALPHABET)
    assert numbers.normalize_query_code(" ab3 k9z\n") == "AB3K9Z"


def test_verification_codes_are_long_and_fit_for_a_url():
    first, second = numbers.verification_code(), numbers.verification_code()

    assert first != second
    # 6 bits a character
    assert len(first) * 6 >= 128
    assert re.fullmatch(r"[A-Za-z0-9_-]+", first)


def test_document_number():
    assert numbers.document_number("东(南)", "受", 2026, 1) == "东(南)受〔2026〕00001号"
    with pytest.raises(ValueError, match="from 1"):
        numbers.document_number("东(南)", "受", 2026, 0)
