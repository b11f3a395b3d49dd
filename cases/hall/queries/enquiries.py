"""Who may see which enquiry. A complaint is nothing to those whom it is about: no row, no count, no file, by whatever way."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from accounts.actor import Actor
from cases.hall import enquiry_rules as rules
from cases.hall import numbers
from cases.hall.enquiry_enums import EnquiryState, Kind
from cases.hall.models import Claim, Event
from cases.hall.models.enquiry import RUNNING, Enquiry, EnquiryEvent, EnquiryFile, EnquiryParty
from cases.hall.queries import calendar, seats
from cases.hall.queries.access import person_of
from cases.hall.transitions import DESK
from tenants.hall.enums import PostRole
from tenants.hall.models import Post

# who orders complaints; whoever they give one to sees that one
LEADERS = (PostRole.HEAD, PostRole.HALL_ADMIN)
QUEUES = ("new", "mine", "department", "late", "complaints", "answered")


def own(actor: Actor, number: str) -> Enquiry:
    """Return what this person asked under this number. Raises Http404 for a stranger as for a number that was never given."""
    digits = rules.is_number(number)
    found = None
    if digits and numbers.check(digits):
        found = (
            Enquiry.objects.of_person(actor.person_id).filter(number=number).select_related("case").first()
        )
    if found is None:
        raise Http404(_("没有这个编号"))
    return found


def for_staff(actor: Actor, today: date, seat: seats.Seat | None = None) -> QuerySet[Enquiry]:
    """Return the enquiries that this person may see and handle: every list, count, page, file and act begins here.

    Questions are the work of every post. Complaints are a leader's, whoever's they were given to (and whoever stands in
    for them), and the department's they were routed to; never the complainer's own, nor theirs whom they are about:
    the parties, and all who took a step of the case in dispute or held it.
    """
    if not actor.is_staff_here:
        return Enquiry.objects.none()
    person = person_of(actor)
    seat = seat or seats.seat_of(actor, today)
    seen = Q(kind=Kind.ASK) | Q(claimed_by__in=seat.holders)
    if actor.holds(*LEADERS):
        seen |= Q(kind=Kind.COMPLAIN)
    if seat.departments:
        seen |= Q(department__in=seat.departments)
    return Enquiry.objects.filter(seen).exclude(person=person).exclude(_concerns(person))


def _concerns(person: UUID) -> Q:
    party = EnquiryParty.objects.filter(enquiry=OuterRef("pk"), person=person)
    worked = Event.objects.filter(case=OuterRef("case_id"), actor=person, actor_post__in=sorted(DESK))
    held = Claim.objects.filter(case=OuterRef("case_id"), person=person)
    return Q(Q(kind=Kind.COMPLAIN), Q(Exists(party)) | Q(Exists(worked)) | Q(Exists(held)))


def concerned(enquiry: Enquiry) -> set[UUID]:
    """Return whom a complaint is about, as far as is known; nobody for a question. Three queries at most."""
    if enquiry.kind != Kind.COMPLAIN:
        return set()
    found = set(EnquiryParty.objects.filter(enquiry=enquiry).values_list("person", flat=True))
    if enquiry.case_id is not None:
        worked = Event.objects.filter(case=enquiry.case_id, actor__isnull=False, actor_post__in=sorted(DESK))
        found |= {actor for actor in worked.values_list("actor", flat=True) if actor is not None}
        found |= set(Claim.objects.filter(case=enquiry.case_id).values_list("person", flat=True))
    return found


def free_leaders(enquiry: Enquiry, *roles: PostRole) -> list[Post]:
    """Return the active leaders of these roles (all, when none is named) who may handle it."""
    barred = {*concerned(enquiry), enquiry.person}
    posts = Post.objects.held().filter(role__in=roles or LEADERS).order_by("role", "name", "pk")
    return [post for post in posts if post.person not in barred]


def colleagues(enquiry: Enquiry) -> list[Post]:
    """Return who may be given this enquiry: one post a person, by name."""
    barred = {*concerned(enquiry), enquiry.person}
    posts = Post.objects.held().order_by("name", "person", "pk")
    return list({post.person: post for post in posts if post.person not in barred}.values())


def one_for_staff(actor: Actor, number: str, today: date) -> Enquiry:
    """Return an enquiry that this person may handle. Raises Http404 for all others alike."""
    digits = rules.is_number(number)
    found = None
    if digits and numbers.check(digits):
        found = for_staff(actor, today).filter(number=number).select_related("case", "published").first()
    if found is None:
        raise Http404(_("没有这个编号"))
    return found


def queue(actor: Actor, name: str, today: date) -> QuerySet[Enquiry]:
    """Return one queue of the desk, what is due first first. Raises KeyError for a name that is none."""
    seat = seats.seat_of(actor, today)
    found = for_staff(actor, today, seat).filter(_conditions(seat.holders, seat.departments, today)[name])
    found = found.defer("text", "who", "draft", "answer", "contact")
    if name == "answered":
        return found.order_by("-answered_at", "id")
    return found.order_by("due_on", "id")


def counts(actor: Actor, today: date) -> dict[str, int]:
    """Return how many stand in each queue, those that this person may see alone. One query besides the seat's."""
    seat = seats.seat_of(actor, today)
    conditions = _conditions(seat.holders, seat.departments, today)
    return for_staff(actor, today, seat).aggregate(
        **{name: Count("pk", filter=conditions[name]) for name in QUEUES}
    )


def _conditions(holders: Collection[UUID], departments: Collection[str], today: date) -> dict[str, Q]:
    running = Q(state__in=RUNNING)
    return {
        "new": running & Q(claimed_by=None),
        "mine": running & Q(claimed_by__in=holders),
        "department": running & Q(department__in=departments) & ~Q(department=""),
        "late": running & (Q(due_on__lt=today) | Q(take_up_by__lt=today)),
        "complaints": running & Q(kind=Kind.COMPLAIN),
        "answered": Q(state=EnquiryState.ANSWERED),
    }


def file_for(actor: Actor, number: str, pk: UUID, today: date) -> EnquiryFile:
    """Return a file of an enquiry that this person asked or may handle. Raises Http404."""
    seen = Enquiry.objects.of_person(actor.person_id).values("pk")
    mine = EnquiryFile.objects.filter(enquiry__in=seen)
    found = mine
    if actor.is_staff_here:
        found = mine | EnquiryFile.objects.filter(enquiry__in=for_staff(actor, today).values("pk"))
    try:
        file = found.filter(enquiry__number=number, pk=pk).first()
    except ValidationError:
        file = None
    if file is None:
        raise Http404(_("没有这份文件"))
    return file


def events_of(enquiry: Enquiry) -> list[EnquiryEvent]:
    """Return its steps in order. One query."""
    return list(EnquiryEvent.objects.filter(enquiry=enquiry).order_by("sequence"))


def dates(enquiry: Enquiry) -> tuple[date, bool, date | None]:
    """Return the last day to answer, whether it is only expected, and until when it must be taken up, by its events."""
    rows = rules.entries(enquiry.kind, events_of(enquiry))
    days = calendar.current()
    answer = rules.due(rules.ANSWER, rows, days)
    if answer is None:
        raise LookupError(f"{enquiry.number} has no step that starts its clock")
    waits = rules.is_to_be_taken_up(rows)
    take_up = rules.due(rules.TAKE_UP, rows, days) if waits else None
    return answer.date, answer.expected, take_up.date if take_up else None
