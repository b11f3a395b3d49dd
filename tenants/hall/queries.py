"""Reads of one hall's own people and office."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import F, Min, Q, QuerySet
from django.db.models.functions import Now, TruncDate

from accounts.actor import Posts, Reach
from audit.models import Record
from tenants.hall.models import Closure, Department, Office, Post, Session, Window
from tenants.shared.models import Hall
from tenants.shared.queries import kept


def posts_of(person: UUID, now: datetime | None = None) -> Posts:
    """Return the roles of the posts that this person holds in the hall in scope, each with what it reaches. One query.

    A post that has not begun, is over, was ended or is suspended gives nothing: by the database's clock unless told.
    """
    held = Post.objects.held(now).filter(person=person)
    return Posts.of(
        (role, Reach(frozenset(departments), frozenset(items)))
        for role, departments, items in held.values_list("role", "departments", "items")
    )


def office(hall: Hall) -> Office:
    """Return the office of the hall in scope; an empty one before it is described. Kept for five seconds by each process."""

    def read() -> Office:
        return Office.objects.first() or Office()

    return kept(f"office of {hall.role} {hall.generation}", read)


def department_usccs(hall: Hall) -> dict[str, str]:
    """Return the credit codes of the hall in scope's departments that have one, by the catalogue's short names. Kept for five seconds."""

    def read() -> dict[str, str]:
        named = Department.objects.exclude(uscc="").order_by("short_name")
        return dict(named.values_list("short_name", "uscc"))

    return kept(f"department codes of {hall.role} {hall.generation}", read)


def department_names() -> list[str]:
    """Return the departments of the hall in scope by the catalogue's short names."""
    return list(Department.objects.order_by("short_name").values_list("short_name", flat=True))


@dataclass(frozen=True)
class PeoplePage:
    """A page of people: the paginator's own, and the posts of those people in its order."""

    page: "Page[Any]"
    object_list: list[Post]


def people_page(asked: Mapping[str, Any], *, number: str | None, size: int) -> PeoplePage:
    """Return a page of the hall's people by department and name, each once with the posts that are asked for. Three queries.

    `asked` holds `q` (a part of name or username), `role` and `state`: empty for who is at work, `later`, `suspended`, `over`.
    """
    found = _in_state(str(asked.get("state") or ""))
    if role := asked.get("role"):
        found = found.filter(role=role)
    if text := str(asked.get("q") or "").replace("\x00", "").strip():
        found = found.filter(Q(name__icontains=text) | Q(username__icontains=text))
    once = found.values("person").annotate(
        at=Min("department__short_name"), named=Min("name"), called=Min("username")
    )
    page = Paginator(once.order_by(F("at").asc(nulls_last=True), "named", "called", "person"), size).get_page(
        number
    )
    order = {row["person"]: place for place, row in enumerate(page.object_list)}
    posts = found.filter(person__in=list(order)).select_related("department").order_by("role", "pk")
    return PeoplePage(page, sorted(posts, key=lambda post: order[post.person]))


def _in_state(state: str) -> QuerySet[Post]:
    if state == "suspended":
        return Post.objects.filter(is_active=True, suspended_at__isnull=False)
    if state == "later":
        return Post.objects.filter(is_active=True, suspended_at=None, starts_on__gt=TruncDate(Now()))
    if state == "over":
        gone = Post.objects.filter(Q(is_active=False) | Q(ends_on__lt=TruncDate(Now())))
        return gone.exclude(person__in=Post.objects.held().values("person"))
    return Post.objects.held()


def post_history(person: UUID) -> QuerySet[Record]:
    """Return what was done with this person's posts, the newest first: at most fifty rows of the hall's audit."""
    told = Record.objects.filter(object=str(person), action__startswith="post.")
    return told.order_by("-at", "id")[:50]


def windows() -> list[Window]:
    """Return the windows of the hall in scope that are open at all, in their order."""
    return list(Window.objects.filter(is_active=True).order_by("position", "letter"))


def sessions() -> list[tuple[time, time]]:
    """Return the opening hours of a working day of the hall in scope, in order."""
    return list(Session.objects.order_by("starts", "id").values_list("starts", "ends"))


def closed_days(window: Window, days: Collection[date]) -> set[date]:
    """Return on which of these days the hall in scope, or this window of it, does not open."""
    found = Closure.objects.filter(Q(window=None) | Q(window=window), day__in=days)
    return set(found.order_by("day").values_list("day", flat=True))
