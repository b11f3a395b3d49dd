"""Telling people: into the outbox and the bell, with the transaction of what it tells of. And what the audit says of a proxy."""

from datetime import datetime
from typing import Any
from uuid import UUID

from cases.hall import proxy_words
from cases.hall.enums import MandateKind
from cases.hall.models import Case, Event, Mandate, Outbox, Principal
from cases.hall.queries import place
from cases.shared.models import Doorbell
from tenants.shared import queries as city_queries


def tell(person: UUID, text: str, *, event: Event | None, now: datetime, is_secret: bool = False) -> None:
    """Put this text into the outbox for a person, and ring for the worker."""
    Outbox.objects.create(
        event=event, person=person, text=text, is_secret=is_secret, created_at=now, next_try_at=now
    )
    Doorbell(hall_id=place.here().role).save(force_insert=True)


def of_step(case: Case, event: Event, mandate: Mandate, *, now: datetime) -> None:
    """Tell the principal what was done for them on a case; a minor's guardian tells nobody but themselves."""
    if mandate.kind == MandateKind.PROXY:
        text = proxy_words.act(event.action, case.item_name, hotline=_hotline())
        tell(case.person, text, event=event, now=now)


def of_draft(case: Case, mandate: Mandate, *, now: datetime) -> None:
    """Tell the principal that an application was begun for them."""
    if mandate.kind == MandateKind.PROXY:
        tell(case.person, proxy_words.act("begin", case.item_name, hotline=_hotline()), event=None, now=now)


def of_mandate(mandate: Mandate, *, now: datetime) -> None:
    """Tell the principal that somebody may act for them from now on."""
    text = proxy_words.given(mandate.item_name, mandate.until, hotline=_hotline())
    tell(mandate.principal.person, text, event=None, now=now)


def of_end(mandate: Mandate, *, now: datetime) -> None:
    """Tell the principal that nobody acts for them under this mandate any more."""
    tell(mandate.principal.person, proxy_words.ended(), event=None, now=now)


def of_age(mandate: Mandate, *, now: datetime) -> None:
    """Tell a child of eighteen and the guardian that the child acts alone from now on."""
    tell(mandate.principal.person, proxy_words.of_age(), event=None, now=now)
    tell(mandate.proxy, proxy_words.guardian_ended(), event=None, now=now)


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
