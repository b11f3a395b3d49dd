"""What a step does besides event, ledger and message: rows of its own, in the same transaction on the locked case."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone

from cases.hall.models import Case, Event
from cases.hall.services import corrections, marks, mending, opinions, owed, results, transfers
from cases.hall.transitions import Fact

Effect = Callable[[Case, Event, datetime], None]


def after(case: Case, event: Event, now: datetime, unlogged: Mapping[str, Any]) -> None:
    """Do what belongs to the step that this event logged. The caller saves the case's marks.

    `unlogged` are `points` of a correction notice or `values` of a small correction: they stand in rows of their own
    and not in the log.
    """
    if points := unlogged.get("points"):
        corrections.open_request(case, event, points, now)
    if values := unlogged.get("values"):
        mending.write(case, event, values)
    effect = _AFTER.get(event.action)
    if effect is not None:
        effect(case, event, now)


def _accepted(case: Case, event: Event, now: datetime) -> None:
    owed.write(case, timezone.localdate(now))


def _deemed(case: Case, event: Event, now: datetime) -> None:
    # as of the day of receipt, like its clocks; what was asked of the applicant meanwhile is moot
    owed.write(case, timezone.localdate(now))
    transfers.decline(case)


def _extended(case: Case, event: Event, now: datetime) -> None:
    marks.put(case, Fact.EXTENDED)


def _ended(case: Case, event: Event, now: datetime) -> None:
    corrections.end(case, now)
    transfers.decline(case)


_AFTER: Mapping[str, Effect] = {
    "accept": _accepted,
    "deem_accepted": _deemed,
    "grant": results.issue,
    "reissue": results.reissue,
    "correct": results.correct,
    "revoke": results.revoke,
    "extend": _extended,
    "cancel_correction": corrections.cancel,
    "resubmit": corrections.hand_in,
    "abandon": _ended,
    "withdraw": _ended,
    "terminate": _ended,
    "ask_opinion": opinions.ask,
    "record_opinion": opinions.record,
    "offer_transfer": transfers.offer,
    "agree_transfer": transfers.agree,
    "decline_transfer": transfers.answer_no,
    "transfer": transfers.settle,
    "return_transfer": transfers.give_back,
}
