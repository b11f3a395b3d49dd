"""What whoever asks does: ask or complain, add, rate, ask once more. Pressing three times is asking once."""

import re
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.actor import Actor
from accounts.masking import mask_name
from accounts.queries import Applicant, applicant_of
from cases.hall import enquiry_rules as rules
from cases.hall import enquiry_text, files, numbers
from cases.hall.enquiry_enums import About, Kind
from cases.hall.models import Case
from cases.hall.models.enquiry import Enquiry, EnquiryFile, EnquiryParty
from cases.hall.queries import place
from cases.hall.queries.access import person_of
from cases.hall.services import serials
from cases.hall.services.enquiries import steps
from cases.hall.services.enquiries.refusals import (
    AlreadyDone,
    NotAWorkOrder,
    NotInItems,
    NotOpen,
    NotSaidWhat,
    NotYourCase,
    OtherBody,
    TooLate,
    TooLong,
    TooMany,
)
from cases.hall.services.submit import body_digest
from catalog.hall.queries import effective_item
from tenants.hall.enums import PostRole
from tenants.hall.models import Post, Window

MAX_KEY = 80
_HOTLINE = re.compile(r"[0-9A-Za-z-]{0,40}")
_SHORTEST_NAME = 2


@dataclass(frozen=True)
class Question:
    """What somebody asks or complains of. `window` is the name of one of the hall's; `case` a number of their own."""

    kind: Kind
    text: str
    item: str = ""
    case: str = ""
    about: str = ""
    who: str = ""
    window: str = ""
    may_publish: bool = False
    hotline_number: str = ""

    @property
    def digest(self) -> str:
        """What tells two questions under one key apart."""
        return body_digest({name: str(value) for name, value in asdict(self).items()})


def submit(question: Question, *, by: Actor, idempotency_key: str, now: datetime) -> Enquiry:
    """Ask or complain: a number and a last day at once. The same key gives the same enquiry, whoever is first.

    Raises an EnquiryRefused: NothingSaid, TooLong, NotAWorkOrder, NotInItems, NotYourCase, NotSaidWhat, TooMany, OtherBody.
    """
    person = person_of(by)
    known = _known(by, idempotency_key, question)
    if known is not None:
        return known
    made = _checked(question, applicant_of(by))
    if Enquiry.objects.of_person(person).running().count() >= rules.MOST_OPEN:
        raise TooMany(rules.MOST_OPEN)
    made.idempotency_key, made.body_digest = idempotency_key[:MAX_KEY], question.digest
    made.created_at = made.updated_at = now
    try:
        with transaction.atomic():
            made.number = f"{rules.PREFIXES[question.kind]}{serials.enquiry_number(timezone.localdate(now))}"
            steps.take(made, "submit", by=by, now=now)
            if made.kind == Kind.COMPLAIN:
                _set_parties(made, now)
                steps.keep_needs_city(made)
            steps.tell(made, "received", to=made.person, now=now)
    except IntegrityError:
        known = _known(by, idempotency_key, question)
        if known is None:
            raise
        return known
    return made


def _known(by: Actor, key: str, question: Question) -> Enquiry | None:
    known = Enquiry.objects.of_person(by.person_id).filter(idempotency_key=key[:MAX_KEY]).first()
    if known is not None and known.body_digest != question.digest:
        raise OtherBody
    return known


def _checked(question: Question, asker: Applicant) -> Enquiry:
    is_complaint = question.kind == Kind.COMPLAIN
    made = Enquiry(
        kind=question.kind,
        person=asker.person_id,
        contact={"name": asker.name, "phone": asker.phone},
        name_masked=mask_name(asker.name),
        text=steps.said(question.text, rules.MOST_TEXT),
        may_publish=question.may_publish and not is_complaint,
    )
    number = "".join(question.hotline_number.split())
    if not _HOTLINE.fullmatch(number):
        raise NotAWorkOrder
    made.hotline_number = number
    if question.item:
        item = effective_item(question.item)
        if item is None:
            raise NotInItems
        made.item_code, made.item_name = item.code, item.name
    if question.case:
        made.case = _case(asker, question.case)
        made.item_code, made.item_name = made.case.item_code, made.case.item_name
    if is_complaint:
        _check_about(made, question)
    return made


def _case(asker: Applicant, number: str) -> Case:
    own = Case.objects.of_person(asker.person_id).filed()
    case = own.filter(number=number).first() if numbers.check(number) else None
    if case is None:
        raise NotYourCase
    return case


def _check_about(made: Enquiry, question: Question) -> None:
    if question.about not in About.values:
        raise NotSaidWhat
    made.about = question.about
    if made.about == About.CASE and made.case is None:
        raise NotYourCase
    if made.about == About.WINDOW:
        window = Window.objects.filter(name=question.window, is_active=True).first()
        if window is None:
            raise NotSaidWhat("window")
        made.window_name = window.name
    if made.about == About.STAFF:
        made.who = steps.said(question.who, rules.MOST_WHO, "who")
    else:
        made.who = enquiry_text.clean(question.who)
        if len(made.who) > rules.MOST_WHO:
            raise TooLong(rules.MOST_WHO, "who")


def _set_parties(made: Enquiry, now: datetime) -> None:
    """Whoever of the staff is named is one whom it is about; of a head who is not named every head is."""
    words = "".join(f"{made.who}\n{made.text}".split())
    posts = list(Post.objects.held().order_by("pk"))
    named = [post for post in posts if len(post.name) >= _SHORTEST_NAME and post.name in words]
    heads = [post for post in posts if post.role == PostRole.HEAD]
    if made.about == About.HEAD and not any(post in heads for post in named):
        named += heads
    people = {post.person: post.name for post in named}
    EnquiryParty.objects.bulk_create(
        [
            EnquiryParty(enquiry=made, person=person, name=name, added_at=now)
            for person, name in people.items()
        ]
    )


@transaction.atomic
def add(enquiry: Enquiry, text: str, *, by: Actor, now: datetime) -> Enquiry:
    """Add to what one asked while it is not answered. Raises NothingSaid, TooLong, TooMany, NotOpen."""
    enquiry = steps.lock_own(enquiry, by=by)
    kept = steps.said(text, rules.MOST_TEXT)
    if enquiry.events.filter(action="add").count() >= rules.MOST_ADDITIONS:
        raise TooMany(rules.MOST_ADDITIONS)
    return steps.take(enquiry, "add", by=by, now=now, text=kept)


@transaction.atomic
def add_file(enquiry: Enquiry, upload: Any, *, by: Actor, now: datetime) -> EnquiryFile:
    """Give a picture or paper with what one asked. Raises files.FileRefused, TooMany, NotOpen."""
    enquiry = steps.lock_own(enquiry, by=by)
    if not enquiry.is_running:
        raise NotOpen(str(enquiry.get_state_display()))
    if enquiry.files.count() >= rules.MOST_FILES:
        raise TooMany(rules.MOST_FILES)
    facts = files.inspect(upload, upload.name or "")
    path = files.store(upload, f"{place.here().role}/{timezone.localdate(now):%Y}")
    taken = EnquiryFile.objects.create(
        enquiry=enquiry,
        name=facts.name,
        content_type=facts.content_type,
        size=facts.size,
        sha256=facts.sha256,
        path=path,
        uploaded_at=now,
    )
    steps.take(enquiry, "add_file", by=by, now=now, text=facts.name)
    return taken


@transaction.atomic
def rate(enquiry: Enquiry, *, is_solved: bool, by: Actor, now: datetime) -> Enquiry:
    """Say once whether the answer helped; the same again changes nothing. Raises AlreadyDone, NotOpen."""
    enquiry = steps.lock_own(enquiry, by=by)
    if enquiry.is_solved is not None:
        if enquiry.is_solved == is_solved:
            return enquiry
        raise AlreadyDone
    enquiry.is_solved = is_solved
    return steps.take(enquiry, "rate", by=by, now=now, changed=("is_solved",))


def may_reopen(enquiry: Enquiry, now: datetime) -> bool:
    """Whether it may be asked once more: once, within 30 自然日 of the answer, and not when it helped."""
    if enquiry.is_running or enquiry.reopened_at is not None or enquiry.is_solved or not enquiry.answered_at:
        return False
    last = timezone.localdate(enquiry.answered_at) + timedelta(days=rules.REOPEN_DAYS)
    return timezone.localdate(now) <= last


@transaction.atomic
def reopen(enquiry: Enquiry, text: str, *, by: Actor, now: datetime) -> Enquiry:
    """Ask once more, saying what is not solved: the clock starts again and whoever had it gives it back.

    What was published of it is withdrawn. Raises NothingSaid, TooLong, AlreadyDone, TooLate, NotOpen.
    """
    enquiry = steps.lock_own(enquiry, by=by)
    kept = steps.said(text, rules.MOST_TEXT)
    if enquiry.reopened_at is not None or enquiry.is_solved:
        raise AlreadyDone
    if enquiry.is_running:
        raise NotOpen(str(enquiry.get_state_display()))
    if not may_reopen(enquiry, now):
        raise TooLate
    enquiry.reopened_at, enquiry.claimed_by, enquiry.claimed_name = now, None, ""
    enquiry.late_at = enquiry.late_take_up_at = None
    published = getattr(enquiry, "published", None)
    if published is not None and published.withdrawn_at is None:
        published.withdrawn_at = now
        published.save(update_fields=["withdrawn_at"])
    changed = ("reopened_at", "claimed_by", "claimed_name", "late_at", "late_take_up_at")
    return steps.take(enquiry, "reopen", by=by, now=now, text=kept, message="reopened", changed=changed)
