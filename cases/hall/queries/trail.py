"""The trail of a case: every step, clock's act, message, file, reading and export, in time order, with its seal.

One query of a union gives a page of (moment, what it is, key); what the page shows is then read table by table, so that
the number of queries does not grow with the trail.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, cast
from uuid import UUID

from django.db.models import CharField, F, IntegerField, Q, QuerySet, Value
from django.utils.translation import gettext_lazy as _

from audit import queries as log
from audit.models import Record
from cases.hall.models import Case, CaseFile, Event, LedgerEntry, Outbox
from cases.hall.transitions import INTERNAL

STEP, CLOCK, MESSAGE, FILE, REMOVED, LOOK = "step", "clock", "message", "file", "removed", "look"
# the choices of the filter
KINDS = {
    "step": _("办理"),
    "clock": _("计时"),
    "message": _("短信"),
    "file": _("材料"),
    "reading": _("查看"),
    "export": _("导出"),
    "other": _("其他"),
}
# at one moment the steps stand as they were numbered, each with what came of it; then who looked
_WITHIN = {STEP: 1, CLOCK: 2, MESSAGE: 3}
_FIRST_STEP, _AFTER_ALL = 14, 1_000_000
_FOR_APPLICANT = frozenset({STEP, MESSAGE, LOOK})


@dataclass(frozen=True)
class Narrowed:
    """What is asked for of a trail. `is_applicant`: without what is said inside the hall, and without the clocks."""

    kind: str = ""
    actor: UUID | None = None
    first: date | None = None
    last: date | None = None
    is_applicant: bool = False


@dataclass(frozen=True)
class Entry:
    """One line: the row that it tells of, the audit row that was written with it, and that one's seal."""

    kind: str
    at: datetime
    row: Event | LedgerEntry | Outbox | CaseFile | Record
    record: Record | None = None
    seal: log.Sealed | None = None


def _objects(case: Case) -> list[str]:
    # before it had a number, the audit named it by its key
    return [str(case.number), str(case.pk)]


def looks(case: Case) -> QuerySet[Record]:
    """Return the audit rows of a case that are no step of it: readings, exports and the like."""
    of_a_step = Q(action__startswith="case.") & (Q(detail__has_key="sequence") | Q(detail__has_key="file"))
    return Record.objects.filter(object__in=_objects(case)).exclude(of_a_step)


def listed(case: Case, asked: Narrowed) -> Any:
    """Return (moment, order, what, key) of every line that is asked for, the oldest first: a query to be paged."""
    parts = [part for part in _parts(case, asked) if part is not None]
    first, rest = parts[0], parts[1:]
    union = first.union(*rest, all=True)
    return union.order_by("at_moment", "rank", "row_key")


def _parts(case: Case, asked: Narrowed) -> Iterable[QuerySet[Any] | None]:
    events = Event.objects.filter(case=case)
    messages = Outbox.objects.filter(event__case=case)
    if asked.is_applicant:
        events, messages = events.exclude(action__in=INTERNAL), messages.exclude(event__action__in=INTERNAL)
    seen = looks(case)
    if asked.kind in {"reading", "export", "other"}:
        seen = seen.filter(log.of_kind(asked.kind) if asked.kind != "other" else _neither())
    yield _part(events, STEP, "at", "actor", asked, STEP)
    yield _part(LedgerEntry.objects.filter(case=case), CLOCK, "event__at", "event__actor", asked, CLOCK)
    yield _part(messages, MESSAGE, "created_at", "event__actor", asked, MESSAGE)
    yield _part(CaseFile.objects.filter(case=case), FILE, "uploaded_at", "person", asked, FILE)
    removed = CaseFile.objects.filter(case=case).exclude(removed_at=None)
    yield _part(removed, REMOVED, "removed_at", "person", asked, FILE)
    yield _part(seen, LOOK, "at", "actor", asked, asked.kind if asked.kind in _LOOKS else LOOK)


_LOOKS = frozenset({"reading", "export", "other"})


def _neither() -> Q:
    return ~log.of_kind("reading") & ~log.of_kind("export")


def _part(
    rows: QuerySet[Any], what: str, moment: str, person: str, asked: Narrowed, kind: str
) -> QuerySet[Any]:
    """Return one table's share of the union; an empty one where the kind or the reader leaves it out."""
    if (asked.kind and kind != asked.kind) or (asked.is_applicant and what not in _FOR_APPLICANT):
        rows = rows.none()
    if asked.actor is not None:
        rows = rows.filter(**{person: asked.actor})
    if asked.first is not None:
        rows = rows.filter(**{f"{moment}__gte": log.day_begins(asked.first)})
    if asked.last is not None:
        rows = rows.filter(**{f"{moment}__lt": log.day_begins(asked.last + timedelta(days=1))})
    step = {STEP: "sequence", CLOCK: "event__sequence", MESSAGE: "event__sequence"}.get(what)
    alone = Value(_AFTER_ALL if what == LOOK else _FIRST_STEP, IntegerField())
    named: QuerySet[Any, Any] = rows.order_by().annotate(
        at_moment=F(moment),
        rank=F(step) * 10 + _WITHIN[what] if step else alone,
        what=Value(what, CharField()),
        row_key=F("pk"),
    )
    return named.values_list("at_moment", "rank", "what", "row_key")


def people(case: Case) -> list[tuple[UUID, str]]:
    """Return who acted on or looked at a case, by name: what the filter offers. One query."""
    return log.people(Record.objects.filter(object__in=_objects(case)))


def entries(case: Case, page: Iterable[tuple[datetime, int, str, UUID]]) -> list[Entry]:
    """Return the lines of one page whole. Six queries at the most, whatever their number."""
    lines = list(page)
    keys: dict[str, list[UUID]] = {}
    for _moment, _rank, what, key in lines:
        keys.setdefault(what, []).append(key)
    rows: dict[tuple[str, UUID], Any] = {}
    files = CaseFile.objects.in_bulk([*keys.get(FILE, []), *keys.get(REMOVED, [])])
    sources: tuple[tuple[str, dict[UUID, Any]], ...] = (
        (STEP, Event.objects.in_bulk(keys.get(STEP, []))),
        (CLOCK, LedgerEntry.objects.select_related("event").in_bulk(keys.get(CLOCK, []))),
        (MESSAGE, Outbox.objects.select_related("event").defer("text").in_bulk(keys.get(MESSAGE, []))),
        (FILE, files),
        (REMOVED, files),
        (LOOK, Record.objects.in_bulk(keys.get(LOOK, []))),
    )
    for what, found in sources:
        rows.update(((what, key), row) for key, row in found.items())
    records = _records(case, [rows[what, key] for _moment, _rank, what, key in lines])
    seals = log.seals_of(record.pk for record in records.values())
    return [
        Entry(what, moment, rows[what, key], record, seals.get(str(record.pk)) if record else None)
        for moment, _rank, what, key in lines
        for record in [records.get(key)]
    ]


def _records(case: Case, rows: Iterable[Any]) -> dict[UUID, Record]:
    """Return by the key of a row the audit row that was written with it: of a step, of what came of it, of a file."""
    kept = list(rows)
    own = {row.pk: row for row in kept if isinstance(row, Record)}
    files = [row for row in kept if isinstance(row, CaseFile)]
    steps = {row.pk: _step_of(row) for row in kept if not isinstance(row, Record | CaseFile)}
    # a file that came with the application is the submission's; of a later one the audit names the file
    wanted = {event.sequence for event in steps.values()} | ({1} if files else set())
    named = {str(file.pk) for file in files} | {
        str(event.data["file"]) for event in steps.values() if "file" in event.data
    }
    by_sequence, by_file = _written(case, wanted, named)
    for key, event in steps.items():
        found = by_sequence.get(event.sequence) or by_file.get(str(event.data.get("file", "")))
        if found is not None:
            own[key] = found
    for file in files:
        found = by_file.get(str(file.pk)) or by_sequence.get(1)
        if found is not None:
            own[file.pk] = found
    return own


def _step_of(row: Event | LedgerEntry | Outbox) -> Event:
    # a message of a case has its event; one without is of a draft, which has no trail
    return row if isinstance(row, Event) else cast(Event, row.event)


def _written(
    case: Case, sequences: Collection[int], files: Collection[str]
) -> tuple[dict[int, Record], dict[str, Record]]:
    """Return the audit rows of these steps, by their number, and of these files, by their key. One query."""
    found = Record.objects.filter(object__in=_objects(case), action__startswith="case.").filter(
        Q(detail__sequence__in=sorted(sequences)) | Q(detail__file__in=sorted(files))
    )
    by_sequence: dict[int, Record] = {}
    by_file: dict[str, Record] = {}
    for record in found:
        if "sequence" in record.detail:
            by_sequence[record.detail["sequence"]] = record
        else:
            by_file[str(record.detail["file"])] = record
    return by_sequence, by_file
