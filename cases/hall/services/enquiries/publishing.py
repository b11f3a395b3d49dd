"""公开答复: what was asked and answered, masked, looked at by a clerk, for everybody to read; and taken back."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.actor import Actor
from cases.hall import enquiry_rules as rules
from cases.hall import enquiry_text
from cases.hall.enquiry_enums import EnquiryState, Kind
from cases.hall.models.enquiry import Enquiry, PublishedAnswer
from cases.hall.queries.access import person_of
from cases.hall.services.enquiries import steps
from cases.hall.services.enquiries.refusals import NotOpen, NotToPublish
from tenants.hall.models import Post


@dataclass(frozen=True)
class Proposal:
    """What would be published."""

    question: str
    answer: str


def proposal(enquiry: Enquiry) -> Proposal:
    """Return question and answer masked by pattern and by the names that are known: a clerk looks at them yet."""
    names = _names(enquiry)
    said = [
        enquiry.text,
        *(event.text for event in enquiry.events.order_by("sequence") if event.action in {"add", "reopen"}),
    ]
    return Proposal(
        enquiry_text.mask("\n\n".join(said), names),
        enquiry_text.mask(enquiry.answer, names, keeps_offices=True),
    )


def _names(enquiry: Enquiry) -> list[str]:
    """Who asked, whoever stands in the case, and the staff."""
    found = [str(enquiry.contact.get("name", ""))]
    if enquiry.case is not None:
        case = enquiry.case
        found.append(str(case.applicant.get("name", "")))
        named = [field["name"] for field in case.item.get("form") or [] if "姓名" in field["label"]]
        found += [str(case.answers.get(name, "")) for name in named]
    return [*found, *Post.objects.order_by("name").values_list("name", flat=True).distinct()]


def check_publishable(enquiry: Enquiry) -> None:
    """Raise NotToPublish for a complaint and for what somebody keeps to themselves, NotOpen before the answer."""
    if enquiry.kind != Kind.ASK or not enquiry.may_publish:
        raise NotToPublish
    if enquiry.state != EnquiryState.ANSWERED:
        raise NotOpen(str(enquiry.get_state_display()))


@transaction.atomic
def publish(enquiry: Enquiry, question: str, answer: str, *, by: Actor, now: datetime) -> PublishedAnswer:
    """Publish these words, masked once more whatever was written. Published before, they take the place of the former.

    Raises NotToPublish, NotOpen, NothingSaid, TooLong.
    """
    enquiry = steps.lock(enquiry, by=by, now=now)
    check_publishable(enquiry)
    names = _names(enquiry)
    most = rules.MOST_TEXT * (2 + rules.MOST_ADDITIONS)
    asked = enquiry_text.mask(steps.said(question, most, "question"), names)
    told = enquiry_text.mask(steps.said(answer, rules.MOST_ANSWER, "answer"), names, keeps_offices=True)
    steps.take(enquiry, "publish", by=by, now=now)
    published, _made = PublishedAnswer.objects.update_or_create(
        enquiry=enquiry,
        defaults={
            "item_code": enquiry.item_code,
            "item_name": enquiry.item_name,
            "question": asked,
            "answer": told,
            "published_at": now,
            "published_by": person_of(by),
            "published_name": by.display_name[:60],
            "withdrawn_at": None,
        },
    )
    return published


@transaction.atomic
def withdraw(enquiry: Enquiry, reason: str, *, by: Actor, now: datetime) -> Enquiry:
    """Take back what was published, with a reason that the staff reads. Raises NothingSaid, TooLong, NotOpen."""
    enquiry = steps.lock(enquiry, by=by, now=now)
    kept = steps.said(reason, rules.MOST_NOTE, "reason")
    return _withdraw(enquiry, kept, by=by, now=now)


@transaction.atomic
def refuse(enquiry: Enquiry, *, by: Actor, now: datetime) -> Enquiry:
    """Say that one's own question shall not be published (any more). It is taken back at once where it was."""
    enquiry = steps.lock_own(enquiry, by=by)
    if not enquiry.may_publish:
        return enquiry
    enquiry.may_publish = False
    enquiry.save(update_fields=["may_publish"])
    return _withdraw(enquiry, "", by=by, now=now, is_asked=True)


def _withdraw(enquiry: Enquiry, reason: str, *, by: Actor, now: datetime, is_asked: bool = False) -> Enquiry:
    found = PublishedAnswer.objects.filter(enquiry=enquiry, withdrawn_at=None)
    if not found.update(withdrawn_at=now):
        if is_asked:
            return enquiry
        raise NotOpen(str(enquiry.get_state_display()))
    return steps.take(enquiry, "withdraw", by=by, now=now, text=reason)
