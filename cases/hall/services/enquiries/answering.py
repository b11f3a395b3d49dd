"""Answering: once, by whoever may; of two who answer at once the second is told."""

from datetime import datetime

from django.db import transaction

from accounts.actor import Actor
from cases.hall import enquiry_rules as rules
from cases.hall.models.enquiry import Enquiry
from cases.hall.queries.access import person_of
from cases.hall.services.enquiries import handling, steps


@transaction.atomic
def answer(enquiry: Enquiry, text: str, *, by: Actor, now: datetime) -> Enquiry:
    """Answer and tell whoever asked. Raises NothingSaid, TooLong, SomebodyHolds; NotOpen when it is answered already."""
    enquiry = steps.lock(enquiry, by=by, now=now)
    kept = steps.said(text, rules.MOST_ANSWER)
    if enquiry.is_running:
        handling.check_hold(enquiry, by, now)
    enquiry.answer, enquiry.answered_at = kept, now
    enquiry.answered_by, enquiry.answered_name = person_of(by), by.display_name[:60]
    enquiry.draft = enquiry.draft_name = ""
    changed = ("answer", "answered_at", "answered_by", "answered_name", "draft", "draft_name")
    return steps.take(enquiry, "answer", by=by, now=now, text=kept, message="answered", changed=changed)
