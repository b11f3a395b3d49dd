"""The clerk's queues: pages of one query, what is due first at the top."""

from datetime import date

from django.db.models import Count, F, Q, QuerySet
from django.db.models.fields.json import KT
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from cases.hall import transitions
from cases.hall.enums import State
from cases.hall.models import Case
from cases.hall.queries.access import person_of
from cases.hall.states import ENDED

QUEUES: dict[str, str | Promise] = {
    "mine": _("等我办"),
    "new": _("待受理"),
    "to_review": _("待审查"),
    "to_confirm": _("待确认"),
    "to_deliver": _("待送达"),
    "overdue": _("已超期"),
    "done": _("已办完"),
    "all": _("全部"),
}
COUNTED = ("mine", "new", "to_review", "to_confirm", "to_deliver", "overdue")
_ENDED = Q(state__in=sorted(ENDED), pending="")
_PROPOSED = ~Q(proposed_refusal="") | ~Q(pending="")
_UNDER_REVIEW = [State.ACCEPTED, State.DEEMED_ACCEPTED, State.REVIEW, State.SPECIAL, State.EXTENDED]
_CONDITIONS = {
    "new": Q(state__in=[State.SUBMITTED, State.PRE_REVIEW]),
    "to_review": Q(state__in=_UNDER_REVIEW, proposed_refusal="", pending=""),
    "to_confirm": _PROPOSED,
    "to_deliver": Q(state__in=[State.GRANTED, State.REFUSED, State.DELIVERING]),
    "done": _ENDED,
    "all": Q(),
}
_OF_POST = {
    transitions.WINDOW: ("new", "to_deliver"),
    transitions.APPROVER: ("to_review",),
    transitions.HEAD: ("to_confirm",),
}
# what a list does not show is not read: the whole item, and what must be decrypted
_HEAVY = ("item", "answers", "applicant", "query_code", "delivery", "body_digest", "idempotency_key")
_MAX_SEARCH = 60


class UnknownQueue(ValueError):
    """There is no queue of this name."""


def cases(actor: Actor, queue: str, q: str = "", item: str = "", today: date | None = None) -> QuerySet[Case]:
    """Return the cases of a queue, filtered by text (number, item, company) and item code; the earliest due first.

    Nobody's own cases are among them. `today` is needed for `overdue`. Raises UnknownQueue.
    """
    found = _visible(actor).filter(_condition(actor, queue, today))
    if text := q.replace("\x00", "").strip()[:_MAX_SEARCH]:
        found = found.filter(
            Q(number__startswith=text) | Q(item_name__icontains=text) | Q(company_name__icontains=text)
        )
    if code := item.replace("\x00", ""):
        found = found.filter(item_code=code)
    limits = {
        f"limit_{name}": KT(f"item__{name}")
        for name in ("promised_days", "promised_unit", "statutory_days", "statutory_unit")
    }
    found = found.defer(*_HEAVY).annotate(**limits)
    if queue in {"done", "all"}:
        return found.order_by("-received_at", "id")
    return found.order_by(F("due_on").asc(nulls_last=True), "id")


def counts(actor: Actor, today: date) -> dict[str, int]:
    """Return how many cases wait in each queue of open cases. One query."""
    named = {name: Count("pk", filter=_condition(actor, name, today)) for name in COUNTED}
    found: dict[str, int] = _visible(actor).exclude(_ENDED).aggregate(**named)
    return found


def items(actor: Actor) -> dict[str, str]:
    """Return the items that have open cases, code → name, by name: what the desk's filter offers. One query.

    A hall has hundreds of items: a list of all would be most of the page.
    """
    found = _visible(actor).exclude(_ENDED).order_by("item_name", "item_code")
    return dict(found.values_list("item_code", "item_name").distinct())


def next_due(actor: Actor) -> date | None:
    """Return when the next open case is due: what an empty queue tells."""
    found = _visible(actor).exclude(_ENDED).exclude(due_on=None).order_by("due_on")
    return found.values_list("due_on", flat=True).first()


def _visible(actor: Actor) -> QuerySet[Case]:
    if not actor.holds(*transitions.DESK):
        return Case.objects.none()
    return Case.objects.filed().exclude(person=person_of(actor))


def _condition(actor: Actor, queue: str, today: date | None) -> Q:
    if queue == "mine":
        mine = Q(pk__in=[])
        for post in actor.posts:
            for name in _OF_POST.get(post, ()):
                mine |= _CONDITIONS[name]
        return mine
    if queue == "overdue":
        return Q(due_on__lt=today) & ~_ENDED
    if queue not in _CONDITIONS:
        raise UnknownQueue(queue)
    return _CONDITIONS[queue]
