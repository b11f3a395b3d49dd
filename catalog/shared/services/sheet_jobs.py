"""Files of items on their way: taken, decided on, sent on, removed. The worker's part stands in catalog.shared.sheets.working."""

import secrets
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.files.storage import storages
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from catalog.shared.enums import SheetState
from catalog.shared.models import SheetJob, SheetJobFields, SheetLine
from catalog.shared.services.signing import person_of, record

MIB = 1024 * 1024
MAX_SIZE = 40 * MIB
KEPT = timedelta(days=7)
# how many files of one hall may be under way at once
MOST = 20
ERROR, CONFLICT = "error", "conflict"
CHOICES = ("file", "database")
STORAGE = "cases"
_OVER = (SheetState.REFUSED, SheetState.DONE, SheetState.PUBLISHED)


class FileRefused(Exception):
    """The file is not taken; the sentence says what to do."""


class NotNow(Exception):
    """The file is not where this can be done; the sentence says where it is."""


@dataclass(frozen=True)
class Desk:
    """Where jobs and their lines stand, and under which folder their files: the city's, or a hall's by its role."""

    jobs: type[SheetJobFields]
    # with the key of their job, which the common fields do not have
    lines: type[Any]
    folder: str

    def find(self, pk: Any) -> SheetJobFields | None:
        """Return the job of this key here, or None."""
        return self.jobs._default_manager.filter(pk=pk).first()

    def lines_of(self, job: SheetJobFields, kind: str) -> Any:
        """Return the lines of one kind in the order of the file."""
        return self.lines._default_manager.filter(job_id=job.pk, kind=kind).order_by("number")


CITY = Desk(SheetJob, SheetLine, "city")


def take(desk: Desk, upload: Any, *, sheet: str = "", by: Actor, now: datetime) -> SheetJobFields:
    """Keep an uploaded file in the desk's folder and note that it waits to be read. Raises FileRefused."""
    if upload.size > MAX_SIZE:
        raise FileRefused(
            _("太大（%(n)d MB），最多 %(most)d MB") % {"n": -(-upload.size // MIB), "most": MAX_SIZE // MIB}
        )
    if not upload.size:
        raise FileRefused(_("这个文件是空的，请重新选"))
    if desk.jobs._default_manager.exclude(state__in=_OVER).filter(created_at__gt=now - KEPT).count() >= MOST:
        raise FileRefused(_("还有 %(n)d 份文件没有处理完，请先处理那些") % {"n": MOST})
    path = storages[STORAGE].save(f"{desk.folder}/sheets/{secrets.token_hex(16)}", upload)
    job: SheetJobFields = desk.jobs._default_manager.create(
        file_name=_name(upload.name or ""), path=path, size=upload.size, sheet=sheet,
        person=person_of(by), person_name=by.display_name, created_at=now, updated_at=now,
    )  # fmt: skip
    record("sheet.upload", str(job.pk), by=by, now=now, detail={"size": job.size})
    return job


def _name(name: str) -> str:
    base = name.replace("\\", "/").rpartition("/")[2]
    kept = "".join(letter for letter in base if unicodedata.category(letter)[0] != "C").strip()
    return kept[-120:] or _("文件")


def decide(desk: Desk, job: SheetJobFields, choices: Mapping[int, str], *, now: datetime) -> None:
    """Note what to do about conflicts, by the numbers of their lines. Raises NotNow."""
    locked = _locked(desk, job, SheetState.READY)
    for choice in CHOICES:
        numbers = [number for number, chosen in choices.items() if chosen == choice]
        desk.lines_of(locked, CONFLICT).filter(number__in=numbers).update(choice=choice)
    _move(locked, SheetState.READY, now)


def decide_all(desk: Desk, job: SheetJobFields, choice: str, *, now: datetime) -> None:
    """Decide all conflicts alike. Raises NotNow."""
    locked = _locked(desk, job, SheetState.READY)
    if choice in CHOICES:
        desk.lines_of(locked, CONFLICT).update(choice=choice)
    _move(locked, SheetState.READY, now)


def undecided(desk: Desk, job: SheetJobFields) -> int:
    """Return how many conflicts wait for a decision."""
    return int(desk.lines_of(job, CONFLICT).filter(choice="").count())


def import_it(desk: Desk, job: SheetJobFields, *, by: Actor, now: datetime) -> None:
    """Let the worker write the file. Raises NotNow while conflicts wait, or when it was sent already."""
    locked = _locked(desk, job, SheetState.READY)
    if waiting := undecided(desk, locked):
        raise NotNow(_("还有 %(n)d 处没有选用哪个值") % {"n": waiting})
    locked.person, locked.person_name = person_of(by), by.display_name
    locked.save(update_fields=["person", "person_name"])
    _move(locked, SheetState.QUEUED, now)
    record("sheet.import", str(locked.pk), by=by, now=now, detail=locked.counts)


def publish_it(desk: Desk, job: SheetJobFields, *, by: Actor, now: datetime) -> None:
    """Let the worker publish the drafts that the file made, as their second person. Raises NotNow."""
    locked = _locked(desk, job, SheetState.DONE)
    if not locked.revisions:
        raise NotNow(_("这份文件没有留下草稿"))
    if locked.person == by.person_id:
        raise NotNow(_("谁导入的谁不能发布，请另一位同事核对后发布"))
    locked.second, locked.second_name, locked.problem = person_of(by), by.display_name, ""
    locked.save(update_fields=["second", "second_name", "problem"])
    _move(locked, SheetState.APPROVED, now)
    record("sheet.publish", str(locked.pk), by=by, now=now, detail={"drafts": len(locked.revisions)})


def drop(desk: Desk, job: SheetJobFields, *, by: Actor, now: datetime) -> None:
    """Throw a file away that is not being written. Raises NotNow."""
    locked = _locked(desk, job, SheetState.READY, SheetState.REFUSED, SheetState.UPLOADED)
    _delete_file(locked.path)
    record("sheet.drop", str(locked.pk), by=by, now=now, detail={})
    desk.lines._default_manager.filter(job_id=locked.pk).delete()
    locked.delete()


def remove_old(desk: Desk, *, now: datetime) -> int:
    """Remove files and previews that are older than a week; what was imported stays told. Return how many."""
    old = list(desk.jobs._default_manager.filter(created_at__lt=now - KEPT).exclude(path=""))
    for job in old:
        _delete_file(job.path)
        desk.lines._default_manager.filter(job_id=job.pk).delete()
        job.path = ""
        if job.state not in (*_OVER, SheetState.APPROVED, SheetState.PUBLISHING):
            job.state, job.problem = SheetState.REFUSED, _("放了一个星期没有导入，文件已经删掉，请重新上传")
        job.save(update_fields=["path", "state", "problem"])
    return len(old)


def _locked(desk: Desk, job: SheetJobFields, *states: SheetState) -> SheetJobFields:
    locked: SheetJobFields = desk.jobs._default_manager.select_for_update().get(pk=job.pk)
    if locked.state not in states:
        raise NotNow(_("这份文件现在是：%(state)s") % {"state": SheetState(locked.state).label})
    return locked


def _move(job: SheetJobFields, state: SheetState, now: datetime) -> None:
    job.state, job.updated_at, job.claim, job.done, job.total, job.step = state, now, None, 0, 0, ""
    job.save(update_fields=["state", "updated_at", "claim", "done", "total", "step"])


def _delete_file(path: str) -> None:
    if path:
        transaction.on_commit(lambda: storages[STORAGE].delete(path))
