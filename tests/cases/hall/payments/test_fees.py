"""What an item asks to be paid through the hall, and what somebody writes as an amount."""

import pytest

from cases.hall import fees
from tests.cases.hall.payments.making import FEE, OPEN_FEE


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("20", 2000),
        (" 20.5 元", 2050),
        ("0.01", 1),
        ("1e2", 10000),
        ("0", None),
        ("-1", None),
        ("1.234", None),
        ("二十", None),
        ("", None),
        ("NaN", None),
        ("Infinity", None),
        ("1000000.01", None),
    ],
)
def test_an_amount_is_read_in_yuan_and_kept_in_fen(text, fen):
    assert fees.fen_of(text) == fen


@pytest.mark.parametrize(
    ("amount", "fen"), [(20, 2000), (4.5, 450), ("0.1", 10), (19.99, 1999), (None, None)]
)
def test_the_amount_of_a_row_is_exact(amount, fen):
    assert [fee.fen for fee in fees.of({"fees": [{**FEE, "amount": amount}]})] == [fen]


def test_one_fixed_fee_is_settled_and_a_choice_is_not():
    assert fees.settled({"fees": [FEE]}).fen == 2000
    for rows in ([], [OPEN_FEE], [FEE, OPEN_FEE], [FEE, {**FEE, "key": "f3"}]):
        assert fees.settled({"fees": rows}) is None


def test_a_fixed_fee_is_charged_whole_times():
    (fee,) = fees.of({"fees": [FEE]})
    assert fees.problem(fee, 4000) == ""
    assert "整数倍" in fees.problem(fee, 3000)
    assert fees.problem(fee, None) != ""
