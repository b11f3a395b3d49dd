"""Codes of items: the real example of DOMAIN section 1.1, and everything that is nearly one."""

import pytest
from django.core.exceptions import ValidationError

from catalog.shared.codes import (
    LEVELS,
    ItemCode,
    implementing_code,
    implementing_code_of,
    is_implementing_code,
    parse,
    validate_code,
)
from tenants.shared.models import Hall

USCC = "11450721MB15580811"
# types 02, 03, 04, 06 exist and nobody applies for them
NOT_APPLIED_FOR = "00020400200000"


def test_parts():
    assert parse("00010400200001") == ItemCode("00", "01", "04", "002", "000", "01")
    assert not parse("00010400200001").is_local
    assert parse("99200400200000").is_local


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("", "事项编码要 14 位数字，现在是 0 位"),
        ("000104002000", "事项编码要 14 位数字，现在是 12 位"),
        ("０００１０４００２０００００", "事项编码要 14 位数字，现在是 14 位"),
        ("0001040020000a", "事项编码要 14 位数字，现在是 14 位"),
        ("00010400200000\n", "事项编码要 14 位数字，现在是 15 位"),
        (NOT_APPLIED_FOR, "事项编码的第 3、4 位是事项类型，02 不能申请"),
    ],
)
def test_codes_that_are_wrong(code, message):
    with pytest.raises(ValidationError) as refusal:
        validate_code(code)
    assert refusal.value.messages == [message]
    assert parse(code) is None


def test_a_right_code_passes():
    assert validate_code("00010400200000") is None


def test_implementing_code_is_the_real_example():
    assert implementing_code(USCC, LEVELS["county"], "00010400200000") == "11450721MB155808114000104002000"
    assert implementing_code(USCC, 4, "00010400200001") == "11450721MB15580811400010400200001"


@pytest.mark.parametrize(
    ("uscc", "level", "code"),
    [
        ("11450721MB15580812", 4, "00010400200000"),
        (USCC.lower(), 4, "00010400200000"),
        (USCC, 0, "00010400200000"),
        (USCC, 7, "00010400200000"),
        (USCC, 41, "00010400200000"),
        (USCC, 4, "000104002000"),
        (USCC, 4, "0001040020000"),
        (USCC, 4, NOT_APPLIED_FOR),
        ("", 4, "00010400200000"),
    ],
)
def test_parts_that_are_none_are_refused(uscc, level, code):
    with pytest.raises(ValueError, match="implementing code"):
        implementing_code(uscc, level, code)


@pytest.mark.parametrize(
    ("text", "is_right"),
    [
        ("11450721MB155808114000104002000", True),
        ("11450721MB15580811400010400200001", True),
        ("11450721MB1558081140001040020000", False),
        ("11450721MB15580811700010400200001", False),
        ("11450721MB15580810400010400200001", False),
        ("11450721mb155808114000104002000", False),
        ("11450721MB155808114000204002000", False),
        ("11450721MB15580811４000104002000", False),
        ("", False),
    ],
)
def test_is_implementing_code(text, is_right):
    assert is_implementing_code(text) is is_right


@pytest.mark.parametrize(("level", "digit"), [("city", "3"), ("county", "4"), ("zone", "4")])
def test_a_halls_implementing_code_has_its_own_body_and_level(level, digit):
    hall = Hall(uscc=USCC, level=level)

    assert implementing_code_of(hall, "00010400200001") == f"{USCC}{digit}00010400200001"
    assert implementing_code_of(Hall(uscc="", level=level), "00010400200001") == ""
