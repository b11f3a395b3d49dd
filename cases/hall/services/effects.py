"""What a step does besides event, ledger and message: rows of its own, in the same transaction on the locked case."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone

from cases.hall.models import Case, Event
from cases.hall.services import (
    corrections,
    handing,
    marks,
    mending,
    opinions,
    owed,
    results,
    systems,
    transfers,
)
from cases.hall.services.payments import charging
from cases.hall.transitions import Fact

# what it returns is told to the applicant besides what the log keeps: a one-time code
Effect = Callable[[Case, Event, datetime], dict[str, Any] | None]


def after(case: Case, event: Event, now: datetime, unlogged: Mapping[str, Any]) -> dict[str, Any] | None:
    """Do what belongs to the step that this event logged; return what of it the message alone may say.

    The caller saves the case's marks. `unlogged` are `points` of a correction notice or `values` of a small correction:
    they stand in rows of their own and not in the log.
    """
    if points := unlogged.get("points"):
        corrections.open_request(case, event, points, now)
    if values := unlogged.get("values"):
        mending.write(case, event, values)
    effect = _AFTER.get(event.action)
    return effect(case, event, now) if effect is not None else None


def _accepted(case: Case, event: Event, now: datetime) -> None:
    owed.write(case, timezone.localdate(now))
    charging.mark(case)


def _deemed(case: Case, event: Event, now: datetime) -> None:
    # as of the day of receipt, like its clocks; what was asked of the applicant meanwhile is moot
    owed.write(case, timezone.localdate(now))
    charging.mark(case)
    transfers.decline(case)


def _granted(case: Case, event: Event, now: datetime) -> None:
    # the paper of a mirrored case is its department's
    if Fact.MIRRORED not in case.marks:
        results.issue(case, event, now)


def _extended(case: Case, event: Event, now: datetime) -> None:
    marks.put(case, Fact.EXTENDED)


def _ended(case: Case, event: Event, now: datetime) -> None:
    corrections.end(case, now)
    transfers.decline(case)
    charging.end(case, now)


def _refused(case: Case, event: Event, now: datetime) -> None:
    charging.end(case, now)


_AFTER: Mapping[str, Effect] = {
    "accept": _accepted,
    "deem_accepted": _deemed,
    "submit": systems.mirror,
    "arrive": systems.mirror,
    "take_back": systems.take_back,
    "grant": _granted,
    "reissue": results.reissue,
    "correct": results.correct,
    "revoke": results.revoke,
    "extend": _extended,
    "cancel_correction": corrections.cancel,
    "resubmit": corrections.hand_in,
    "abandon": _ended,
    "withdraw": _ended,
    "terminate": _ended,
    "refuse": _refused,
    "charge": charging.charge,
    "paid": charging.paid,
    "waive": charging.waive,
    "refund": charging.refund,
    **dict.fromkeys(("send_back", "refunded"), charging.said_back),
    "ask_opinion": opinions.ask,
    "record_opinion": opinions.record,
    "offer_transfer": transfers.offer,
    "agree_transfer": transfers.agree,
    "decline_transfer": transfers.answer_no,
    "transfer": transfers.settle,
    "return_transfer": transfers.give_back,
    **dict.fromkeys(("hand_over", "post_again", "to_window", "to_locker", "empty_locker"), handing.move),
    **dict.fromkeys(("mail_returned", "choose_window"), handing.move),
    **dict.fromkeys(("deliver", "hand_out", "open_locker", "acknowledge", "arrive_online"), handing.receive),
    "correct_number": handing.renumber,
    "resend_code": handing.new_code,
}
