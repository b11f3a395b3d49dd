"""Numbers that are given one after the other: the row's lock makes them unique, the transaction leaves no gap."""

from datetime import date

from django.db.models import F

from cases.hall import numbers
from cases.hall.models import Serial
from cases.hall.queries import place

# what stands in a document's number: 受理通知书, 不予受理决定书, 补正通知书, 准予决定书, 不予决定书 and so on
DOCUMENT_MARKS = {
    "accept": "受",
    "not_accept": "不受",
    "correction": "补正",
    "special": "特",
    "extend": "延",
    "grant": "准",
    "refuse": "不准",
    "withdraw": "撤回",
    "terminate": "终",
    "receipt": "送",
    "reissue": "补",
    "correct": "更",
    "revoke": "撤",
    "charge": "缴",
    "paid": "收",
}


def next_of(key: str) -> int:
    """Return the next number of this key. Whoever else wants one waits until this transaction has ended."""
    if not _advance(key):
        Serial.objects.bulk_create([Serial(key=key, last=0)], ignore_conflicts=True)
        _advance(key)
    return Serial.objects.values_list("last", flat=True).get(key=key)


def _advance(key: str) -> int:
    return Serial.objects.filter(key=key).update(last=F("last") + 1)


def case_number(day: date) -> str:
    """Return the next case number of the hall in scope for a day of receipt. Raises numbers.NoNumberLeft."""
    return numbers.make(place.here().case_prefix, day, next_of(f"case:{day:%y%m%d}"))


def booking_number(day: date) -> str:
    """Return the next number of a booking made on a day, without its Y. Raises numbers.NoNumberLeft."""
    return numbers.make(place.here().case_prefix, day, next_of(f"booking:{day:%y%m%d}"))


def enquiry_number(day: date) -> str:
    """Return the next number of what is asked or complained of on a day, without its letter. Raises numbers.NoNumberLeft."""
    return numbers.make(place.here().case_prefix, day, next_of(f"enquiry:{day:%y%m%d}"))


def document_number(kind: str, day: date) -> str:
    """Return the next number of a kind of document in the hall in scope and that year. Raises KeyError."""
    mark = DOCUMENT_MARKS[kind]
    return numbers.document_number(
        place.here().document_prefix, mark, day.year, next_of(f"doc:{kind}:{day.year}")
    )
