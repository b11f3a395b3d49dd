"""Applicants' files: taken, given to a case, dropped. The content is looked at by `cases.hall.files`."""

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.core.files.storage import storages
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actor import Actor
from audit import services as audit
from cases.hall import files
from cases.hall.enums import Power, State
from cases.hall.models import Case, CaseFile, CorrectionRequest, Event, Upload
from cases.hall.queries import facts as known
from cases.hall.queries import place
from cases.hall.queries.access import person_of
from cases.hall.services import authority, owed, telling
from cases.hall.states import TAKING_FILES

MOST_OF_A_CASE = 60
MOST_WAITING = 60


@dataclass(frozen=True)
class Known:
    """How far a file from its owner's kept papers was known there, and a line that tells a clerk who had seen it."""

    trust: str
    note: str


class NotTakenNow(Exception):
    """The case is decided or ended: it takes no more files."""


def check_material(case: Case, key: str) -> Mapping[str, Any]:
    """Return the material of this key: nothing off the item's list may be asked or taken. Raises FileRefused."""
    for material in case.item.get("materials") or []:
        if material["key"] == key:
            return dict(material)
    raise files.FileRefused(_("这个事项不要这份材料"))


def take(
    case: Case | None,
    *,
    material_key: str,
    upload: Any,
    actor: Actor,
    now: datetime,
    correction: CorrectionRequest | None = None,
) -> CaseFile:
    """Inspect a file, store it and write its row; of a draft's material it replaces the former. Raises FileRefused.

    A file for a `correction` hangs on that until it is handed in: it is none of the case's yet.
    """
    _check_count(case, actor)
    facts = files.inspect(upload, upload.name or "")
    return keep(case, facts, material_key=material_key, actor=actor, now=now, correction=correction)


def keep(
    case: Case | None,
    facts: files.FileFacts,
    *,
    material_key: str,
    actor: Actor,
    now: datetime,
    correction: CorrectionRequest | None = None,
    known: Known | None = None,
) -> CaseFile:
    """Store what was looked at and write its row; of a draft's material it replaces the former. Raises FileRefused."""
    _check_count(case, actor)
    former: list[CaseFile] = []
    if (
        case is not None
        and case.state == State.DRAFT
        and not check_material(case, material_key).get("several")
    ):
        former = list(current(case).filter(material_key=material_key))
    path = files.store(facts.content, f"{place.here().role}/{timezone.localdate(now):%Y}")
    taken = CaseFile.objects.create(
        case=None if correction else case,
        correction=correction,
        # what is given for a case is its applicant's, whoever brings it
        person=case.person if case is not None else person_of(actor),
        material_key=material_key,
        name=facts.name,
        content_type=facts.content_type,
        size=facts.size,
        sha256=facts.sha256,
        path=path,
        uploaded_at=now,
        trust=known.trust if known else "",
        trust_note=known.note if known else "",
    )
    drop(former, now=now)
    return taken


def _check_count(case: Case | None, actor: Actor) -> None:
    if case is None:
        waiting = CaseFile.objects.filter(
            person=person_of(actor), case=None, correction=None, removed_at=None
        )
        if waiting.count() >= MOST_WAITING:
            raise files.FileRefused(_("您传了很多还没用上的文件，请先提交，或明天再传"))
    elif current(case).count() >= MOST_OF_A_CASE:
        raise files.FileRefused(_("这件最多 %(n)d 份文件") % {"n": MOST_OF_A_CASE})


def current(case: Case) -> Any:
    """Return the files that the case has now: handed in, not taken back and not replaced."""
    return owed.current_files(case)


def share(
    file: CaseFile, case: Case, *, correction: CorrectionRequest | None = None, now: datetime | None = None
) -> CaseFile:
    """Give a case a row of its own of a file that it was filed with, or that another child of its parent has.

    The content is stored once. Who may open it is asked of each row: nobody sees another child's. Given later (`now`) it
    counts as brought then; for a `correction` it hangs on that until it is handed in.
    """
    row = copy(file)
    row.pk = uuid4()
    row.case, row.correction, row.replaced_in = None if correction else case, correction, None
    row.person, row.uploaded_at = case.person, now or file.uploaded_at
    row.save(force_insert=True)
    return row


def add_later(
    case: Case,
    *,
    material_key: str,
    upload: Any,
    actor: Actor,
    now: datetime,
    shared: CaseFile | None = None,
) -> CaseFile:
    """Add a file to a case that is submitted and not decided: the event log tells the clerk. Nothing is replaced.

    `shared` is a file of another child of its parent that is given to this one instead of an upload. Raises FileRefused, NotTakenNow, MandateOver.
    """
    case = Case.objects.lock(case.pk)
    mandate = authority.check(case, actor, Power.CORRECT, now=now)
    if case.state not in TAKING_FILES:
        raise NotTakenNow(_("这件已经有结果了，不能再补材料"))
    check_material(case, material_key)
    now = known.not_before(case, now)
    if shared is not None:
        taken = share(shared, case, now=now)
    else:
        taken = take(case, material_key=material_key, upload=upload, actor=actor, now=now)
    event = Event(
        case=case,
        sequence=case.revision + 1,
        action="add_file",
        from_state=case.state,
        to_state=case.state,
        at=now,
        actor=actor.person_id,
        actor_name=actor.display_name if mandate else "",
        actor_post="applicant",
        mandate=mandate,
        data={"material": material_key, "file": str(taken.pk)},
    )
    event.save(force_insert=True)
    owed.receive(case, material_key, now)
    case.revision, case.updated_at = event.sequence, now
    case.save(update_fields=["revision", "updated_at", "marks"])
    detail = {"material": material_key, "file": str(taken.pk), **telling.audited(mandate)}
    audit.record(
        "case.add_file",
        now=now,
        actor=actor.person_id,
        actor_name=actor.display_name,
        object=str(case.number),
        detail=detail,
    )
    if mandate:
        telling.of_step(case, event, mandate, now=now)
    return taken


def claim(case: Case, given: Mapping[str, Sequence[UUID]], *, actor: Actor) -> list[str]:
    """Give files that wait for a case to this one; return the materials some of whose files cannot be had.

    A file is its owner's alone and goes to one case: the update decides between two cases that want the same.
    """
    lost = []
    for key, ids in given.items():
        free = CaseFile.objects.filter(
            pk__in=ids, person=person_of(actor), case=None, correction=None, removed_at=None
        )
        if free.update(case=case, material_key=key, person=case.person) != len(ids):
            lost.append(key)
    return lost


def drop(dropped: Iterable[CaseFile], *, now: datetime) -> None:
    """Mark files as removed and delete their content once that is committed."""
    for row in dropped:
        CaseFile.objects.filter(pk=row.pk).update(removed_at=now)
        _delete_content(row)


def erase(case: Case) -> None:
    """Delete a draft's files, rows and content, and what of others has come."""
    for upload in case.uploads.all():
        drop_parts(upload)
    delete(CaseFile.objects.filter(case=case).order_by("id"))


def delete(files_: Iterable[CaseFile]) -> int:
    """Delete files, rows and content; return how many."""
    found = list(files_)
    for row in found:
        _delete_content(row)
    CaseFile.objects.filter(pk__in=[row.pk for row in found]).delete()
    return len(found)


def part_name(upload: Upload, offset: int) -> str:
    """Return under which name a part of an upload is kept."""
    return f"{upload.folder}/{upload.pk.hex}.{offset}"


def drop_parts(upload: Upload) -> None:
    """Delete what has come of an upload once that is committed."""
    for offset in upload.parts:
        _remove(part_name(upload, offset))


def _delete_content(row: CaseFile) -> None:
    # children of one parent have rows of their own of the same content
    same = CaseFile.objects.filter(person=row.person, path=row.path, removed_at=None).exclude(pk=row.pk)
    if not same.exists():
        _remove(row.path)


def _remove(path: str) -> None:
    transaction.on_commit(lambda: storages["cases"].delete(path))
