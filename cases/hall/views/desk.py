"""办件工作台: the hall's cases, what is due first at the top."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import post_required
from cases.hall.columns import COLUMNS
from cases.hall.enums import ExportState
from cases.hall.forms.desk_filters import DeskFilters, FilterName
from cases.hall.forms.work import ColumnsForm
from cases.hall.models import Case, Group
from cases.hall.queries import desk as query
from cases.hall.queries import desk_choices, listed, progress
from cases.hall.queries.narrowing import COLOURS, ME, NOBODY, Filters
from cases.hall.queries.seats import Seat, seat_of
from cases.hall.services import claims
from cases.hall.services.exports import KEPT, kept_until
from cases.hall.views.paging import DeskPages
from cases.hall.views.standing import waits
from cases.hall.views.step import DESK
from tenants.hall.models import Post
from tenants.shared.http import HallRequest
from theming.formats import cn_day

# how a colour of the filter is drawn (theming's clocks)
_KINDS = {
    "law": "lawbreach",
    "over": "danger",
    "today": "warn",
    "left": "ok",
    "expected": "expected",
    "paused": "paused",
}


@post_required(*DESK)
def desk(request: HallRequest) -> HttpResponse:
    """Show one queue, page by page, narrowed by what the address says."""
    return page(request)


def page(
    request: HallRequest, *, name_form: FilterName | None = None, status: int = 200, asked: Any = None
) -> HttpResponse:
    """Show the desk; `name_form` is that of a filter that could not be kept, `asked` then the address that it came from."""
    now = timezone.now()
    today, given = timezone.localdate(now), request.GET if asked is None else asked
    queue, form = given.get("queue", "mine"), DeskFilters(given)
    filters, seat = form.filters, seat_of(request.actor, today)
    try:
        found = query.cases(request.actor, queue, filters, today=today, seat=seat)
        counts, colours = query.counts(request.actor, today, queue=queue, seat=seat)
    except query.UnknownQueue:
        raise Http404 from None
    shown = DeskPages(found).get_page(given.get("page"))
    columns = desk_choices.shown_columns(seat.person)
    groups = dict(Group.objects.values_list("pk", "name")) if "group" in columns else {}
    address = filters.query(queue)
    context: dict[str, Any] = {
        "queue": queue,
        "form": form,
        "filters": filters.named(),
        "address": address,
        "pills": [_pill(name, queue, counts.get(name)) for name in query.QUEUES],
        "clocks": [_clock(name, queue, filters, colours[name]) for name in COLOURS],
        "page": shown,
        "columns": [(name, COLUMNS[name]) for name in columns],
        "rows": [_row(case, today, request, seat, groups) for case in shown.object_list],
        "order": _("新收到的在前") if queue in query.ARCHIVE else _("先到期的在前"),
        "empty": "" if shown.object_list else _empty(request, queue, is_narrowed=bool(filters.named())),
        "kept": desk_choices.filters(seat.person),
        "name_form": name_form or FilterName(),
        "columns_form": ColumnsForm(initial={"columns": columns}),
        "exports": _exports(seat, now),
        "covered": "、".join(seat.covered.values()),
        **_choices(request, filters),
    }
    return render(request, "cases_hall/desk.html", context, status=status)


def _pill(name: str, queue: str, count: int | None) -> dict[str, Any]:
    label, url = query.QUEUES[name], f"?{Filters().query(name)}"
    return {"label": label, "url": url, "is_current": name == queue, "count": count}


def _clock(name: str, queue: str, filters: Filters, count: int) -> dict[str, Any]:
    is_chosen = filters.clock == name
    return {
        "tag": {"kind": _KINDS[name], "label": f"{COLOURS[name]} {count}"},
        "url": f"?{filters.query(queue, clock='' if is_chosen else name)}",
        "count": count,
        "is_chosen": is_chosen,
    }


def _row(
    case: Case, today: date, request: HallRequest, seat: Seat, groups: Mapping[int, str]
) -> dict[str, Any]:
    return {
        "case": case,
        "clock": progress.tag(case, today),
        "waits": waits(case),
        "place": listed.place_name(case.division),
        "group": groups.get(case.group_id or 0, ""),
        "holder": _("您") if case.claimed_by == seat.person else case.claimed_name,
        "is_covered": case.claimed_by in seat.covered,
        "may_claim": claims.may_claim(case, request.actor),
    }


def _choices(request: HallRequest, filters: Filters) -> dict[str, Any]:
    """Return what the filter offers, and the words of what is chosen: each a tag and the address without it."""
    items = query.items(request.actor)
    names = {code: name for code, name, _department in items}
    departments = sorted({department for _code, _name, department in items if department})
    desk_posts = Post.objects.held().filter(role__in=DESK).order_by("name")
    people = dict(desk_posts.values_list("person", "name"))
    holders = [
        (ME, _("我")),
        (NOBODY, _("没人领取")),
        *((str(person), name) for person, name in people.items()),
    ]
    words = {
        **filters.named(),
        "item": names.get(filters.item, filters.item),
        "division": listed.place_name(filters.division),
        "clock": str(COLOURS.get(filters.clock, "")),
        "holder": dict(holders).get(filters.holder, filters.holder),
        "from": _("{day}起收到").format(day=cn_day(filters.since)) if filters.since else "",
        "to": _("{day}前收到").format(day=cn_day(filters.until)) if filters.until else "",
    }
    return {
        "items": sorted(names.items(), key=lambda row: row[1]),
        "departments": departments,
        "counties": listed.places(),
        "holders": holders,
        "words": [words[name] for name in filters.named()],
    }


def _exports(seat: Seat, now: datetime) -> list[dict[str, Any]]:
    """Return the lists that this clerk asked for, as the desk tells of them."""
    return [
        {
            "export": export,
            "url": reverse("export-file", args=[export.pk]),
            "is_ready": export.state == ExportState.READY,
            "is_new": export.state == ExportState.READY and not export.is_taken,  # type: ignore[attr-defined]
            "until": timezone.localdate(kept_until(export)),
        }
        for export in desk_choices.exports(seat.person, now - KEPT)
    ]


def _empty(request: HallRequest, queue: str, *, is_narrowed: bool) -> str:
    if is_narrowed:
        return _("没找到。换个编号或名称，或清除筛选。")
    label = query.QUEUES[queue]
    due_on = query.next_due(request.actor)
    if due_on is None:
        return _("没有{queue}的办件。").format(queue=label)
    return _("没有{queue}的办件，下一件{day}到期。").format(queue=label, day=cn_day(due_on))
