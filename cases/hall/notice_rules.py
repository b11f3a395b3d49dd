"""What a message is to its reader: by law, or by their wish; how pressing; and what several together say. Pure.

行政许可法 32 (受理, 补正, 不予受理), 38 (决定), 42 (延期) and 44 (送达) oblige the hall to tell the applicant: what tells of
one of these cannot be switched off. Everything else is a service.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID, uuid5

from django.utils.translation import gettext as _

from accounts.enums import NoticeGroup

# of one text message by the gateway's count two, sign and all
MAX_MERGED = 128
LAST_DAYS = timedelta(days=1)
_KEYS = UUID("5b1f4a52-5f0e-5a39-8f33-4d1c6f0f2b90")

_GROUPS = {
    NoticeGroup.REMINDER: (
        "reminder", "paper_owed", "pick_up", "still_returned", "locker_ends", "draft_ends",
    ),
    NoticeGroup.PROGRESS: (
        "correction_cancelled", "resubmitted", "mended", "transfer_offered", "transfer_returned", "transferred",
        "date_moved", "resumed", "posted_again", "renumbered", "mail_returned",
    ),
    NoticeGroup.PROXY: ("proxy.act",),
}  # fmt: skip
_GROUP_OF = {kind: group for group, kinds in _GROUPS.items() for kind in kinds}
# each says the same anew with another number: of several only the last is of use
_REPLACED = frozenset({"reminder", "pick_up", "still_returned", "locker_ends", "draft_ends", "date_moved"})
# said too late, these are of no use to anybody: what they tell of is over
_OF_THEIR_DAY = frozenset(
    {
        "reminder", "paper_owed", "locker_ends", "draft_ends",
        "booking.booked", "booking.changed", "booking.reminder", "booking.waiting", "booking.offered",
    }
)  # fmt: skip


@dataclass(frozen=True)
class Said:
    """One thing that is told: its kind and words; `shown` stands in the inbox instead of words with a one-time code.

    `due_on` is the day by which something must be done, by the reader where `is_yours`, else by the hall.
    """

    kind: str
    text: str
    shown: str = ""
    due_on: date | None = None
    is_yours: bool = False
    is_secret: bool = False


def group_of(kind: str) -> NoticeGroup:
    """Return to which part of the reader's wishes a kind belongs; what nothing names is owed by law."""
    if kind.startswith("booking."):
        return NoticeGroup.BOOKING
    return _GROUP_OF.get(kind, NoticeGroup.STATUTORY)


def is_urgent(said: Said, today: date) -> bool:
    """Return whether it may ring at night: a one-time code, an offer of hours, the last day and the one before."""
    if said.is_secret or said.kind == "booking.offered":
        return True
    return said.is_yours and said.due_on is not None and today <= said.due_on <= today + LAST_DAYS


def is_too_late(kind: str, due_on: date | None, today: date) -> bool:
    """Return whether a message that waited is better not sent any more; the inbox has it."""
    return due_on is not None and due_on < today and kind in _OF_THEIR_DAY


def merged(lines: Sequence[tuple[str, str, bool]]) -> str:
    """Return one text of several (kind, text, is the reader's turn), oldest first, of one person and subject.

    What is the reader's to do comes first; of reminders that say the same anew the last stays. What would be longer
    than two messages says how many more stand in the inbox.
    """
    last = {kind: number for number, (kind, _text, _yours) in enumerate(lines)}
    kept = [
        (not is_yours, number, text)
        for number, (kind, text, is_yours) in enumerate(lines)
        if kind not in _REPLACED or last[kind] == number
    ]
    texts = list(dict.fromkeys(text for _is_theirs, _number, text in sorted(kept)))
    whole = "".join(texts)
    if len(texts) == 1 or len(whole) <= MAX_MERGED:
        return whole
    return texts[0] + _("还有%(n)d条消息，登录“我的办件”看。") % {"n": len(texts) - 1}


def key_of(rows: Sequence[tuple[UUID, int]]) -> str:
    """Return under which key a provider gets these (message, how often sent again), oldest first.

    The same for the same messages; another when one joins them or staff send one again, so that it is not dropped.
    """
    (first, resent), *others = rows
    if not others and not resent:
        return first.hex
    return uuid5(_KEYS, " ".join(f"{pk.hex}:{number}" for pk, number in rows)).hex
