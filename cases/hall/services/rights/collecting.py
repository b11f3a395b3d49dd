"""Everything that one hall keeps of a person, put into a zip: read in the hall's scope, a case at a time."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from accounts.actor import Actor
from accounts.masking import mask_name
from cases.hall import transitions
from cases.hall.enums import State
from cases.hall.models import (
    Case,
    CaseFile,
    CorrectionRequest,
    DepartmentPaper,
    Mandate,
    Outbox,
)
from cases.hall.models.booking import Booking
from cases.hall.models.payment import Payment
from cases.hall.paperwork import Paper
from cases.hall.queries import whole
from cases.hall.services.rights.packing import Pack, safe
from catalog.hall.models import Feedback
from tenants.shared.models import Hall

CHUNK = 50


@dataclass
class Held:
    """What a hall turned out to keep, for its page: one line a case, booking and so on."""

    hall: str
    folder: str
    cases: list[dict[str, Any]] = field(default_factory=list)
    bookings: list[dict[str, Any]] = field(default_factory=list)
    mandates: list[dict[str, Any]] = field(default_factory=list)
    messages: int = 0
    feedback: int = 0
    files: list[dict[str, Any]] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Whether the hall keeps nothing of the person."""
        return not (
            self.cases or self.bookings or self.mandates or self.messages or self.feedback or self.files
        )


def collect(hall: Hall, person: UUID, pack: Pack, *, now: datetime) -> Held:
    """Write what this hall keeps of a person into the zip, in a folder of its own; return what it was.

    Of others it tells no more than the person's own pages do: staff by post, who acts and is acted for masked.
    """
    held = Held(hall.name, safe(hall.short_name))
    me, today = Actor(person_id=person), timezone.localdate(now)
    for case in Case.objects.of_person(person).order_by("created_at", "id").iterator(chunk_size=CHUNK):
        held.cases.append(_case(case, me, held.folder, pack, today))
    for row in CaseFile.objects.filter(person=person, case=None, correction=None, removed_at=None).order_by(
        "id"
    ):
        held.files.append(_file(row, f"{held.folder}/没用上的文件", pack))
    bookings = [_booking(row) for row in _visits(person)]
    mandates = [_mandate(row, person, held.folder, pack) for row in _mandates(person)]
    others = Outbox.objects.filter(person=person, event=None).order_by("created_at", "id")
    messages = [_message(row) for row in others.iterator(chunk_size=CHUNK)]
    feedback = list(
        Feedback.objects.filter(person=person)
        .order_by("made_at", "id")
        .values("code", "item_name", "section", "text", "made_at", "state", "answer", "answered_at")
    )
    held.bookings, held.mandates = bookings, mandates
    held.messages, held.feedback = len(messages), len(feedback)
    if not held.is_empty:
        told = {"bookings": bookings, "mandates": mandates, "messages": messages, "feedback": feedback}
        pack.data(f"{held.folder}/data.json", {**told, "cases": held.cases, "files": held.files})
        pack.page(f"{held.folder}/index.html", "hall.html", {"held": held, **told})
    return held


def _case(case: Case, me: Actor, folder: str, pack: Pack, today: date) -> dict[str, Any]:
    is_draft = case.state == State.DRAFT
    name = safe(f"{case.number or '草稿-' + case.pk.hex[:8]} {case.item_name}")
    place = f"{folder}/办件/{name}"
    files = [
        _file(row, f"{place}/材料", pack)
        for row in CaseFile.objects.filter(case=case).order_by("uploaded_at", "id")
    ]
    seen: dict[str, Any] = {} if is_draft else whole.as_seen_by(case, me, today=today)
    # how the desk's screens colour a date is no fact of the person's
    seen.pop("tag", None)
    told = {
        **seen,
        "number": case.number,
        "item": case.item_code,
        "item_name": case.item_name,
        "state": case.state,
        "state_label": str(State(case.state).label),
        "created_at": case.created_at,
        "received_at": case.received_at,
        "applicant": case.applicant,
        "company": case.company_name,
        "query_code": case.query_code,
        "answers": case.answers,
        "answers_by_label": _labelled(case),
        "delivery": case.delivery,
        "files": files,
        "events": [_event(row) for row in seen.get("events", [])],
        "papers": _papers(case, f"{place}/文书", pack),
        "corrections": [_correction(row) for row in case.corrections.order_by("requested_at", "id")],
        "results": list(
            case.results.order_by("issued_at", "id").values("kind", "document_no", "issued_at", "facts")
        ),
        "receipts": list(
            case.receipts.order_by("at", "id").values("way", "taken_by", "receiver_masked", "checked", "at")
        ),
        "payments": list(
            Payment.objects.filter(case=case)
            .order_by("created_at", "id")
            .values(
                "fee",
                "amount",
                "state",
                "way",
                "reference",
                "provider",
                "receipt_no",
                "created_at",
                "paid_at",
            )
        ),
        "messages": [_message(row) for row in Outbox.objects.filter(event__case=case, person=case.person)],
    }
    pack.data(f"{place}/data.json", told)
    pack.page(f"{place}/index.html", "case.html", {"case": told})
    return {
        "number": case.number,
        "item_name": case.item_name,
        "state": str(State(case.state).label),
        "received_at": case.received_at,
        "page": f"办件/{name}/index.html",
        "files": len(files),
    }


def _labelled(case: Case) -> list[tuple[str, Any]]:
    labels = {row["name"]: row["label"] for row in case.item.get("form") or []}
    return [(labels.get(name, name), value) for name, value in case.answers.items()]


def _event(event: dict[str, Any]) -> dict[str, Any]:
    rows = transitions.named(event["action"])
    return {**event, "label": str(rows[0].label) if rows else event["action"]}


def _file(row: CaseFile, folder: str, pack: Pack) -> dict[str, Any]:
    path = "" if row.removed_at else pack.file(folder, row.name, row.path)
    return {
        "name": row.name,
        "material": row.material_key,
        "size": row.size,
        "sha256": row.sha256,
        "uploaded_at": row.uploaded_at,
        "removed_at": row.removed_at,
        "path": path,
    }


def _papers(case: Case, folder: str, pack: Pack) -> list[dict[str, Any]]:
    found = []
    for paper in Paper.objects.filter(event__case=case).order_by("ordered_at", "id"):
        path = pack.file(folder, f"{paper.title} {paper.document_no}.pdf", paper.path) if paper.path else ""
        found.append({"title": paper.title, "document_no": paper.document_no, "path": path})
    for theirs in DepartmentPaper.objects.filter(event__case=case).order_by("pk"):
        path = pack.file(folder, theirs.name, theirs.path)
        found.append({"title": theirs.name, "document_no": "", "path": path})
    return found


def _correction(row: CorrectionRequest) -> dict[str, Any]:
    points = row.points.order_by("position")
    return {
        "requested_at": row.requested_at,
        "answered_at": row.answered_at,
        "typed": row.answers,
        "points": list(points.values("kind", "label", "verdict", "reason", "before", "after")),
    }


def _visits(person: UUID) -> Any:
    own = Booking.objects.filter(person=person).select_related("window").prefetch_related("items", "events")
    return own.order_by("day", "starts", "id")


def _booking(row: Booking) -> dict[str, Any]:
    appeal = getattr(row, "appeal", None)
    return {
        "number": row.number,
        "state": str(row.get_state_display()),
        "day": row.day,
        "starts": row.starts,
        "window": row.window.name,
        "items": [item.name for item in row.items.all()],
        "visitor": row.visitor,
        "check_code": row.check_code,
        "steps": [{"action": event.action, "at": event.at} for event in row.events.all()],
        "appeal": {"text": appeal.text, "asked_at": appeal.asked_at, "answer": appeal.answer}
        if appeal
        else None,
    }


def _mandates(person: UUID) -> Any:
    both = Q(principal__person=person) | Q(proxy=person)
    found = Mandate.objects.filter(both).select_related("principal", "paper", "case")
    return found.order_by("created_at", "id")


def _mandate(row: Mandate, person: UUID, folder: str, pack: Pack) -> dict[str, Any]:
    """Tell a mandate to one of its sides: of the other no more than masked, and its proof to the principal alone."""
    is_principal = row.principal.person == person
    paper = getattr(row, "paper", None) if is_principal else None
    principal = row.principal
    return {
        "side": "委托人" if is_principal else "代办的人",
        "kind": str(row.get_kind_display()),
        "principal": {
            "name": principal.name, "id_number": principal.id_number, "phone": principal.phone, "born_on": principal.born_on,
        } if is_principal else principal.masked,
        "proxy": mask_name(row.proxy_name) if is_principal else row.proxy_name,
        "relation": row.relation,
        "item_name": row.item_name,
        "case": row.case.number if row.case and is_principal else None,
        "powers": row.powers,
        "since": row.since,
        "until": row.until,
        "proof": str(row.get_proof_display()),
        "confirmed_at": row.confirmed_at,
        "ended_at": row.ended_at,
        "paper": pack.file(f"{folder}/委托", paper.name, paper.path) if paper else "",
    }  # fmt: skip


def _message(row: Outbox) -> dict[str, Any]:
    # a one-time code opens a locker: it is no fact about anybody
    text = "" if row.is_secret else row.text
    return {"text": text, "created_at": row.created_at, "delivered_at": row.delivered_at}
