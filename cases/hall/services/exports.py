"""A list of the desk as a file: asked for at the desk, made by the worker, fetched by who may, gone after a week.

Rights are looked at three times, each time anew: when it is asked for, when it is made, and when it is fetched.
"""

import csv
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from io import TextIOWrapper
from pathlib import Path
from typing import Any, BinaryIO

from django.core.files import File
from django.core.files.storage import storages
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl import Workbook

from accounts.actor import Actor
from audit import services as audit
from cases.hall.enums import ExportState
from cases.hall.models import Export, ExportTaking
from cases.hall.queries import desk, listed, place
from cases.hall.queries.access import person_of
from cases.hall.queries.narrowing import Filters
from cases.hall.services.refusals import NotAllowed
from cases.hall.transitions import DESK
from cases.shared.models import Doorbell
from catalog.shared.sheets.writing import head_cell, plain_cell, stored_cell
from tenants.hall.enums import PostRole
from tenants.hall.queries import posts_of

FORMATS = ("xlsx", "csv")
KEPT = timedelta(days=7)
MOST_ROWS = 50_000
MOST_WAITING = 3
STORAGE = "cases"
# a query of a thousand rows at a time: memory does not grow with the list
CHUNK = 1000
Parse = Callable[[str], tuple[str, Filters]]


def ask(queue: str, filters: Filters, format: str, told: str, *, by: Actor, now: datetime) -> Export:
    """Let the worker make a file of this queue so filtered; `told` says it in words. Raises NotAllowed."""
    person = person_of(by)
    if not by.holds(*DESK):
        raise NotAllowed(_("导出要用窗口、审批或负责人的账号"))
    if Export.objects.filter(person=person, state=ExportState.WAITING).count() >= MOST_WAITING:
        raise NotAllowed(_("前面的还没做好，做好了再导出"))
    export = Export.objects.create(
        format=format if format in FORMATS else FORMATS[0],
        query=filters.query(queue),
        told=told[:300],
        person=person,
        person_name=by.display_name,
        asked_at=now,
    )
    Doorbell(hall_id=place.here().role).save(force_insert=True)
    # not the words that somebody looked for: the audit is kept for years
    _audit("export.ask", export, by, now, {"queue": queue, "filters": sorted(set(filters.named()) - {"q"})})
    return export


def make(
    enter: Callable[[], AbstractContextManager[Any]],
    parse: Parse,
    *,
    stopped: Callable[[], bool],
    now: Callable[[], datetime] = timezone.now,
) -> int:
    """Make the files that wait, oldest first, one transaction each; return how many. Outside any scope.

    A worker that is killed leaves the row waiting and at the most a file under its name, which the next writes anew.
    """
    done = 0
    while not stopped():
        with enter():
            waiting = Export.objects.filter(state=ExportState.WAITING).order_by("asked_at", "id")
            export = waiting.select_for_update(skip_locked=True).first()
            if export is None:
                break
            _make(export, parse, now())
            done += 1
    return done


def _make(export: Export, parse: Parse, now: datetime) -> None:
    by = Actor(person_id=export.person, display_name=export.person_name, posts=posts_of(export.person))
    if not by.holds(*DESK):
        _fail(export, _("您现在没有办件的岗位，没有导出"), now)
        return
    queue, filters = parse(export.query)
    today = timezone.localdate(now)
    found = desk.cases(by, queue, filters, today=today)
    if found.order_by().values("pk")[: MOST_ROWS + 1].count() > MOST_ROWS:
        _fail(export, _("超过 %(n)s 行，请先筛选再导出") % {"n": MOST_ROWS}, now)
        return
    path = f"{place.here().role}/exports/{export.pk}.{export.format}"
    write = _write_csv if export.format == "csv" else _write_xlsx
    with tempfile.TemporaryDirectory(prefix="export-") as folder:
        name = Path(folder) / "file"
        with name.open("w+b") as stream:
            export.rows = write(stream, listed.rows(found, today, CHUNK))
        storages[STORAGE].delete(path)
        with name.open("rb") as stream:
            export.path = storages[STORAGE].save(path, File(stream))
    export.state, export.made_at = ExportState.READY, now
    export.save(update_fields=["state", "made_at", "path", "rows"])


def _fail(export: Export, problem: str, now: datetime) -> None:
    export.state, export.problem, export.made_at = ExportState.FAILED, problem, now
    export.save(update_fields=["state", "problem", "made_at"])


def _write_csv(stream: BinaryIO, rows: Iterator[list[Any]]) -> int:
    text = TextIOWrapper(stream, encoding="utf-8-sig", newline="")
    writer, number = csv.writer(text), 0
    writer.writerow([str(head) for head in listed.HEADS])
    for number, row in enumerate(rows, start=1):  # noqa: B007 -- counted as they are written
        writer.writerow([plain_cell(value) for value in row])
    text.flush()
    text.detach()
    return number


def _write_xlsx(stream: BinaryIO, rows: Iterator[list[Any]]) -> int:
    made = Workbook(write_only=True)
    sheet, number = made.create_sheet(_("办件")), 0
    sheet.freeze_panes = "A2"
    for letters in "ABCDEFGHIJK":
        sheet.column_dimensions[letters].width = 18
    sheet.append([head_cell(sheet, str(head)) for head in listed.HEADS])
    for number, row in enumerate(rows, start=1):  # noqa: B007
        sheet.append([stored_cell(sheet, value) for value in row])
    made.save(stream)
    return number


def fetch(export: Export, *, by: Actor, now: datetime) -> Any:
    """Return the open file for who asked for it, or the hall's admin, and note who took it when.

    Raises NotAllowed for whoever may not (any more); FileNotFoundError when it is not there or its week is over.
    """
    if not may_fetch(export, by):
        raise NotAllowed(_("这份名单不是您导出的"))
    if export.state != ExportState.READY or now >= kept_until(export):
        raise FileNotFoundError
    stream = storages[STORAGE].open(export.path)
    ExportTaking.objects.create(export=export, person=person_of(by), name=by.display_name[:60], at=now)
    _audit("export.take", export, by, now, {"rows": export.rows})
    return stream


def may_fetch(export: Export, by: Actor) -> bool:
    """Whether this person, with the posts of now, may have the file."""
    own = export.person == by.person_id and by.holds(*DESK)
    return own or by.holds(PostRole.HALL_ADMIN)


def kept_until(export: Export) -> datetime:
    """Return when the file goes."""
    return (export.made_at or export.asked_at) + KEPT


def expire(*, now: datetime) -> int:
    """Remove the files whose week is over; the rows stay, and say what left and who took it. Return how many."""
    old = Export.objects.filter(state=ExportState.READY, made_at__lte=now - KEPT)
    gone = list(old.select_for_update(skip_locked=True))
    for export in gone:
        path = export.path
        transaction.on_commit(lambda path=path: storages[STORAGE].delete(path))  # type: ignore[misc]
        export.state, export.path = ExportState.GONE, ""
        export.save(update_fields=["state", "path"])
    return len(gone)


def _audit(action: str, export: Export, by: Actor, now: datetime, detail: dict[str, Any]) -> None:
    audit.record(
        action,
        now=now,
        actor=by.person_id,
        actor_name=by.display_name,
        object=str(export.pk),
        detail=detail,
    )
