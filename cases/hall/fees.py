"""What a case's frozen item asks to be paid through the hall: amounts in fen (分), never without a basis. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from catalog.shared import wording

# 工作日 from the notice; the hall's own rule, no law names one
PAY_DAYS = 5
MOST_FEN = 100_000_000


@dataclass(frozen=True)
class Fee:
    """One row of an item's fees. `fen` is None where the amount goes by a standard."""

    key: str
    name: str
    standard: str
    basis: str
    fen: int | None


def of(item: Mapping[str, Any]) -> list[Fee]:
    """Return the fees that are paid through the hall: online ones with a basis, not lowered to nothing.

    What an item has paid at the counter alone is the counter's own affair, as it is without this platform.
    """
    found = []
    for row in item.get("fees") or []:
        basis = str(row.get("basis") or "").strip()
        amount = row.get("amount")
        fen = None if amount is None else int((Decimal(str(amount)) * 100).to_integral_value())
        if basis and row.get("online") and not row.get("hidden") and fen != 0:
            name, standard = str(row.get("name") or ""), str(row.get("standard") or "")
            found.append(Fee(str(row["key"]), name, standard, basis, fen))
    return found


def settled(item: Mapping[str, Any]) -> Fee | None:
    """Return the one fee whose amount nobody has to decide; None where there is none, a choice or a standard."""
    found = of(item)
    return found[0] if len(found) == 1 and found[0].fen else None


def fen_of(text: str) -> int | None:
    """Return an amount that somebody wrote in yuan, in fen; None for what is no amount of money."""
    try:
        fen = Decimal(text.strip().removesuffix("元").strip()) * 100
    except InvalidOperation:
        return None
    is_whole = fen.is_finite() and fen == fen.to_integral_value()
    return int(fen) if is_whole and 0 < fen <= MOST_FEN else None


def problem(fee: Fee, fen: int | None) -> str:
    """Return what is wrong with charging this much for a fee: a fixed one is charged once or several times (份数)."""
    if fen is None:
        return _("金额填元，例如 20 或 20.5")
    if fee.fen and fen % fee.fen:
        return _("标准是每份 %(money)s，金额要是它的整数倍") % {"money": money(fee.fen)}
    return ""


def money(fen: int) -> str:
    """Return an amount in words: 20 元, 4.5 元."""
    return wording.money(Decimal(fen) / 100)
