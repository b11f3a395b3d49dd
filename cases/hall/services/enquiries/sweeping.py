"""What time alone does: what is late is marked and told, once; dates follow the calendar."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from cases.hall.enquiry_enums import Kind
from cases.hall.models.enquiry import Enquiry
from cases.hall.queries import enquiries
from cases.hall.services.enquiries import steps
from tenants.hall.enums import PostRole

BATCH = 200


def sweep(*, now: datetime) -> int:
    """Mark what is late, tell whoever waits and those of the staff who may do something; return how many.

    Nobody whom a complaint is about is told. For the worker, in the hall's scope.
    """
    today = timezone.localdate(now)
    late = Q(due_on__lt=today, late_at=None) | Q(take_up_by__lt=today, late_take_up_at=None)
    found = Enquiry.objects.running().filter(late).select_for_update(of=("self",), skip_locked=True)
    rows = list(found.order_by("due_on", "id")[:BATCH])
    for row in rows:
        if row.take_up_by is not None and row.take_up_by < today and row.late_take_up_at is None:
            row.late_take_up_at = now
            steps.take(row, "late_take_up", by=steps.JOB, now=now, changed=("late_take_up_at",))
            _tell(row, "staff_take_up", now)
        if row.due_on < today and row.late_at is None:
            row.late_at = now
            steps.take(row, "late", by=steps.JOB, now=now, message="late", changed=("late_at",))
            _tell(row, "staff_late", now)
    for row in Enquiry.objects.running().filter(kind=Kind.COMPLAIN, needs_city=True).order_by("id")[:BATCH]:
        if enquiries.free_leaders(row):
            steps.keep_needs_city(row)
    return len(rows)


def _tell(enquiry: Enquiry, name: str, now: datetime) -> None:
    for person in sorted(set(_who_may_do_something(enquiry))):
        steps.tell(enquiry, name, to=person, now=now)


def _who_may_do_something(enquiry: Enquiry) -> Iterable[UUID]:
    heads = enquiries.free_leaders(enquiry, PostRole.HEAD) or enquiries.free_leaders(enquiry)
    yield from (post.person for post in heads)
    if enquiry.claimed_by is not None and enquiry.claimed_by not in enquiries.concerned(enquiry):
        yield enquiry.claimed_by


def recount(*, now: datetime) -> None:
    """Count the dates of what runs again after a year's notice was imported, and tell whose date has moved."""
    for row in Enquiry.objects.running().select_for_update(of=("self",)).order_by("id"):
        day, is_expected, take_up_by = enquiries.dates(row)
        if (day, is_expected, take_up_by) == (row.due_on, row.is_due_expected, row.take_up_by):
            continue
        message = "moved" if day != row.due_on else ""
        steps.take(row, "move_date", by=steps.JOB, now=now, message=message)
