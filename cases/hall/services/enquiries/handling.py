"""What the staff does before the answer: take, give back, hand on, route, note, keep a draft, extend, name whom it is about."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.actor import Actor
from cases.hall import enquiry_rules as rules
from cases.hall.enquiry_enums import Kind
from cases.hall.models.enquiry import Enquiry, EnquiryParty
from cases.hall.queries import enquiries, seats
from cases.hall.queries.access import person_of
from cases.hall.services.enquiries import steps
from cases.hall.services.enquiries.refusals import (
    AlreadyDone,
    NotAColleague,
    NotADepartment,
    NotForYou,
    SomebodyHolds,
    TooLate,
)
from tenants.hall.enums import PostRole
from tenants.hall.models import Department, Post

_HELD = ("claimed_by", "claimed_name")


def check_hold(enquiry: Enquiry, by: Actor, now: datetime) -> None:
    """Raise SomebodyHolds when a colleague works on it for whom this person does not stand in."""
    person = person_of(by)
    if enquiry.claimed_by in {None, person}:
        return
    if enquiry.claimed_by not in seats.covered_by(person, timezone.localdate(now)):
        raise SomebodyHolds(enquiry.claimed_name)


def is_led_by(enquiry: Enquiry, by: Actor) -> bool:
    """Whether this person orders who works on it: a leader, or whoever holds it."""
    return by.holds(*enquiries.LEADERS) or enquiry.claimed_by == by.person_id


@transaction.atomic
def take(enquiry: Enquiry, *, by: Actor, now: datetime) -> Enquiry:
    """Put it on this person's list: a complaint is taken up by it. One that is theirs already stays so. Raises SomebodyHolds, NotOpen."""
    enquiry = steps.lock(enquiry, by=by, now=now)
    if enquiry.claimed_by == by.person_id:
        return enquiry
    if enquiry.claimed_by is not None:
        raise SomebodyHolds(enquiry.claimed_name)
    enquiry.claimed_by, enquiry.claimed_name = person_of(by), by.display_name[:60]
    message = "taken" if enquiry.kind == Kind.COMPLAIN else ""
    return steps.take(enquiry, "take", by=by, now=now, message=message, changed=_HELD)


@transaction.atomic
def release(enquiry: Enquiry, *, by: Actor, now: datetime) -> Enquiry:
    """Put one's own back for everybody. Raises SomebodyHolds, NotOpen."""
    enquiry = steps.lock(enquiry, by=by, now=now)
    if enquiry.claimed_by != by.person_id:
        raise SomebodyHolds(enquiry.claimed_name)
    enquiry.claimed_by, enquiry.claimed_name = None, ""
    return steps.take(enquiry, "release", by=by, now=now, changed=_HELD)


@transaction.atomic
def assign(enquiry: Enquiry, to: UUID, *, by: Actor, now: datetime) -> Enquiry:
    """Give it to a colleague, never to one whom it is about. Raises NotForYou, NotAColleague, NotOpen."""
    enquiry = steps.lock(enquiry, by=by, now=now)
    if not is_led_by(enquiry, by):
        raise NotForYou
    colleague = next((post for post in enquiries.colleagues(enquiry) if post.person == to), None)
    if colleague is None:
        raise NotAColleague
    enquiry.claimed_by, enquiry.claimed_name = colleague.person, colleague.name
    is_new = enquiry.kind == Kind.COMPLAIN and enquiry.take_up_by is not None
    message = "taken" if is_new else ""
    return steps.take(enquiry, "assign", by=by, now=now, text=colleague.name, message=message, changed=_HELD)


@transaction.atomic
def route(enquiry: Enquiry, department: str, *, by: Actor, now: datetime) -> Enquiry:
    """Route it to a department of the hall, whose posts see it then. Raises NotADepartment, SomebodyHolds, NotForYou, NotOpen."""
    enquiry = steps.lock(enquiry, by=by, now=now)
    if enquiry.kind == Kind.COMPLAIN and not is_led_by(enquiry, by):
        raise NotForYou
    check_hold(enquiry, by, now)
    if not Department.objects.filter(short_name=department).exists():
        raise NotADepartment
    enquiry.department, enquiry.claimed_by, enquiry.claimed_name = department, None, ""
    return steps.take(enquiry, "route", by=by, now=now, text=department, changed=("department", *_HELD))


@transaction.atomic
def name_party(enquiry: Enquiry, person: UUID, *, by: Actor, now: datetime) -> Enquiry:
    """Say whom of the staff a complaint is about: from then on they see nothing of it, and hold it no more.

    Raises NotForYou for a question or for who does not order it, NotAColleague, NotOpen.
    """
    enquiry = steps.lock(enquiry, by=by, now=now)
    if enquiry.kind != Kind.COMPLAIN or not is_led_by(enquiry, by):
        raise NotForYou
    post = Post.objects.filter(person=person).order_by("-is_active", "pk").first()
    if post is None:
        raise NotAColleague
    party = EnquiryParty(enquiry=enquiry, person=person, name=post.name, added_at=now)
    EnquiryParty.objects.bulk_create([party], ignore_conflicts=True)
    if enquiry.claimed_by == person:
        enquiry.claimed_by, enquiry.claimed_name = None, ""
    return steps.take(enquiry, "name_party", by=by, now=now, text=post.name, changed=_HELD)


@transaction.atomic
def note(enquiry: Enquiry, text: str, *, by: Actor, now: datetime) -> Enquiry:
    """Write a note that the staff alone reads. Raises NothingSaid, TooLong."""
    enquiry = steps.lock(enquiry, by=by, now=now)
    return steps.take(enquiry, "note", by=by, now=now, text=steps.said(text, rules.MOST_NOTE))


@transaction.atomic
def keep_draft(enquiry: Enquiry, text: str, *, by: Actor, now: datetime) -> Enquiry:
    """Keep what is written of an answer, for whoever goes on. Raises NothingSaid, TooLong, SomebodyHolds, NotOpen."""
    enquiry = steps.lock(enquiry, by=by, now=now)
    check_hold(enquiry, by, now)
    enquiry.draft, enquiry.draft_name = steps.said(text, rules.MOST_ANSWER), by.display_name[:60]
    return steps.take(enquiry, "draft", by=by, now=now, changed=("draft", "draft_name"))


def may_extend(enquiry: Enquiry, by: Actor) -> bool:
    """Whether this person decides on more time: a head; the hall's admin where no head may handle it."""
    if enquiry.kind != Kind.COMPLAIN or not by.holds(*enquiries.LEADERS):
        return False
    return by.holds(PostRole.HEAD) or not enquiries.free_leaders(enquiry, PostRole.HEAD)


@transaction.atomic
def extend(enquiry: Enquiry, reason: str, *, by: Actor, now: datetime) -> Enquiry:
    """Give a complaint 10 working days more, once and before its last day is over; whoever complained reads why.

    Raises NotForYou, AlreadyDone, TooLate, NothingSaid, TooLong, NotOpen.
    """
    enquiry = steps.lock(enquiry, by=by, now=now)
    if not may_extend(enquiry, by):
        raise NotForYou
    if enquiry.extended_at is not None:
        raise AlreadyDone
    if timezone.localdate(now) > enquiry.due_on:
        raise TooLate
    kept = steps.said(reason, rules.MOST_NOTE)
    enquiry.extended_at = now
    return steps.take(
        enquiry, "extend", by=by, now=now, text=kept, message="extended", changed=("extended_at",)
    )
