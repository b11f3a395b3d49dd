"""Codes of items (GB/T 39554.1-2020): the 14 digits that every hall shares, and the 31 or 33 of one hall's item.

14 digits = 12 of the basic code (2 origin, 2 type, 2 guiding department, 3 main, 3 sub) + 2 of the variant 业务办理项,
`00` when there is none. The implementing code is derived per hall: USCC of the body + its level + basic code, with
the variant when there is one.
"""

import re
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.validators import uscc_problem
from catalog.shared.enums import ItemType
from tenants.shared.enums import Level
from tenants.shared.models import Hall

LOCAL_ORIGIN = "99"
NO_VARIANT = "00"
# 行使层级: 1 国家 2 省 3 市 4 县 5 乡镇街道 6 村社区
LEVELS = {"city": 3, "county": 4, "town": 5}

_CODE = re.compile(r"[0-9]{14}")
_IMPLEMENTING = re.compile(r"([0-9A-HJ-NPQRTUWXY]{18})([1-6])([0-9]{12})([0-9]{2})?")


@dataclass(frozen=True)
class ItemCode:
    """The parts of a 14-digit code."""

    origin: str
    type: str
    department: str
    main: str
    sub: str
    variant: str

    @property
    def is_local(self) -> bool:
        """Whether the item is one hall's own: then hall and code together are the key."""
        return self.origin == LOCAL_ORIGIN


def parse(code: str) -> ItemCode | None:
    """Return the parts of a 14-digit code, None when it has not the form or not the type of an item on application."""
    if not _CODE.fullmatch(code) or code[2:4] not in ItemType.values:
        return None
    return ItemCode(code[:2], code[2:4], code[4:6], code[6:9], code[9:12], code[12:])


def is_local(code: str) -> bool:
    """Say whether an item of this code is one hall's own."""
    return code.startswith(LOCAL_ORIGIN)


def validate_code(code: str) -> None:
    """Django validator of a 14-digit code. Raises ValidationError that says what to write."""
    if not _CODE.fullmatch(code):
        raise ValidationError(_("事项编码要 14 位数字，现在是 %(n)d 位") % {"n": len(code)})
    if parse(code) is None:
        raise ValidationError(_("事项编码的第 3、4 位是事项类型，%(type)s 不能申请") % {"type": code[2:4]})


def implementing_code(uscc: str, level: int, code: str) -> str:
    """Return the 31 digits, or 33 for a variant, of the item as this body implements it.

    `level` is 1 to 6 (LEVELS). Raises ValueError when a part is none.
    """
    implementing = f"{uscc}{level}{code[:12]}{'' if code[12:] == NO_VARIANT else code[12:]}"
    if not _CODE.fullmatch(code) or not is_implementing_code(implementing):
        raise ValueError(
            "an implementing code wants a valid USCC, a level from 1 to 6 and a code of 14 digits"
        )
    return implementing


def is_implementing_code(text: str) -> bool:
    """Whether these are 31 or 33 characters of the right form, with a valid USCC and a type of item on application.

    Whether the basic code is in the catalogue is for whoever has the catalogue to ask.
    """
    parts = _IMPLEMENTING.fullmatch(text)
    if parts is None or uscc_problem(parts[1]) is not None:
        return False
    return parse(parts[3] + (parts[4] or NO_VARIANT)) is not None


def implementing_code_of(hall: Hall, code: str, uscc: str = "") -> str:
    """Return the implementing code of an item in this hall: with the USCC of the department that does it, else the hall's.

    Empty while neither is valid.
    """
    try:
        return implementing_code(
            uscc or hall.uscc, LEVELS["city" if hall.level == Level.CITY else "county"], code
        )
    except ValueError:
        return ""
