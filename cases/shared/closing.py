"""What still runs in a hall, by its public facts: what must be done before it is archived. Read as the city."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Min, Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from cases.shared.models import (
    DRAFT_TOLD_DAYS,
    BookingPointer,
    EnquiryPointer,
    MandatePointer,
    Pointer,
    Transfer,
    TransferState,
)
from tenants.shared.models import Hall

COMING = ("waiting", "offered", "booked", "checked_in")
ANSWERED = "answered"
# 自然日 between a person's being told that a hall closes and the deletion of their drafts there
NOTICE_DAYS = DRAFT_TOLD_DAYS


@dataclass(frozen=True)
class Left:
    """One kind of what is left: how many, what may be done about it and by whom; `holds` says that archiving waits for it."""

    key: str
    label: str | Promise
    number: int
    to_do: str | Promise
    holds: bool = True


def left(hall: Hall) -> list[Left]:
    """Return what is left in a hall, kind by kind, those with none too. Five queries."""
    today = timezone.localdate()
    pointers = Pointer.objects.filter(hall=hall).aggregate(
        cases=Count("case", filter=~Q(state="draft") & ~Q(turn="nobody")),
        drafts=Count("case", filter=Q(state="draft")),
    )
    open_transfers = Transfer.objects.filter(state__in=[TransferState.OFFERED, TransferState.AGREED])
    return [
        Left(
            "cases",
            lazy("没办完的件"),
            pointers["cases"],
            lazy("工作人员接着办完，或者在办件页上转到别的大厅，由申请人同意"),
        ),
        Left(
            "transfers",
            lazy("正在转走、转来的件"),
            open_transfers.filter(Q(hall=hall) | Q(to_role=hall.role)).count(),
            lazy("等申请人答复、等对方收下，系统自己转"),
        ),
        Left(
            "drafts",
            lazy("没交的草稿"),
            pointers["drafts"],
            lazy("已经告诉填的人，公告的日子过了自动删"),
        ),
        Left(
            "bookings",
            lazy("还没到日子的预约"),
            BookingPointer.objects.filter(hall=hall, state__in=COMING).count(),
            lazy("到日子照常来办；不开门的那几天，工作人员在“窗口”页停一天，预约会取消并告诉本人"),
        ),
        Left(
            "enquiries",
            lazy("没答复的咨询、投诉"),
            EnquiryPointer.objects.filter(hall=hall).exclude(state=ANSWERED).count(),
            lazy("工作人员在“咨询”页答复"),
        ),
        Left(
            "mandates",
            lazy("还有效的委托"),
            MandatePointer.objects.filter(hall=hall, is_ended=False, until__gte=today).count(),
            lazy("不用办。归档以后不能再代办，到期自己结束"),
            holds=False,
        ),
    ]


def nothing_waits(hall: Hall) -> list[str]:
    """Return what must be done before nobody can do anything here any more, a sentence a kind."""
    waits = [row for row in left(hall) if row.holds and row.number]
    return [
        _("%(what)s还有 %(n)d 个：%(do)s") % {"n": row.number, "what": row.label, "do": row.to_do}
        for row in waits
    ]


def open_items(hall: Hall) -> "QuerySet[Pointer, Any]":
    """Return by item how many cases run and the earliest day of any of them, the most urgent first."""
    found: Any = Pointer.objects.open().filter(hall=hall).values("item_code", "item_name")
    rows: QuerySet[Pointer, Any] = found.annotate(number=Count("case"), first=Min("due_on")).order_by(
        "first", "-number", "item_code"
    )
    return rows
