"""The clerk's queues: pages of one query, what is due first at the top.

Open work lies in the partial index of `Case.is_open`; the archive is read by day of receipt, item or department.
"""

from datetime import date

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.db.models.fields.json import KT
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from cases.hall import transitions
from cases.hall.enums import State
from cases.hall.models import Case, CorrectionRequest, Opinion
from cases.hall.queries import reach
from cases.hall.queries.access import person_of
from cases.hall.queries.narrowing import COLOURS, NOTHING, Filters, coloured, narrowed
from cases.hall.queries.seats import Seat, seat_of
from cases.hall.transitions import Fact
from cases.hall.whose import BEFORE_ACCEPTANCE, TO_DECIDE, TO_DELIVER

QUEUES: dict[str, str | Promise] = {
    "mine": _("等我办"),
    "new": _("待受理"),
    "corrected": _("补好了"),
    "to_review": _("待审查"),
    "to_confirm": _("待确认"),
    "paused": _("暂停中"),
    "to_deliver": _("待送达"),
    "overdue": _("已超期"),
    "asked": _("等意见"),
    "done": _("已办完"),
    "all": _("全部"),
}
# the archive is not counted each time somebody looks at the desk
ARCHIVE = ("done", "all")
COUNTED = tuple(name for name in QUEUES if name not in ARCHIVE)
_PROPOSED = ~Q(proposed_refusal="") | ~Q(pending="")
_QUIET = Q(proposed_refusal="", pending="")
_CONDITIONS = {
    "new": Q(state__in=BEFORE_ACCEPTANCE),
    "to_review": Q(state__in=TO_DECIDE) & _QUIET,
    "to_confirm": _PROPOSED,
    "paused": Q(state=State.SPECIAL) & _QUIET,
    "to_deliver": Q(state__in=TO_DELIVER),
}
_OF_POST = {
    transitions.WINDOW: ("new", "to_deliver"),
    transitions.APPROVER: ("to_review", "paused"),
    transitions.HEAD: ("to_confirm",),
}
# what a list does not show is not read: the whole item, and what must be decrypted
_HEAVY = ("item", "answers", "applicant", "query_code", "delivery", "body_digest", "idempotency_key")
_LIMITS = ("promised_days", "promised_unit", "statutory_days", "statutory_unit")


class UnknownQueue(ValueError):
    """There is no queue of this name."""


def cases(
    actor: Actor, queue: str, filters: Filters = NOTHING, *, today: date, seat: Seat | None = None
) -> QuerySet[Case]:
    """Return the cases of a queue, narrowed by these filters; of open work the earliest due first, else the newest.

    Nobody's own cases are among them. Raises UnknownQueue.
    """
    seat = seat or _seat(actor, today)
    found = _visible(actor)
    if queue not in ARCHIVE:
        found = found.filter(_condition(queue, seat, today), is_open=True)
    else:
        # a draft has no day of receipt
        found = found.filter(received_at__isnull=False)
        found = found.filter(is_open=False) if queue == "done" else found
    found = narrowed(found, filters, seat, today, is_archive=queue in ARCHIVE)
    limits = {f"limit_{name}": KT(f"item__{name}") for name in _LIMITS}
    found = found.defer(*_HEAVY).annotate(**limits)
    if queue in ARCHIVE:
        return found.order_by("-received_at", "id")
    return found.order_by(F("due_on").asc(nulls_last=True), "id")


def counts(
    actor: Actor, today: date, *, queue: str = "all", seat: Seat | None = None
) -> tuple[dict[str, int], dict[str, int]]:
    """Return how many open cases wait in each queue, and how many of `queue` have each colour of clock. One query.

    Raises UnknownQueue.
    """
    seat = seat or _seat(actor, today)
    here = Q() if queue in ARCHIVE else _condition(queue, seat, today)
    named = {name: Count("pk", filter=_condition(name, seat, today)) for name in COUNTED}
    colours = {f"clock_{name}": Count("pk", filter=here & coloured(name, today)) for name in COLOURS}
    found: dict[str, int] = _visible(actor).filter(is_open=True).aggregate(**named, **colours)
    return {name: found[name] for name in COUNTED}, {name: found[f"clock_{name}"] for name in COLOURS}


def items(actor: Actor) -> list[tuple[str, str, str]]:
    """Return the items that have open cases, by name: code, name, department; what the desk's filter offers. One query.

    A hall has hundreds of items: a list of all would be most of the page.
    """
    found = _visible(actor).filter(is_open=True).order_by("item_name", "item_code", "department")
    return list(found.values_list("item_code", "item_name", "department").distinct())


def next_due(actor: Actor) -> date | None:
    """Return when the next open case is due: what an empty queue tells."""
    found = _visible(actor).filter(is_open=True, due_on__isnull=False).order_by("due_on")
    return found.values_list("due_on", flat=True).first()


def _seat(actor: Actor, today: date) -> Seat:
    return seat_of(actor, today) if actor.holds(*transitions.DESK) else Seat(person_of(actor), frozenset())


def _visible(actor: Actor) -> QuerySet[Case]:
    """Return what the posts reach, and nobody's own cases; a draft is never open and has no day of receipt, by which the callers leave it out."""
    if not actor.holds(*transitions.DESK):
        return Case.objects.none()
    return Case.objects.filter(reach.within(actor, timezone.localdate())).exclude(person=person_of(actor))


def _condition(queue: str, seat: Seat, today: date) -> Q:
    if queue == "mine":
        return _mine(seat)
    if queue == "overdue":
        return Q(due_on__lt=today)
    if queue == "corrected":
        return _corrected()
    if queue == "asked":
        return _asked(seat)
    if queue in ARCHIVE:
        return Q()
    if queue not in _CONDITIONS:
        raise UnknownQueue(queue)
    return _CONDITIONS[queue]


def _mine(seat: Seat) -> Q:
    """What this clerk, or whom they cover, has claimed; what nobody has and is open to the post, in their groups or in none."""
    mine = Q(claimed_by__in=seat.holders)
    for post in sorted(seat.posts):
        for name in _OF_POST.get(post, ()):
            others = seat.staffed.get(post, frozenset()) - seat.groups.get(post, frozenset())
            reached = ~Q(group__in=sorted(others)) if others else Q()
            # a head confirms what somebody holds
            free = Q() if post == transitions.HEAD else Q(claimed_by=None)
            mine |= _CONDITIONS[name] & reached & free
    return mine


def _corrected() -> Q:
    """补正已答复: the notice was answered, and the case waits for acceptance again."""
    answered = CorrectionRequest.objects.filter(case=OuterRef("pk"), answered_at__isnull=False)
    return Q(state__in=BEFORE_ACCEPTANCE, marks__contains=[Fact.CORRECTED]) & Q(Exists(answered))


def _asked(seat: Seat) -> Q:
    """What waits for an opinion: of this clerk's department or for it; of every one, when the post names none."""
    waits = Q(marks__contains=[Fact.OPINION_ASKED])
    if not seat.departments:
        return waits
    names = sorted(seat.departments)
    asked = Opinion.objects.filter(answered_at=None, department__in=names)
    return waits & (Q(department__in=names) | Q(pk__in=asked.values("case")))
