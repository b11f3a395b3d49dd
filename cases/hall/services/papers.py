"""Papers: ordered with the step, in its transaction; made and signed after it, outside of any lock, and tried again.

The facts are frozen when the paper is ordered, so that it does not matter when it is made. A key that does not answer
costs nobody the decision: number and verification are there, the file follows.
"""

import hashlib
import io
import logging
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.files.storage import storages
from django.utils import timezone

from accounts.masking import mask_name
from cases.hall import files, layouts, numbers, pdf
from cases.hall.models import Case, Event, Result
from cases.hall.paperwork import NoticeKind, Paper
from cases.hall.queries import documents, place
from cases.hall.queries import layouts as wordings
from cases.hall.services import staff_notices
from cases.shared import signing
from cases.shared.models import Doorbell, Verification
from catalog.shared.enums import ItemType
from tenants.shared import scope
from tenants.shared.models import Hall

log = logging.getLogger(__name__)

# who makes a paper has so long before another takes it up, and after each failed try it waits so many minutes
LEASE = timedelta(minutes=2)
BACK_OFF = (1, 2, 5, 15, 30, 60)
# after so many tries the hall's staff are told
TOLD_AFTER = 3
BATCH = 200
_GIVING = frozenset({"grant", "reissue", "correct"})
_MOST_TRIES = 32_000


def order(case: Case, event: Event, now: datetime) -> Paper | None:
    """Order the paper of a step, with its public row, and wake the worker; None for a step without one.

    The caller holds the case's lock. A wording that this case has no value for gives way to the standard, and staff are told.
    """
    kind = documents.kind_of(event)
    if not kind:
        return None
    result = Result.objects.filter(document_no=event.document_no).first()
    code = result.verification_code if result else numbers.verification_code()
    said = documents.facts(case, event, result, code)
    layout = wordings.in_force(kind, case.item_code, timezone.localdate(event.at))
    if layout is not None:
        try:
            said["own"] = layouts.own(kind, layout.texts, layout.choices, pdf.in_words(said))
        except layouts.MissingValue as missing:
            _tell_of_layout(case, event, str(missing), now)
            layout = None
    title = (said.get("own") or {}).get(layouts.TITLE) or documents.title(event)
    paper = Paper.objects.create(
        event=event,
        kind=kind,
        title=title,
        document_no=event.document_no,
        verification_code=code,
        facts=said,
        layout=layout,
        ordered_at=now,
        next_try_at=now,
    )
    _publish(case, event, paper)
    Doorbell(hall_id=place.here().role).save(force_insert=True)
    return paper


def _publish(case: Case, event: Event, paper: Paper) -> None:
    until = paper.facts.get("valid_until")
    is_licence = event.action in _GIVING and case.item.get("type") == ItemType.LICENSING
    given: dict[str, Any] = {
        "document_no": event.document_no,
        "kind": paper.kind,
        "title": paper.title,
        "item_code": case.item_code,
        "item_name": case.item_name,
        # a company's name is public, a person's is not
        "holder_masked": case.company_name or mask_name(str(paper.facts["holder"])),
        "issued_on": timezone.localdate(event.at),
        "valid_until": date.fromisoformat(until) if until else None,
        "is_public": is_licence,
    }
    # one that was issued before papers were kept has its row
    Verification.objects.bulk_create(
        [Verification(code=paper.verification_code, hall_id=place.here().role, **given)],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=list(given),
    )


def _tell_of_layout(case: Case, event: Event, name: str, now: datetime) -> None:
    told = {"title": documents.title(event), "document_no": event.document_no, "variable": name}
    staff_notices.tell(NoticeKind.LAYOUT, str(event.pk), case, data=told, now=now)


def of(case: Case, event: Event, now: datetime) -> Paper:
    """Return the paper of a step, ordered first where the step is older than papers were. Raises LookupError for none."""
    found = Paper.objects.filter(event=event).first()
    if found is None:
        Case.objects.lock(case.pk)
        found = Paper.objects.filter(event=event).first() or order(case, event, now)
    if found is None:
        raise LookupError("this step has no document")
    return found


def is_waiting(paper: Paper) -> bool:
    """Whether a paper is left to the worker: its key is far, or somebody has begun or failed to make it."""
    return not paper.is_made and (paper.tries > 0 or not signing.is_near())


def at_once(paper: Paper, *, now: datetime) -> Paper:
    """Make a paper for whoever asks for it before the worker came by, where the key is near; else it stays as it is.

    No lock is held while it is set and signed.
    """
    if paper.is_made or is_waiting(paper):
        return paper
    made = _tried(paper, place.here())
    if made is None:
        return paper
    _keep(paper.pk, made, now)
    return Paper.objects.get(pk=paper.pk)


def content(paper: Paper) -> bytes:
    """Return the signed bytes. Raises FileNotFoundError."""
    with storages["cases"].open(paper.path) as stream:
        return bytes(stream.read())


def make_due(hall: Hall, stopped: Callable[[], bool], *, now: Callable[[], datetime] = timezone.now) -> int:
    """Make the papers of a hall that wait, one after the other; return how many. For the worker, outside of any scope."""
    number = 0
    for _turn in range(BATCH):
        if stopped():
            break
        paper = _claimed(hall, now())
        if paper is None:
            break
        number += _make_claimed(paper, hall, now)
    return number


def _claimed(hall: Hall, now: datetime) -> Paper | None:
    """Return the paper that has waited longest, put out of others' way for a while: it is set and signed without a lock."""
    with scope.hall(hall):
        waiting = Paper.objects.filter(made_at=None, next_try_at__lte=now).order_by("next_try_at", "id")
        paper = waiting.select_for_update(skip_locked=True).first()
        if paper is not None:
            paper.tries = min(paper.tries + 1, _MOST_TRIES)
            paper.next_try_at = now + LEASE
            paper.save(update_fields=["tries", "next_try_at"])
        return paper


def _make_claimed(paper: Paper, hall: Hall, now: Callable[[], datetime]) -> bool:
    made = _tried(paper, hall)
    with scope.hall(hall):
        if made is None:
            _wait(paper, now())
            return False
        return _keep(paper.pk, made, now())


def _tried(paper: Paper, hall: Hall) -> "_Made | None":
    try:
        return _make(paper, hall)
    except Exception as failure:
        # whatever token, disk or typesetter do, the paper stays and the others go on; the text might hold personal data
        problem = str(failure) if isinstance(failure, signing.CannotSign) else type(failure).__name__
        log.warning("paper %s of %s is not made: %s", paper.pk, hall.key, problem)
        return None


def _wait(paper: Paper, now: datetime) -> None:
    minutes = BACK_OFF[min(paper.tries, len(BACK_OFF)) - 1]
    Paper.objects.filter(pk=paper.pk, made_at=None).update(next_try_at=now + timedelta(minutes=minutes))
    if paper.tries >= TOLD_AFTER:
        event = Event.objects.select_related("case").get(pk=paper.event_id)
        told = {"title": paper.title, "document_no": paper.document_no}
        staff_notices.tell(NoticeKind.PAPER, str(paper.pk), event.case, data=told, now=now)


class _Made:
    """A signed file that is stored, and no row knows of it yet."""

    def __init__(self, signed: bytes, path: str, *, is_standard: bool) -> None:
        self.path, self.size, self.is_standard = path, len(signed), is_standard
        self.sha256 = hashlib.sha256(signed).hexdigest()


def _make(paper: Paper, hall: Hall) -> _Made:
    """Set, sign and store a paper. Raises signing.CannotSign, OSError; a wording that cannot be set gives way to the standard."""
    is_standard = False
    try:
        unsigned = pdf.render(paper.kind, paper.facts)
    except pdf.CannotSet:
        if "own" not in paper.facts:
            raise
        is_standard = True
        unsigned = pdf.render(paper.kind, {**paper.facts, "own": {}})
    signed = signing.sign(unsigned, name=hall.name, place=str(paper.facts["verify_url"]))
    path = files.store(io.BytesIO(signed), f"{hall.role}/{timezone.localdate(paper.ordered_at):%Y}")
    return _Made(signed, path, is_standard=is_standard)


def _keep(pk: UUID, made: _Made, now: datetime) -> bool:
    """Write down a file unless another was quicker, whose bytes then hold; return whether it was written."""
    kept = Paper.objects.filter(pk=pk, made_at=None).update(
        made_at=now, path=made.path, sha256=made.sha256, size=made.size
    )
    if not kept:
        storages["cases"].delete(made.path)
        return False
    paper = Paper.objects.select_related("event__case").get(pk=pk)
    Verification.objects.filter(code=paper.verification_code).update(sha256=made.sha256)
    if made.is_standard:
        Paper.objects.filter(pk=pk).update(layout=None)
        _tell_of_layout(paper.event.case, paper.event, "", now)
    staff_notices.settle(NoticeKind.PAPER, str(pk), now=now)
    return True
