"""Reads of what a hall has told people, for its staff: how it left, never its words or whom it went to."""

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from accounts import channels
from cases.hall.enums import Passage
from cases.hall.models import Outbox
from cases.shared.models import ChannelState
from tenants.shared.queries import kept

WAITING, FAILED = "waiting", "failed"


def listed(state: str) -> QuerySet[Outbox]:
    """Return the messages that failed, the latest first, or those that wait, in the order in which they will leave."""
    rows = Outbox.objects.select_related("event__case").defer("text", "event__case__item")
    if state == FAILED:
        return rows.failed().order_by("-failed_at", "id")
    return rows.waiting().order_by("-is_urgent", "due_on", "next_try_at", "id")


def down() -> list[tuple[str, datetime, int]]:
    """Return the ways that do not work, since when, and how many of this hall's messages wait for them.

    While all is well it costs no query, but one in five seconds.
    """

    def read() -> list[tuple[str, datetime]]:
        rows = ChannelState.objects.exclude(down_since=None).order_by("name")
        return [(state.name, state.down_since) for state in rows if state.down_since is not None]

    return [(name, since, _waiting_for(name)) for name, since in kept("channels down", read)]


def _waiting_for(name: str) -> int:
    channel = channels.by_name(name)
    return Outbox.objects.waiting().filter(Q(**{name: Passage.WAITING})).count() if channel else 0


def row_of(message: Outbox) -> dict[str, Any]:
    """Return what staff see of a message."""
    case = message.event.case if message.event else None
    return {
        "message": message,
        "case": case,
        "sms": Passage(message.sms),
        "mail": Passage(message.mail),
    }
