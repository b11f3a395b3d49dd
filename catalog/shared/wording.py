"""How limits, fees and visits are said to people (LOOK section 6). Pure functions of an item's values."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog.shared.enums import Kind, Unit


def days(number: int, unit: str) -> str:
    """Return a number of days with its unit: 5 个工作日, 60 天（含节假日）."""
    if unit == Unit.WORKING:
        return ngettext("%(n)s 个工作日", "%(n)s 个工作日", number) % {"n": number}
    return ngettext("%(n)s 天（含节假日）", "%(n)s 天（含节假日）", number) % {"n": number}


def limit(kind: str, number: int, unit: str) -> str:
    """Return how long an item takes: 当场办好, or its days."""
    return _("当场办好") if kind == Kind.INSTANT or number == 0 else days(number, unit)


def money(amount: object) -> str:
    """Return an amount in yuan without needless decimals: 20 元, 4.5 元."""
    return _("%(amount)s 元") % {"amount": f"{Decimal(str(amount)).normalize():f}"}


def fees(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return what must be paid: 不收费, 20 元, 5–20 元, or 按标准收费 where no amount is fixed."""
    if not rows:
        return _("不收费")
    amounts = [Decimal(str(row["amount"])) for row in rows if row.get("amount") is not None]
    if len(amounts) < len(rows):
        return _("按标准收费")
    low, high = min(amounts), max(amounts)
    if high == 0:
        return _("不收费")
    return money(high) if low == high else f"{low.normalize():f}–{money(high)}"


def visits(number: int) -> str:
    """Return how often somebody must come: 不用跑, 跑 1 次."""
    return ngettext("跑 %(n)s 次", "跑 %(n)s 次", number) % {"n": number} if number else _("不用跑")
