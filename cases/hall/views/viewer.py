"""The files of a case beside its answers: one page of one file as a picture, turned and enlarged by links."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.files.storage import storages
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import post_required
from cases.hall import leaves
from cases.hall.models import Case, CaseFile
from cases.hall.queries import access
from cases.hall.services import reading
from cases.hall.transitions import DESK
from cases.hall.views import came_from, shown
from cases.hall.views.download import guard
from cases.hall.views.uploads import marking
from tenants.shared.http import HallRequest

# a picture never changes: the browser of whoever looked at it may keep it while the case is worked on
_KEPT_SECONDS = 600


@dataclass(frozen=True)
class Viewer:
    """What the column of files shows. Addresses that lead nowhere are empty."""

    file: CaseFile
    name: str
    page: int
    pages: int
    zoom: int
    problem: str
    picture: str
    compare: str
    previous: str
    next: str
    nearer: str
    farther: str
    turned: str
    previous_file: str
    next_file: str
    place: int
    total: int


def viewer(request: HallRequest, case: Case, files: Sequence[CaseFile]) -> Viewer | None:
    """Return the file that the address names, else the first; None when there is none. Its pages are counted once."""
    file = _chosen(request, case, files)
    if file is None:
        return None
    zoom = _number(request, "zoom", 1, max(leaves.ZOOMS))
    turn = _number(request, "turn", 0, 270) // 90 * 90
    page, pages, problem = _number(request, "page", 1, leaves.MOST_PAGES), 1, ""
    try:
        with _opened(file) as stream:
            pages = leaves.pages(stream, file.content_type, file.sha256)
    except leaves.Unreadable as refusal:
        problem = str(refusal)
    page = min(page, pages)
    asked = came_from.of(request)

    def link(**changed: Any) -> str:
        parts = {"file": file.pk, "page": page, "zoom": zoom, "turn": turn, **changed}
        kept = {name: value for name, value in parts.items() if value != _PLAIN.get(name)}
        return f"{came_from.query(asked, **kept)}#viewer"

    order = [each.pk for each in files]
    place = order.index(file.pk) if file.pk in order else 0
    other = {"page": 1, "zoom": 1, "turn": 0}
    return Viewer(
        file=file,
        name=_names(case).get(file.material_key, file.name),
        page=page,
        pages=pages,
        zoom=zoom,
        problem=problem,
        picture=picture_url(case, file, page, zoom, turn),
        compare=f"{reverse('case-file-compare', args=[case.number, file.pk])}{came_from.query(asked)}",
        previous=link(page=page - 1) if page > 1 else "",
        next=link(page=page + 1) if page < pages else "",
        nearer=link(zoom=zoom + 1) if zoom < max(leaves.ZOOMS) else "",
        farther=link(zoom=zoom - 1) if zoom > 1 else "",
        turned=link(turn=(turn + 90) % 360),
        previous_file=link(file=order[place - 1], **other) if place > 0 else "",
        next_file=link(file=order[place + 1], **other) if place + 1 < len(order) else "",
        place=place + 1,
        total=len(order),
    )


_PLAIN = {"page": 1, "zoom": 1, "turn": 0}


def picture_url(case: Case, file: CaseFile, page: int = 1, zoom: int = 1, turn: int = 0) -> str:
    """Return the address of one page of a file as a picture."""
    address = reverse("case-picture", args=[case.number, file.pk, page])
    asked = {name: value for name, value in (("zoom", zoom), ("turn", turn)) if value != _PLAIN[name]}
    return f"{address}{came_from.query({}, **asked)}"


@post_required(*DESK)
def picture(request: HallRequest, number: str, file_pk: UUID, page: int) -> HttpResponse:
    """Give one page of a file as JPEG to whoever works on the case; who looked is recorded. 422 says why not."""
    case = access.case_for(request.actor, number)
    file = access.file_for(request.actor, file_pk)
    if file.case_id != case.pk:
        raise Http404
    reading.page(case, file, page, by=request.actor, now=timezone.now())
    zoom = _number(request, "zoom", 1, max(leaves.ZOOMS))
    turn = _number(request, "turn", 0, 270) // 90 * 90
    try:
        if not 1 <= page <= leaves.MOST_PAGES:
            raise leaves.Unreadable(_("这份没有这一页。"))
        with _opened(file) as stream:
            mark = marking.mark(request, case, file)
            drawn = leaves.draw(stream, file.content_type, page=page, zoom=zoom, turn=turn, mark=mark)
    except leaves.Unreadable as refusal:
        response = HttpResponse(str(refusal), content_type="text/plain; charset=utf-8", status=422)
        guard(response)
        return response
    response = HttpResponse(drawn.content, content_type="image/jpeg")
    guard(response)
    response["Cache-Control"] = f"private, max-age={_KEPT_SECONDS}"
    return response


def _opened(file: CaseFile) -> Any:
    try:
        return storages["cases"].open(file.path)
    except FileNotFoundError:
        raise leaves.Unreadable(_("这份文件找不到了，请告诉管理员。")) from None


def _chosen(request: HallRequest, case: Case, files: Sequence[CaseFile]) -> CaseFile | None:
    """Return the file that is asked for: one that a correction replaced is looked for besides. Raises Http404."""
    asked = request.GET.get("file", "")
    if not asked:
        return files[0] if files else None
    found = next((file for file in files if str(file.pk) == asked), None)
    if found is None:
        try:
            found = access.file_for(request.actor, UUID(asked))
        except ValueError:
            raise Http404 from None
        if found.case_id != case.pk:
            raise Http404
    found.kind = shown.kind(found)  # type: ignore[attr-defined]
    return found


def _names(case: Case) -> dict[str, str]:
    return {str(row["key"]): str(row["name"]) for row in case.item.get("materials") or []}


def _number(request: HallRequest, name: str, least: int, most: int) -> int:
    text = request.GET.get(name, "")
    return min(max(int(text), least), most) if text.isascii() and text.isdigit() and len(text) < 6 else least
