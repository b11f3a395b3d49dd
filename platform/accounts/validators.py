"""Numbers of people and organisations: what looks right, in the words of LOOK section 6.

Resident ID GB 11643 (and the residence permits of 港澳台 and the foreign permanent residence card of 2023, which
share its form), unified social credit code GB 32100, mobile phone. Only ASCII counts: other digits of Unicode
look alike, sort apart and would give another blind index.
"""

import re
from datetime import date
from unicodedata import category

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from stdnum.cn import ric, uscc

# 11–71: the province of registration; 81–83: residence permits of Hong Kong, Macao and Taiwan residents; 9: foreigners
_ID_FORM = re.compile(r"(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]|9[0-9])[0-9]{15}[0-9X]")
_USCC_FORM = re.compile(r"[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}")
_PHONE_FORM = re.compile(r"1[3-9][0-9]{9}")
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_EARLIEST_YEAR = 1900
# a letter first, so that it is no phone number; what the program gives citizens and blanked accounts is nobody's to choose
_USERNAME_FORM = re.compile(r"(?!p[0-9a-f]{16}$|gone-)[a-z][a-z0-9_.-]{2,29}")
_SPACES = re.compile(r"\s+")
# the dot between the parts of a name (阿依古丽·买买提) as keyboards, papers and other systems write it
_BETWEEN = frozenset("\u00b7 -.'")
# 〇 counts as a number; what is unassigned or private may be a character of a newer table
_RARE = frozenset({"Nl", "Cn", "Co"})
_DOTS = re.compile(r"\s*[\u00b7\u2022\u2027\u2219\u22c5\u30fb\uff65\u2e31\u0387]\s*")


def normalize_id(text: str) -> str:
    """Return a number of an ID or organisation as it is kept: no spaces, ASCII letters in capitals."""
    return "".join(letter.upper() if letter.isascii() else letter for letter in _SPACES.sub("", text))


def normalize_name(text: str) -> str:
    """Return a name as it is kept and compared: one kind of dot (U+00B7), one space at the most.

    Characters stay what they are, rare ones of the extensions too: no compatibility form is put in their place.
    """
    return _DOTS.sub("\u00b7", _SPACES.sub(" ", text).strip())


def name_problem(text: str) -> str | None:
    """Return what is wrong with a person's name, in words, or None: no digits, signs or control characters.

    What Python's tables do not know yet, or GB 18030 keeps in the private area, may be a rare character of somebody's name.
    """
    name = normalize_name(text)
    if name and all(
        letter in _BETWEEN or category(letter)[0] in "LM" or category(letter) in _RARE for letter in name
    ):
        return None
    return _("姓名里只能有文字和间隔点，请对照证件再看一遍")


def normalize_phone(text: str) -> str:
    """Return a phone number as it is kept: no spaces, no hyphens, no +86."""
    return _SPACES.sub("", text).replace("-", "").removeprefix("+86")


def id_problem(text: str, today: date) -> str | None:
    """Return what is wrong with an 18-digit ID number, in words, or None. Old region codes stay valid."""
    number = normalize_id(text)
    if len(number) != 18:
        return _("身份证号要 18 位，现在是 %(n)d 位") % {"n": len(number)}
    # no list of counties: codes of dissolved counties live on in the numbers of those born there
    if not _ID_FORM.fullmatch(number):
        return _("身份证号不对，请对照证件再看一遍")
    born = _birth_date(number)
    if born is None or not date(_EARLIEST_YEAR, 1, 1) <= born <= today:
        return _("出生日期那几位不对")
    if number[-1] != ric.calc_check_digit(number):
        return _("最后一位不对，请对照证件再看一遍")
    return None


def _birth_date(number: str) -> date | None:
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None


def birth_date(number: str) -> date:
    """Return the birth date that a valid ID number says. Raises ValueError when it says none."""
    born = _birth_date(normalize_id(number))
    if born is None:
        raise ValueError("the number holds no date")
    return born


def uscc_problem(text: str) -> str | None:
    """Return what is wrong with a unified social credit code, in words, or None.

    Both check characters count: that of GB 32100 and that of the GB 11714 code inside. Registering bodies have
    letters too: the village cooperatives of the agricultural departments begin with N.
    """
    code = normalize_id(text)
    if (
        _USCC_FORM.fullmatch(code)
        and code[-1] == uscc.calc_check_digit(code)
        and _is_organisation(code[8:17])
    ):
        return None
    return _("信用代码不对，请对照营业执照")


def _is_organisation(code: str) -> bool:
    """Whether the check character of a 9-character organisation code is right (GB 11714)."""
    total = sum(
        _ALPHABET.index(letter) * weight for letter, weight in zip(code, _ORGANISATION_WEIGHTS, strict=False)
    )
    return code[-1] == "0123456789X0"[11 - total % 11]


def phone_problem(text: str) -> str | None:
    """Return what is wrong with a mobile phone number, in words, or None."""
    if _PHONE_FORM.fullmatch(normalize_phone(text)):
        return None
    return _("手机号要 11 位，以 1 开头")


def validate_id_number(value: str) -> None:
    """Django validator of an ID number. Raises ValidationError in words of LOOK section 6."""
    _refuse(id_problem(value, timezone.localdate()))


def validate_name(value: str) -> None:
    """Django validator of a person's name. Raises ValidationError."""
    _refuse(name_problem(value))


def validate_uscc(value: str) -> None:
    """Django validator of a unified social credit code. Raises ValidationError in words of LOOK section 6."""
    _refuse(uscc_problem(value))


def validate_phone(value: str) -> None:
    """Django validator of a mobile phone number. Raises ValidationError in words of LOOK section 6."""
    _refuse(phone_problem(value))


def validate_username(value: str) -> None:
    """Django validator of a username that somebody chooses. Raises ValidationError."""
    if not _USERNAME_FORM.fullmatch(value):
        _refuse(_("账号名要 3 到 30 个小写字母或数字，字母开头"))


def _refuse(problem: str | None) -> None:
    if problem:
        raise ValidationError(problem)
