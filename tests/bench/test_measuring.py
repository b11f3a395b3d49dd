"""What the benchmark makes of its figures, and the order in which it writes a submission's rows once more."""

from bench.load import Measured
from bench.submission import Row, _referenced_first

CASE, EVENT = "0b8b6f2e-0000-4000-8000-000000000001", "0b8b6f2e-0000-4000-8000-000000000002"


def test_a_ratio_is_taken_round_by_round():
    # a slow second round slows both sides: the ratio of the medians would say 0.4
    mine, theirs = Measured([5.0, 1.0, 2.0]), Measured([10.0, 2.0, 5.0])

    assert mine.of(theirs).values == [0.5, 0.5, 0.4]
    assert mine.of(theirs).median == 0.5


def test_the_middle_half_leaves_out_a_bad_round():
    assert Measured([1.0, 1.0, 1.0, 1.0, 90.0]).quarters == (1.0, 1.0)


def test_a_row_is_written_after_those_it_names():
    event = Row("east", "cases_hall_event", {"id": EVENT, "case_id": CASE}, ("id",))
    case = Row(
        "east", "cases_hall_case", {"id": CASE, "person": "0b8b6f2e-0000-4000-8000-000000000003"}, ("id",)
    )

    assert _referenced_first([event, case]) == [case, event]
