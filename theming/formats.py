"""How dates, sizes and numbers are written for people (LOOK §6). Pure functions; dates in local time."""

from datetime import date, datetime
from itertools import pairwise

from django.utils import timezone

WEEKDAYS = "一二三四五六日"


def local_date(value: date | datetime) -> date:
    """Return the calendar day; a moment is taken in the city's time zone."""
    if isinstance(value, datetime):
        return timezone.localdate(value) if timezone.is_aware(value) else value.date()
    return value


def cn_date(value: date | datetime) -> str:
    """Return 2026年3月4日（星期三）."""
    day = local_date(value)
    return f"{day.year}年{day.month}月{day.day}日（星期{WEEKDAYS[day.weekday()]}）"


def cn_day(value: date | datetime) -> str:
    """Return 3月4日 周三, for lists."""
    day = local_date(value)
    return f"{day.month}月{day.day}日 周{WEEKDAYS[day.weekday()]}"


def cn_time(value: datetime) -> str:
    """Return 2026年3月4日 14:30."""
    moment = timezone.localtime(value) if timezone.is_aware(value) else value
    return f"{moment.year}年{moment.month}月{moment.day}日 {moment:%H:%M}"


def file_size(size: int) -> str:
    """Return a file's size in bytes as 86 KB or 2.3 MB; never 0 KB for a file that holds something."""
    if size < 1024 * 1024:
        return f"{max(round(size / 1024), 1 if size else 0)} KB"
    return f"{size / 1024 / 1024:.1f} MB"


def number_parts(number: str) -> list[str]:
    """Split a case number into division 6, day 6, serial 5 and check digit: read in parts, copied as one."""
    cuts = (0, 6, 12, 17, len(number))
    return [number[a:b] for a, b in pairwise(cuts) if number[a:b]]


def id_parts(number: str) -> list[str]:
    """Split an 18-digit ID number into 6 8 4, for the page on which it is checked."""
    return [number[:6], number[6:14], number[14:]] if len(number) == 18 else [number]
