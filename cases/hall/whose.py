"""Whose work a case is at a moment: the post that takes its next step. Data, no ORM."""

from collections.abc import Mapping

from cases.hall.enums import State
from cases.hall.grammar import APPROVER, WINDOW

BEFORE_ACCEPTANCE = (State.SUBMITTED, State.PRE_REVIEW)
# what waits for the applicant stays with the window that asked
AT_WINDOW = (*BEFORE_ACCEPTANCE, State.CORRECTION)
TO_DECIDE = (State.ACCEPTED, State.DEEMED_ACCEPTED, State.REVIEW, State.EXTENDED)
TO_DELIVER = (State.GRANTED, State.REFUSED, State.DELIVERING)

_POST: Mapping[str, str] = {
    **dict.fromkeys(map(str, (*AT_WINDOW, *TO_DELIVER)), WINDOW),
    **dict.fromkeys(map(str, (*TO_DECIDE, State.SPECIAL)), APPROVER),
}


def post_of(state: str) -> str:
    """Return the post that works on a case in this state; a proposal leaves it there. Empty: nobody's any more."""
    return _POST.get(state, "")
