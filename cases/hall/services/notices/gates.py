"""Which ways out of the house are open in this round of the worker: not down, and not over what a minute may carry."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from accounts import channels
from accounts.enums import ChannelName
from accounts.services import counters
from cases.shared.models import ChannelState
from cases.shared.services import channels as service
from tenants.shared import scope

SAID_EACH = timedelta(minutes=1)


@dataclass
class Gates:
    """Asked before each message, told after each. Enters the city's scope by itself: not to be told inside a hall's."""

    states: dict[str, ChannelState]
    over: set[str] = field(default_factory=set)

    @classmethod
    def read(cls) -> "Gates":
        """Return the ways as the last round left them."""
        with scope.city():
            return cls(service.states())

    def open(self, now: datetime) -> list[ChannelName]:
        """Return the ways that may be tried now."""
        ways = [channel.name for channel in channels.CHANNELS if channel.is_on()]
        return [name for name in ways if name not in self.over and not self._is_down(name, now)]

    def _is_down(self, name: str, now: datetime) -> bool:
        state = self.states.get(name)
        return state is not None and state.next_try_at is not None and now < state.next_try_at

    def up_since(self, name: str) -> datetime | None:
        """Return when the provider began to work again, None when it never stopped."""
        state = self.states.get(name)
        return state.up_since if state else None

    def take(self, name: ChannelName, now: datetime) -> bool:
        """Take one of the messages that a minute may carry; False when there is none left. Counted over all workers."""
        limit = channels.a_minute(name)
        try:
            counters.reserve(f"channel:{name}", limit=limit, window_seconds=60, now=now)
        except counters.TooMany:
            self.over.add(name)
            return False
        return True

    def tell(self, outcomes: dict[ChannelName, str], now: datetime) -> None:
        """Note what came of a message by each way: empty when the provider took it, else what it said."""
        for name, problem in outcomes.items():
            if not problem and self._is_known_to_work(name, now):
                continue
            with scope.city():
                note = service.failed(name, problem, now=now) if problem else service.worked(name, now=now)
            self.states[name] = note

    def _is_known_to_work(self, name: str, now: datetime) -> bool:
        # once a minute is often enough to say that all is well
        state = self.states.get(name)
        if state is None or state.failures or state.worked_at is None:
            return False
        return now - state.worked_at < SAID_EACH
