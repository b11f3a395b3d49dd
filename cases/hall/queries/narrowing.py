"""What an address narrows a queue to: text, item, department, division, clock, who has claimed it, day of receipt."""

from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases.hall.enums import Clock, State
from cases.hall.models import Case
from cases.hall.queries import place
from cases.hall.queries.seats import Seat
from catalog.shared.models import Offer

# the colours of a clock (LOOK 2) in the order of their urgency
COLOURS: dict[str, str | Promise] = {
    "law": _("超法定"),
    "over": _("超承诺"),
    "today": _("今天到期"),
    "left": _("还有时间"),
    "expected": _("预计"),
    "paused": _("暂停"),
}
ME, NOBODY = "me", "nobody"
# names in the address, in its order
_NAMES = {"since": "from", "until": "to"}


@dataclass(frozen=True)
class Filters:
    """Chosen filters, clean; an empty one narrows nothing. `holder` is a person's UUID, `me` or `nobody`."""

    q: str = ""
    item: str = ""
    department: str = ""
    division: str = ""
    clock: str = ""
    holder: str = ""
    since: date | None = None
    until: date | None = None

    def named(self) -> dict[str, str]:
        """Return the chosen ones as they stand in an address."""
        return {_NAMES.get(name, name): str(value) for name, value in asdict(self).items() if value}

    def query(self, queue: str, **changed: str) -> str:
        """Return the address's query of this queue with these filters, some of them changed."""
        return urlencode({"queue": queue, **replace(self, **changed).named()})  # type: ignore[arg-type]


NOTHING = Filters()


def narrowed(
    found: QuerySet[Case], filters: Filters, seat: Seat, today: date, *, is_archive: bool
) -> QuerySet[Case]:
    """Return those of these cases that the filters leave. One query more for words looked for in the archive."""
    if filters.q:
        found = found.filter(_in_archive(filters.q) if is_archive else _in_open(filters.q))
    if filters.item:
        found = found.filter(item_code=filters.item)
    if filters.department:
        found = found.filter(department=filters.department)
    if filters.division:
        found = found.filter(division=filters.division)
    if filters.clock:
        found = found.filter(coloured(filters.clock, today), is_open=True)
    if filters.holder:
        found = found.filter(claimed_by=_holder(filters.holder, seat))
    if filters.since:
        found = found.filter(received_at__gte=_midnight(filters.since))
    if filters.until:
        found = found.filter(received_at__lt=_midnight(filters.until + timedelta(days=1)))
    return found


def coloured(name: str, today: date) -> Q:
    """Return the condition of a clock's colour today, as `progress.tag` draws it from the same columns.

    A last day that is only expected and near is among the expected ones: its tag says how many days are left.
    """
    running = ~Q(state=State.SPECIAL)
    if name == "paused":
        return ~running
    if name == "today":
        return running & Q(due_on=today)
    if name == "expected":
        return running & Q(due_on__gt=today, is_due_expected=True)
    if name == "left":
        return running & Q(due_on__gt=today, is_due_expected=False)
    late = running & Q(due_on__lt=today)
    if name == "law":
        return late & (Q(due_clock=Clock.STATUTORY) | Q(due_clock=Clock.PROMISED, statutory_due_on__lt=today))
    in_law = Q(statutory_due_on=None) | Q(statutory_due_on__gte=today)
    return (
        late
        & ~Q(due_clock=Clock.STATUTORY)
        & (Q(due_clock=Clock.PROMISED) & in_law | ~Q(due_clock=Clock.PROMISED))
    )


def _holder(name: str, seat: Seat) -> UUID | None:
    if name == NOBODY:
        return None
    return seat.person if name == ME else UUID(name)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def _in_open(text: str) -> Q:
    return Q(number__startswith=text) | Q(item_name__icontains=text) | Q(company_name__icontains=text)


def _in_archive(text: str) -> Q:
    """A million rows are not read for a word: a number or company from its beginning, an item by the hall's list."""
    if text.isascii() and text.isdigit():
        return Q(number__startswith=text)
    named = Offer.objects.filter(hall_id=place.here().role, name__icontains=text)
    codes = list(named.values_list("code", flat=True))
    return Q(item_code__in=codes) | Q(company_name__gt="", company_name__startswith=text)
