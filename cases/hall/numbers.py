"""Numbers that people read out: cases, documents, query codes; and the long random one behind a QR code."""

import secrets
from dataclasses import dataclass
from datetime import date, datetime

from stdnum.iso7064 import mod_11_10

# without 0 O 1 I L, which are mistaken for each other
QUERY_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
QUERY_LENGTH = 6
MAX_SERIAL = 99_999
_HALL_DIGITS = 6
_VERIFICATION_BYTES = 24


class NoNumberLeft(ValueError):
    """The hall has given all 99,999 numbers of the day."""


@dataclass(frozen=True)
class CaseNumber:
    """The parts of a case number: 6 digits of the hall, the day of receipt, the serial of that day."""

    hall: str
    day: date
    serial: int


def make(hall: str, day: date, serial: int) -> str:
    """Return the 18 digits: 6 hall, YYMMDD, 5 serial, 1 check (ISO 7064 MOD 11,10).

    `day` is the day of receipt in Shanghai. Raises NoNumberLeft beyond 99,999, ValueError for a hall that is not
    6 digits or a serial below 1.
    """
    if not (len(hall) == _HALL_DIGITS and _is_digits(hall)) or serial < 1:
        raise ValueError("a case number wants 6 digits of the hall and a serial from 1")
    if serial > MAX_SERIAL:
        raise NoNumberLeft(f"{hall} has no number left on {day}")
    body = f"{hall}{day:%y%m%d}{serial:05d}"
    return f"{body}{mod_11_10.calc_check_digit(body)}"


def parse(number: str) -> CaseNumber | None:
    """Return the parts of a case number, None when it is none (length, digits, date, check)."""
    if len(number) != 18 or not _is_digits(number) or not mod_11_10.is_valid(number):
        return None
    try:
        # the century is ours: no case is older than the halls
        day = datetime.strptime(f"20{number[6:12]}", "%Y%m%d").date()  # noqa: DTZ007 -- a calendar day has no zone
    except ValueError:
        return None
    serial = int(number[12:17])
    return CaseNumber(number[:6], day, serial) if serial else None


def check(number: str) -> bool:
    """Whether this is a well-formed case number; it need not have been given."""
    return parse(number) is not None


def groups(number: str) -> tuple[str, str, str, str]:
    """Return the four groups that a case number is shown in, set apart by margins and not by spaces."""
    return number[:6], number[6:12], number[12:17], number[17:]


def _is_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


def query_code() -> str:
    """Return a new query code: 6 random characters that cannot be misread."""
    return "".join(secrets.choice(QUERY_ALPHABET) for _place in range(QUERY_LENGTH))


def normalize_query_code(text: str) -> str:
    """Return a typed query code as it is kept: no spaces, capitals."""
    return "".join(text.split()).upper()


def verification_code() -> str:
    """Return a new code of 192 random bits, fit for a URL, by which anybody may check a result."""
    return secrets.token_urlsafe(_VERIFICATION_BYTES)


def document_number(prefix: str, kind: str, year: int, serial: int) -> str:
    """Return 东(南)受〔2026〕00001号: the hall's prefix, the kind's character, year, serial of hall, kind and year.

    Raises ValueError for a serial below 1.
    """
    if serial < 1:
        raise ValueError("a serial counts from 1")
    return f"{prefix}{kind}〔{year}〕{serial:05d}号"
