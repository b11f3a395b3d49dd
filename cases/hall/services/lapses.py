"""What time alone does to a case: the timed sweep of one hall.

Each case is its own transaction, locked and looked at again; what is due is read from the ledger, so that a sweep that
comes a week late writes the days on which things were due, and two sweeps at once, or in any order, do it once.
An outage stops no clock: it only makes the sweep late.
"""

import logging
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import DatabaseError
from django.db.models import Q, QuerySet
from django.utils import timezone

from cases.hall import corrections, messages
from cases.hall.clock import short_date_text
from cases.hall.enums import Clock, State
from cases.hall.models import Case, CorrectionRequest, OwedPaper
from cases.hall.queries import facts
from cases.hall.services import reminding, telling, transition
from cases.hall.transitions import Fact
from tenants.shared import scope
from tenants.shared.models import Hall

# 自然日 after which what has ended is archived, and before the last day of a paper that is owed
ARCHIVE_DAYS = 30
OWED_REMINDERS = (3, 1)
BATCH = 500
_ARCHIVABLE = (State.DELIVERED, State.WITHDRAWN, State.ABANDONED, State.TERMINATED)
_WAITING_FOR_PAPERS = (
    State.ACCEPTED,
    State.DEEMED_ACCEPTED,
    State.REVIEW,
    State.SPECIAL,
    State.EXTENDED,
)

Stopped = Callable[[], bool]
Act = Callable[[Case, datetime], bool]
log = logging.getLogger(__name__)


def sweep(hall: Hall, *, now: datetime, stopped: Stopped = lambda: False) -> dict[str, int]:
    """Do in this hall what is due; return how often each was done: deem, abandon, remind, owed, on_the_way, archive."""
    today = timezone.localdate(now)
    done: dict[str, tuple[QuerySet[Any, Any], Act]] = {
        "deem": (_lapsed(Clock.ACCEPTANCE, today).exclude(marks__contains=[Fact.TRANSFER_AGREED]), _deem),
        "abandon": (_lapsed(Clock.CORRECTION, today), _abandon),
        "remind": (_to_remind(today), _remind),
        "owed": (_owing(today), _remind_of_paper),
        "on_the_way": (reminding.due(today), reminding.act),
        "archive": (_old(now), _archive),
    }
    counts = {}
    for name, (due, act) in done.items():
        with scope.hall(hall):
            found = list(due[:BATCH])
        counts[name] = 0
        for pk in found:
            if stopped():
                break
            counts[name] += _do(hall, pk, act, now)
    return counts


def _do(hall: Hall, pk: UUID, act: Act, now: datetime) -> bool:
    """Look at one case again, locked, and act; a case that cannot be acted on stops no other."""
    try:
        with scope.hall(hall):
            case = (
                Case.objects.select_for_update(of=("self",), skip_locked=True, no_key=True)
                .filter(pk=pk)
                .first()
            )
            return case is not None and act(case, now)
    except (DatabaseError, scope.WrongHall):
        raise
    except Exception as problem:
        # the text might hold personal data
        log.error("case %s of %s was left as it is: %s", pk, hall.key, type(problem).__name__)
        return False


# Each of these is one query that an index answers: it names what is due now, and nothing that was done already, so that
# a hall with a hundred thousand running cases costs no more than one with none.


def _lapsed(clock: Clock, today: date) -> QuerySet[Any, Any]:
    found = Case.objects.filter(due_clock=clock, due_on__lt=today, is_due_expected=False)
    return found.order_by("due_on", "id").values_list("pk", flat=True)


def _to_remind(today: date) -> QuerySet[Any, Any]:
    waiting = CorrectionRequest.objects.filter(
        _due_to_be_told("case__due_on", corrections.REMINDERS, today, first=1),
        answered_at=None,
        cancelled_at=None,
        ended_at=None,
        case__state=State.CORRECTION,
        case__due_clock=Clock.CORRECTION,
    )
    return waiting.order_by("case__due_on", "case").values_list("case", flat=True)


def _owing(today: date) -> QuerySet[Any, Any]:
    owed = OwedPaper.objects.filter(
        _due_to_be_told("due_on", OWED_REMINDERS, today, first=None),
        received_at=None,
        case__state__in=_WAITING_FOR_PAPERS,
    )
    return owed.order_by("case").values_list("case", flat=True).distinct()


def _due_to_be_told(field: str, days: Iterable[int], today: date, *, first: int | None) -> Q:
    """Return the condition that one of the days before the last is reached and was not told (see step_of).

    `first` is the fewest days that may be left; None: those whose last day has passed are told too.
    """
    due, before = Q(pk__in=[]), first
    for day in sorted(days):
        near = Q(**{f"{field}__lte": today + timedelta(days=day)})
        if before is not None:
            near &= Q(**{f"{field}__gte": today + timedelta(days=before)})
        due |= near & (Q(reminded=None) | Q(reminded__gt=day))
        before = day + 1
    return due


def _old(now: datetime) -> QuerySet[Any, Any]:
    found = Case.objects.filter(
        state__in=_ARCHIVABLE, updated_at__lt=now - timedelta(days=ARCHIVE_DAYS), pending=""
    )
    return found.order_by("updated_at", "id").values_list("pk", flat=True)


def _deem(case: Case, now: datetime) -> bool:
    """Deemed acceptance 视为受理 (行政许可法 32): as of the day of receipt, however late the sweep comes."""
    due = facts.lapse(case)
    lapsed_on = due.date.isoformat() if due and due.date else ""
    return transition.apply_system(case, "deem_accepted", now=now, data={"lapsed_on": lapsed_on})


def _abandon(case: Case, now: datetime) -> bool:
    due = facts.lapse(case)
    lapsed_on = due.date.isoformat() if due and due.date else ""
    return transition.apply_system(case, "abandon", now=now, data={"lapsed_on": lapsed_on})


def step_of(days: Iterable[int], left: int, reminded: int | None) -> int | None:
    """Return which of the days before the last one is due to be told and was not, None when none is.

    After an outage only the nearest is told: 3 days, and not 7 and 3.
    """
    reached = min((day for day in days if left <= day), default=None)
    return reached if reached is not None and (reminded is None or reached < reminded) else None


def _remind(case: Case, now: datetime) -> bool:
    request = CorrectionRequest.objects.filter(
        case=case, answered_at=None, cancelled_at=None, ended_at=None
    ).first()
    if request is None or case.due_on is None:
        return False
    left = (case.due_on - timezone.localdate(now)).days
    reached = step_of(corrections.REMINDERS, left, request.reminded)
    # on the last day itself, and after it, nobody is told of days that are left
    if reached is None or left < 1:
        return False
    told = {"item": case.item_name, "n": left, "due_on": case.due_on}
    telling.of_case(case, messages.said("reminder", told), event=request.event, now=now)
    request.reminded = reached
    request.save(update_fields=["reminded"])
    return True


def _remind_of_paper(case: Case, now: datetime) -> bool:
    is_told = False
    today = timezone.localdate(now)
    for paper in OwedPaper.objects.filter(case=case, received_at=None).order_by("due_on", "id"):
        reached = step_of(OWED_REMINDERS, max(0, (paper.due_on - today).days), paper.reminded)
        if reached is None:
            continue
        event = case.events.filter(action__in=("accept", "deem_accepted")).latest("sequence")
        told = {
            "item": case.item_name,
            "paper": paper.name,
            "by": short_date_text(paper.due_on),
            "due_on": paper.due_on,
        }
        telling.of_case(case, messages.said("paper_owed", told), event=event, now=now)
        paper.reminded = reached
        paper.save(update_fields=["reminded"])
        is_told = True
    return is_told


def _archive(case: Case, now: datetime) -> bool:
    return transition.apply_system(case, "archive", now=now)
