"""Numbers of people and organisations: the standards' own examples, and what only looks like a number."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum.cn import ric

from accounts.validators import (
    birth_date,
    id_problem,
    normalize_id,
    normalize_phone,
    phone_problem,
    uscc_problem,
    validate_id_number,
    validate_phone,
    validate_uscc,
)

TODAY = date(2026, 3, 4)
CHECK = "最后一位不对，请对照证件再看一遍"
BIRTH = "出生日期那几位不对"
SHAPE = "身份证号不对，请对照证件再看一遍"
USCC = "信用代码不对，请对照营业执照"
PHONE = "手机号要 11 位，以 1 开头"
LATIN = "0123456789"


def checked(first_17):
    return first_17 + ric.calc_check_digit(first_17 + "0")


@pytest.mark.parametrize(
    "number",
    [
        "11010519491231002X",
        "11010519491231002x",
        " 110105 19491231 002X ",
        "110105\u300019491231\u00a0002X",
        checked("34160220040229001"),
        # a region code that is no longer given: Chongqing, while it was in Sichuan
        checked("51022119660101001"),
        # residence permits of Hong Kong, Macao and Taiwan residents
        checked("81000019900101001"),
        checked("82000019900101001"),
        checked("83000019900101001"),
        # the permanent residence card of foreigners: 9, province, country, birth date
        checked("93484019900101001"),
        checked("11010520260304001"),
    ],
)
def test_id_numbers_that_are_right(number):
    assert id_problem(number, TODAY) is None


@pytest.mark.parametrize(
    ("number", "problem"),
    [
        ("", "身份证号要 18 位，现在是 0 位"),
        ("1101051949123100", "身份证号要 18 位，现在是 16 位"),
        ("110105491231002", "身份证号要 18 位，现在是 15 位"),
        ("11010519491231002X1", "身份证号要 18 位，现在是 19 位"),
        ("110105194912310021", CHECK),
        ("110105194912310020", CHECK),
        (checked("11010519490229001"), BIRTH),
        (checked("11010519491331001"), BIRTH),
        (checked("11010500001231001"), BIRTH),
        (checked("11010518991231001"), BIRTH),
        (checked("11010520260305001"), BIRTH),
        (checked("99010519491231002")[:17] + "A", SHAPE),
        (checked("01010519491231002"), SHAPE),
        (checked("60010519491231002"), SHAPE),
        ("11010519491231X02X", SHAPE),
        ("-1010519491231002X", SHAPE),
        ("１１０１０５１９４９１２３１００２Ｘ", SHAPE),
        ("١١٠١٠٥١٩٤٩١٢٣١٠٠٢X", SHAPE),
        ("1101051949123100²X", SHAPE),
        ("11010519491231002\u00d7", SHAPE),
        ("11010519491231002\0", SHAPE),
        ("11010519491231002\ud800", SHAPE),
    ],
)
def test_id_numbers_that_are_wrong(number, problem):
    assert id_problem(number, TODAY) == problem


def test_one_wrong_digit_is_always_noticed():
    right = "11010519491231002X"
    for position in range(17):
        for digit in LATIN.replace(right[position], ""):
            assert id_problem(right[:position] + digit + right[position + 1 :], TODAY) is not None


def test_birth_date():
    assert birth_date("110105 19491231 002x") == date(1949, 12, 31)
    with pytest.raises(ValueError, match="no date"):
        birth_date("11010519490229001X")


@pytest.mark.parametrize(
    "code",
    ["91350100M000100Y43", "114507210081153718", "11450721MB15580811", "91350100 m000100y43"],
)
def test_credit_codes_that_are_right(code):
    assert uscc_problem(code) is None


def test_credit_code_of_a_village_cooperative_begins_with_a_letter():
    assert uscc_problem(_uscc("N2341602", "MB1558081")) is None


def _uscc(head, organisation):
    """Return the code with the checks that GB 11714 and GB 32100 give, computed here from the standards' words."""
    letters = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    first_17 = head + organisation
    total = sum(letters.index(letter) * pow(3, place, 31) for place, letter in enumerate(first_17))
    return first_17 + letters[(31 - total % 31) % 31]


@pytest.mark.parametrize(
    "code",
    [
        "",
        "91350100M000100Y4",
        "91350100M000100Y44",
        "91350100M000100Y433",
        "91350100I000100Y43",
        # the outer check is right and the inner one is not
        _uscc("11450721", "008115372"),
        "９1350100M000100Y43",
        "91350100M000100Y4٣",
        "9135010ZM000100Y43",
        "91350100M000100Y4\n3\0",
    ],
)
def test_credit_codes_that_are_wrong(code):
    assert uscc_problem(code) == USCC


@pytest.mark.parametrize("phone", ["13812345678", "19912345678", "138 1234 5678", "+86 138-1234-5678"])
def test_phones_that_are_right(phone):
    assert phone_problem(phone) is None


@pytest.mark.parametrize(
    "phone",
    [
        "",
        "12812345678",
        "1381234567",
        "138123456789",
        "０13812345678",
        "1381234567８",
        "1381234567a",
        "+13812345678",
    ],
)
def test_phones_that_are_wrong(phone):
    assert phone_problem(phone) == PHONE


def test_normalized_as_kept():
    assert normalize_id(" 11010519491231 002x\n") == "11010519491231002X"
    # ß and ı would grow or change: only ASCII letters are raised
    assert normalize_id("ßıx") == "ßıX"
    assert normalize_phone("+86 138-1234-5678") == "13812345678"


@settings(max_examples=100, deadline=None, derandomize=True, database=None)
@given(st.text(max_size=40))
def test_no_text_breaks_them(text):
    for problem in (id_problem(text, TODAY), uscc_problem(text), phone_problem(text)):
        assert problem is None or "，" in problem or problem == BIRTH


@pytest.mark.parametrize(
    ("validate", "right", "wrong", "problem"),
    [
        (validate_id_number, "11010519491231002X", "110105194912310021", CHECK),
        (validate_uscc, "91350100M000100Y43", "91350100M000100Y44", USCC),
        (validate_phone, "13812345678", "23812345678", PHONE),
    ],
)
def test_django_validators_say_the_words(validate, right, wrong, problem):
    assert validate(right) is None
    with pytest.raises(ValidationError) as refusal:
        validate(wrong)
    assert refusal.value.messages == [problem]


def test_nobody_is_born_tomorrow():
    tomorrow = timezone.localdate() + timedelta(days=1)

    with pytest.raises(ValidationError) as refusal:
        validate_id_number(checked(f"110105{tomorrow:%Y%m%d}001"))
    assert refusal.value.messages == [BIRTH]
