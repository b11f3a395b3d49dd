"""Handing in a file of items, its preview, its import; taking the items out. The same pages for the city and a hall."""

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts.access import View, actor_of, city_required
from accounts.capabilities import Can
from catalog.shared.enums import SheetState
from catalog.shared.forms.sheets import SheetForm
from catalog.shared.models import SheetJobFields
from catalog.shared.services import sheet_jobs
from catalog.shared.services.sheet_jobs import CITY, CONFLICT, ERROR, MAX_SIZE, Desk, FileRefused, NotNow
from catalog.shared.sheets import exporting, importing, kinds, writing
from catalog.shared.sheets.kinds import Kind
from catalog.shared.sheets.marks import Origin
from catalog.shared.sheets.planning import CHANGED, NEW
from catalog.shared.sheets.template import write_template
from catalog.shared.sheets.writing import Exported

RECENT, PAGE_SIZE = 20, 50
REFRESH_SECONDS = 2
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHOWN = (NEW, CHANGED, CONFLICT, ERROR)
WORKING = (
    SheetState.UPLOADED, SheetState.READING, SheetState.QUEUED, SheetState.WRITING, SheetState.APPROVED, SheetState.PUBLISHING,
)  # fmt: skip
# the way of a file, as its page lists it, with the states that stand at each step
WAY = (
    (gettext_lazy("读文件、核对"), (SheetState.UPLOADED, SheetState.READING)),
    (gettext_lazy("您看一遍"), (SheetState.READY, SheetState.REFUSED)),
    (gettext_lazy("写入"), (SheetState.QUEUED, SheetState.WRITING)),
    (
        gettext_lazy("完成"),
        (SheetState.DONE, SheetState.APPROVED, SheetState.PUBLISHING, SheetState.PUBLISHED),
    ),
)
STEPS = {
    importing.READING: gettext_lazy("正在读文件"),
    importing.COMPARING: gettext_lazy("正在核对"),
    importing.WRITING: gettext_lazy("正在写入"),
    "publishing": gettext_lazy("正在发布"),
}


@dataclass(frozen=True)
class Pages:
    """Whose pages these are: the names of their addresses, the desk, what wakes the worker, and what is taken out.

    `back` is the address of the list of items, `is_hall` whether values take effect at once.
    """

    names: str
    desk: Callable[[], Desk]
    ring: Callable[[datetime], None]
    origin: Callable[[HttpRequest, datetime], Origin]
    exported: Callable[[Origin], Iterator[Exported]]
    guard: Callable[[View], View]
    back: Callable[[], str]
    is_hall: bool

    @property
    def book(self) -> tuple[Kind, ...]:
        """The sheets."""
        return kinds.book(of_hall=self.is_hall)

    def url(self, name: str = "", *args: Any) -> str:
        """Return an address of these pages."""
        return reverse(f"{self.names}{name}", args=args)

    def told(self) -> dict[str, Any]:
        """Return what every template of these pages needs."""
        return {
            "names": self.names, "is_hall": self.is_hall, "back_url": self.back(), "list_url": self.url(),
            "export_url": self.url("-export"), "template_url": self.url("-template"),
        }  # fmt: skip


def views(pages: Pages) -> dict[str, View]:
    """Return the views of these pages by the end of their name: the list, one file, what is done with it, taking out."""
    made: dict[str, Callable[..., HttpResponse | FileResponse]] = {
        "": lambda request: upload(request, pages),
        "-job": lambda request, pk: job(request, pages, pk),
        "-decide": require_POST(lambda request, pk: decide(request, pages, pk)),
        "-write": require_POST(lambda request, pk: act(request, pages, pk, sheet_jobs.import_it)),
        "-publish": require_POST(lambda request, pk: act(request, pages, pk, sheet_jobs.publish_it)),
        "-drop": require_POST(lambda request, pk: drop(request, pages, pk)),
        "-export": lambda request: export(request, pages),
        "-template": lambda request: template(request, pages),
    }
    return {name: pages.guard(view) for name, view in made.items()}


def upload(request: HttpRequest, pages: Pages) -> HttpResponse:
    """Show the form and the files of the last days; a good file is kept for the worker and its page shown."""
    is_too_long = request.method == "POST" and int(request.META.get("CONTENT_LENGTH") or 0) > 2 * MAX_SIZE
    sent = request.method == "POST" and not is_too_long
    form = SheetForm(request.POST, request.FILES) if sent else SheetForm()
    problems = [_("太大了，最多 40 MB")] if is_too_long else []
    if sent and form.is_valid():
        now = timezone.now()
        try:
            made = sheet_jobs.take(pages.desk(), form.cleaned_data["upload"], by=actor_of(request), now=now)
        except FileRefused as refusal:
            form.add_error("upload", str(refusal))
        else:
            pages.ring(now)
            return redirect(pages.url("-job", made.pk))
    recent = pages.desk().jobs._default_manager.order_by("-created_at", "id")[:RECENT]
    shown = {"form": form, "problems": problems, "recent": list(recent), **pages.told()}
    return render(
        request, "catalog_shared/sheets.html", shown, status=422 if form.errors or problems else 200
    )


def job(request: HttpRequest, pages: Pages, pk: UUID, problem: str = "") -> HttpResponse:
    """Show where a file is: at work, to be looked through, refused, or done."""
    desk, found = _found(pages, pk)
    counts = found.counts
    parts = [kind for kind in SHOWN if _count(desk, found, kind)]
    part = request.GET.get("part", "")
    part = (
        part
        if part in parts
        else next((kind for kind in (ERROR, CONFLICT) if kind in parts), parts[0] if parts else "")
    )
    page = (
        Paginator(desk.lines_of(found, part), PAGE_SIZE).get_page(request.GET.get("page")) if part else None
    )
    shown = {
        "job": found, "state": SheetState(found.state), "counts": counts, "problem": problem, "way": _way(found), "step": STEPS.get(found.step, ""),
        "is_working": found.state in WORKING, "refresh": REFRESH_SECONDS, "part": part, "page": page,
        "pills": [(kind, PARTS[kind], _count(desk, found, kind)) for kind in parts], "undecided": sheet_jobs.undecided(desk, found),
        "is_own": found.person == actor_of(request).person_id, "is_nothing": not any(counts.get(k) for k in (NEW, CHANGED, CONFLICT)),
        "more_errors": found.errors - _count(desk, found, ERROR), **pages.told(),
    }  # fmt: skip
    return render(request, "catalog_shared/sheet.html", shown, status=409 if problem else 200)


PARTS = {
    NEW: gettext_lazy("新增"),
    CHANGED: gettext_lazy("改动"),
    CONFLICT: gettext_lazy("冲突"),
    ERROR: gettext_lazy("错误"),
}


def _count(desk: Desk, found: SheetJobFields, kind: str) -> int:
    return int(desk.lines_of(found, kind).count())


def _way(found: SheetJobFields) -> list[dict[str, Any]]:
    at = next(number for number, (_label, states) in enumerate(WAY) if found.state in states)
    return [
        {
            "label": label,
            "css": "done" if number < at or at == len(WAY) - 1 else "now" if number == at else "next",
        }
        for number, (label, _states) in enumerate(WAY)
    ]


def decide(request: HttpRequest, pages: Pages, pk: UUID) -> HttpResponse:
    """Note what to do about the conflicts of a page, or about all alike; then show the next ones."""
    desk, found = _found(pages, pk)
    try:
        if request.POST.get("all"):
            sheet_jobs.decide_all(desk, found, request.POST["all"], now=timezone.now())
        else:
            choices = {
                int(name.removeprefix("choice-")): str(value)
                for name, value in request.POST.items()
                if name.startswith("choice-") and name.removeprefix("choice-").isdecimal()
            }
            sheet_jobs.decide(desk, found, choices, now=timezone.now())
    except NotNow as refusal:
        return job(request, pages, pk, str(refusal))
    number = request.POST.get("page", "")
    page = f"&page={number}" if number.isdecimal() else ""
    return redirect(f"{pages.url('-job', pk)}?part={CONFLICT}{page}")


def act(request: HttpRequest, pages: Pages, pk: UUID, verb: Callable[..., None]) -> HttpResponse:
    """Send a file on to the worker; then show its page."""
    desk, found = _found(pages, pk)
    now = timezone.now()
    try:
        verb(desk, found, by=actor_of(request), now=now)
    except NotNow as refusal:
        return job(request, pages, pk, str(refusal))
    pages.ring(now)
    return redirect(pages.url("-job", pk))


def drop(request: HttpRequest, pages: Pages, pk: UUID) -> HttpResponse:
    """Throw a file away; then show the others."""
    desk, found = _found(pages, pk)
    try:
        sheet_jobs.drop(desk, found, by=actor_of(request), now=timezone.now())
    except NotNow as refusal:
        return job(request, pages, pk, str(refusal))
    return redirect(pages.url())


def export(request: HttpRequest, pages: Pages) -> HttpResponse | FileResponse:
    """Answer with all items: as xlsx, or with `?sheet=` one sheet as csv; without either, the page that offers them."""
    wanted = request.GET.get("sheet", "")
    kind = next((kind for kind in pages.book if kind.key == wanted), None)
    if wanted and kind is None:
        raise Http404
    if kind is None and request.GET.get("as") != "xlsx":
        return render(request, "catalog_shared/sheets_export.html", {"kinds": pages.book, **pages.told()})
    now = timezone.now()
    here = pages.origin(request, now)

    def write(path: Path) -> None:
        if kind is not None:
            writing.write_csv(path, kind, pages.exported(here), here)
        else:
            writing.write_xlsx(path, pages.book, pages.exported(here), here)

    day = f"{timezone.localdate(now):%Y%m%d}"
    title = f"{here.name}-{kind.title if kind else _('事项')}-{day}.{'csv' if kind else 'xlsx'}"
    return _attachment(write, title)


def template(request: HttpRequest, pages: Pages) -> FileResponse:
    """Answer with the blank workbook."""
    return _attachment(lambda path: write_template(path, pages.book), f"{_('事项模板')}.xlsx")


def _attachment(write: Callable[[Path], None], name: str) -> FileResponse:
    # the file has no name any more once it is open: it goes with the answer
    with tempfile.TemporaryDirectory(prefix="sheets-") as folder:
        path = Path(folder) / "file"
        write(path)
        stream = path.open("rb")
    response = FileResponse(
        stream, as_attachment=True, filename=name, content_type=XLSX if name.endswith("xlsx") else "text/csv"
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def _found(pages: Pages, pk: UUID) -> tuple[Desk, SheetJobFields]:
    desk = pages.desk()
    found = desk.find(pk)
    if found is None:
        raise Http404
    return desk, found


CITY_PAGES = Pages(
    names="city-sheets",
    desk=lambda: CITY,
    # the worker looks at the city's files each second
    ring=lambda now: None,
    origin=lambda request, now: exporting.origin(now),
    exported=exporting.shared_items,
    guard=city_required(Can.RUN),
    back=lambda: reverse("city"),
    is_hall=False,
)
