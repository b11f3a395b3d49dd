"""docs/case-life.md, made from the declaration: the diagram and the tables of states and steps. Pure."""

from collections import defaultdict
from collections.abc import Iterator

from django.utils import translation

from cases.hall.enums import State
from cases.hall.states import STATES
from cases.hall.transitions import SYSTEM, TABLE, Transition

HEAD = """# The life of a case

Made by `manage.py case_life` from `cases/hall/states.py` and `cases/hall/transitions.py`; a test compares it. Change those, not this.

Who: `applicant` files, `window`, `approver` and `head` are posts of the hall, `system` is the worker's timed sweep
(`cases/hall/services/lapses.py`). Clocks: A acceptance, C correction, P promised, S statutory, D delivery. A fact in
brackets must be true, `!` must not.
"""


def text() -> str:
    """Return the whole document; its words are those of the hall's language."""
    with translation.override("zh-hans"):
        parts = [HEAD, *_diagram(), "", *_states(), "", *_steps(), ""]
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
