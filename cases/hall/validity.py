"""How long a result is good for: the last day that an item's words 5 年 or 三个月 give. Pure."""

import re
from calendar import monthrange
from datetime import date, timedelta

_NUMERALS = {name: number for number, name in enumerate("零一二三四五六七八九十")} | {"两": 2}
_TERM = re.compile(r"^\s*(\d{1,3}|[一二两三四五六七八九十]{1,2})\s*(年|个月|月|天|日|周)")


def last_day(words: str, start: date) -> date | None:
    """Return the last day of a term that begins on `start`; None for 长期, and for words that name no term at their front.

    By the Civil Code 201 and 202 the first day does not count: years and months end on the day of the same number,
    or on the last of a month that has none.
    """
    found = _TERM.match(words)
    if found is None:
        return None
    number, unit = _number(found[1]), found[2]
    if unit in {"天", "日", "周"}:
        return start + timedelta(days=number * (7 if unit == "周" else 1))
    months = start.month - 1 + number * (12 if unit == "年" else 1)
    year, month = start.year + months // 12, months % 12 + 1
    return date(year, month, min(start.day, monthrange(year, month)[1]))


def _number(text: str) -> int:
    """Return 3 of 三, 15 of 十五, 20 of 二十, and digits as they are."""
    if text.isdigit():
        return int(text)
    if len(text) == 1:
        return _NUMERALS[text]
    first, second = (_NUMERALS[letter] for letter in text)
    return first * 10 if second == 10 else first % 10 * 10 + second if first != 10 else 10 + second
