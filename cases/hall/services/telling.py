"""Telling people: into inbox, outbox and the bell, with the transaction of what it tells of. And what the audit says of a proxy."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from django.utils import timezone

from cases.hall import notice_rules, proxy_words
from cases.hall.enums import MandateKind, State
from cases.hall.models import Case, Event, Mandate, Outbox, Principal
from cases.hall.notice_rules import Said
from cases.hall.queries import place
from cases.shared.models import Doorbell, InboxMessage
from tenants.shared import queries as city_queries

# what is told of one subject in one transaction has one key
_INBOX = UUID("8d0f6f1e-6d0c-5f3f-9f1b-0c5f2f0d7a31")


@dataclass(frozen=True)
class Subject:
    """What a message is about, and the page below the hall's host where its reader goes on."""

    pk: UUID
    path: str


def tell(
    person: UUID, said: Said, *, about: Subject, event: Event | None, now: datetime, is_quiet: bool = False
) -> None:
    """Tell a person something: in their inbox at once, and by the outbox and its worker on the ways that they want.

    `is_quiet`: the inbox alone. No second transaction can tell of it twice, so it needs no mark of having been told.
    """
    _into_inbox(person, said, about, now)
    if is_quiet:
        return
    Outbox.objects.create(
        event=event,
        person=person,
        kind=said.kind,
        subject=about.pk,
        text=said.text,
        due_on=said.due_on,
        is_yours=said.is_yours,
        is_urgent=notice_rules.is_urgent(said, timezone.localdate(now)),
        is_secret=said.is_secret,
        created_at=now,
        next_try_at=now,
    )
    Doorbell(hall_id=place.here().role).save(force_insert=True)


def _into_inbox(person: UUID, said: Said, about: Subject, now: datetime) -> None:
    key = uuid5(_INBOX, f"{person}:{about.pk}:{now.isoformat()}")
    text = said.shown or said.text
    told = InboxMessage.objects.filter(pk=key).first()
    if told is None:
        told = InboxMessage(
            pk=key,
            hall_id=place.here().role,
            person=person,
            kind=said.kind,
            text=text,
            path=about.path,
            is_yours=said.is_yours,
            due_on=said.due_on,
            at=now,
        )
        told.save(force_insert=True)
    elif text not in told.text:
        told.text = f"{text}\n{told.text}" if said.is_yours and not told.is_yours else f"{told.text}\n{text}"
        told.is_yours, told.due_on = told.is_yours or said.is_yours, told.due_on or said.due_on
        told.save(update_fields=["text", "is_yours", "due_on"])


def of_case(case: Case, said: Said, *, event: Event | None, now: datetime) -> None:
    """Tell a case's applicant. A draft has no event."""
    tell(case.person, said, about=_case(case), event=event, now=now)


def _case(case: Case) -> Subject:
    return Subject(case.pk, f"/drafts/{case.pk}/" if case.state == State.DRAFT else f"/cases/{case.number}/")


def _mandate(mandate: Mandate) -> Subject:
    return Subject(mandate.pk, f"/mandates/{mandate.pk}/")


def of_step(case: Case, event: Event, mandate: Mandate, *, now: datetime) -> None:
    """Tell the principal what was done for them on a case; a minor's guardian tells nobody but themselves."""
    _of_act(case, event.action, mandate, event=event, now=now)


def of_draft(case: Case, mandate: Mandate, *, now: datetime) -> None:
    """Tell the principal that an application was begun for them."""
    _of_act(case, "begin", mandate, event=None, now=now)


def _of_act(case: Case, action: str, mandate: Mandate, *, event: Event | None, now: datetime) -> None:
    if mandate.kind != MandateKind.PROXY:
        return
    said = Said("proxy.act", proxy_words.act(action, case.item_name, hotline=_hotline()))
    # who wants no message of each act still finds each in the inbox
    is_quiet = not mandate.tells_acts
    tell(case.person, said, about=_case(case), event=event, now=now, is_quiet=is_quiet)


def of_mandate(mandate: Mandate, *, now: datetime) -> None:
    """Tell the principal that somebody may act for them from now on."""
    text = proxy_words.given(mandate.item_name, mandate.until, hotline=_hotline())
    _of_mandate(mandate.principal.person, "given", text, mandate, now)


def of_end(mandate: Mandate, *, now: datetime) -> None:
    """Tell the principal that nobody acts for them under this mandate any more."""
    _of_mandate(mandate.principal.person, "ended", proxy_words.ended(), mandate, now)


def of_age(mandate: Mandate, *, now: datetime) -> None:
    """Tell a child of eighteen and the guardian that the child acts alone from now on."""
    _of_mandate(mandate.principal.person, "of_age", proxy_words.of_age(), mandate, now)
    _of_mandate(mandate.proxy, "guardian_ended", proxy_words.guardian_ended(), mandate, now)


def of_leaving(mandate: Mandate, *, now: datetime) -> None:
    """Tell the proxy that the principal has closed their account, and that the mandate ended with it."""
    _of_mandate(mandate.proxy, "principal_left", proxy_words.principal_left(mandate.item_name), mandate, now)


def _of_mandate(person: UUID, kind: str, text: str, mandate: Mandate, now: datetime) -> None:
    tell(person, Said(f"proxy.{kind}", text), about=_mandate(mandate), event=None, now=now)


def _hotline() -> str:
    return city_queries.city().hotline


def phone_of(message: Outbox) -> str:
    """Return the phone of somebody without an account: as the mandate has it, else as the case froze it."""
    principal = Principal.objects.filter(person=message.person).first()
    if principal is not None:
        return str(principal.phone)
    return str(message.event.case.applicant.get("phone", "")) if message.event else ""


def audited(mandate: Mandate | None) -> dict[str, Any]:
    """Return what an audit row says of the mandate under which something was done: keys, no personal data."""
    if mandate is None:
        return {}
    return {"mandate": str(mandate.pk), "on_behalf_of": str(mandate.principal_id)}
