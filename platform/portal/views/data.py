"""我的资料: a copy of everything about oneself, erasure, the end of the account, and who read one's ID number."""

from typing import Any
from uuid import UUID

from django.core.files.storage import storages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import actor_of, proved_anew, signed_in
from accounts.services.closing import REOPENED_WITHIN, hindrance
from accounts.services.counters import TooMany
from accounts.views.answers import clock_time, wait_seconds
from audit import retention
from cases.shared.models import FILE_DAYS, BookingPointer, DataRequest, Pointer, RequestKind
from cases.shared.queries import requests
from cases.shared.services.requests import STORAGE, ask
from portal.views.me import COMING, row_of
from tenants.shared import queries as halls

PAGE = 20
RUNNING_SHOWN = 20
# rules that tell a citizen of themselves; the others are of staff
OF_CITIZENS = frozenset(
    {
        "account", "company", "session", "sign-in", "feedback", "pointer", "verification", "reading", "request-file",
        "draft", "loose-file", "case", "payment", "mandate", "message", "booking", "audit",
    }
)  # fmt: skip


@signed_in
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """Show what a person may do with their data, and what they have asked for."""
    asked = Paginator(requests.of_person(actor_of(request).person_id), PAGE).get_page(request.GET.get("page"))
    rows = [_row(one) for one in asked.object_list]
    return _private(render(request, "portal/data/mine.html", {"rows": rows, "page": asked}))


def _row(one: DataRequest) -> dict[str, Any]:
    return {
        "request": one,
        "until": requests.file_until(one),
        "url": reverse("my-data-request", args=[one.pk]),
        "colour": {"waiting": "warn", "refused": "danger", "ready": "ok", "done": "ok"}.get(
            one.state, "neutral"
        ),
    }


@proved_anew()
@require_http_methods(["GET", "POST"])
def export(request: HttpRequest) -> HttpResponse:
    """Say what a copy holds, and have one made."""
    return _ask(request, RequestKind.EXPORT, {"days": FILE_DAYS})


@proved_anew(by_code=True)
@require_http_methods(["GET", "POST"])
def erase(request: HttpRequest) -> HttpResponse:
    """Show what goes at once and what stays until when by which law, and have it done."""
    return _ask(request, RequestKind.ERASE, _at_stake(request))


@proved_anew(by_code=True)
@require_http_methods(["GET", "POST"])
def close(request: HttpRequest) -> HttpResponse:
    """Show what ends with the account and what goes on without it, and have it closed."""
    problem = hindrance(actor_of(request).person_id)  # type: ignore[arg-type]
    context = {**_at_stake(request), "hindrance": problem, "days": REOPENED_WITHIN.days}
    if problem and request.method == "POST":
        return _page(request, RequestKind.CLOSE, context, 409)
    return _ask(request, RequestKind.CLOSE, context)


def _ask(request: HttpRequest, kind: RequestKind, context: dict[str, Any]) -> HttpResponse:
    if request.method != "POST":
        return _page(request, kind, context)
    try:
        made, key = ask(actor_of(request).person_id, kind, now=timezone.now())  # type: ignore[arg-type]
    except TooMany as refusal:
        words = _("今天要得太多，%(time)s后再来") % {"time": clock_time(refusal.until)}
        answer = _page(request, kind, {**context, "problem": words}, 429)
        answer["Retry-After"] = str(wait_seconds(refusal.until))
        return answer
    return redirect("receipt", key) if key else redirect("my-data-request", made.pk)


def _page(request: HttpRequest, kind: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    return _private(render(request, f"portal/data/{kind}.html", context, status=status))


def _at_stake(request: HttpRequest) -> dict[str, Any]:
    """Return what the register says of erasure, and how much of it this person has, as far as the public facts tell."""
    person = actor_of(request).person_id
    own = Pointer.objects.filter(person=str(person))
    running = own.open().order_by("due_on", "case")
    names = {hall.role: hall for hall in halls.halls()}
    citizens = [rule for rule in retention.register() if rule.key in OF_CITIZENS]
    return {
        "goes": [rule for rule in citizens if rule.on_erasure is retention.OnErasure.GOES],
        "stays": [rule for rule in citizens if rule.on_erasure is retention.OnErasure.STAYS],
        "drafts": own.filter(state="draft").count(),
        "running": [row_of(pointer, names, request, {}) for pointer in running[:RUNNING_SHOWN]],
        "running_count": running.count(),
        "visits": BookingPointer.objects.filter(person=str(person), state__in=COMING).count(),
    }


@signed_in
@require_GET
def one(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show how far one request of this person's is, or its receipt. Somebody else's is nothing."""
    return _private(render(request, "portal/data/request.html", _told(_own(request, pk))))


@require_GET
def receipt(request: HttpRequest, key: str) -> HttpResponse:
    """Show the receipt of a closed account to whoever has its address: its owner can sign in no more. It names nobody."""
    found = requests.by_receipt(key)
    if found is None:
        raise Http404
    answer = _private(render(request, "portal/data/request.html", {**_told(found), "is_receipt": True}))
    # the address opens the receipt: it is told to nobody
    answer["Referrer-Policy"] = "no-referrer"
    return answer


def _told(found: DataRequest) -> dict[str, Any]:
    all_halls = [hall for hall in halls.halls() if hall.state != "preparing"]
    names = {hall.role: hall.name for hall in all_halls}
    return {
        "found": found,
        "until": requests.file_until(found),
        "halls": [{"name": hall.name, "is_done": hall.role in found.reached} for hall in all_halls],
        "done": len(found.reached),
        "away": [names.get(role, role) for role in found.away],
        "receipts": [
            {"name": row.hall.name, "lines": _lines(row.lines), "at": row.done_at}
            for row in requests.receipts(found)
        ],
        "account": _lines(found.lines),
    }


def _lines(lines: dict[str, int]) -> list[str]:
    words = {
        "drafts": _("草稿 {n} 件"),
        "files": _("没用上的文件 {n} 份"),
        "messages": _("短信内容 {n} 条"),
        "feedback": _("找错 {n} 条（抹掉是谁提的）"),
        "bookings": _("过去的预约 {n} 个"),
        "cancelled": _("取消预约 {n} 个"),
        "mandates": _("结束委托 {n} 份"),
        "companies": _("不再替企业办 {n} 家"),
        "materials": _("我的材料 {n} 份"),
        "running": _("还在办 {n} 件，接着办"),
    }
    return [str(words[name]).format(n=lines[name]) for name in words if lines.get(name)]


@proved_anew()
@require_GET
def file(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """Send the zip to its owner, piece by piece. Gone, not ready or somebody else's: nothing."""
    found = _own(request, pk)
    until = requests.file_until(found)
    if until is None or timezone.now() >= until:
        raise Http404
    try:
        stream = storages[STORAGE].open(found.path)
    except FileNotFoundError:
        raise Http404 from None
    answer = FileResponse(
        stream, as_attachment=True, filename=f"我的资料-{timezone.localdate(found.finished_at):%Y%m%d}.zip"
    )
    answer["X-Content-Type-Options"] = "nosniff"
    add_never_cache_headers(answer)
    return answer


def _own(request: HttpRequest, pk: UUID) -> DataRequest:
    found = requests.of_person(actor_of(request).person_id).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@signed_in
@require_GET
def readings(request: HttpRequest) -> HttpResponse:
    """Show who of the halls' staff read this person's ID number, when and why."""
    found = requests.readings(actor_of(request).person_id)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    return _private(render(request, "portal/data/readings.html", {"page": page}))


@require_GET
def privacy(request: HttpRequest) -> HttpResponse:
    """Say what is kept how long and by which rule: the retention register."""
    rules = [
        {"rule": rule, "erasure": retention.ERASURE_WORDS[rule.on_erasure]} for rule in retention.register()
    ]
    return render(request, "portal/data/privacy.html", {"rules": rules})


def _private(response: HttpResponse) -> HttpResponse:
    add_never_cache_headers(response)
    return response
