"""The last day that words about a term give."""

from datetime import date

import pytest

from cases.hall.validity import last_day


@pytest.mark.parametrize(
    ("words", "start", "end"),
    [
        ("5 年", date(2026, 3, 4), date(2031, 3, 4)),
        ("三年", date(2026, 3, 4), date(2029, 3, 4)),
        ("十五年", date(2026, 3, 4), date(2041, 3, 4)),
        ("二十年", date(2026, 3, 4), date(2046, 3, 4)),
        ("10 年（未满 16 周岁 5 年）", date(2026, 3, 4), date(2036, 3, 4)),
        ("1年", date(2024, 2, 29), date(2025, 2, 28)),
        ("6 个月", date(2026, 8, 31), date(2027, 2, 28)),
        ("三个月", date(2026, 10, 15), date(2027, 1, 15)),
        ("90 天", date(2026, 3, 4), date(2026, 6, 2)),
        ("两周", date(2026, 3, 4), date(2026, 3, 18)),
    ],
)
def test_a_term_ends_on_its_day(words, start, end):
    assert last_day(words, start) == end


@pytest.mark.parametrize("words", ["", "长期", "以证书为准", "到项目竣工", "满 5 年换证"])
def test_what_names_no_term_has_no_end(words):
    assert last_day(words, date(2026, 3, 4)) is None
