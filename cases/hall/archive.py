"""What the archive of a hall must know of its cases (settings ARCHIVE_…): which serial a number was given from."""

import re

from cases.hall import numbers
from cases.hall.services.serials import DOCUMENT_MARKS

_DOCUMENT = re.compile(r"([^()〔〕]+)〔(\d{4})〕(\d{5,})号")
_KINDS = {mark: kind for kind, mark in DOCUMENT_MARKS.items()}
# what stands before the digits, and whose serial it is: Y of a booking, the others of what is asked and complained of
_BOOKING = "Y"


def serial_of(number: str) -> tuple[str, int] | None:
    """Return the key of the serial that a number was given from, and which it was; None where it is none of ours."""
    if found := _DOCUMENT.search(number):
        mark = found[1]
        kind = next(
            (kind for each, kind in _KINDS.items() if mark.endswith(each) and _longest(mark) == each), None
        )
        return (f"doc:{kind}:{found[2]}", int(found[3])) if kind else None
    letter, digits = (number[:1], number[1:]) if number[:1].isalpha() else ("", number)
    parts = numbers.parse(digits)
    if parts is None:
        return None
    name = "case" if not letter else "booking" if letter == _BOOKING else "enquiry"
    return f"{name}:{parts.day:%y%m%d}", parts.serial


def _longest(mark: str) -> str:
    return max((each for each in _KINDS if mark.endswith(each)), key=len, default="")
