"""One step of a case, with everything that belongs to it, in the caller's transaction on the locked row.

In this order: the event with its document number, the ledger's rows, what the step does besides (results, notices,
papers that are owed), the due dates recomputed from the ledger, the public pointer, the order of its paper, the audit's
row, the letters to departments' systems, the message to the applicant and the worker's bell. A clock that was set back moves no case back: nothing happens before what
happened.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actor import Actor
from audit import services as audit
from cases.hall import clock, delivering, messages
from cases.hall.enums import Act, Clock, State, Turn
from cases.hall.models import Case, Event, LedgerEntry, Mandate
from cases.hall.queries import calendar, ledger, place
from cases.hall.queries import facts as known
from cases.hall.services import claims, effects, letters, papers, serials, telling
from cases.hall.states import STATES
from cases.hall.transitions import ON_DECISION, Effect, Fact, Transition, When
from cases.shared.models import Pointer
from catalog.shared.enums import ItemType, Unit

_MAX_GROUND = 200
# what any step may change, besides the due dates
_CHANGED = (
    "state",
    "revision",
    "accepted_by",
    "proposed_refusal",
    "pending",
    "pending_reason",
    "pending_data",
    "marks",
    "claimed_by",
    "claimed_name",
    "turn",
    "whereabouts",
    "system",
    "updated_at",
)


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
    day: date | None = None,
    document_no: str = "",
    mandate: Mandate | None = None,
) -> list[Event]:
    """Take these steps, one after the other, on a locked case whose right to them has been checked; save the case.

    The reason and the data are those of the last step. `changed` names fields of the case that the caller has set
    besides those that every step may change. `day` is the legal day where it is not today's, `document_no` the number
    of a paper that is not the hall's: both are a department's to say. Done under a `mandate`, it is logged so and the
    principal is told. Returns the events.
    """
    # a case that is being submitted has no ledger yet
    entries = ledger.entries(case) if case.revision else []
    now = known.not_before(case, now)
    events: list[Event] = []
    told: dict[str, Any] = {}
    before = case.state
    for step in steps:
        is_last = step is steps[-1]
        event = _event(
            case,
            step,
            by=by,
            post=post,
            now=now,
            reason=reason if is_last else "",
            # of several steps in one act the data are the last one's, and say how the result was handed over
            data=data if is_last or step.name == "hand_over" else None,
            day=day,
            document_no=document_no if is_last else "",
            mandate=mandate,
        )
        entries += _write_ledger(case, step, event, entries)
        events.append(event)
        told |= effects.after(case, event, now, (data or {}) if is_last else {}) or {}
    claims.follow(case, before, now)
    keep_dues(case, entries, changed=(*_CHANGED, *changed), now=now)
    for event in events:
        papers.order(case, event, now)
        _audit(case, event, by=by, now=now)
    letters.write(case, events, now=now)
    if message:
        _tell(case, events[-1], message, told, now=now)
    if mandate:
        telling.of_step(case, events[-1], mandate, now=now)
    return events


def keep_dues(case: Case, entries: Sequence[clock.Entry], *, changed: Sequence[str], now: datetime) -> None:
    """Recompute the due dates and whose turn it is from the ledger, save the case and its public pointer."""
    cache = asdict(ledger.facts(entries, calendar.current()))
    for name, value in cache.items():
        setattr(case, name, value)
    if "turn" in changed:
        case.turn = _turn(case)
    case.updated_at = now
    case.save(update_fields=[*{*changed, *cache, "updated_at"}])
    point(case, now=now)


def _turn(case: Case) -> Turn:
    """Return whose turn it is: a question to the applicant waits for them, whatever the state."""
    if Fact.TRANSFER_OFFERED in case.marks:
        return Turn.APPLICANT
    if Fact.UNPAID in case.marks:
        return Turn.APPLICANT
    if case.state == State.DELIVERING:
        return delivering.turn(case.whereabouts)
    return STATES[State(case.state)].turn


def _event(
    case: Case,
    step: Transition,
    *,
    by: Actor,
    post: str,
    now: datetime,
    reason: str,
    data: Mapping[str, Any] | None,
    day: date | None = None,
    document_no: str = "",
    mandate: Mandate | None = None,
) -> Event:
    today = timezone.localdate(now)
    kept = dict(data or {})
    if day is not None and day != today:
        kept["day"] = day.isoformat()
    # what a notice asks for stands in rows of its own; the log says how many
    if "points" in kept:
        kept["n"] = len(kept.pop("points"))
    # the log is not encrypted: both values of a small correction stand in a row of their own
    kept.pop("values", None)
    event = Event(
        case=case,
        sequence=case.revision + 1,
        action=step.logged_as,
        from_state=case.state,
        to_state=step.target(case.state),
        at=now,
        actor=by.person_id,
        actor_name=by.display_name,
        actor_post=post,
        mandate=mandate,
        reason=reason,
        document_no=serials.document_number(step.document, today) if step.document else document_no,
        data=kept,
    )
    event.save(force_insert=True)
    case.revision = event.sequence
    case.state = event.to_state
    case.whereabouts = delivering.place_after(step, case.whereabouts, str(kept.get("method", "")))
    return event


def _write_ledger(
    case: Case, step: Transition, event: Event, entries: Sequence[clock.Entry]
) -> list[clock.Entry]:
    """Write the step's rows. What a clock that does not run cannot do (no limit in law, paused already) is left out."""
    rows = []
    # what is at its holder's hand is the hall's to deliver no longer, wherever it came from
    at_hand = [delivering.AT_HAND] if delivering.is_at_hand(case.whereabouts) else []
    for effect in (*step.clocks, *at_hand):
        run = _last_run(entries, effect.clock)
        if effect.act == Act.START:
            days, unit = _limit(effect, case, event, run)
        else:
            days, unit = _amount(effect, event, run)
        if unit is None:
            continue
        row = LedgerEntry(
            case=case,
            event=event,
            clock=effect.clock,
            act=effect.act,
            day=_day(effect, event, entries),
            days=days,
            unit=unit,
            ground=ground(effect, case.item)[:_MAX_GROUND],
        )
        rows.append(row)
    LedgerEntry.objects.bulk_create(rows)
    return [ledger.entry_of(row) for row in rows]


def _last_run(entries: Sequence[clock.Entry], name: str) -> clock.Run | None:
    found = clock.runs(entries, name)
    return found[-1] if found else None


def _limit(effect: Effect, case: Case, event: Event, run: clock.Run | None) -> tuple[int | None, str | None]:
    """Return the days and unit of a start; no unit: the clock has no limit and does not start."""
    if effect.keeps_end and run is not None:
        end = clock.end_of(run, calendar.current())
        today = timezone.localdate(event.at)
        left = calendar.current().days_between(today, end, run.unit) if end else 0
        return max(0, left), run.unit
    days, unit = limit_of(effect.clock, case.item)
    return days, unit if days is not None else None


def _amount(effect: Effect, event: Event, run: clock.Run | None) -> tuple[int | None, str | None]:
    """Return the days and unit of another act; no unit: the clock does not run, or not so that this can be done."""
    if run is None or run.stop is not None:
        return None, None
    if effect.act != Act.STOP and run.is_paused != (effect.act == Act.RESUME):
        return None, None
    if effect.act == Act.EXTEND:
        return int(event.data["days"]), run.unit
    return (int(event.data["days"]) if effect.act == Act.PAUSE else None), ""


def _day(effect: Effect, event: Event, entries: Sequence[clock.Entry]) -> date:
    """Return the legal day of an act: a job that comes late writes the day on which it was due, not its own."""
    if effect.when == When.RECEIVED:
        run = _last_run(entries, Clock.ACCEPTANCE)
        return run.start.day if run else date.fromisoformat(event.data["received_on"])
    if effect.when == When.LAPSED:
        run = _last_run(entries, effect.clock)
        end = clock.end_of(run, calendar.current()) if run else None
        if end is not None:
            return end + timedelta(days=1)
    if said := event.data.get("day"):
        return date.fromisoformat(said)
    return timezone.localdate(event.at)


def limit_of(name: str, item: Mapping[str, Any]) -> tuple[int | None, str]:
    """Return the days and unit that a clock starts with, from the law or from the frozen item; None: no limit."""
    if name == Clock.ACCEPTANCE:
        return clock.ACCEPTANCE_DAYS, Unit.WORKING
    if name == Clock.DELIVERY:
        return clock.DELIVERY_DAYS, Unit.WORKING
    if name == Clock.CORRECTION:
        return clock.CORRECTION_DAYS, Unit.WORKING
    kind = "promised" if name == Clock.PROMISED else "statutory"
    return item.get(f"{kind}_days"), item.get(f"{kind}_unit") or Unit.WORKING


def ground(effect: Effect, item: Mapping[str, Any]) -> str:
    """Return the legal ground of a clock's act: the permit law binds licensing, others follow it or their own basis."""
    if effect.clock in {Clock.PROMISED, Clock.CORRECTION} or item.get("type") == ItemType.LICENSING:
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
    changing = ["number", "item_name", "state", "due_on", "is_due_expected", "turn", "updated_at"]
    if case.parent is not None:
        pointer.parent, pointer.parent_number = case.parent.pk, case.parent.number
        pointer.parent_name = case.parent.name
        changing += ["item_code", "parent", "parent_number", "parent_name"]
    Pointer.objects.bulk_create(
        [pointer], update_conflicts=True, unique_fields=["case"], update_fields=changing
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
            **telling.audited(event.mandate),
            # on leave cover: for whom
            **{name: event.data[name] for name in ("for_person",) if name in event.data},
        },
    )


def _tell(case: Case, event: Event, kind: str, told: Mapping[str, Any], *, now: datetime) -> None:
    """Put the message into the outbox and ring for the worker: both leave with this transaction or not at all."""
    facts = {
        **event.data,
        **told,
        "item": case.item_name,
        "number": case.number,
        "query_code": case.query_code,
        "due_on": case.due_on,
        "statutory_due_on": case.statutory_due_on,
        "method": event.data.get("method", ""),
        "tracking": event.data.get("number", ""),
        "window": event.data.get("window", ""),
    }
    said = messages.said(kind, facts, is_secret="code" in told)
    telling.of_case(case, said, event=event, now=now)
