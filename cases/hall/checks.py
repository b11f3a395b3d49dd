"""What must be true of every hall's cases: findings of check_halls, each one sentence."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from uuid import UUID

from django.core.files.storage import storages
from django.db.models import Exists, OuterRef

from cases.hall import clock
from cases.hall.enums import State
from cases.hall.models import Case, CaseFile, Claim, CorrectionRequest, LedgerEntry, Opinion, OwedPaper
from cases.hall.queries import calendar, ledger
from cases.hall.transitions import Fact
from cases.shared.models import Pointer
from catalog.hall.models import LocalItem
from catalog.shared.queries import in_the_catalogue
from tenants.shared.checks.findings import Finding
from tenants.shared.models import Hall

BATCH = 500
_DUE = ("due_on", "due_clock", "is_due_expected", "promised_due_on", "statutory_due_on")


def dues_follow_ledger(hall: Hall) -> Iterator[str]:
    """Recompute every filed case's due dates from its ledger and compare them with what the case keeps."""
    days = calendar.current()
    filed = Case.objects.filed().only("number", "state", *_DUE).order_by("id")
    for cases in _batches(filed):
        rows: dict[UUID, list[clock.Entry]] = defaultdict(list)
        found = LedgerEntry.objects.filter(case__in=[case.pk for case in cases])
        for row in found.select_related("event").order_by("event__sequence"):
            rows[row.case_id].append(ledger.entry_of(row))
        for case in cases:
            try:
                recomputed = ledger.facts(rows[case.pk], days)
            except clock.BrokenLedger as problem:
                yield f"case {case.number}: its ledger is broken: {problem}"
                continue
            if recomputed != ledger.cached(case):
                yield f"case {case.number}: its due dates are not what its ledger says"


def pointers_follow_cases(hall: Hall) -> Iterator[str]:
    """Compare every case with the public fact that the portal shows of it."""
    fields = ("person", "state", "due_on", "turn", "parent")
    shown = {row[0]: row[1:] for row in Pointer.objects.values_list("case", *fields, "number")}
    for pk, number, *values in Case.objects.order_by("id").values_list("pk", "number", *fields):
        if shown.pop(pk, None) != (*values, number or ""):
            yield f"case {number or pk}: the portal does not show it as it is"
    for pk in shown:
        yield f"pointer {pk}: there is no such case"


def lost(hall: Hall, path: str) -> str:
    """Return what is wrong with where a hall's file is stored; empty when it is there."""
    if not path.startswith(f"{hall.role}/"):
        return "it lies outside this hall's folder"
    return "" if storages["cases"].exists(path) else "its content is gone"


def files_are_there(hall: Hall) -> Iterator[str]:
    """Look for the content of every file that an applicant gave."""
    for pk, path in CaseFile.objects.filter(removed_at=None).order_by("id").values_list("pk", "path"):
        if found := lost(hall, path):
            yield f"file {pk}: {found}"


def codes_are_known(hall: Hall) -> Iterator[Finding]:
    """Yield running cases of items that neither the city's catalogue nor the hall's own has: nobody could apply for them again."""
    own = LocalItem.objects.filter(code=OuterRef("item_code"))
    running = Case.objects.filter(is_open=True).filter(~in_the_catalogue("item_code"), ~Exists(own))
    for number, code in running.order_by("number").values_list("number", "item_code"):
        words = f"case {number} is of {code}, which no catalogue has"
        yield Finding(hall.key, "code-unknown", words, "its promise is frozen: finish it")


def states_follow_events(hall: Hall) -> Iterator[str]:
    """Look for filed cases whose state is not where their last event led."""
    last: dict[UUID, str] = {}
    for case, state in (
        Case.objects.filed()
        .order_by("id")
        .values_list("events__case", "events__to_state")
        .order_by("events__sequence")
    ):
        last[case] = state
    for pk, number, state in (
        Case.objects.exclude(state=State.DRAFT).order_by("id").values_list("pk", "number", "state")
    ):
        if last.get(pk) != state:
            yield f"case {number}: it is {state} and its last event says {last.get(pk)}"


def marks_follow_rows(hall: Hall) -> Iterator[str]:
    """Compare what stands on a case's row with the rows that say it: papers owed, opinions asked, corrections."""
    owing = set(OwedPaper.objects.filter(received_at=None).values_list("case", flat=True))
    asked = set(Opinion.objects.filter(answered_at=None).values_list("case", flat=True))
    noticed = set(CorrectionRequest.objects.values_list("case", flat=True))
    waiting = set(
        CorrectionRequest.objects.filter(answered_at=None, cancelled_at=None, ended_at=None).values_list(
            "case", flat=True
        )
    )
    rows = {Fact.OWES_PAPERS: owing, Fact.OPINION_ASKED: asked, Fact.CORRECTED: noticed}
    for pk, number, state, marks in (
        Case.objects.filed().order_by("id").values_list("pk", "number", "state", "marks")
    ):
        for fact, cases in rows.items():
            if (fact in marks) != (pk in cases):
                yield f"case {number}: {fact} is not what its rows say"
        if (state == State.CORRECTION) != (pk in waiting):
            yield f"case {number}: it is {state} and a notice {'waits' if pk in waiting else 'does not wait'}"


def claims_follow_rows(hall: Hall) -> Iterator[str]:
    """Compare who holds a case by its own row with the claim that is open on it."""
    open_claims = dict(Claim.objects.filter(until=None).values_list("case", "person"))
    held = Case.objects.filter(claimed_by__isnull=False).order_by("id")
    for pk, number, person in held.values_list("pk", "number", "claimed_by"):
        if open_claims.pop(pk, None) != person:
            yield f"case {number}: who holds it is not what its claim says"
    for pk in open_claims:
        yield f"case {pk}: a claim is open on it and nobody holds it"


def _batches(cases: Iterable[Case]) -> Iterator[list[Case]]:
    batch: list[Case] = []
    for case in cases:
        batch.append(case)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
