"""What the cases say of the hall's people: why somebody cannot be at the desk, and for whom they stand in."""

from collections.abc import Iterator
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from cases.hall.models import Cover, ProxyTerm
from cases.hall.transitions import DESK
from tenants.hall.models import Post


def hindrances(person: UUID, role: str) -> Iterator[str]:
    """Yield why somebody cannot have a post: a proxy of this hall files cases, so is not at the desk that decides them."""
    running = ProxyTerm.objects.filter(person=person, ended_at=None, until__gte=timezone.localdate())
    if role in DESK and running.exists():
        yield _("他是本厅的代办员，不能又替人申请又办件，请先结束他的任期")


def is_at_desk(person: UUID, today: date) -> bool:
    """Whether somebody takes in or decides cases of this hall, or will: a post that is suspended may be given back."""
    posts = Post.objects.filter(person=person, role__in=DESK, is_active=True)
    return posts.exclude(ends_on__lt=today).exists()


def covers(person: UUID, *, hall: str, now: datetime) -> Iterator[tuple[str, str]]:
    """Yield for whom somebody stands in now or soon, and who stands in for them. One query."""
    running = Cover.objects.filter(ended_at=None, last_day__gte=timezone.localdate(now))
    for row in running.filter(Q(person=person) | Q(by=person)).order_by("first_day", "id")[:10]:
        days = f"{row.first_day} – {row.last_day}"
        if row.by == person:
            yield _("代办"), _("代{name}，{days}").format(name=row.name, days=days)
        else:
            yield _("请假"), _("{name}代，{days}").format(name=row.by_name, days=days)
