"""办件工作台: the hall's cases, what is due first at the top."""

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import post_required
from cases.hall.models import Case
from cases.hall.queries import desk as query
from cases.hall.queries import progress
from cases.hall.views.standing import waits
from cases.hall.views.step import DESK
from tenants.shared.http import HallRequest
from theming.formats import cn_day

PAGE = 20
PILLS = ("mine", "new", "to_review", "to_confirm", "to_deliver", "overdue", "done", "all")


@post_required(*DESK)
def desk(request: HallRequest) -> HttpResponse:
    """Show one queue, page by page; search by number, item or company."""
    today = timezone.localdate()
    queue = request.GET.get("queue", "mine")
    q, item = request.GET.get("q", "").strip(), request.GET.get("item", "")
    try:
        found = query.cases(request.actor, queue, q, item, today)
    except query.UnknownQueue:
        raise Http404 from None
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    counts = query.counts(request.actor, today)
    items = query.items(request.actor)
    context: dict[str, Any] = {
        "queue": queue,
        "q": q,
        "item": item,
        "item_name": items.get(item, item),
        "items": list(items.items()),
        "pills": [_pill(name, queue, counts.get(name)) for name in PILLS],
        "page": page,
        "rows": [_row(case, today) for case in page.object_list],
        "order": _("先到期的在前") if queue not in {"done", "all"} else _("新收到的在前"),
        "empty": "" if page.object_list else _empty(request, queue, is_search=bool(q or item)),
    }
    return render(request, "cases_hall/desk.html", context)


def _pill(name: str, queue: str, count: int | None) -> dict[str, Any]:
    url = f"?{urlencode({'queue': name})}"
    return {"label": query.QUEUES[name], "url": url, "is_current": name == queue, "count": count}


def _row(case: Case, today: Any) -> dict[str, Any]:
    return {"case": case, "clock": progress.tag(case, today), "waits": waits(case)}


def _empty(request: HallRequest, queue: str, *, is_search: bool) -> str:
    if is_search:
        return _("没找到。换个编号或名称，或清除筛选。")
    label = query.QUEUES[queue]
    due_on = query.next_due(request.actor)
    if due_on is None:
        return _("没有{queue}的办件。").format(queue=label)
    return _("没有{queue}的办件，下一件{day}到期。").format(queue=label, day=cn_day(due_on))
