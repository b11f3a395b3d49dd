"""我的办件: everything of one citizen over all halls, from the facts that the halls publish."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import Case, DateField, Exists, IntegerField, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.access import actor_of, signed_in
from accounts.places import origin
from accounts.queries import applicant_of
from cases.shared.claiming import claim_index
from cases.shared.models import DRAFT_KEPT_DAYS, BookingPointer, EnquiryPointer, MandatePointer, Pointer
from portal import queries
from tenants.shared import queries as halls
from tenants.shared.models import Hall

SHOWN = 5
# of the mandates of one person that the page says something of
MANDATES = 100
PAGE = 20


# why it is the applicant's turn, by the state of the case
WHY = {
    "draft": "",
    "correction": gettext_lazy("要补材料，补完我们接着办"),
    "delivering": gettext_lazy("办好了，等您来取"),
}


@dataclass(frozen=True)
class Group:
    """One part of the page: which pointers, under which words."""

    key: str
    title: str
    found: QuerySet[Pointer]


def groups(pointers: QuerySet[Pointer]) -> list[Group]:
    """Divide a person's pointers by whose turn it is; drafts stand alone. Soonest first, then the latest."""
    filed = one_a_parent(pointers.exclude(state="draft"))
    return [
        Group("yours", _("轮到您"), filed.filter(turn="applicant").order_by("due_on", "case")),
        Group("running", _("在办"), filed.filter(turn="hall").order_by("due_on", "case")),
        Group("done", _("已办好"), filed.filter(turn="nobody").order_by("-updated_at", "case")),
        Group("drafts", _("草稿"), pointers.filter(state="draft").order_by("-updated_at", "case")),
    ]


# whose turn comes first, when several cases were filed together: the citizen's before the hall's
_RANK = Case(
    When(turn="applicant", then=Value(0)),
    When(turn="hall", then=Value(1)),
    default=Value(2),
    output_field=IntegerField(),
)
_DUE = Coalesce("due_on", Value(date.max), output_field=DateField())


def one_a_parent(filed: QuerySet[Pointer]) -> QuerySet[Pointer]:
    """Leave of cases that were filed together one, which stands for all: whose turn comes first, then the soonest."""
    ranked = filed.alias(rank=_RANK, due=_DUE)
    sooner = Q(rank__lt=OuterRef("rank")) | Q(rank=OuterRef("rank"), due__lt=OuterRef("due"))
    sooner |= Q(rank=OuterRef("rank"), due=OuterRef("due"), case__lt=OuterRef("case"))
    # of the same person: that is what the index is of
    others = Pointer.objects.alias(rank=_RANK, due=_DUE).filter(
        sooner, person=OuterRef("person"), parent=OuterRef("parent")
    )
    return ranked.filter(Q(parent=None) | ~Exists(others))


def families(pointers: Iterable[Pointer]) -> dict[UUID, str]:
    """Return of each parent among these how far it is, in one sentence. One query, none where there is no parent."""
    shown = list(pointers)
    if not (wanted := {pointer.parent for pointer in shown if pointer.parent}):
        return {}
    found: dict[UUID, list[Pointer]] = {}
    rows = Pointer.objects.filter(person=shown[0].person, parent__in=wanted)
    for row in rows.order_by("number"):
        if row.parent:
            found.setdefault(row.parent, []).append(row)
    return {parent: _how_far(children) for parent, children in found.items()}


def _how_far(children: Sequence[Pointer]) -> str:
    done = sum(child.turn == "nobody" for child in children)
    if done == len(children):
        return _("%(n)d 项都办完了") % {"n": done}
    text = _("%(n)d 项中 %(done)d 项办结") % {"n": len(children), "done": done}
    yours = [child.item_name for child in children if child.turn == "applicant"]
    return _("%(text)s，轮到您：%(items)s") % {"text": text, "items": "、".join(yours)} if yours else text


# bookings that are still to come, or wait for their owner
COMING = ("offered", "booked", "checked_in", "waiting")
BOOKING_TAGS = {
    "waiting": ("warn", gettext_lazy("排队等空位")),
    "offered": ("warn", gettext_lazy("排到了，等您确认")),
    "booked": ("ok", gettext_lazy("约好了")),
    "checked_in": ("ok", gettext_lazy("已到，等叫号")),
    "done": ("neutral", gettext_lazy("已办完")),
    "cancelled": ("neutral", gettext_lazy("已取消")),
    "closed": ("danger", gettext_lazy("大厅取消了")),
    "no_show": ("danger", gettext_lazy("没有来")),
    "lapsed": ("neutral", gettext_lazy("过期了")),
}


@signed_in
def me(request: HttpRequest) -> HttpResponse:
    """Show one's cases and bookings of every hall: the first few of each part, or one part page by page."""
    if request.GET.get("show") == "bookings":
        return bookings(request)
    pointers = Pointer.objects.filter(person=str(actor_of(request).person_id))
    all_groups = groups(pointers)
    one = next((group for group in all_groups if group.key == request.GET.get("show")), None)
    names = {hall.role: hall for hall in halls.halls()}
    if one is not None:
        page = Paginator(one.found, PAGE).get_page(request.GET.get("page"))
        told = families(page.object_list)
        parts = [
            {
                "group": one,
                "rows": [row_of(pointer, names, request, told) for pointer in page.object_list],
                "page": page,
            }
        ]
    else:
        first = {group.key: list(group.found[: SHOWN + 1]) for group in all_groups}
        told = families(pointer for found in first.values() for pointer in found)
        parts = [_first(group, first[group.key], names, request, told) for group in all_groups]
    context: dict[str, Any] = {"parts": [part for part in parts if part["rows"]], "one": one}
    if one is None:
        context["is_refused"] = queries.is_refused(actor_of(request).person_id)
        offered = _bookings(request).filter(state="offered")[:SHOWN]
        context["offered"] = [_booking(row, names, request) for row in offered]
        coming = list(_bookings(request).filter(state__in=COMING).exclude(state="offered")[: SHOWN + 1])
        context["bookings"] = [_booking(row, names, request) for row in coming[:SHOWN]]
        context |= _mandates(request, names)
        context["enquiries"] = _enquiries(request, names)
    return render(request, "portal/me.html", context)


def bookings(request: HttpRequest) -> HttpResponse:
    """Show one's bookings of every hall, page by page: the latest day first."""
    names = {hall.role: hall for hall in halls.halls()}
    latest = _bookings(request).order_by("-day", "-starts", "booking")
    page = Paginator(latest, PAGE).get_page(request.GET.get("page"))
    rows = [_booking(row, names, request) for row in page.object_list]
    return render(request, "portal/me.html", {"one": "bookings", "bookings": rows, "page": page})


def _bookings(request: HttpRequest) -> QuerySet[BookingPointer]:
    own = BookingPointer.objects.filter(person=str(actor_of(request).person_id))
    return own.order_by("day", "starts", "booking")


def _booking(row: BookingPointer, names: dict[str, Hall], request: HttpRequest) -> dict[str, Any]:
    hall = names.get(row.hall_id)
    return {
        "pointer": row,
        "hall": hall.name if hall else "",
        "url": way_in(request, hall, f"/bookings/{row.number}/") if hall else "",
        "tag": BOOKING_TAGS.get(row.state, ("neutral", row.state)),
    }


def _enquiries(request: HttpRequest, names: dict[str, Hall]) -> list[dict[str, Any]]:
    """Return what this person asked last in any hall, what waits for an answer first."""
    mine = EnquiryPointer.objects.filter(person=str(actor_of(request).person_id))
    waits = Case(When(state="answered", then=1), default=0)
    latest = mine.order_by(waits, "-updated_at", "enquiry")[:SHOWN]
    return [
        {
            "pointer": row,
            "hall": names[row.hall_id].name,
            "url": way_in(request, names[row.hall_id], f"/enquiries/{row.number}/"),
            "list_url": way_in(request, names[row.hall_id], "/enquiries/"),
            "is_answered": row.state == "answered",
        }
        for row in latest
        if row.hall_id in names
    ]


def _mandates(request: HttpRequest, names: dict[str, Hall]) -> dict[str, Any]:
    """Return who acts for this person, for whom this person acts, and halls where something waits to be claimed."""
    me = applicant_of(actor_of(request))
    claim = claim_index(me.id_number, me.phone)
    mine = Q(principal=me.person_id) | Q(proxy=me.person_id)
    found = MandatePointer.objects.filter(is_ended=False, until__gte=timezone.localdate())
    found = found.filter(mine | Q(claim_index=claim) if claim else mine).order_by("until", "mandate")
    given, acting, claimed = [], [], {}
    for row in found[:MANDATES]:
        hall = names.get(row.hall_id)
        if hall is None:
            continue
        if row.principal == me.person_id:
            entry = {"pointer": row, "hall": hall.name}
            given.append({**entry, "url": way_in(request, hall, f"/mandates/{row.mandate}/")})
        elif row.proxy == me.person_id:
            acting.append(hall)
        else:
            claimed[hall.pk] = {"hall": hall.name, "url": way_in(request, hall, "/mandates/claim/")}
    rosters = [
        {"hall": hall.name, "number": acting.count(hall), "url": way_in(request, hall, "/proxy/")}
        for hall in dict.fromkeys(acting)
    ]
    return {"given": given, "rosters": rosters, "claimed": list(claimed.values())}


def _first(
    group: Group,
    found: list[Pointer],
    names: dict[str, Hall],
    request: HttpRequest,
    told: Mapping[UUID, str],
) -> dict[str, Any]:
    return {
        "group": group,
        "rows": [row_of(p, names, request, told) for p in found[:SHOWN]],
        "has_more": len(found) > SHOWN,
    }


def row_of(
    pointer: Pointer, names: dict[str, Hall], request: HttpRequest, told: Mapping[UUID, str]
) -> dict[str, Any]:
    """Return what the page tells of one pointer, with the way into its hall; `told` says how far a parent's cases are."""
    hall = names.get(pointer.hall_id)
    is_draft = pointer.state == "draft"
    number = pointer.parent_number or pointer.number
    path = f"/drafts/{pointer.case}/" if is_draft else f"/cases/{number}/"
    return {
        "pointer": pointer,
        "why": WHY.get(pointer.state, _("有一个问题等您答复")) if pointer.turn == "applicant" else "",
        "name": pointer.parent_name or pointer.item_name,
        "number": number,
        "told": told.get(pointer.parent, "") if pointer.parent else "",
        "hall": hall.name if hall else "",
        "url": way_in(request, hall, path) if hall else "",
        "is_draft": is_draft,
        "is_late": pointer.due_on is not None and pointer.due_on < timezone.localdate(),
        "kept_until": timezone.localdate(pointer.updated_at) + timedelta(days=DRAFT_KEPT_DAYS)
        if is_draft
        else None,
    }


def way_in(request: HttpRequest, hall: Hall, path: str) -> str:
    """Return the address by which a citizen enters a hall unnoticed and arrives at this path."""
    door = reverse("come-in", urlconf=settings.HALL_URLCONF)
    return f"{origin(request, hall.host)}{door}?{urlencode({'next': path})}"
