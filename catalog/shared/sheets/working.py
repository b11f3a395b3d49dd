"""The worker's part of a job: reading, writing, publishing, each ended once, whoever is killed on the way.

A claim is taken in a transaction of its own, the work is one transaction, and it ends only while the claim stands: what a
dead worker began leaves nothing, and is found again when its beat has stopped. The beat has a connection of its own, so
that progress is seen before the work is committed.
"""

import logging
import shutil
import tempfile
import threading
import uuid
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.core.files.storage import storages
from django.db import DatabaseError, connections
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actor import Actor
from catalog.shared.enums import SheetState
from catalog.shared.models import SheetJobFields
from catalog.shared.services.batches import Approved, NotAll
from catalog.shared.services.sheet_jobs import CONFLICT, ERROR, STORAGE, Desk
from catalog.shared.sheets import importing
from catalog.shared.sheets.importing import NotWritten, Outcome
from catalog.shared.sheets.marks import Foreign
from catalog.shared.sheets.planning import Line, Planner
from catalog.shared.sheets.zipped import Unreadable
from tenants.shared.scope import WrongHall

LEASE = timedelta(seconds=15)
BEAT_SECONDS = 1.0
BATCH = 500
# what waits, and what it is while somebody is at it
_NEXT = {
    SheetState.UPLOADED: SheetState.READING,
    SheetState.QUEUED: SheetState.WRITING,
    SheetState.APPROVED: SheetState.PUBLISHING,
}
Approve = Callable[..., Approved]
# of the file that this worker read last: its import most often follows, and need not read it again
_kept: dict[str, importing.Kept] = {}
log = logging.getLogger(__name__)


class ClaimLost(Exception):
    """Another worker has taken the job up: this one's work is rolled back."""


@dataclass(frozen=True)
class Shop:
    """One desk with what its worker needs: how to enter its scope, who plans there, who publishes many drafts."""

    desk: Desk
    enter: Callable[[], AbstractContextManager[Any]]
    planner: Callable[[datetime], Planner]
    approve: Approve


def work(shop: Shop, *, stopped: Callable[[], bool], now: Callable[[], datetime] = timezone.now) -> int:
    """Do all jobs that wait, oldest first; return how many. Outside any scope."""
    done = 0
    while not stopped():
        with shop.enter():
            job = _claimed(shop.desk, now())
        if job is None:
            break
        _do(shop, job, now)
        done += 1
    return done


def _claimed(desk: Desk, now: datetime) -> SheetJobFields | None:
    """Take the job that has waited longest, or one whose worker has not been heard of for a while."""
    waits = Q(state__in=list(_NEXT)) | Q(state__in=list(_NEXT.values()), beat_at__lt=now - LEASE)
    waiting = desk.jobs._default_manager.filter(waits).order_by("created_at", "id")
    job: SheetJobFields | None = waiting.select_for_update(skip_locked=True).first()
    if job is not None:
        job.state = _NEXT.get(SheetState(job.state), SheetState(job.state))
        job.claim, job.beat_at = uuid.uuid4(), now
        job.save(update_fields=["state", "claim", "beat_at"])
    return job


def _do(shop: Shop, job: SheetJobFields, now: Callable[[], datetime]) -> None:
    act = {SheetState.READING: _read, SheetState.WRITING: _write, SheetState.PUBLISHING: _publish}
    with _Beat(shop, job, now) as beat:
        try:
            with tempfile.TemporaryDirectory(prefix="sheets-") as folder:
                act[SheetState(job.state)](shop, job, now, beat, Path(folder) / "file")
        except ClaimLost:
            return
        except (Unreadable, Foreign) as refusal:
            _finish_apart(shop, job, now, SheetState.REFUSED, problem=str(refusal))
        except FileNotFoundError:
            _finish_apart(shop, job, now, SheetState.REFUSED, problem=_("文件已经删掉，请重新上传"))


def _read(shop: Shop, job: SheetJobFields, now: Callable[[], datetime], beat: "_Beat", path: Path) -> None:
    """Write the preview. It is there whole or not at all."""
    _fetch(job, path)
    with shop.enter():
        shop.desk.lines._default_manager.filter(job_id=job.pk).delete()
        keep = _Keeper(shop.desk, job)
        outcome = importing.look(
            shop.planner(now()),
            path,
            wanted=job.sheet,
            report=beat.report,
            lines=keep.lines,
            kept=_only(job.path),
        )
        _preview(shop.desk, job, keep, outcome, now())


def _preview(desk: Desk, job: SheetJobFields, keep: "_Keeper", outcome: Outcome, now: datetime) -> None:
    keep.errors(outcome)
    state = SheetState.REFUSED if outcome.problems.count else SheetState.READY
    _finish(desk, job, now, state, counts=dict(outcome.counts), errors=outcome.problems.count, problem="")


def _write(shop: Shop, job: SheetJobFields, now: Callable[[], datetime], beat: "_Beat", path: Path) -> None:
    """Import, all or nothing. What changed since the preview leads back to a new one."""
    _fetch(job, path)
    by = Actor(person_id=job.person, display_name=job.person_name)
    try:
        with shop.enter():
            decided = _decisions(shop.desk, job)
            outcome = importing.write(
                shop.planner(now()), path, by=by, now=now(), note=_("导入 %(name)s") % {"name": job.file_name}, wanted=job.sheet,
                choose=lambda code, field, database: decided.get((code, field, database), ""), report=beat.report,
                kept=_kept.get(job.path),
            )  # fmt: skip
            _finish(
                shop.desk,
                job,
                now(),
                SheetState.DONE,
                counts=dict(outcome.counts),
                revisions=outcome.revisions,
            )
    except NotWritten:
        _finish_apart(
            shop, job, now, SheetState.UPLOADED, problem=_("您看过以后又有人改了，什么也没有写，请再看一遍")
        )


def _publish(shop: Shop, job: SheetJobFields, now: Callable[[], datetime], beat: "_Beat", path: Path) -> None:
    """Publish the drafts of the file as their second person, all or none."""
    by, moment = Actor(person_id=job.second, display_name=job.second_name), now()
    beat.report("publishing", 0, 0)
    try:
        with shop.enter():
            done = shop.approve(job.revisions, by=by, now=moment)
            counts = {
                **job.counts,
                "published": len(done.published),
                "waiting": len(done.waiting),
                "left": len(done.left),
            }
            _finish(shop.desk, job, now(), SheetState.PUBLISHED, counts=counts, problem="")
    except NotAll as refusal:
        code, sentence = next(iter(refusal.problems.items()))
        told = _("%(n)d 项还不能发布，一项也没有发布。%(code)s：%(why)s") % {
            "n": len(refusal.problems), "code": code, "why": sentence
        }  # fmt: skip
        _finish_apart(shop, job, now, SheetState.DONE, problem=told)


def _fetch(job: SheetJobFields, path: Path) -> None:
    if not job.path:
        raise FileNotFoundError
    with storages[STORAGE].open(job.path) as stored, path.open("wb") as copy:
        shutil.copyfileobj(stored, copy)


def _only(path: str) -> importing.Kept:
    """Return where what is read of this file is kept, and forget every other file."""
    for kept in _kept.values():
        kept.forget()
    _kept.clear()
    return _kept.setdefault(path, importing.Kept())


def _decisions(desk: Desk, job: SheetJobFields) -> Mapping[tuple[str, str, str], str]:
    """Return what was decided, by code, field and the value that the decision was made against."""
    rows = desk.lines_of(job, CONFLICT).values_list("code", "field", "database", "choice")
    return {(code, field, database): choice for code, field, database, choice in rows}


def _finish(desk: Desk, job: SheetJobFields, now: datetime, state: SheetState, **facts: Any) -> None:
    """End the work in its transaction. Raises ClaimLost when another worker has taken the job up."""
    mine = desk.jobs._default_manager.filter(pk=job.pk, claim=job.claim)
    ended = {
        "state": state,
        "claim": None,
        "beat_at": None,
        "step": "",
        "done": 0,
        "total": 0,
        "updated_at": now,
    }
    if "problem" in facts:
        facts["problem"] = facts["problem"][:500]
    if mine.update(**ended, **facts) != 1:
        raise ClaimLost


def _finish_apart(
    shop: Shop, job: SheetJobFields, now: Callable[[], datetime], state: SheetState, **facts: Any
) -> None:
    try:
        with shop.enter():
            _finish(shop.desk, job, now(), state, **facts)
    except ClaimLost:
        return


class _Keeper:
    """Writes the lines of a preview, numbered within their kind."""

    def __init__(self, desk: Desk, job: SheetJobFields) -> None:
        self.desk, self.job = desk, job
        self.numbers: dict[str, int] = {}

    def lines(self, lines: list[Line]) -> None:
        """Keep lines of the plan."""
        self._keep([{**vars(line)} for line in lines])

    def errors(self, outcome: Outcome) -> None:
        """Keep the errors that are told."""
        told = outcome.told
        self._keep(
            [
                {
                    "kind": ERROR,
                    "sheet": each.sheet,
                    "row": each.row,
                    "column": each.column,
                    "text": each.reason,
                }
                for each in told
            ]
        )

    def _keep(self, facts: list[dict[str, Any]]) -> None:
        rows = []
        for fact in facts:
            number = self.numbers[fact["kind"]] = self.numbers.get(fact["kind"], 0) + 1
            cut = {"sheet": 100, "column": 200, "name": 200, "code": 40, "field": 80}
            told = {key: value[: cut[key]] if key in cut else value for key, value in fact.items()}
            rows.append(self.desk.lines(job_id=self.job.pk, number=number, **told))
        self.desk.lines._default_manager.bulk_create(rows, batch_size=BATCH)


class _Beat:
    """Says each second that the work goes on and how far it is, over a connection of its own."""

    def __init__(self, shop: Shop, job: SheetJobFields, now: Callable[[], datetime]) -> None:
        self.shop, self.job, self.now = shop, job, now
        self.told: tuple[str, int, int] = ("", 0, 0)
        self.over = threading.Event()
        self.thread = threading.Thread(target=self._run, daemon=True, name="sheet-beat")

    def __enter__(self) -> "_Beat":
        self.thread.start()
        return self

    def __exit__(self, *_args: object) -> None:
        self.over.set()
        self.thread.join()

    def report(self, step: str, done: int, total: int) -> None:
        """Note how far the work is."""
        self.told = (step, done, total)

    def _run(self) -> None:
        try:
            while not self.over.wait(BEAT_SECONDS):
                step, done, total = self.told
                with self.shop.enter():
                    mine = self.shop.desk.jobs._default_manager.filter(pk=self.job.pk, claim=self.job.claim)
                    mine.update(beat_at=self.now(), step=step, done=done, total=total)
        except (DatabaseError, WrongHall) as problem:
            # without a beat another worker may take the job up; this one's claim then does not stand any more
            log.warning("job %s has no beat: %s", self.job.pk, type(problem).__name__)
        finally:
            connections.close_all()
