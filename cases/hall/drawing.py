"""docs/case-life.md, made from the declaration: the diagram and the tables of states and steps. Pure."""

from collections import defaultdict
from collections.abc import Iterator

from django.utils import translation

from cases.hall.delivering import PLACES, WAYS, facts_of
from cases.hall.enums import State
from cases.hall.states import STATES
from cases.hall.transitions import SYSTEM, TABLE, Transition

HEAD = """# The life of a case

Made by `manage.py case_life` from `cases/hall/states.py` and `cases/hall/transitions.py`; a test compares it. Change those, not this.

Who: `applicant` files, `window`, `approver` and `head` are posts of the hall, `system` is the worker's timed sweep
(`cases/hall/services/lapses.py`), `department` the own system of a department that decides (`docs/systems.md`). Clocks:
A acceptance, C correction, P promised, S statutory, D delivery. A fact must be true, one behind `!` must not.
"""


def text() -> str:
    """Return the whole document; its words are those of the hall's language."""
    with translation.override("zh-hans"):
        parts = [HEAD, *_diagram(), "", *_states(), "", *_places(), "", *_steps(), ""]
        return "\n".join(parts)


def _diagram() -> Iterator[str]:
    yield "```mermaid"
    yield "stateDiagram-v2"
    yield "    [*] --> draft"
    arrows: dict[tuple[str, str], list[str]] = defaultdict(list)
    for step in TABLE:
        if step.to is None or step.chain:
            continue
        for state in State:
            if state in step.frm:
                arrows[str(state), str(step.to)].append(_arrow(step))
    for (start, end), names in arrows.items():
        yield f"    {start} --> {end}: {', '.join(dict.fromkeys(names))}"
    for state, row in STATES.items():
        if row.is_ended and not any(state in step.frm and step.to for step in TABLE):
            yield f"    {state} --> [*]"
    yield "```"


def _arrow(step: Transition) -> str:
    return f"{step.name} (system)" if SYSTEM in step.who else step.name


def _states() -> Iterator[str]:
    yield "## States"
    yield "| state | tag | whose turn | clocks | the applicant reads | the desk reads |"
    yield "|---|---|---|---|---|---|"
    for state, row in STATES.items():
        clocks = " ".join(row.clocks) or "–"
        told = f"{row.headline}{row.following}"
        yield f"| {state} | {state.label} | {row.turn} | {clocks} | {told} | {row.waits or '–'} |"


def _places() -> Iterator[str]:
    yield "## Where a result is while it is `delivering`"
    yield ""
    yield "From `cases/hall/delivering.py`. `D ends`: the holder can have it and was told so, or has it (行政许可法 44)."
    yield ""
    yield "| place | tag | whose turn | D ends | reminded after (自然日) | the applicant reads | the desk reads | leads on to |"
    yield "|---|---|---|---|---|---|---|---|"
    for place, row in PLACES.items():
        ways = [
            f"{step.name} → {step.leads or step.to or 'stays'}"
            for step in WAYS
            if step.name != "hand_over" and State.DELIVERING in step.frm and _is_open(step, place)
        ]
        told = f"{row.headline}{row.following}{row.until}"
        days = "; ".join(str(day) for day in row.reminders) or "–"
        yield (
            f"| {place} | {place.label} | {row.turn} | {'yes' if row.is_at_hand else 'no'} | {days} | {told}"
            f" | {row.waits} | {', '.join(dict.fromkeys(ways))} |"
        )


def _is_open(step: Transition, place: str) -> bool:
    known = facts_of(place)
    return step.when <= known and not step.unless & known


def _steps() -> Iterator[str]:
    yield "## Steps"
    yield "| step | said | from | to | who | facts | clocks | asks | paper | message |"
    yield "|---|---|---|---|---|---|---|---|---|---|"
    for step in TABLE:
        name = step.name if step.logged_as == step.name else f"{step.name} → {step.logged_as}"
        facts = [*sorted(step.when), *(f"!{fact}" for fact in sorted(step.unless))]
        clocks = ", ".join(f"{effect.clock} {effect.act}" for effect in step.clocks)
        asks = [*(["reason"] if step.needs_reason else []), *step.asks]
        cells = (
            name,
            str(step.label),
            " ".join(state for state in State if state in step.frm),
            step.to or "stays",
            " ".join(sorted(step.who)),
            " ".join(facts),
            clocks,
            " ".join(asks),
            step.document,
            f"{step.message} (not on {' '.join(sorted(step.quiet))})" if step.quiet else step.message,
        )
        yield f"| {' | '.join(cell or '–' for cell in cells)} |"
