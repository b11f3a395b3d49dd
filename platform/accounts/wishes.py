"""What a person wants to be told by which way, and when not. Pure."""

from collections.abc import Collection
from datetime import datetime, time, timedelta

from django.utils import timezone

from accounts.enums import ChannelName, NoticeGroup


def key(channel: str, group: str) -> str:
    """Return how a wish not to be told is kept."""
    return f"{channel}:{group}"


def wanted(off: Collection[str], group: NoticeGroup, reached: Collection[ChannelName]) -> set[ChannelName]:
    """Return by which of the ways that reach a person this group of messages goes.

    What the law obliges a hall to tell goes by one of them at least, whatever is switched off: where the way that was
    left on reaches nobody any more, by those that do.
    """
    ways = {channel for channel in reached if key(channel, group) not in off}
    return ways or (set(reached) if group == NoticeGroup.STATUTORY else set())


def quiet_until(now: datetime, begins: time, ends: time) -> datetime | None:
    """Return when the quiet hours that now lies in are over; None outside of them. The same time twice is no hours."""
    local = timezone.localtime(now)
    clock = local.time()
    if begins == ends:
        return None
    is_quiet = begins <= clock < ends if begins < ends else clock >= begins or clock < ends
    if not is_quiet:
        return None
    day = local.date() if clock < ends else local.date() + timedelta(days=1)
    return timezone.make_aware(datetime.combine(day, ends))
