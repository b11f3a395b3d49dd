"""One step of a case, with everything that belongs to it, in the caller's transaction on the locked row.

In this order: the event with its document number, the ledger's rows, the due dates recomputed from them, the result
of a decision, the public pointer, the audit's row, the message to the applicant and the worker's bell.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actor import Actor
from audit import services as audit
from cases.hall import clock, handover, messages
from cases.hall.enums import Act, Clock
from cases.hall.models import Case, Event, LedgerEntry, Outbox
from cases.hall.queries import calendar, ledger, place
from cases.hall.services import results, serials
from cases.hall.transitions import ON_DECISION, Effect, Transition
from cases.shared.models import Doorbell, Pointer
from catalog.shared.enums import ItemType, Unit

_MAX_GROUND = 200
# what any step may change, besides the due dates
_CHANGED = ("state", "revision", "accepted_by", "proposed_refusal", "turn", "updated_at")


def take(
    case: Case,
    steps: Sequence[Transition],
    *,
    by: Actor,
    post: str,
    now: datetime,
    reason: str = "",
    data: Mapping[str, Any] | None = None,
    message: str = "",
    changed: Sequence[str] = (),
) -> list[Event]:
    """Take these steps, one after the other, on a locked case whose right to them has been checked; save the case.

    The reason and the data are those of the last step. `changed` names fields of the case that the caller has set
    besides those that every step may change. Returns the events.
    """
    today = timezone.localdate(now)
    # a case that is being submitted has no ledger yet
    entries = ledger.entries(case) if case.revision else []
    events = []
    for step in steps:
        is_last = step is steps[-1]
        event = _event(
            case,
            step,
            by=by,
            post=post,
            now=now,
            reason=reason if is_last else "",
            data=data if is_last else None,
        )
        entries += _write_ledger(case, step, event, today, entries)
        events.append(event)
        if step.name == "grant":
            results.grant(case, event, now=now)
    cache = asdict(ledger.facts(entries, calendar.current()))
    for name, value in cache.items():
        setattr(case, name, value)
    case.turn = handover.turn(case.state, str((data or {}).get("method", "")))
    case.updated_at = now
    case.save(update_fields=[*_CHANGED, *cache, *changed])
    point(case, now=now)
    for event in events:
        _audit(case, event, by=by, now=now)
    if message:
        _tell(case, events[-1], message, now=now)
    return events


def _event(
    case: Case,
    step: Transition,
    *,
    by: Actor,
    post: str,
    now: datetime,
    reason: str,
    data: Mapping[str, Any] | None,
) -> Event:
    today = timezone.localdate(now)
    event = Event(
        case=case,
        sequence=case.revision + 1,
        action=step.logged_as,
        from_state=case.state,
        to_state=step.to,
        at=now,
        actor=by.person_id,
        actor_name=by.display_name,
        actor_post=post,
        reason=reason,
        document_no=serials.document_number(step.document, today) if step.document else "",
        data=dict(data or {}),
    )
    event.save(force_insert=True)
    case.revision = event.sequence
    case.state = step.to
    return event


def _write_ledger(
    case: Case, step: Transition, event: Event, today: date, entries: Sequence[clock.Entry]
) -> list[clock.Entry]:
    """Write the step's rows. A clock that never started (no limit in law) is not stopped."""
    started = {entry.clock for entry in entries}
    rows = []
    for effect in step.clocks:
        row = LedgerEntry(
            case=case,
            event=event,
            clock=effect.clock,
            act=effect.act,
            day=today,
            ground=ground(effect, case.item)[:_MAX_GROUND],
        )
        if effect.act == Act.START:
            row.days, row.unit = limit_of(effect.clock, case.item)
            if row.days is None:
                continue
        elif effect.clock not in started:
            continue
        rows.append(row)
    LedgerEntry.objects.bulk_create(rows)
    return [ledger.entry_of(row) for row in rows]


def limit_of(name: str, item: Mapping[str, Any]) -> tuple[int | None, str]:
    """Return the days and unit that a clock starts with, from the law or from the frozen item; None: no limit."""
    if name == Clock.ACCEPTANCE:
        return clock.ACCEPTANCE_DAYS, Unit.WORKING
    if name == Clock.DELIVERY:
        return clock.DELIVERY_DAYS, Unit.WORKING
    kind = "promised" if name == Clock.PROMISED else "statutory"
    return item.get(f"{kind}_days"), item.get(f"{kind}_unit") or Unit.WORKING


def ground(effect: Effect, item: Mapping[str, Any]) -> str:
    """Return the legal ground of a clock's act: the permit law binds licensing, others follow it or their own basis."""
    if effect.clock == Clock.PROMISED or item.get("type") == ItemType.LICENSING:
        return effect.ground
    if effect.ground == ON_DECISION and (basis := next(iter(item.get("legal_basis") or []), None)):
        return f"《{basis.get('law', '')}》{basis.get('article', '')}"
    return _("参照%(law)s") % {"law": effect.ground}


def point(case: Case, *, now: datetime) -> None:
    """Write the public fact that says where this person's case is and whose turn it is."""
    pointer = Pointer(
        case=case.pk,
        hall_id=place.here().role,
        person=case.person,
        number=case.number or "",
        item_code=case.item_code,
        item_name=case.item_name,
        state=case.state,
        due_on=case.due_on,
        is_due_expected=case.is_due_expected,
        turn=case.turn,
        updated_at=now,
    )
    Pointer.objects.bulk_create(
        [pointer],
        update_conflicts=True,
        unique_fields=["case"],
        update_fields=["number", "item_name", "state", "due_on", "is_due_expected", "turn", "updated_at"],
    )


def _audit(case: Case, event: Event, *, by: Actor, now: datetime) -> None:
    audit.record(
        f"case.{event.action}",
        now=now,
        actor=by.person_id,
        actor_name=by.display_name,
        object=case.number or str(case.pk),
        detail={
            "sequence": event.sequence,
            "from": event.from_state,
            "to": event.to_state,
            "document_no": event.document_no,
        },
    )


def _tell(case: Case, event: Event, kind: str, *, now: datetime) -> None:
    """Put the message into the outbox and ring for the worker: both leave with this transaction or not at all."""
    facts = {
        "item": case.item_name,
        "number": case.number,
        "query_code": case.query_code,
        "due_on": case.due_on,
        "method": event.data.get("method", ""),
        "tracking": event.data.get("number", ""),
        "window": event.data.get("window", ""),
    }
    Outbox.objects.create(
        event=event, person=case.person, text=messages.text(kind, facts), created_at=now, next_try_at=now
    )
    Doorbell(hall_id=place.here().role).save(force_insert=True)
