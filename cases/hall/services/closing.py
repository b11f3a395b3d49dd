"""A hall that closes: everybody with something in it is told once, and drafts go some days after their owners know."""

from datetime import datetime, timedelta
from uuid import UUID, uuid5

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actor import Actor
from cases.hall.clock import short_date_text
from cases.hall.enums import State
from cases.hall.models import Case
from cases.hall.notice_rules import Said
from cases.hall.queries import place
from cases.hall.services import drafts, telling
from cases.shared.closing import ANSWERED, COMING, NOTICE_DAYS
from cases.shared.models import BookingPointer, EnquiryPointer, InboxMessage, Pointer
from tenants.shared import scope
from tenants.shared.enums import HallState
from tenants.shared.models import Hall, HallTransition

KIND = "hall_closes"
BATCH = 500
_SUBJECTS = UUID("1f3d4a0e-93f6-5c62-8d1a-5e0f5d6a7c11")


def sweep(*, now: datetime) -> tuple[int, int]:
    """Tell people and delete drafts, in the hall in scope, while it closes; return how many of each. Else nothing."""
    entered = scope.current()
    since = _since() if entered is not None and entered.state == HallState.CLOSING else None
    return (_tell(since, now), _drop_drafts(since, now)) if since is not None else (0, 0)


def _since() -> datetime | None:
    own = HallTransition.objects.filter(hall=place.here(), after=HallState.CLOSING, name="close")
    return own.order_by("-at").values_list("at", flat=True).first()


def _tell(since: datetime, now: datetime) -> int:
    here = place.here()
    told = set(
        InboxMessage.objects.filter(hall=here, kind=KIND, at__gte=since).values_list("person", flat=True)
    )
    waiting = sorted(_people(here) - told)[:BATCH]
    day = short_date_text(timezone.localdate(now) + timedelta(days=NOTICE_DAYS))
    text = _("本厅要关闭，不收新的。已交的接着办，没交的草稿%(day)s删除。登录“我的办件”看。") % {"day": day}
    for person in waiting:
        about = telling.Subject(uuid5(_SUBJECTS, f"{here.role} {person}"), "/")
        telling.tell(person, Said(KIND, text), about=about, event=None, now=now)
    return len(waiting)


def _people(hall: Hall) -> set[UUID]:
    open_cases = Pointer.objects.filter(Q(state="draft") | ~Q(turn="nobody"), hall=hall)
    visits = BookingPointer.objects.filter(hall=hall, state__in=COMING)
    asked = EnquiryPointer.objects.filter(hall=hall).exclude(state=ANSWERED)
    return {
        person for found in (open_cases, visits, asked) for person in found.values_list("person", flat=True)
    }


def _drop_drafts(since: datetime, now: datetime) -> int:
    known = InboxMessage.objects.filter(
        hall=place.here(), kind=KIND, at__gte=since, at__lt=now - timedelta(days=NOTICE_DAYS)
    )
    owners = Case.objects.filter(state=State.DRAFT, person__in=list(known.values_list("person", flat=True)))
    found = list(owners.order_by("person").values_list("person", flat=True).distinct()[:BATCH])
    return sum(drafts.erase_of(person, by=Actor(), now=now) for person in found)
