"""Reads of one hall's own people and office."""

from collections.abc import Collection
from datetime import date, time
from uuid import UUID

from django.db.models import Q

from tenants.hall.models import Closure, Department, Office, Post, Session, Window
from tenants.shared.models import Hall
from tenants.shared.queries import kept


def posts_of(person: UUID) -> frozenset[str]:
    """Return the roles of the active posts that this person holds in the hall in scope."""
    return frozenset(Post.objects.filter(person=person, is_active=True).values_list("role", flat=True))


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


def people() -> list[Post]:
    """Return the active posts of the hall in scope, by person, with their departments. One query."""
    active = Post.objects.filter(is_active=True).select_related("department")
    return list(active.order_by("department__short_name", "name", "username", "role"))


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
