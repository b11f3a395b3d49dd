"""How the providers of messages answer: noted by the worker, read by whoever waits for them. Written as the city.

A provider that fails so often in a row is down: then one message a minute asks whether it works again, and all others
wait as they are. One answer is enough to let them go.
"""

from datetime import datetime, timedelta

from django.db import transaction

from cases.shared.models import ChannelState

DOWN_AFTER = 3
ASK_AGAIN = timedelta(minutes=1)


def states() -> dict[str, ChannelState]:
    """Return the state of each channel that was ever used, by its name."""
    return {state.name: state for state in ChannelState.objects.all()}


@transaction.atomic
def worked(name: str, *, now: datetime) -> ChannelState:
    """Note that a provider took a message."""
    state = _locked(name)
    if state.down_since is not None:
        state.up_since = now
    state.failures, state.down_since, state.next_try_at, state.problem = 0, None, None, ""
    state.worked_at = now
    state.save()
    return state


@transaction.atomic
def failed(name: str, problem: str, *, now: datetime) -> ChannelState:
    """Note that a provider took no message; the third time in a row it is down since then."""
    state = _locked(name)
    state.failures = min(state.failures + 1, 1_000_000)
    state.problem = problem[:200]
    if state.failures >= DOWN_AFTER:
        state.down_since = state.down_since or now
        state.next_try_at = now + ASK_AGAIN
    state.save()
    return state


def note_waiting(name: str, number: int) -> None:
    """Note how many messages of all halls wait for a provider."""
    ChannelState.objects.filter(pk=name).exclude(waiting=number).update(waiting=number)


def _locked(name: str) -> ChannelState:
    ChannelState.objects.bulk_create([ChannelState(name=name)], ignore_conflicts=True)
    return ChannelState.objects.select_for_update().get(pk=name)
