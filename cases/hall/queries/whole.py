"""A case whole, as one person may see it: what the API answers."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from accounts.actor import Actor
from accounts.masking import mask_id, mask_phone
from cases.hall import clock
from cases.hall.enums import Clock
from cases.hall.models import Case, Event
from cases.hall.queries import access, calendar, ledger, progress
from catalog.shared import questions

# opinions inside the hall: staff see them, the applicant sees what came of them
INTERNAL = progress.INTERNAL


def as_seen_by(case: Case, actor: Actor, *, today: date) -> dict[str, Any]:
    """Return the case as this person sees it, without the steps open to them. Three or four queries."""
    is_owner = access.is_owner(actor, case)
    status = progress.status(case, today)
    seen = {
        "number": case.number,
        "filed_with": case.parent.number if case.parent else "",
        "revision": case.revision,
        "item": case.item_code,
        "item_name": case.item_name,
        "state": case.state,
        "label": status.label,
        "headline": status.headline,
        "next": status.next,
        "turn": status.turn,
        "whereabouts": case.whereabouts,
        "kept_until": status.until,
        "system": case.system,
        "received_at": case.received_at,
        "due": case.due_on,
        "due_expected": case.is_due_expected,
        "tag": status.clock,
        "clock": clocks(case, today),
        "events": [
            _event(event, is_owner)
            for event in case.events.order_by("sequence")
            if not (is_owner and event.action in INTERNAL)
        ],
        "files": list(case.files.filter(removed_at=None, replaced_in=None).order_by("uploaded_at", "id")),
        "applicant": case.applicant_masked,
        "company": case.company_name,
        "answers": case.answers if access.is_self(actor, case) else masked_answers(case),
        "delivery": case.delivery if access.is_self(actor, case) else masked_delivery(case),
    }
    return {**seen, "query_code": case.query_code} if is_owner else seen


def _event(event: Event, is_owner: bool) -> dict[str, Any]:
    told = {
        "sequence": event.sequence,
        "action": event.action,
        "from_state": event.from_state,
        "to_state": event.to_state,
        "at": event.at,
        "reason": event.reason,
        "document_no": event.document_no,
        "data": event.data,
    }
    if event.mandate_id:
        told["by_proxy"] = event.actor_name
    return told if is_owner else {**told, "actor": event.actor_name, "post": event.actor_post}


def clocks(case: Case, today: date) -> list[dict[str, Any]]:
    """Return every clock that ever started, with the lines that explain it. One query."""
    rows, days = ledger.entries(case), calendar.current()
    standing = ledger.dues(rows, days)
    return [
        {
            "clock": name,
            "due": standing[name].date,
            "expected": standing[name].expected,
            "total": standing[name].total,
            "unit": standing[name].unit,
            "stopped_on": standing[name].stopped_on,
            "missed": standing[name].is_missed(today),
            "lines": clock.explain(rows, name, days),
        }
        for name in Clock.values
        if name in standing
    ]


def masked_answers(case: Case) -> dict[str, Any]:
    """Return the answers with ID numbers and phones masked: what staff see without asking for more."""
    types = {row["name"]: row["type"] for row in case.item.get("form") or []}
    return _masked(case.answers, types)


def _masked(values: Mapping[str, Any], types: Mapping[str, str]) -> dict[str, Any]:
    masks = {"id_number": mask_id, "phone": mask_phone}
    return {
        name: [_masked(entry, types) for entry in value]
        if types.get(name) == questions.GROUP
        else masks[types[name]](str(value))
        if types.get(name) in masks
        else value
        for name, value in values.items()
    }


def masked_delivery(case: Case) -> dict[str, Any]:
    """Return where the result goes with the phone masked."""
    return {
        name: mask_phone(str(value)) if name == "phone" else value for name, value in case.delivery.items()
    }
