"""One step of an enquiry with all that belongs to it: event, state, dates, public pointer, audit, message and the worker's bell."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from accounts.actor import Actor
from audit import services as audit
from cases.hall import enquiry_messages, enquiry_text
from cases.hall import enquiry_rules as rules
from cases.hall.enquiry_enums import EnquiryState, Kind
from cases.hall.models.enquiry import Enquiry, EnquiryEvent
from cases.hall.notice_rules import Said
from cases.hall.queries import enquiries, place
from cases.hall.services import telling
from cases.hall.services.enquiries.refusals import NothingSaid, NotOpen, TooLong
from cases.shared.models import EnquiryPointer

# who does what time alone does
JOB = Actor()
_CHANGED = ("state", "revision", "updated_at", "due_on", "is_due_expected", "take_up_by", "needs_city")


def said(text: str, most: int, field: str = "text") -> str:
    """Return a text as it is kept. Raises NothingSaid, TooLong."""
    kept = enquiry_text.clean(text)
    if not kept:
        raise NothingSaid(field)
    if len(kept) > most:
        raise TooLong(most, field)
    return kept


def lock(enquiry: Enquiry, *, by: Actor, now: datetime) -> Enquiry:
    """Return the enquiry locked, if this member of the staff may handle it now. Raises Http404 as for one that never was."""
    Enquiry.objects.select_for_update(of=("self",)).filter(pk=enquiry.pk).first()
    return enquiries.one_for_staff(by, enquiry.number, timezone.localdate(now))


def lock_own(enquiry: Enquiry, *, by: Actor) -> Enquiry:
    """Return one's own enquiry, locked. Raises Http404 when it is somebody else's."""
    Enquiry.objects.select_for_update(of=("self",)).filter(pk=enquiry.pk).first()
    return enquiries.own(by, enquiry.number)


def take(
    enquiry: Enquiry,
    name: str,
    *,
    by: Actor,
    now: datetime,
    text: str = "",
    message: str = "",
    changed: Collection[str] = (),
) -> Enquiry:
    """Take the step of this name on a locked enquiry and save it; `changed` names fields that the caller has set.

    Raises NotOpen where the table of steps does not lead from its state.
    """
    step = rules.STEPS[name]
    before = EnquiryState(enquiry.state) if enquiry.revision else None
    if (before is not None and before not in step.frm) or (before is None and step.frm):
        raise NotOpen(str(EnquiryState(enquiry.state).label))
    enquiry.state = step.to or before or EnquiryState.NEW
    enquiry.revision += 1
    enquiry.updated_at = now
    if before is None:
        enquiry.due_on = timezone.localdate(now)
        enquiry.save(force_insert=True)
    EnquiryEvent(
        enquiry=enquiry,
        sequence=enquiry.revision,
        action=name,
        from_state=before or "",
        to_state=enquiry.state,
        at=now,
        actor=by.person_id,
        actor_name=by.display_name,
        text=text,
    ).save(force_insert=True)
    enquiry.due_on, enquiry.is_due_expected, enquiry.take_up_by = enquiries.dates(enquiry)
    enquiry.needs_city = needs_city(enquiry)
    enquiry.save(update_fields=[*{*_CHANGED, *changed}])
    _publish_fact(enquiry)
    _audit(enquiry, name, before, by, now)
    if message:
        tell(enquiry, message, to=enquiry.person, now=now)
    return enquiry


def keep_needs_city(enquiry: Enquiry) -> None:
    """Write down again whether the city must appoint somebody: those whom it is about have changed, or the hall's posts."""
    enquiry.needs_city = needs_city(enquiry)
    enquiry.save(update_fields=["needs_city"])
    _publish_fact(enquiry)


def needs_city(enquiry: Enquiry) -> bool:
    """Whether a complaint runs and no leader of the hall may handle it."""
    is_complaint = enquiry.kind == Kind.COMPLAIN and enquiry.is_running
    return is_complaint and not enquiries.free_leaders(enquiry)


def _publish_fact(enquiry: Enquiry) -> None:
    EnquiryPointer.objects.update_or_create(
        enquiry=enquiry.pk,
        hall_id=place.here().role,
        defaults={
            "person": enquiry.person,
            "number": enquiry.number,
            "kind": enquiry.kind,
            "item_name": enquiry.item_name,
            "state": enquiry.state,
            "due_on": enquiry.due_on,
            "is_due_expected": enquiry.is_due_expected,
            "needs_city": enquiry.needs_city,
            "updated_at": enquiry.updated_at,
        },
    )


def _audit(enquiry: Enquiry, name: str, before: str | None, by: Actor, now: datetime) -> None:
    # the hall's log is read by people whom a complaint may be about: it tells them neither who complained nor the number
    is_shown = enquiry.kind == Kind.ASK or by.person_id != enquiry.person
    audit.record(
        f"enquiry.{name}",
        now=now,
        actor=by.person_id if is_shown else None,
        actor_name=by.display_name if is_shown else "",
        object=enquiry.number if enquiry.kind == Kind.ASK else str(enquiry.pk),
        detail={"from": before or "", "to": enquiry.state, "sequence": enquiry.revision},
    )


def tell(enquiry: Enquiry, name: str, *, to: UUID, now: datetime) -> None:
    """Put the message of this name into the outbox for a person, and ring for the worker."""
    text = enquiry_messages.text(
        name,
        kind=str(Kind(enquiry.kind).label),
        number=enquiry.number,
        day=enquiry.due_on,
        is_expected=enquiry.is_due_expected,
    )
    about = telling.Subject(enquiry.pk, f"/enquiries/{enquiry.number}/")
    said = Said(f"enquiry.{name}", text, due_on=enquiry.due_on)
    telling.tell(to, said, about=about, event=None, now=now)
